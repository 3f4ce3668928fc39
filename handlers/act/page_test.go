package act

import (
	"cmp"
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"acts24/acts"
	"acts24/acts/roles"
	"acts24/handlers/web"
	"acts24/store"
	"acts24/store/people"
	"acts24/store/queue"
	"acts24/views"
)

var now = time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)

func visit(role roles.Role) web.Visit {
	return web.Visit{Visit: people.Visit{Portal: 7, Key: "7", User: 5, UserName: "Анна", Role: role, Grouped: true, Origin: "https://portal.example", Zone: "Europe/Moscow"}}
}

// testAct is an act with a number and our and their company.
func testAct(medium acts.Medium, status acts.Status, change ...func(*acts.Act)) acts.Act {
	a := acts.Act{ID: 4, Deal: 12, DealTitle: "Выставка", Number: "5", Date: now, Medium: medium, PartyKind: acts.PartyCompany, Status: status, Channel: acts.ChannelPost, OwnCompany: 1,
		Seller: acts.Party{Kind: acts.PartyCompany, Name: "ООО «Наша»", INN: "7701010106"}, Buyer: acts.Party{Kind: acts.PartyCompany, Name: "ООО «Ромашка»", INN: "7707083893", Email: "buyer@example.org"},
		Totals: acts.Totals{Net: 100_000, Tax: 22_000, Gross: 122_000}}
	for _, c := range change {
		c(&a)
	}
	return a
}

func testDetails(a acts.Act) store.ActDetails {
	return store.ActDetails{Act: a, Own: store.OwnCompany{ID: 1}, DealINN: a.Buyer.INN}
}

func unnumbered(a *acts.Act) { a.Number = "" }

func actionIDs(list []views.Action) (ids []string) {
	for _, a := range list {
		ids = append(ids, a.TestID)
	}
	return ids
}

func bannerIDs(list []views.Banner) (ids []string) {
	for _, n := range list {
		ids = append(ids, n.TestID)
	}
	return ids
}

// The first action is the next step of the lifecycle.
func TestActionsByStatus(t *testing.T) {
	for name, tt := range map[string]struct {
		act           acts.Act
		actions, rare []string // some of them
		never         []string
	}{
		"an electronic draft":       {testAct(acts.MediumElectronic, acts.StatusDraft), []string{"send-act", "edit-act"}, []string{"mark-annul", "relink-act"}, []string{"mark-signed", "mark-original", "take-back"}},
		"a paper draft":             {testAct(acts.MediumPaper, acts.StatusDraft, unnumbered), []string{"edit-act"}, []string{"mark-annul"}, []string{"send-act", "mark-signed"}},
		"a document on its way":     {testAct(acts.MediumElectronic, acts.StatusDraft, func(a *acts.Act) { a.Delivery = acts.DeliveryQueued }), nil, nil, []string{"send-act", "edit-act", "relink-act"}},
		"a sent paper act":          {testAct(acts.MediumPaper, acts.StatusSent), []string{"mark-original", "mark-accept", "mark-refusal"}, nil, []string{"send-act", "edit-act", "mark-signed"}},
		"a refused act":             {testAct(acts.MediumPaper, acts.StatusRefused), []string{"correct-act"}, nil, []string{"edit-act", "send-act"}},
		"a refused act, replaced":   {testAct(acts.MediumPaper, acts.StatusRefused, func(a *acts.Act) { a.ReplacedBy = 9 }), nil, nil, []string{"correct-act", "relink-act", "mark-original"}},
		"an annulled act":           {testAct(acts.MediumPaper, acts.StatusAnnulled), []string{"copy-act"}, nil, []string{"edit-act", "relink-act", "mark-annul"}},
		"an annulled correction":    {testAct(acts.MediumPaper, acts.StatusAnnulled, func(a *acts.Act) { a.Corrects = 3 }), nil, nil, []string{"copy-act"}},
		"a signed act, no original": {testAct(acts.MediumPaper, acts.StatusSigned), []string{"mark-original"}, nil, []string{"edit-act", "mark-refusal"}},
		"a signed act":              {testAct(acts.MediumPaper, acts.StatusSigned, func(a *acts.Act) { a.OriginalOn = now }), nil, nil, []string{"mark-original"}},
	} {
		t.Run(name, func(t *testing.T) {
			m := actView(actInput{visit: visit(roles.RoleWorker), details: testDetails(tt.act), now: now})
			for _, id := range tt.actions {
				if !slices.Contains(actionIDs(m.Actions), id) {
					t.Errorf("%s is not among %q", id, actionIDs(m.Actions))
				}
			}
			if len(tt.actions) > 0 && m.Actions[0].TestID != tt.actions[0] {
				t.Errorf("%s is the first, not %s", m.Actions[0].TestID, tt.actions[0])
			}
			for _, id := range tt.rare {
				if !slices.Contains(actionIDs(m.Secondary), id) {
					t.Errorf("%s is not among the secondary actions %q", id, actionIDs(m.Secondary))
				}
			}
			for _, id := range tt.never {
				if slices.Contains(append(actionIDs(m.Actions), actionIDs(m.Secondary)...), id) {
					t.Errorf("%s is offered", id)
				}
			}
		})
	}
}

// Nothing is withdrawn from SBIS by one click: the button opens a question that names the effect.
func TestTakeBackNeedsAConfirmation(t *testing.T) {
	a := testAct(acts.MediumElectronic, acts.StatusDraft, func(a *acts.Act) { a.Delivery = acts.DeliveryWaitingSignature })
	m := actView(actInput{visit: visit(roles.RoleWorker), details: testDetails(a), now: now})
	n := slices.IndexFunc(m.Operator.Actions, func(a views.Action) bool { return a.TestID == "take-back" })
	if n < 0 || m.Operator.Actions[n].Confirm == "" || !strings.Contains(m.Operator.Actions[n].Explain, "удалён из кабинета") {
		t.Fatalf("%+v", m.Operator.Actions)
	}
	var page strings.Builder
	if err := views.ActPageView(m).Render(t.Context(), &page); err != nil {
		t.Fatal(err)
	}
	_, opened, ok := strings.Cut(page.String(), `data-testid="open-take-back"`)
	if form, _, _ := strings.Cut(opened, "</details>"); !ok || !strings.Contains(form, `data-testid="confirm-action"`) || !strings.Contains(form, "/take-back") {
		t.Errorf("no question before the document is withdrawn: %s", form)
	}
}

// signedByUs is an act whose document waits in SBIS for our signature.
func signedByUs(link string, a acts.Act, change ...func(*store.ActDetails)) store.ActDetails {
	details := testDetails(a)
	details.Document = &store.EDODocument{Live: true, Written: true, Link: link}
	for _, c := range change {
		c(&details)
	}
	return details
}

// handedOver is an act that SBIS does not have yet.
func handedOver() store.ActDetails {
	return testDetails(testAct(acts.MediumElectronic, acts.StatusDraft, func(a *acts.Act) { a.Delivery = acts.DeliveryQueued }))
}

// late is an act whose term has passed a week ago.
func late(a acts.Act, change ...func(*store.ActDetails)) store.ActDetails {
	details := testDetails(a)
	details.Due, details.DealPhones, details.DealEmail = now.AddDate(0, 0, -7), "+7 (495) 123-45-67, 8 800 100-00-00", "deal@example.org"
	for _, c := range change {
		c(&details)
	}
	return details
}

func withFiles(a acts.Act) store.ActDetails {
	details := testDetails(a)
	for i, f := range []store.File{{Type: "image/png", Size: 1000}, {Type: "image/jpeg", Size: 10 << 20}, {Type: "application/pdf", Size: 1000}} {
		f.ID = int64(i + 1)
		details.Files = append(details.Files, store.ActFile{File: f, Side: acts.SideOurs, Current: true})
	}
	return details
}

// The way of an act shows what is behind it, where it is and what is to come.
func TestLifeOf(t *testing.T) {
	sent := func(a *acts.Act) { a.SentAt = now }
	for name, tt := range map[string]struct {
		act  acts.Act
		want string
	}{
		"a draft":           {testAct(acts.MediumPaper, acts.StatusDraft), "now later later later"},
		"a sent act":        {testAct(acts.MediumPaper, acts.StatusSent, sent), "done done now later"},
		"accepted":          {testAct(acts.MediumPaper, acts.StatusAcceptedUnsigned, sent), "done done done now later"},
		"signed":            {testAct(acts.MediumElectronic, acts.StatusSigned, sent), "done done done done"},
		"refused":           {testAct(acts.MediumElectronic, acts.StatusRefused, sent), "done done done failed"},
		"an annulled draft": {testAct(acts.MediumPaper, acts.StatusAnnulled), "done failed"},
		"annulled later":    {testAct(acts.MediumPaper, acts.StatusAnnulled, sent), "done done done failed"},
	} {
		var states []string
		current := 0
		for _, step := range progressOf(visit(roles.RoleWorker), tt.act, nil) {
			states = append(states, step.State)
			if step.Current {
				current++
			}
		}
		if got := strings.Join(states, " "); got != tt.want || current != 1 {
			t.Errorf("%s: %s with %d current steps, want %s", name, got, current, tt.want)
		}
	}
}

// Each step that is behind an act has its day; that of our signature and that of the annulment are in the history, the last one counts.
func TestDaysOfLife(t *testing.T) {
	day := func(n int) time.Time { return time.Date(2026, 11, n, 12, 0, 0, 0, time.UTC) }
	lines := []store.ActEvent{{At: day(10), From: acts.StatusSent, To: acts.StatusAnnulled}, {At: day(8), From: acts.StatusSignedByUs, To: acts.StatusSignedByUs}, {At: day(6), From: acts.StatusDraft, To: acts.StatusSignedByUs}, {At: day(4), From: acts.StatusSignedByUs, To: acts.StatusDraft}, {At: day(3), From: acts.StatusDraft, To: acts.StatusSignedByUs}}
	sent := func(a *acts.Act) { a.CreatedAt, a.SentAt, a.DecidedAt = day(2), day(9), day(11) }
	for name, tt := range map[string]struct {
		status acts.Status
		want   string
	}{
		"a draft again": {acts.StatusDraft, "02.11.2026 - - -"},
		"signed by us":  {acts.StatusSignedByUs, "02.11.2026 06.11.2026 - -"},
		"sent":          {acts.StatusSent, "02.11.2026 06.11.2026 09.11.2026 -"},
		"signed":        {acts.StatusSigned, "02.11.2026 06.11.2026 09.11.2026 11.11.2026"},
		"annulled":      {acts.StatusAnnulled, "02.11.2026 06.11.2026 09.11.2026 10.11.2026"},
	} {
		var days []string
		for _, step := range progressOf(visit(roles.RoleWorker), testAct(acts.MediumPaper, tt.status, sent), lines) {
			days = append(days, cmp.Or(step.On, "-"))
		}
		if got := strings.Join(days, " "); got != tt.want {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
}

// The reason why a УПД cannot be printed is shown only where the organisation prints УПД; elsewhere its link is missing.
func TestUPDNobodyAskedFor(t *testing.T) {
	a := testAct(acts.MediumPaper, acts.StatusDraft, func(a *acts.Act) { a.Function = acts.FunctionActAndInvoice })
	for paper, want := range map[acts.PaperForm]string{acts.PaperFormAct: "", acts.PaperFormUPD: "Нет ставки."} {
		p := printForm(visit(roles.RoleWorker), a, store.OwnCompany{PaperForm: paper}, "Нет ставки.")
		if p.Fault != want || p.UPD != "" || (p.PDF == "") != (want != "") {
			t.Errorf("%s: %q, УПД at %q, PDF at %q", paper, p.Fault, p.UPD, p.PDF)
		}
	}
}

func TestActView(t *testing.T) {
	signing := testAct(acts.MediumElectronic, acts.StatusDraft, func(a *acts.Act) { a.Delivery = acts.DeliveryWaitingSignature })
	changed := testAct(acts.MediumPaper, acts.StatusDraft, unnumbered, func(a *acts.Act) { a.DealState.INN = a.Buyer.INN })
	deal := store.Deal{ID: 12, Buyer: acts.Party{Name: "ООО «Василёк»", INN: "5003052454"}}
	for name, tt := range map[string]struct {
		in   actInput
		want func(views.ActPage) bool
	}{
		"the facts of the act": {actInput{details: testDetails(testAct(acts.MediumPaper, acts.StatusSent))}, func(m views.ActPage) bool {
			return m.Back == "/p/7/deals/12" && m.Status.Text != "" && strings.HasPrefix(m.Gross, "1\u00a0220,00") && factOf(m, "Заказчик") != "" && factOf(m, "Способ отправки") != ""
		}},
		"an electronic act has no copies": {actInput{details: testDetails(testAct(acts.MediumElectronic, acts.StatusDraft))}, func(m views.ActPage) bool { return m.Copies == nil && m.Send == nil && m.Delivery.Text != "" }},
		"a paper act has both sides": {actInput{details: testDetails(testAct(acts.MediumPaper, acts.StatusDraft))}, func(m views.ActPage) bool {
			return len(m.Copies) == 2 && m.Copies[0].Side == string(acts.SideOurs) && m.Delivery.Text == ""
		}},
		"theirs first when it is awaited": {actInput{details: testDetails(testAct(acts.MediumPaper, acts.StatusSent))}, func(m views.ActPage) bool { return m.Copies[0].Side == string(acts.SideTheirs) && m.Copies[0].First }},
		"the preview is open":             {actInput{details: testDetails(testAct(acts.MediumPaper, acts.StatusDraft)), print: true}, func(m views.ActPage) bool { return m.Print.Open }},
		"the number is typed": {actInput{details: manual(testAct(acts.MediumPaper, acts.StatusDraft, unnumbered)), number: "17"}, func(m views.ActPage) bool {
			return m.Actions[0].TestID == "give-number" && m.Actions[0].Fields[0].Value == "17" && m.Print.Number == ""
		}},
		"the number is given": {actInput{details: manual(testAct(acts.MediumPaper, acts.StatusDraft))}, func(m views.ActPage) bool { return !slices.Contains(actionIDs(m.Actions), "give-number") }},
		"we are to sign in SBIS": {actInput{details: testDetails(signing)}, func(m views.ActPage) bool {
			return m.Busy && m.SignerNote != "" && factOf(m, "Подпись") == m.SignerNote
		}},
		"checks of a draft": {actInput{details: testDetails(testAct(acts.MediumPaper, acts.StatusDraft)), checks: []acts.Check{{Title: "ИНН", OK: true}, {Title: "КПП", Text: "Нет."}}}, func(m views.ActPage) bool {
			return len(m.Checks) == 2 && m.Checks[1].State == "bad" && !m.Green && m.OnPaper
		}},
		"the document at SBIS": {actInput{details: at("https://online.sbis.ru/doc", true)}, func(m views.ActPage) bool {
			return m.XML == "/p/7/acts/4/xml" && m.SBISLink == "https://online.sbis.ru/doc" && m.CheckNow == "/p/7/acts/4/check"
		}},
		"a document that was withdrawn": {actInput{details: at("https://online.sbis.ru/doc", false)}, func(m views.ActPage) bool { return m.XML != "" && m.SBISLink == "" && m.CheckNow == "" }},
		"an invalid link":               {actInput{details: at("javascript:alert(1)", true)}, func(m views.ActPage) bool { return m.SBISLink == "" }},
		"a viewer": {actInput{visit: visit(roles.RoleViewer), details: at("https://online.sbis.ru/doc", true)}, func(m views.ActPage) bool {
			return m.ReadOnly && len(m.Actions)+len(m.Secondary) == 0 && m.CheckNow == "" && m.Print.Number == ""
		}},
		"a changed deal": {actInput{details: testDetails(changed), deal: &deal}, func(m views.ActPage) bool {
			return len(m.Banners) == 1 && len(m.Banners[0].Buttons) == 2
		}},
		"a viewer cannot follow a changed deal": {actInput{visit: visit(roles.RoleViewer), details: testDetails(changed), deal: &deal}, func(m views.ActPage) bool {
			return len(m.Banners) == 1 && m.Banners[0].Buttons == nil
		}},
		"our signature is the next step": {actInput{details: signedByUs("https://online.sbis.ru/doc", signing)}, func(m views.ActPage) bool { return m.SignHere && m.Operator != nil }},
		"SBIS signs by itself": {actInput{details: signedByUs("https://online.sbis.ru/doc", signing, func(s *store.ActDetails) { s.Document.Signing = acts.SigningServer })},
			func(m views.ActPage) bool { return !m.SignHere && m.SBISLink != "" }},
		"SBIS is silent": {actInput{details: handedOver(), call: &queue.FailedCall{Problem: "СБИС не отвечает.", Wait: 90 * time.Second}}, func(m views.ActPage) bool {
			return m.Operator.Problem == "СБИС не отвечает." && m.Operator.Next == "Повторим через 2\u00a0минуты." && m.Operator.Repeat == "/p/7/acts/4/repeat" && !m.Operator.Stopped
		}},
		"an unclear call waits": {actInput{details: handedOver(), call: &queue.FailedCall{Problem: "СБИС не ответил.", Unclear: true, Wait: 5 * time.Second}}, func(m views.ActPage) bool {
			return m.Operator.Next == "Повторим через 5\u00a0секунд." && m.Operator.Repeat == ""
		}},
		"a call that waits for a person": {actInput{details: handedOver(), call: &queue.FailedCall{Problem: "Отказ.", Unclear: true, Dead: true}}, func(m views.ActPage) bool {
			return m.Operator.Stopped && m.Operator.Repeat != "" && strings.Contains(m.Operator.Next, "«Повторить»")
		}},
		"a viewer repeats nothing": {actInput{visit: visit(roles.RoleViewer), details: handedOver(), call: &queue.FailedCall{Problem: "Отказ.", Dead: true}}, func(m views.ActPage) bool {
			return m.Operator.Repeat == "" && m.Operator.Problem != ""
		}},
		"an overdue act": {actInput{details: late(testAct(acts.MediumPaper, acts.StatusSent))}, func(m views.ActPage) bool {
			return m.Overdue != nil && strings.HasPrefix(m.Overdue.Text, "Просрочен на") && len(m.Overdue.Phones) == 2 && m.Overdue.Phones[0].Href == "+74951234567" && m.Overdue.Email == "deal@example.org" &&
				m.Actions[0].TestID == "mark-accept" && m.Actions[0].Primary && m.Actions[1].TestID == "mark-refusal" && !m.Copies[0].First
		}},
		"an act in time": {actInput{details: late(testAct(acts.MediumPaper, acts.StatusSent), func(s *store.ActDetails) { s.Due = now })}, func(m views.ActPage) bool { return m.Overdue == nil && !m.Actions[0].Primary }},
		"pictures are shown, large ones when they are opened": {actInput{details: withFiles(testAct(acts.MediumPaper, acts.StatusSent))}, func(m views.ActPage) bool {
			files := m.Copies[1].Files
			return files[0].Picture && files[0].Thumbnail && files[1].Picture && !files[1].Thumbnail && files[2].Kind == "PDF" && !files[2].Picture
		}},
		"an action failed": {actInput{details: testDetails(testAct(acts.MediumPaper, acts.StatusSent)), tried: withAction("mark-refusal", acts.Faults{{Field: "reason", Text: "Нужна причина."}}),
			typed: url.Values{"reason": {"сумма"}}}, func(m views.ActPage) bool {
			i := slices.IndexFunc(m.Actions, func(a views.Action) bool { return a.TestID == "mark-refusal" })
			return len(m.FormFaults) == 1 && m.Faults["reason"] == "Нужна причина." && i >= 0 && m.Actions[i].Fields[0].Value == "сумма"
		}},
	} {
		t.Run(name, func(t *testing.T) {
			if tt.in.visit.Portal == 0 {
				tt.in.visit = visit(roles.RoleWorker)
			}
			tt.in.now = now
			if m := actView(tt.in); !tt.want(m) {
				t.Errorf("%+v", m)
			}
		})
	}
	if personActions[acts.EventRefusal].Fields[0].Value != "" {
		t.Error("typed values stay in the table of actions")
	}
}

func factOf(m views.ActPage, name string) string {
	for _, f := range m.Facts {
		if f.Name == name {
			return f.Value
		}
	}
	return ""
}

func manual(a acts.Act) store.ActDetails {
	details := testDetails(a)
	details.Own.Manual = true
	return details
}

func at(link string, live bool) store.ActDetails {
	details := testDetails(testAct(acts.MediumElectronic, acts.StatusSent, func(a *acts.Act) { a.Delivery = acts.DeliveryDelivered }))
	details.Document = &store.EDODocument{Live: live, Written: true, Link: link}
	return details
}

func TestActBanners(t *testing.T) {
	paper := testAct(acts.MediumPaper, acts.StatusSent)
	for name, tt := range map[string]struct {
		change func(*store.ActDetails)
		want   []string
	}{
		"nothing happened":            {func(*store.ActDetails) {}, nil},
		"a corrected act replaces it": {func(s *store.ActDetails) { s.Act.ReplacedBy = 9 }, []string{"replaced"}},
		"a corrected act replaces it, and it was signed": {func(s *store.ActDetails) {
			s.Act.ReplacedBy, s.Act.Status = 9, acts.StatusSigned
		}, []string{"replaced"}},
		"it is a corrected act":        {func(s *store.ActDetails) { s.Act.Corrects = 3 }, []string{"corrects"}},
		"an old document was signed":   {func(s *store.ActDetails) { s.SignedEarlier = []store.EDODocument{{}} }, []string{"standing-document"}},
		"it will be annulled":          {func(s *store.ActDetails) { s.Act.AnnulAfter = "Ошибка" }, []string{"annul-after"}},
		"the deal was deleted":         {func(s *store.ActDetails) { s.DealGone = true }, []string{"deal-gone"}},
		"the deal has another buyer":   {func(s *store.ActDetails) { s.DealINN = "5003052454" }, []string{"other-buyer"}},
		"of an annulled act no matter": {func(s *store.ActDetails) { s.DealINN, s.Act.Status = "5003052454", acts.StatusAnnulled }, nil},
		"the item was deleted":         {func(s *store.ActDetails) { s.Act.ItemGone = true }, []string{"item-gone"}},
		"a letter is queued":           {func(s *store.ActDetails) { s.Letter = &store.Letter{State: store.LetterQueued} }, []string{"letter-queued"}},
		"a letter failed, sent since":  {func(s *store.ActDetails) { s.Act.SentAt, s.Letter = now, &store.Letter{State: store.LetterFailed} }, nil},
		"a letter failed": {func(s *store.ActDetails) {
			s.Act.Status, s.Letter = acts.StatusSignedByUs, &store.Letter{State: store.LetterFailed, CreatedAt: now}
		},
			[]string{"letter-failed"}},
	} {
		t.Run(name, func(t *testing.T) {
			details := testDetails(paper)
			tt.change(&details)
			if got := bannerIDs(actBanners(visit(roles.RoleWorker), details)); !slices.Equal(got, tt.want) {
				t.Errorf("%q; want %q", got, tt.want)
			}
		})
	}
}

func TestLeftWithoutDeal(t *testing.T) {
	for name, tt := range map[string]struct {
		act  acts.Act
		want string
	}{
		"a draft is moved or annulled": {testAct(acts.MediumPaper, acts.StatusDraft), "перенести акт"},
		"a sent act is waited for":     {testAct(acts.MediumPaper, acts.StatusSent), "дождаться ответа"},
		"a signed act needs nothing":   {testAct(acts.MediumPaper, acts.StatusSigned), "больше ничего не нужно"},
		"an annulled act is over":      {testAct(acts.MediumPaper, acts.StatusAnnulled), ""},
	} {
		if got := leftWithoutDeal(tt.act); !strings.Contains(got, tt.want) || (got == "") != (tt.want == "") {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestCopySide(t *testing.T) {
	details := testDetails(testAct(acts.MediumPaper, acts.StatusSent))
	details.Files = []store.ActFile{{File: store.File{ID: 1, Name: "скан.pdf", Size: 1_258_291}, Side: acts.SideTheirs, Current: true}, {File: store.File{ID: 2, Name: "старый.pdf", Size: 100}, Side: acts.SideTheirs}, {Side: acts.SideOurs, Current: true}}
	c := copySide(visit(roles.RoleWorker), details, acts.SideTheirs, map[string]string{"theirs": "Не тот файл."})
	if len(c.Files) != 1 || len(c.Old) != 1 || c.Files[0].Size != "1,2 МБ" || c.Old[0].Size != "1 КБ" || c.Files[0].Href != "/p/7/acts/4/files/1" || c.Fault == "" || c.Upload == "" {
		t.Errorf("%+v", c)
	}
	if !hasCopy(details, acts.SideOurs) || hasCopy(testDetails(details.Act), acts.SideOurs) {
		t.Error("our copy")
	}
	details.Act.ReplacedBy = 9
	if c := copySide(visit(roles.RoleWorker), details, acts.SideTheirs, nil); c.Upload != "" {
		t.Errorf("copies of a replaced act are taken at %s", c.Upload)
	}
}

func TestDocumentFacts(t *testing.T) {
	a := testAct(acts.MediumElectronic, acts.StatusDraft, func(a *acts.Act) {
		a.VATGround, a.ZeroGround, a.StateContract = "УСН", "ст. 164", "1234"
		a.Payments = []acts.Payment{{Number: "15", Date: now}}
		a.Lines = []acts.Line{{Rate: acts.NoVAT}}
	})
	var names []string
	for _, f := range documentFacts(a) {
		names = append(names, f.Name)
	}
	if !slices.Equal(names, []string{"Без НДС на основании", "Платёжные документы", "Госконтракт"}) {
		t.Errorf("%q", names)
	}
}

func TestFaultsOf(t *testing.T) {
	faults := acts.Faults{{Field: "reason", Text: "Нужна причина."}}
	if m := faultsOf(withAction("undo-mark", faults)); m["reason"] == "" || m["action"] != "undo-mark" {
		t.Errorf("%v", m)
	}
	if m := faultsOf(faults); m["reason"] == "" || m["action"] != "" {
		t.Errorf("without an action: %v", m)
	}
	if m := faultsOf(acts.Errorf(acts.Conflict, "Поздно.")); m != nil {
		t.Errorf("without faults: %v", m)
	}
	if withAction("undo-mark", nil) != nil || !errors.Is(withAction("undo-mark", acts.Errorf(acts.Conflict, "Поздно.")), acts.Conflict) {
		t.Error("an action changes the error")
	}
}
