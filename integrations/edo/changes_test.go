package edo

import (
	"slices"
	"testing"

	"acts24/acts"
	"acts24/integrations/sbis"
)

// sbisDocument returns a document in a state, with events.
func sbisDocument(id string, code int, name string, events ...sbis.Event) sbis.Document {
	return sbis.Document{ID: id, State: sbis.State{Code: code, Name: name}, Events: events}
}

// eventAt returns an event of a document at a time of SBIS.
func eventAt(id, name, moment string) sbis.Event { return sbis.Event{ID: id, Name: name, At: moment} }

// A document has one line per event in any order; its latest event decides.
func TestLatestMentions(t *testing.T) {
	sent := sbisDocument("a", 3, "Отправлен", eventAt("1", "Отправка", "02.11.2026 10.06.11"))
	signed := sbisDocument("a", 7, "Выполнение завершено успешно", eventAt("2", "Утверждение", "03.11.2026 12.00.00"))
	other := sbisDocument("b", 0, "Документ редактируется", eventAt("3", "Загрузка", "01.11.2026 09.00.00"))
	for name, page := range map[string][]sbis.Document{
		"in order":     {sent, other, signed},
		"out of order": {signed, other, sent},
	} {
		got := latestMentions(page)
		if len(got) != 2 {
			t.Fatalf("%s: %d documents, want 2", name, len(got))
		}
		i := slices.IndexFunc(got, func(m mention) bool { return m.ID == "a" })
		if i < 0 {
			t.Fatalf("%s: document a is missing in %+v", name, got)
		}
		r := reportOf(got[i].Document)
		if r.Phase != acts.PhaseDecided || r.Event != "2" || !r.Dispatched || len(got[i].Events) != 2 {
			t.Errorf("%s: %+v with %d events; want the signed state and both events", name, r, len(got[i].Events))
		}
	}
}

func TestReportOf(t *testing.T) {
	refused := sbisDocument("a", 0, "Документ редактируется", eventAt("1", "Отказ от подписания", "02.11.2026 10.00.00"))
	refused.State.Comment = "не та сумма"
	deleted := sbisDocument("a", 20, "Удален")
	deleted.Deleted = true
	rejected := sbisDocument("a", 9, "Выполнение завершено с проблемами", eventAt("1", "Отправка", "02.11.2026 10.00.00"), eventAt("2", "Уведомление об уточнении", "02.11.2026 11.00.00"))
	rejected.Events[1].Comment = "неверный период"
	signed := sbisDocument("a", 7, "Выполнение завершено успешно")
	signed.Attachments = []sbis.Attachment{{ID: "x", Type: sbis.TypeBuyerTitle}}
	for name, tt := range map[string]struct {
		document                      sbis.Document
		returned, dispatched, deleted bool
		comment                       string
		verdict                       acts.Verdict
	}{
		"just written":                          {sbisDocument("a", 0, "Документ редактируется", eventAt("1", "Загрузка", "02.11.2026 10.00.00")), false, false, false, "", acts.VerdictNone},
		"our signer refused":                    {refused, true, false, false, "не та сумма", acts.VerdictNone},
		"deleted":                               {deleted, false, false, true, "", acts.VerdictNone},
		"sent":                                  {sbisDocument("a", 3, "Отправлен"), false, true, false, "", acts.VerdictNone},
		"rejected with a reason":                {rejected, false, true, false, "неверный период", acts.VerdictNone},
		"signed, the buyer's title is not read": {signed, false, true, false, "", acts.VerdictPending},
	} {
		r := reportOf(tt.document)
		if r.Returned != tt.returned || r.Dispatched != tt.dispatched || r.Deleted != tt.deleted || r.Comment != tt.comment || r.Verdict != tt.verdict {
			t.Errorf("%s: %+v, want returned %t, dispatched %t, deleted %t, comment %q, verdict %d", name, r, tt.returned, tt.dispatched, tt.deleted, tt.comment, tt.verdict)
		}
	}
}

// Every document is stored with a position after it from which no other document is missed.
func TestCursorAfter(t *testing.T) {
	line := func(id, event string) sbis.Document {
		return sbisDocument(id, 0, "", eventAt(event, "", "02.11.2026 10.00.0"+event))
	}
	page := []sbis.Document{line("a", "1"), line("a", "2"), line("b", "3"), line("a", "4"), {ID: "c"}, line("b", "5")}
	var got []string
	mentions, cursor := latestMentions(page), sbis.Cursor{EventID: "0"}
	for i, m := range mentions {
		cursor = cursorAfter(page, mentions, i, cursor)
		got = append(got, m.ID+" "+cursor.EventID)
	}
	if want := []string{"a 2", "b 4", "c 5"}; !slices.Equal(got, want) {
		t.Errorf("documents and the events after which to continue: %q, want %q", got, want)
	}
}

// A state of SBIS has a phase of ours by its name, else by its code; another state is unknown.
func TestPhaseOf(t *testing.T) {
	for name, tt := range map[string]struct {
		state sbis.State
		want  acts.DocumentPhase
	}{
		"uploaded":                      {sbis.State{Code: 10}, acts.PhaseDraft},
		"with the signer":               {sbis.State{Code: 23}, acts.PhaseWaitingSignature},
		"invited":                       {sbis.State{Code: 2}, acts.PhaseWaitingConnection},
		"refused":                       {sbis.State{Code: 9}, acts.PhaseRefused},
		"known by its name":             {sbis.State{Code: -1, Name: "Доставлен"}, acts.PhaseDelivered},
		"the name contradicts the code": {sbis.State{Code: 7, Name: "Удален контрагентом"}, acts.PhaseCancelled},
		"recalled":                      {sbis.State{Code: 3, Name: "Отозван мной"}, acts.PhaseNone},
		"a code that we do not know":    {sbis.State{Code: 77, Name: "Нечто"}, acts.PhaseUnknown},
	} {
		if got := phaseOf(tt.state); got != tt.want {
			t.Errorf("%s: phase %d, want %d", name, got, tt.want)
		}
	}
}
