package crm

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"acts24/acts"
	"acts24/store"
	"acts24/workflow"
)

func TestIsRefusal(t *testing.T) {
	for name, tt := range map[string]struct {
		err  error
		over bool
	}{
		"the portal refuses":       {acts.Errorf(acts.Refused, "Нет."), true},
		"the object was deleted":   {acts.Errorf(acts.NotFound, "Нет."), true},
		"the portal is silent":     {acts.Errorf(acts.Unavailable, "Нет."), false},
		"nobody knows the outcome": {workflow.ErrUnclear, false},
		"a mistake of ours":        {errors.New("bug"), false},
	} {
		if got := isRefusal(tt.err); got != tt.over {
			t.Errorf("%s: refused is %t", name, got)
		}
	}
}

// A comment contains what was changed from what to what, who did it, when in the portal's zone and by what, but neither BB codes nor our id of the change.
func TestTimelineText(t *testing.T) {
	p := store.Portal{Zone: "Europe/Moscow"}
	a := acts.Act{Number: "5", Date: time.Date(2026, 11, 30, 0, 0, 0, 0, time.UTC)}
	e := store.ActEvent{ID: 94, At: time.Date(2026, 11, 30, 9, 5, 0, 0, time.UTC), Actor: string(acts.ActorPerson), UserName: "Анна Громова", Source: "crm", Text: "Акт изменён."}
	for n := range maxTimelineChanges + 1 {
		e.Changes = append(e.Changes, acts.Difference{What: fmt.Sprint("Поле ", n), Was: "1", Is: "[b]2"})
	}
	text := timelineText(p, a, e)
	for _, want := range []string{"Акт № 5 от 30.11.2026: Акт изменён\nПоле 0: 1 → (b)2\nПоле 1: ", "и ещё изменений: 1, они в истории акта\nАнна Громова, в CRM, 30.11.2026 12:05"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in %q", want, text)
		}
	}
	if strings.Contains(text, "[b]") || strings.Contains(text, "94") {
		t.Errorf("the text is %q", text)
	}
	e.Changes, e.From, e.To = nil, acts.StatusSent, acts.StatusSigned
	if text := timelineText(p, a, e); !strings.Contains(text, "Статус: Акт направлен заявителю → Акт получен и подписан") {
		t.Errorf("the change of the status is not in %q", text)
	}
}

// A notice about several acts counts them, links to their list and names the newest; one about a single act names only it.
func TestNoticeText(t *testing.T) {
	p := store.Portal{AppCode: "acts"}
	n := store.Notice{User: 2, Kind: string(acts.EventCountersignature)}
	known := map[acts.ActID]acts.Act{}
	var lines []store.ActEvent
	for id := acts.ActID(12); id > 0; id-- {
		lines = append(lines, store.ActEvent{Act: id, Text: "Акт получен и подписан"})
		if len(known) < maxNoticeActs {
			known[id] = acts.Act{ID: id, Number: fmt.Sprint(id)}
		}
	}
	text := noticeText(p, n, lines, known)
	if !strings.HasPrefix(text, "[URL=/marketplace/view/acts/?params[page]=signed&params[user]=2]Подписано актов: 12[/URL]\n[URL=/marketplace/view/acts/?params[actId]=12]") ||
		!strings.HasSuffix(text, "\nи ещё актов: 2") || strings.Count(text, "params[actId]") != maxNoticeActs {
		t.Errorf("the notice is %q", text)
	}
	if text := noticeText(p, n, lines[:1], known); strings.Contains(text, "Подписано актов") || !strings.Contains(text, "params[actId]=12]") {
		t.Errorf("the notice about one act is %q", text)
	}
	n.Kind = "stage_refused"
	if text := noticeText(p, n, lines, known); !strings.Contains(text, "Новое по актам: 12") {
		t.Errorf("the notice of another kind is %q", text)
	}
}
