package web

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"acts24/acts"
	"acts24/acts/roles"
	"acts24/acts/workday"
	"acts24/store"
	"acts24/store/people"
	"acts24/views"
)

var today = time.Date(2026, 11, 27, 0, 0, 0, 0, time.UTC)

func visit(role roles.Role) Visit {
	return Visit{Visit: people.Visit{Portal: 7, Key: "7", User: 5, Role: role, Grouped: true, Origin: "https://portal.example", Zone: "Europe/Moscow"}}
}

func TestNextStep(t *testing.T) {
	for name, tt := range map[string]struct {
		act  acts.Act
		want string
	}{
		"a paper draft":                 {acts.Act{Medium: acts.MediumPaper, Status: acts.StatusDraft}, "Ваше действие: присвойте номер и распечатайте акт"},
		"a printed draft":               {acts.Act{Medium: acts.MediumPaper, Status: acts.StatusDraft, Number: "1"}, "Ваше действие: подпишите акт и загрузите скан"},
		"signed by us on paper":         {acts.Act{Medium: acts.MediumPaper, Status: acts.StatusSignedByUs}, "Ваше действие: направьте акт заявителю"},
		"an electronic draft":           {acts.Act{Medium: acts.MediumElectronic, Status: acts.StatusDraft}, "Ваше действие: передайте акт в СБИС"},
		"our signature is missing":      {acts.Act{Medium: acts.MediumElectronic, Status: acts.StatusDraft, Delivery: acts.DeliveryWaitingSignature}, "Ваше действие: подпишите акт в СБИС"},
		"an invitation is sent":         {acts.Act{Medium: acts.MediumElectronic, Status: acts.StatusSignedByUs, Delivery: acts.DeliveryWaitingConnection}, "Ждём, когда контрагент примет приглашение к обмену"},
		"sent":                          {acts.Act{Medium: acts.MediumElectronic, Status: acts.StatusSent, Delivery: acts.DeliveryDelivered}, "Ждём подписи контрагента"},
		"accepted without signature":    {acts.Act{Medium: acts.MediumPaper, Status: acts.StatusAcceptedUnsigned}, "Ждём подписи контрагента"},
		"refused":                       {acts.Act{Status: acts.StatusRefused}, "Ваше действие: сформируйте исправленный акт или договоритесь"},
		"corrected and signed":          {acts.Act{Status: acts.StatusSigned, ReplacedBy: 9}, "Ваше действие: подписан и этот акт, и есть исправленный — оставьте один"},
		"refused and corrected":         {acts.Act{Status: acts.StatusRefused, ReplacedBy: 9}, "Вместо него сформирован исправленный акт"},
		"signed":                        {acts.Act{Status: acts.StatusSigned}, ""},
		"annulled":                      {acts.Act{Status: acts.StatusAnnulled}, ""},
		"a document that is on its way": {acts.Act{Medium: acts.MediumElectronic, Status: acts.StatusDraft, Delivery: acts.DeliveryQueued}, ""},
	} {
		if got := NextStep(tt.act); got != tt.want {
			t.Errorf("%s: %q; want %q", name, got, tt.want)
		}
	}
}

func TestChips(t *testing.T) {
	usual := workday.New(workday.Overrides{})
	for _, s := range acts.Statuses {
		if c := StatusChip(s); c.Text == "" || c.Tone == "" {
			t.Errorf("%s has the chip %+v", s, c)
		}
	}
	for name, tt := range map[string]struct{ got, want views.Chip }{
		"paper":                 {DeliveryChip(acts.MediumPaper, acts.StatusSent, acts.DeliveryDelivered), views.Chip{}},
		"a refused document":    {DeliveryChip(acts.MediumElectronic, acts.StatusRefused, acts.DeliveryCompleted), views.Chip{Text: acts.DeliveryCompleted.Label(), Tone: "neutral"}},
		"a failed delivery":     {DeliveryChip(acts.MediumElectronic, acts.StatusDraft, acts.DeliveryFailed), views.Chip{Text: acts.DeliveryFailed.Label(), Tone: "problem"}},
		"no day to wait for":    {DueChip(time.Time{}, today, usual), views.Chip{}},
		"the last day":          {DueChip(today, today.Add(20*time.Hour), usual), views.Chip{Text: "Ждём подпись до 27.11.2026", Tone: "progress"}},
		"one day late":          {DueChip(today.AddDate(0, 0, -1), today, usual), views.Chip{Text: "Просрочен на 1\u00a0раб. день (срок 26.11.2026)", Tone: "attention"}},
		"more than a week late": {DueChip(today.AddDate(0, 0, -8), today, usual), views.Chip{Text: "Просрочен на 6\u00a0раб. дней (срок 19.11.2026)", Tone: "problem"}},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: %+v; want %+v", name, tt.got, tt.want)
		}
	}
}

func TestBusy(t *testing.T) {
	for delivery, want := range map[acts.Delivery]bool{acts.DeliveryNone: false, acts.DeliveryQueued: true, acts.DeliveryWaitingSignature: true, acts.DeliveryWithdrawing: true, acts.DeliveryCompleted: false, acts.DeliveryFailed: false} {
		if got := Busy(acts.Act{Status: acts.StatusSent, Delivery: delivery}); got != want {
			t.Errorf("%q is busy: %t", delivery, got)
		}
		if Busy(acts.Act{Status: acts.StatusAnnulled, Delivery: delivery}) {
			t.Errorf("an annulled act is busy in %q", delivery)
		}
	}
}

func TestWhoSigns(t *testing.T) {
	waiting := acts.Act{Medium: acts.MediumElectronic, Status: acts.StatusDraft, Delivery: acts.DeliveryWaitingSignature}
	if !AwaitsOurSignature(waiting) {
		t.Errorf("a document that waits for our signature: %+v", waiting)
	}
	for _, a := range []acts.Act{{Medium: acts.MediumPaper, Status: acts.StatusDraft}, {Medium: acts.MediumElectronic, Status: acts.StatusSent, Delivery: acts.DeliveryDelivered}} {
		if AwaitsOurSignature(a) {
			t.Errorf("an act that does not wait for our signature: %+v", a)
		}
	}
	if step, signs := WhoSigns(waiting, store.OwnCompany{}, acts.SigningServer); step != "" || signs == "" {
		t.Errorf("SBIS signs: %q, %q", step, signs)
	}
	unsigned := waiting
	unsigned.DeliveryNote = "Сертификат отозван."
	if step, _ := WhoSigns(unsigned, store.OwnCompany{}, acts.SigningServer); step == "" {
		t.Error("nobody is asked to sign what SBIS could not")
	}
	if step, _ := WhoSigns(waiting, store.OwnCompany{}, acts.SigningManual); step == "" {
		t.Error("nobody is asked to sign in the account")
	}
}

func TestPartyDetails(t *testing.T) {
	for want, p := range map[string]acts.Party{
		"реквизиты не заполнены":                {},
		"ИНН 7707083893, КПП 770701001":         {INN: "7707083893", KPP: "770701001"},
		"ИНН 770201013502, ОГРНИП 304770000000": {INN: "770201013502", OGRN: "304770000000", Kind: acts.PartyPerson},
		"ОГРН 1027700132195, Москва":            {OGRN: "1027700132195", Kind: acts.PartyCompany, Address: "Москва"},
	} {
		if got := PartyDetails(p); got != want {
			t.Errorf("%q; want %q", got, want)
		}
	}
}

// A failed check leads to where it is fixed; the settings are offered to administrators only.
func TestChecks(t *testing.T) {
	list := []acts.Check{{Title: "a", OK: true}, {Title: "b", Place: acts.FixAtBuyer}, {Title: "c", Open: true, Place: acts.FixAtSeller}, {Title: "d", Place: acts.FixAtSettings}}
	for role, settings := range map[roles.Role]string{roles.RoleWorker: "", roles.RoleAdministrator: "/p/7/settings/companies/3"} {
		got := Checks(visit(role), list, store.Deal{ID: 12, Contact: 18}, 3)
		if got[0].State != "ok" || got[1].State != "bad" || got[2].State != "open" || got[1].Link.Path != "/crm/contact/details/18/" || got[2].Link.Path != "/crm/company/details/3/" || got[3].Link.Href != settings {
			t.Errorf("%s: %+v", role, got)
		}
	}
	if l := BuyerLink(visit(roles.RoleWorker), 0, 0, 12); l.Path != "/crm/deal/details/12/" || l.Href != "https://portal.example/crm/deal/details/12/" {
		t.Errorf("%+v", l)
	}
}

func TestStatusAndMessage(t *testing.T) {
	for status, err := range map[int]error{http.StatusUnauthorized: ErrNoVisit, http.StatusRequestEntityTooLarge: &http.MaxBytesError{}, http.StatusServiceUnavailable: acts.Errorf(acts.Unavailable, "x"),
		http.StatusForbidden: acts.Errorf(acts.Forbidden, "x"), http.StatusNotFound: acts.Errorf(acts.NotFound, "x"), http.StatusConflict: acts.Errorf(acts.Conflict, "x"),
		http.StatusUnprocessableEntity: acts.Errorf(acts.Refused, "x"), http.StatusInternalServerError: errors.New("secret")} {
		if got := Status(fmt.Errorf("save: %w", err)); got != status {
			t.Errorf("%v: status %d; want %d", err, got, status)
		}
	}
	if got := Message(errors.New("secret")); strings.Contains(got, "secret") {
		t.Errorf("a user reads %q", got)
	}
	if got := Message(fmt.Errorf("save: %w", acts.Errorf(acts.Conflict, "Поздно."))); got != "Поздно." {
		t.Errorf("a user reads %q", got)
	}
	faults := acts.Faults{{Field: "a", Text: "Раз."}, {Field: "b", Text: "Два."}, {Field: "a", Text: "Три."}}
	if m := FaultMap(faults); m["a"] != "Раз. Три." || m["b"] != "Два." {
		t.Errorf("%v", m)
	}
	if err := BadForm(&http.MaxBytesError{}); Status(err) != http.StatusRequestEntityTooLarge {
		t.Errorf("a large form: %v", err)
	}
	if err := BadForm(errors.New("x")); !errors.Is(err, acts.Invalid) {
		t.Errorf("a bad form: %v", err)
	}
}

func TestPathID(t *testing.T) {
	for text, want := range map[string]int64{"12": 12, "0": 0, "-1": -1, "x": -1, "": -1, "99999999999999999999": -1} {
		r := httptest.NewRequest("GET", "/", nil)
		r.SetPathValue("act", text)
		got, err := PathID[acts.ActID](r, "act")
		if want < 0 && !errors.Is(err, acts.NotFound) || want >= 0 && (err != nil || int64(got) != want) {
			t.Errorf("%q: %d, %v", text, got, err)
		}
	}
}

func TestFrame(t *testing.T) {
	for role, want := range map[roles.Role]views.Frame{roles.RoleViewer: {ReadOnly: true}, roles.RoleWorker: {}, roles.RoleAdministrator: {Admin: true}} {
		f := Frame(visit(role), "Акты")
		if f.Base != "/p/7" || f.Title != "Акты" || f.ReadOnly != want.ReadOnly || f.Admin != want.Admin {
			t.Errorf("%s: %+v", role, f)
		}
	}
}

func TestOriginOf(t *testing.T) {
	for address, want := range map[string]string{"https://portal.example/": "https://portal.example", "http://127.0.0.1:8080/x": "http://127.0.0.1:8080", "": "", "portal.example": "", "https://": "", "%": ""} {
		if got := OriginOf(address); got != want {
			t.Errorf("%q: %q; want %q", address, got, want)
		}
	}
	w := httptest.NewRecorder()
	AllowFrame(w, "https://portal.example/x")
	if got := w.Header().Get("Content-Security-Policy"); !strings.HasSuffix(got, "frame-ancestors 'self' https://portal.example") {
		t.Errorf("the policy is %q", got)
	}
	w = httptest.NewRecorder()
	AllowFrame(w, "")
	if got := w.Header().Get("Content-Security-Policy"); got != "" {
		t.Errorf("without an origin the policy is %q", got)
	}
}

func TestOwnName(t *testing.T) {
	own := []store.OwnCompany{{ID: 1, Party: acts.Party{Name: "ООО «А»", INN: "1"}}, {ID: 2, Party: acts.Party{Name: "ООО «А»", INN: "2"}}, {ID: 3, Party: acts.Party{Name: "ООО «Б»"}}}
	if OwnName(own, own[0]) == OwnName(own, own[1]) || OwnName(own, own[2]) != "ООО «Б»" {
		t.Errorf("%q, %q, %q", OwnName(own, own[0]), OwnName(own, own[1]), OwnName(own, own[2]))
	}
	list := OwnOptions(own, 3)
	if len(list) != 3 || !list[2].Chosen || list[0].Chosen {
		t.Errorf("%+v", list)
	}
}
