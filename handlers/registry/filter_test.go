package registry

import (
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"acts24/acts"
	"acts24/acts/report"
	"acts24/acts/roles"
	"acts24/handlers/web"
	"acts24/store/list"
	"acts24/store/people"
	"acts24/views"
)

var today = time.Date(2026, 11, 27, 0, 0, 0, 0, time.UTC)

func visit(role roles.Role) web.Visit {
	return web.Visit{Visit: people.Visit{Portal: 7, Key: "7", User: 5, UserName: "Анна", Role: role, Grouped: true, Origin: "https://portal.example", Zone: "Europe/Moscow"}}
}

func parsed(t *testing.T, address string) url.Values {
	t.Helper()
	q, err := url.ParseQuery(address)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func day(text string) time.Time {
	d, _ := time.Parse(time.DateOnly, text)
	return d
}

// A filter is written as it was read, so equal filters have one address.
func TestFilterAndAddress(t *testing.T) {
	for address, want := range map[string]list.ActFilter{
		"":                                    {},
		"status=sent":                         {Statuses: []acts.Status{acts.StatusSent}},
		"status=draft&status=sent":            {Statuses: []acts.Status{acts.StatusDraft, acts.StatusSent}},
		"medium=paper":                        {Medium: acts.MediumPaper},
		"responsible=5":                       {Responsible: 5},
		"responsible=none":                    {Unassigned: true},
		"from=2026-01-01&to=2026-12-31":       {From: day("2026-01-01"), To: day("2026-12-31")},
		"overdue=1":                           {Overdue: true},
		"failed=1&refused=1":                  {Failed: true, Refused: true},
		"company=17":                          {Company: 17},
		"contact=18":                          {Contact: 18},
		"company=none":                        {Unknown: true},
		"kind=person&own=3":                   {Conditions: list.Conditions{PartyKind: acts.PartyPerson, Own: 3}},
		"channel=email&original=1":            {Conditions: list.Conditions{Channel: acts.ChannelEmail, NoOriginal: true}},
		"delivery=none":                       {Conditions: list.Conditions{Delivery: list.NotHandedOver}},
		"operator=2BM&stage=C1%3ANEW":         {Conditions: list.Conditions{Operator: "2BM", Stage: "C1:NEW"}},
		"q=%D0%9A-1&waiting=6-15&company=17":  {Text: "К-1", Waiting: report.Spans[1], Company: 17},
		"delivery=waiting_signature":          {Conditions: list.Conditions{Delivery: string(acts.DeliveryWaitingSignature)}},
		"company=none&responsible=none":       {Unknown: true, Unassigned: true},
		"medium=electronic&operator=2BE&q=11": {Medium: acts.MediumElectronic, Text: "11", Conditions: list.Conditions{Operator: "2BE"}},
	} {
		a := readListQuery(parsed(t, address), visit(roles.RoleWorker), list.ActFilter{})
		if !reflect.DeepEqual(a.filter, want) || len(a.faults) > 0 {
			t.Errorf("%s reads %+v, %v", address, a.filter, a.faults)
		}
		if got := filterQuery(a.filter, a.text).Encode(); got != parsed(t, address).Encode() {
			t.Errorf("%s is written %s", address, got)
		}
	}
}

func TestFaultsOfAnAddress(t *testing.T) {
	for address, field := range map[string]string{
		"status=x": "filter", "medium=x": "filter", "responsible=x": "filter", "responsible=0": "filter", "responsible=-1": "filter", "own=x": "filter", "kind=x": "filter",
		"channel=x": "filter", "delivery=x": "filter", "operator=zzz": "filter", "stage=%D0%AF": "filter", "waiting=x": "filter", "company=x": "filter", "contact=0": "filter",
		"company=1&contact=2": "filter", "company=none&contact=2": "filter", "from=x": "from", "to=2026-02-30": "to", "from=0001-01-01": "from",
		"from=2026-02-01&to=2026-01-01": "to", "q=" + strings.Repeat("a", 101): "q", "stage=" + strings.Repeat("a", 101): "filter",
	} {
		a := readListQuery(parsed(t, address), visit(roles.RoleWorker), list.ActFilter{})
		if a.faults[field] == "" {
			t.Errorf("%.40s has the faults %v; want one of %s", address, a.faults, field)
		}
	}
}

// Characters that no name contains are removed from a search text.
func TestSearchText(t *testing.T) {
	for typed, want := range map[string]struct{ text, filter string }{
		"  ООО   «Ёж» ": {"ООО «Ёж»", "ООО «Ёж»"}, "№ К-1": {"№ К-1", "К-1"}, "a\x00b\tc": {"abc", "abc"}, "\xff\xfe": {"", ""}, "№": {"№", ""},
	} {
		a := readListQuery(url.Values{"q": {typed}}, visit(roles.RoleWorker), list.ActFilter{})
		if a.text != want.text || a.filter.Text != want.filter {
			t.Errorf("%q is shown as %q and searched as %q", typed, a.text, a.filter.Text)
		}
	}
}

// The tab of a company keeps its company whatever the URL contains.
func TestFilterOfATab(t *testing.T) {
	a := readListQuery(parsed(t, "company=99&contact=3&status=sent"), visit(roles.RoleWorker), list.ActFilter{Company: 17})
	if a.filter.Company != 17 || a.filter.Contact != 0 || !a.tab || a.query().Encode() != "status=sent" {
		t.Errorf("the filter is %+v and its query %q; want company 17, no contact and status=sent", a.filter, a.query().Encode())
	}
}

func TestPaging(t *testing.T) {
	newest, bySum, byCompany := list.ActSorting.First, list.Sort{By: list.BySum, Descending: true}, list.Sort{By: list.ByCompany}
	for _, tt := range []struct {
		sort list.Sort
		key  list.PageKey
	}{{newest, list.PageKey{Value: "2026-11-27", ID: 42}}, {bySum, list.PageKey{Value: "-17", ID: 42}}, {byCompany, list.PageKey{Value: "ооо «ёж.и.к»", ID: 42}},
		{byCompany, list.PageKey{ID: 42}}, {list.Sort{By: list.ByDue}, list.PageKey{Value: "infinity", ID: 42}}} {
		if got := decodeCursor(encodeCursor(tt.key, list.ActSorting, tt.sort, 7), list.ActSorting, tt.sort, 7); got != tt.key {
			t.Errorf("the position %+v comes back as %+v", tt.key, got)
		}
	}
	key := list.PageKey{Value: "2026-11-27", ID: 42}
	for name, text := range map[string]string{"another portal": encodeCursor(key, list.ActSorting, newest, 8), "another order": encodeCursor(key, list.ActSorting, list.Sort{By: list.ByDate}, 7), "nothing": "", "nonsense": "!!!",
		"no number": encodeCursor(list.PageKey{Value: key.Value}, list.ActSorting, newest, 7), "no value": encodeCursor(list.PageKey{ID: 42}, list.ActSorting, newest, 7), "a long one": strings.Repeat("YQ", 2000)} {
		if got := decodeCursor(text, list.ActSorting, newest, 7); got != (list.PageKey{}) {
			t.Errorf("%s begins at %+v", name, got)
		}
	}
	for n, want := range map[int]string{0: "0", list.MaxCounted: "100", list.MaxCounted + 1: "100+"} {
		if got := cappedCount(n); got != want {
			t.Errorf("%d is shown as %s", n, got)
		}
	}
	for path, q := range map[string]url.Values{"/p/7/acts": nil, "/p/7/acts?q=x": {"q": {"x"}}} {
		if got := address("/p/7/acts", q); got != path {
			t.Errorf("%s; want %s", got, path)
		}
	}
}

func TestActiveConditions(t *testing.T) {
	for query, want := range map[string][]string{
		"":                                nil,
		"status=draft":                    {acts.StatusDraft.Label()},
		"status=draft&status=sent":        {acts.StatusDraft.Label() + ", " + acts.StatusSent.Label()},
		"responsible=5":                   {"Ответственный: я"},
		"responsible=6":                   {"Ответственный: Борис"},
		"responsible=none":                {"Без ответственного"},
		"from=2026-01-01":                 {"Дата акта с 01.01.2026"},
		"from=2026-01-01&to=2026-01-31":   {"Дата акта с 01.01.2026 по 31.01.2026"},
		"overdue=1&failed=1&refused=1":    {"Срок подписания прошёл", "Ошибка отправки", "Отказ, исправленного акта нет"},
		"own=3&stage=C1%3ANEW&original=1": {"Наша", "Сделка: Новая", "Оригинал не получен"},
		"company=17":                      {"Компания: ООО «Ромашка»"},
		"company=none":                    {"Клиент не указан"},
		"waiting=0-":                      {"Без подписи заявителя"},
	} {
		a := readListQuery(parsed(t, query), visit(roles.RoleWorker), list.ActFilter{})
		found := list.RegistryPage{Buyer: "ООО «Ромашка»", Chosen: list.FilterNames{Responsible: "Борис", Own: "Наша", Stage: "Новая"}}
		var got []string
		for _, c := range activeConditions("/p/7/acts", visit(roles.RoleWorker), a, found) {
			got = append(got, c.Text)
			without, err := url.Parse(c.Without)
			if err != nil || without.Path != "/p/7/acts" || without.RawQuery == parsed(t, query).Encode() {
				t.Errorf("%s: without «%s» the list is at %s", query, c.Text, c.Without)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s reads %q; want %q", query, got, want)
		}
	}
}

// What the filter has no field for is always sent along, the rest only while the fields are folded.
func TestFilterView(t *testing.T) {
	a := readListQuery(parsed(t, "q=x&status=sent&company=17&waiting=0-"), visit(roles.RoleWorker), list.ActFilter{})
	m := filterView(a)
	names := func(list []views.Option) (names []string) {
		for _, o := range list {
			names = append(names, o.Label)
		}
		return names
	}
	if !m.Any || m.Text != "x" || !slices.Equal(names(m.Always), []string{"company", "waiting"}) || !slices.Equal(names(m.Kept), []string{"status"}) {
		t.Errorf("the view is %+v; want the text x, company and waiting always sent, status kept", m)
	}
	if m := filterView(readListQuery(nil, visit(roles.RoleWorker), list.ActFilter{})); m.Any {
		t.Errorf("a filter without conditions has Any: %+v", m)
	}
}

func chosen(list []views.Option) (values []string) {
	for _, o := range list {
		if o.Chosen {
			values = append(values, o.Value)
		}
	}
	return values
}

// A chosen value stays in the form even if it is no option any more.
func TestFieldsKeepWhatIsChosen(t *testing.T) {
	a := readListQuery(parsed(t, "responsible=99&own=77&stage=GONE&status=sent&medium=paper&delivery=none&kind=person"), visit(roles.RoleWorker), list.ActFilter{})
	f := fieldsView(visit(roles.RoleWorker), a, list.FilterOptions{Users: []people.User{{ID: 6, Name: "Борис"}}})
	for name, tt := range map[string]struct {
		list []views.Option
		want string
	}{"people": {f.People, "99"}, "own": {f.Own, "77"}, "stages": {f.Stages, "GONE"}, "statuses": {f.Statuses, "sent"}, "media": {f.Media, "paper"},
		"deliveries": {f.Deliveries, "none"}, "kinds": {f.Kinds, "person"}, "channels": {f.Channels, ""}} {
		if got := chosen(tt.list); !slices.Equal(got, []string{tt.want}) {
			t.Errorf("%s: %q is chosen, want %q", name, got, tt.want)
		}
	}
	if f.People[1].Label != "Я" || f.People[2].Label != "Борис" || f.People[3].Label != "Сотрудник 99" {
		t.Errorf("people %+v", f.People)
	}
}

func TestNotificationPath(t *testing.T) {
	for name, tt := range map[string]struct{ page, user, want string }{
		"the settings of notifications":  {"me", "", "me"},
		"the state":                      {"state", "", "state"},
		"overdue acts":                   {string(report.LineOverdue), "5", "acts?overdue=1&responsible=5"},
		"refused acts":                   {string(report.LineRefused), "", "acts?refused=1"},
		"our signature":                  {string(report.LineOurs), "5", "acts?delivery=waiting_signature&responsible=5&status=draft"},
		"signed acts":                    {"signed", "5", "acts?responsible=5&status=signed"},
		"annulled acts":                  {"annulled", "5", "acts?responsible=5&status=annulled"},
		"acts that were not handed over": {"failed", "5", "acts?failed=1&responsible=5"},
		"acts of a person":               {"acts", "5", "acts?responsible=5"},
		"deals without acts":             {string(report.LineDealsWithoutActs), "5", "deals?responsible=5"},
		"of everybody":                   {string(report.LineDealsWithoutActs), "x", "deals"},
		"an unknown page":                {"../../evil", "5", ""},
		"no page":                        {"", "", ""},
	} {
		if got := NotificationPath(map[string]string{"page": tt.page, "user": tt.user}); got != tt.want {
			t.Errorf("%s: %q; want %q", name, got, tt.want)
		}
	}
}

// An order that a list does not have is reported, and the list has its first order.
func TestUnknownSort(t *testing.T) {
	for text, want := range map[string]list.Sort{"": list.ActSorting.First, "sum": {By: list.BySum}, "-due": {By: list.ByDue, Descending: true}} {
		if a := readListQuery(url.Values{"sort": {text}}, visit(roles.RoleWorker), list.ActFilter{}); a.unsorted || a.page.Sort != want {
			t.Errorf("%q reads %+v", text, a.page)
		}
	}
	for _, text := range []string{"id", "sum;drop", "-", "status", "\x00", strings.Repeat("x", 5000)} {
		a := readListQuery(url.Values{"sort": {text}}, visit(roles.RoleWorker), list.ActFilter{})
		if !a.unsorted || a.page.Sort != list.ActSorting.First || len(a.faults) > 0 || a.withSort(a.query()).Encode() != "" {
			t.Errorf("%.20q reads %+v", text, a.page)
		}
		if m := registry(t, "sort="+url.QueryEscape(text), list.ActFilter{}, list.RegistryPage{Acts: []list.Act{listed()}}); m.Alert != unknownSort || len(m.Rows.Rows) != 1 {
			t.Errorf("%.20q shows %q", text, m.Alert)
		}
	}
}

// The links of a sorted list keep its order; the head of its column turns it round, the other heads replace it.
func TestLinksOfASortedList(t *testing.T) {
	next := list.RegistryPage{Acts: []list.Act{listed()}, Next: list.PageKey{Value: "100", ID: 42}}
	m := registry(t, "status=sent&sort=-sum", list.ActFilter{}, next)
	for what, link := range map[string]string{"the next page": m.Next, "an export": m.Exports[0].Href, "a preset": m.Presets[1].Href, "the list without a condition": m.Conditions[0].Without} {
		if !strings.Contains(link, "sort=-sum") {
			t.Errorf("%s is %s", what, link)
		}
	}
	if m.Bulk.Filter != "status=sent" || !slices.Contains(m.Filter.Always, views.Option{Label: "sort", Value: "-sum"}) {
		t.Errorf("the filter of bulk operations is %+v and that of the form %+v; want both with their order", m.Bulk, m.Filter)
	}
	for code, want := range map[string]views.Head{"sum": {Href: "/p/7/acts?sort=sum&status=sent", Order: "descending", TestID: "sort-sum"}, "date": {Href: "/p/7/acts?status=sent", TestID: "sort-date"},
		"due": {Href: "/p/7/acts?sort=due&status=sent", TestID: "sort-due"}, "act": {Href: "/p/7/acts?sort=number&status=sent", TestID: "sort-number"}, "status": {}} {
		if got := m.Rows.Columns[slices.Index(codes(m.Rows), code)].Head; got != want {
			t.Errorf("the head %s is %+v; want %+v", code, got, want)
		}
	}
	if got := registry(t, "", list.ActFilter{}, next).Rows.Columns[1].Head; got != (views.Head{Href: "/p/7/acts?sort=date", Order: "descending", TestID: "sort-date"}) {
		t.Errorf("the head of the day is %+v", got)
	}
}
