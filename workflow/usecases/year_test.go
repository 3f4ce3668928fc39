package usecases_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/integrations/sbis/sbistest"
)

// moscow is the zone of the portals.
var moscow = time.FixedZone("MSK", 3*60*60)

// The simulated time. It ends with 2027, the last year whose calendar is published.
var (
	yearFirst = time.Date(2026, time.December, 21, 0, 0, 0, 0, moscow)
	yearLast  = time.Date(2027, time.December, 31, 0, 0, 0, 0, moscow)
	shortLast = time.Date(2027, time.January, 21, 0, 0, 0, 0, moscow)
)

// yearDaysOff are the days off from Monday to Friday, and yearWorked the Saturdays that are worked: the decrees of the Government of 24 September
// 2025 № 1466 (2026) and the Labour Code, articles 112 and 95, with the transfers of 2027. They are written down again here, so that the calendar of
// the program is not compared with itself.
const (
	yearDaysOff = "2026-12-31 2027-01-01 2027-01-04 2027-01-05 2027-01-06 2027-01-07 2027-01-08 2027-02-22 2027-02-23 2027-03-08 2027-05-03 2027-05-10 " +
		"2027-06-14 2027-11-04 2027-11-05 2027-12-31"
	yearWorked = "2027-02-20"
)

// What happens to some portals of the year. The certificate of all of them expires on certificateEnds.
const (
	portalWithDismissal = 1 // the responsible of half of its deals is dismissed on dismissedOn
	portalRemoved       = 2 // it is removed on removedOn and installed again on installedOn
)

var (
	certificateEnds = time.Date(2027, time.June, 15, 12, 0, 0, 0, moscow)
	dismissedOn     = time.Date(2027, time.March, 1, 0, 0, 0, 0, moscow)
	removedOn       = time.Date(2027, time.August, 2, 0, 0, 0, 0, moscow)
	installedOn     = time.Date(2027, time.August, 16, 0, 0, 0, 0, moscow)
)

// yearAct is an act of the year and what has to happen to it.
type yearAct struct {
	deal       int // number of the deal in its portal
	sent       time.Time
	decided    time.Time // the zero time: never
	refused    bool
	onPaper    bool
	remindOn   time.Time // the day of its task, the zero time: none
	path       string    // of its page
	id         int64
	status     string    // expected
	remindedOn time.Time // the day on which the task appeared
}

// yearPortal is a portal of the year.
type yearPortal struct {
	*apptest.Site
	n                int
	acts             []*yearAct
	tasks            map[string]bool // those already seen
	lastNotification int64           // the newest notification already seen
	months           []time.Time     // days on which monthly acts were announced
	terms            []time.Time     // days on which the end of a certificate was announced
	dismissed        int64
	unexpected       []string
}

// year is the simulated life of some portals.
type year struct {
	*apptest.Site
	portals     []*yearPortal
	first, last time.Time
}

// TestYear lets portals live day by day until the end of a year: acts on paper and in SBIS are sent, signed, refused or forgotten, a new
// year begins with number 1, a certificate expires, a person is dismissed, a portal is removed and installed again. What happens on which day is compared with a
// computation of its own. ACTS_YEAR=20 plays the whole year with 20 portals, without it one portal lives for a month.
func TestYear(t *testing.T) {
	t.Parallel()
	portals, last := 1, shortLast
	if text := os.Getenv("ACTS_YEAR"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			t.Fatalf("ACTS_YEAR=%q is no number of portals", text)
		}
		portals, last = n, yearLast
	}
	y := startYear(t, portals, yearFirst, last)
	for day := y.first; !day.After(y.last); day = day.AddDate(0, 0, 1) {
		y.live(day)
		if day.Day() == 1 {
			t.Logf("%s: %d acts", day.Format(time.DateOnly), y.Count("acts"))
		}
	}
	y.check()
}

func startYear(t *testing.T, portals int, first, last time.Time) *year {
	t.Helper()
	y := &year{Site: apptest.StartAt(t, first.Add(10*time.Hour), portals), first: first, last: last}
	y.RemoveLimits()
	rng := rand.New(rand.NewPCG(2027, 1))
	most := 0
	for n := range portals {
		p := &yearPortal{Site: y.AtPortal(n), n: n, tasks: map[string]bool{}, acts: planYear(rng, n, first, last)}
		y.portals = append(y.portals, p)
		most = max(most, len(p.acts)+1)
	}
	y.Grow(most)
	y.SBIS.AddAccount(withKey(apptest.Account(0), certificateEnds))
	for _, p := range y.portals {
		p.repeatMonthly()
		if p.n == portalWithDismissal {
			p.dismissed = p.hire()
			p.Manager = p.Admin() // who may work with the deals of all
		}
	}
	return y
}

// withKey returns an account with one certificate that ends at until.
func withKey(a sbistest.Account, until time.Time) sbistest.Account {
	key := apptest.ServerCertificate(apptest.OurThumbprint, 0)
	key.Until = until
	a.Certificates = []sbistest.Certificate{key}
	return a
}

// isWorkday reports whether a day is worked.
func isWorkday(day time.Time) bool {
	text := day.Format(time.DateOnly)
	if strings.Contains(yearWorked, text) {
		return true
	}
	return day.Weekday() != time.Saturday && day.Weekday() != time.Sunday && !strings.Contains(yearDaysOff, text)
}

// workingDay returns the n-th working day after day.
func workingDay(day time.Time, n int) time.Time {
	for n > 0 {
		if day = day.AddDate(0, 0, 1); isWorkday(day) {
			n--
		}
	}
	return day
}

// isRemoved reports whether the portal has removed the app on this day.
func isRemoved(portal int, day time.Time) bool {
	return portal == portalRemoved && !day.Before(removedOn) && day.Before(installedOn)
}

// planYear chooses the acts of a portal: every month one on paper and one through SBIS. A signature comes one to nine working days later; every
// seventh act is refused and every eleventh is never decided.
func planYear(rng *rand.Rand, portal int, first, last time.Time) (list []*yearAct) {
	for month := first; !month.After(last); month = time.Date(month.Year(), month.Month()+1, 1, 0, 0, 0, 0, moscow) {
		for _, onPaper := range []bool{true, false} {
			sent := workingDay(month.AddDate(0, 0, -1), 1+rng.IntN(6))
			for isRemoved(portal, sent) {
				sent = workingDay(sent, 1)
			}
			a := &yearAct{deal: len(list) + 2, sent: sent, onPaper: onPaper}
			list = append(list, a)
			due := workingDay(sent, 6) // five working days, and the morning after them
			if decided := workingDay(sent, 1+rng.IntN(9)); len(list)%11 != 0 {
				for isRemoved(portal, decided) {
					decided = workingDay(decided, 1)
				}
				a.decided, a.refused = decided, len(list)%7 == 0
			}
			if a.decided.IsZero() || !a.decided.Before(due) {
				for isRemoved(portal, due) {
					due = due.AddDate(0, 0, 1)
				}
				a.remindOn = due
			}
		}
	}
	return list
}

// repeatMonthly sets up monthly acts of the first deal, on the last working day of each month.
func (p *yearPortal) repeatMonthly() {
	p.T.Helper()
	deal := p.Deal(1)
	p.SetRows(deal, apptest.ProductRow("Абонентская плата", 100, 1000))
	doc, action, _ := p.DealTab(deal)
	f := apptest.Form("monthly-day", "last", "monthly-covers", "current", "monthly-rows", "some", monthlyQuantity(doc, 0), "1")
	opened, err := p.Manager.Post(strings.TrimSuffix(action, "/acts")+"/monthly", f)
	p.Page(opened, err, http.StatusOK)
}

// hire adds an employee who is responsible for every second deal.
func (p *yearPortal) hire() int64 {
	user := p.Portal.AddUser(apptest.Employee("Ольга Уволенная"))
	for n, a := range p.acts {
		if n%2 == 0 {
			p.Must(p.Portal.Change(1, bitrix24test.Deal, p.Deal(a.deal), fields{"assignedById": user}))
		}
	}
	return user
}

// live plays a day: the morning with its reminders, then what people do.
func (y *year) live(day time.Time) {
	y.T.Helper()
	y.AdvanceTo(day.Add(10 * time.Hour))
	y.AwaitQuiet()
	for _, p := range y.portals {
		p.observe(day)
	}
	for _, p := range y.portals {
		p.change(day)
		if isWorkday(day) && !isRemoved(p.n, day) {
			p.work(day)
		}
	}
	y.AwaitQuiet()
	for _, p := range y.portals {
		for _, a := range p.acts {
			if !a.onPaper && a.sent.Equal(day) {
				y.Await("the document of "+a.path+" on "+day.Format(time.DateOnly), func() bool {
					return y.SBIS.PerformMove(p.document(a), sbistest.MoveRequest{Move: sbistest.MoveSignByUs}) == nil
				})
				a.status = "sent"
			}
		}
	}
	y.awaitStatuses(day)
	y.AdvanceTo(day.Add(20 * time.Hour)) // what is done once a day would be late by a little more each day otherwise
}

// awaitStatuses waits until every act has the status that people gave it.
func (y *year) awaitStatuses(day time.Time) {
	y.T.Helper()
	ctx, cancel := context.WithTimeout(y.T.Context(), time.Minute)
	defer cancel()
	var differences []string
	err := apptest.Await(ctx, func() bool {
		differences = y.differences()
		return len(differences) == 0
	})
	if err != nil {
		y.T.Fatalf("%s: %q", day.Format(time.DateOnly), differences)
	}
}

// observe notes what has appeared in the portal since the day before.
func (p *yearPortal) observe(day time.Time) {
	for _, task := range p.Portal.Tasks() {
		id := fmt.Sprint(task["id"])
		if p.tasks[id] {
			continue
		}
		p.tasks[id] = true
		act := p.Number("SELECT coalesce((SELECT act_id FROM reminders WHERE portal_id = " + fmt.Sprint(p.n+1) + " AND task_id = " + id + "), 0)")
		i := slices.IndexFunc(p.acts, func(a *yearAct) bool { return a.id == act && act != 0 })
		switch {
		case i < 0 || !p.acts[i].remindedOn.IsZero():
			p.unexpected = append(p.unexpected, fmt.Sprintf("%s: task %s of act %d", day.Format(time.DateOnly), id, act))
		default:
			p.acts[i].remindedOn = day
			if p.dismissed != 0 && fmt.Sprint(task["responsibleId"]) == fmt.Sprint(p.dismissed) && !day.Before(dismissedOn) {
				p.unexpected = append(p.unexpected, fmt.Sprintf("%s: a task for the dismissed", day.Format(time.DateOnly)))
			}
		}
	}
	for _, one := range p.Portal.Notifications() {
		if one.ID <= p.lastNotification {
			continue
		}
		p.lastNotification = one.ID
		for range strings.Count(one.Message, "Сформирован ежемесячный акт за") {
			p.months = append(p.months, day)
		}
		if strings.Contains(one.Message, "сертификат") {
			p.terms = append(p.terms, day)
		}
	}
}

// change plays what happens to the portal itself.
func (p *yearPortal) change(day time.Time) {
	p.T.Helper()
	switch {
	case p.n == portalWithDismissal && day.Equal(dismissedOn):
		p.Portal.ChangeUser(p.dismissed, func(u *bitrix24test.User) { u.Active = false })
	case p.n == portalRemoved && day.Equal(removedOn):
		p.Portal.Uninstall(false)
		p.Await("the removal", func() bool { return p.Count("portals WHERE state = 'frozen'") == 1 })
	case p.n == portalRemoved && day.Equal(installedOn):
		p.Portal.Reinstall()
		p.install()
		p.Manager = apptest.NewVisitor(p.Portal, p.Portal.Manager(), p.AppURL)
		p.AwaitQuiet()
		p.observe(day)
	}
}

// install installs the app and enters the secrets of SBIS, which the removal has destroyed.
func (p *yearPortal) install() {
	p.T.Helper()
	admin := p.Admin()
	base, err := admin.Install()
	p.Must(err)
	id, err := apptest.AccountOf(admin, base)
	p.Must(err)
	a := apptest.Account(0)
	page, err := admin.Post(base+"/settings/accounts/"+id, url.Values{"name": {"Основной"}, "app_client_id": {a.AppClientID}, "app_secret": {a.AppSecret}, "secret_key": {a.SecretKey}})
	p.Page(page, err, http.StatusOK)
}

// work plays what the people of a portal do on a day.
func (p *yearPortal) work(day time.Time) {
	p.T.Helper()
	for _, a := range p.acts {
		switch {
		case a.sent.Equal(day) && a.onPaper:
			a.path, a.status = p.SendPaperAct(p.Deal(a.deal)), "sent"
		case a.sent.Equal(day):
			p.HandOver(p.Deal(a.deal))
			doc, _, _ := p.DealTab(p.Deal(a.deal))
			a.path = doc.Find(`section#acts a[href*="/acts/"]`).First().AttrOr("href", "")
			a.status = "draft"
		case !a.decided.Equal(day):
			continue
		case a.onPaper && a.refused:
			p.PostAction(a.path+"/mark", url.Values{"event": {"refusal"}, "reason": {"Не та сумма"}}, "Отказ от подписания")
			a.status = "refused"
		case a.onPaper:
			page, err := p.Manager.Upload(a.path+"/files/theirs", nil, apptest.Scan)
			p.Page(page, err, http.StatusOK)
			a.status = "signed"
		case a.refused:
			p.MoveDocument(p.document(a), sbistest.MoveReject)
			a.status = "refused"
		default:
			p.MoveDocument(p.document(a), sbistest.MoveSignByCounterparty)
			a.status = "signed"
		}
		if a.id == 0 {
			id, err := strconv.ParseInt(a.path[strings.LastIndex(a.path, "/")+1:], 10, 64)
			p.Must(err)
			a.id = id
		}
	}
}

// document returns the id of the act's document in SBIS.
func (p *yearPortal) document(a *yearAct) (id string) {
	p.T.Helper()
	query := fmt.Sprintf("SELECT id FROM edo_documents WHERE portal_id = %d AND act_id = %d AND live", p.n+1, a.id)
	p.Must(p.Owner().QueryRow(query).Scan(&id))
	return id
}

// differences lists the acts whose status is not what people have done.
func (y *year) differences() (list []string) {
	y.T.Helper()
	rows, err := y.Owner().Query("SELECT portal_id, id, status FROM acts")
	y.Must(err)
	have := map[string]string{}
	for rows.Next() {
		var portal, id int64
		var status string
		y.Must(rows.Scan(&portal, &id, &status))
		have[fmt.Sprint(portal, "/", id)] = status
	}
	y.Must(errors.Join(rows.Err(), rows.Close()))
	for _, p := range y.portals {
		for _, a := range p.acts {
			if got := have[fmt.Sprint(p.n+1, "/", a.id)]; a.status != "" && got != a.status {
				list = append(list, fmt.Sprintf("%s is %q, want %q", a.path, got, a.status))
			}
		}
	}
	return list
}

// check compares what was observed with what had to happen, and looks at what is left.
func (y *year) check() {
	y.T.Helper()
	for _, p := range y.portals {
		for _, text := range p.unexpected {
			y.T.Errorf("portal %d: %s", p.n, text)
		}
		for _, a := range p.acts {
			want := a.remindOn
			if want.After(y.last) {
				want = time.Time{}
			}
			if !a.remindedOn.Equal(want) {
				y.T.Errorf("portal %d: act %d of %s got its task on %s, want %s", p.n, a.id, a.sent.Format(time.DateOnly), a.remindedOn.Format(time.DateOnly), want.Format(time.DateOnly))
			}
		}
		p.checkMonths(y.first, y.last)
		p.checkTerms(y.last)
	}
	y.checkNumbers()
	y.AwaitQuiet()
	if n := y.Count("tasks"); n != 0 {
		y.T.Errorf("%d tasks are left", n)
	}
	if n := y.Count("reminders r JOIN acts a ON a.portal_id = r.portal_id AND a.id = r.act_id WHERE r.closed_at IS NULL AND a.status IN ('signed', 'refused')"); n != 0 {
		y.T.Errorf("%d reminders of decided acts are open", n)
	}
}

// checkMonths checks that each month had one act, announced on the morning of its last working day.
func (p *yearPortal) checkMonths(first, last time.Time) {
	p.T.Helper()
	var want []time.Time
	for month := time.Date(first.Year(), first.Month(), 1, 0, 0, 0, 0, moscow); ; month = month.AddDate(0, 1, 0) {
		day := month.AddDate(0, 1, 0)
		for day = day.AddDate(0, 0, -1); !isWorkday(day); {
			day = day.AddDate(0, 0, -1)
		}
		if day.After(last) {
			break
		}
		want = append(want, day)
	}
	if !slices.EqualFunc(p.months, want, time.Time.Equal) {
		p.T.Errorf("portal %d: monthly acts on %v, want %v", p.n, p.months, want)
	}
}

// checkTerms checks that the end of a certificate was announced 30, 14 and 7 days before, or on the morning after.
func (p *yearPortal) checkTerms(last time.Time) {
	p.T.Helper()
	var want []time.Time
	for _, days := range []int{30, 14, 7} {
		if day := certificateEnds.Add(-12*time.Hour).AddDate(0, 0, -days); !day.After(last) {
			want = append(want, day)
		}
	}
	inTime := func(got, want time.Time) bool { return got.Equal(want) || got.Equal(want.AddDate(0, 0, 1)) }
	if !slices.EqualFunc(p.terms, want, inTime) {
		p.T.Errorf("portal %d: the end of the certificate on %v, want %v", p.n, p.terms, want)
	}
}

// checkNumbers checks that the numbers of each year of a portal begin with 1 and have no gaps.
func (y *year) checkNumbers() {
	y.T.Helper()
	rows, err := y.Owner().Query(`SELECT portal_id, CAST(extract(year FROM act_date) AS int), array_to_string(array_agg(number ORDER BY CAST(number AS int)), ' ')
		FROM acts WHERE number <> '' GROUP BY 1, 2 ORDER BY 1, 2`)
	y.Must(err)
	years := 0
	for rows.Next() {
		var portal, of int
		var numbers string
		y.Must(rows.Scan(&portal, &of, &numbers))
		years++
		var want []string
		for n := range strings.Count(numbers, " ") + 1 {
			want = append(want, strconv.Itoa(n+1))
		}
		if numbers != strings.Join(want, " ") {
			y.T.Errorf("portal %d: numbers of %d are %s", portal, of, numbers)
		}
	}
	y.Must(errors.Join(rows.Err(), rows.Close()))
	if want := 2 * len(y.portals); years != want {
		y.T.Errorf("numbers of %d years, want %d", years, want)
	}
}
