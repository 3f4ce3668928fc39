package registry

import (
	"testing"
	"time"

	"acts24/acts/workday"
	"acts24/store/list"
	"acts24/views"
)

func TestLabelOverdue(t *testing.T) {
	day := func(d int) time.Time { return time.Date(2026, 11, d, 0, 0, 0, 0, time.UTC) }
	found := []list.Act{{Due: day(27)}, {}, {Due: day(26)}, {Due: day(19)}}
	rows := make([]views.RegistryRow, len(found))
	labelOverdue(rows, found, day(27), workday.New(workday.Overrides{}))
	for i, want := range []views.Chip{{}, {}, {Text: "Просрочен на 1\u00a0раб. день (срок 26.11.2026)", Tone: "attention"}, {Text: "Просрочен на 6\u00a0раб. дней (срок 19.11.2026)", Tone: "problem"}} {
		if rows[i].Late != want {
			t.Errorf("row %d: %+v, want %+v", i, rows[i].Late, want)
		}
	}
}
