package crm_test

import (
	"fmt"
	"strings"
	"testing"

	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
)

// The portal's error determines whether a task is retried or ends with a message for a person: errors that
// waiting cannot change are not retried (docs/contracts/bitrix24.md, "Error codes").
func TestErrorsThatEndATask(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.RemoveLimits()
	for n, tt := range []struct {
		code, text string
		ends       bool
		message    string
	}{
		{"ACCESS_DENIED", "Доступ запрещён", true, "Битрикс24 не дал доступа: Доступ запрещён."},
		{"", "Недостаточно прав на смену стадии", true, "Недостаточно прав на смену стадии."},
		{"QUERY_LIMIT_EXCEEDED", "Too many requests", false, "Лимит запросов к Битрикс24 исчерпан"},
	} {
		s.Must(s.Portal.Fault(bitrix24test.Fault{Method: "crm.item.add", Kind: bitrix24test.FaultRefuse, Status: 400, Code: tt.code, Text: tt.text}))
		act := s.FormPaperAct(s.Deal(2*n+1), "company")
		task := fmt.Sprintf(`tasks WHERE kind = 'crm.item' AND subject = %s`, act[strings.LastIndex(act, "/")+1:])
		if tt.ends {
			s.Await(fmt.Sprintf("the end of the task after %q", tt.code), func() bool { return s.Count(task+` AND dead`) == 1 })
		} else {
			s.Await(fmt.Sprintf("a repeat of the task after %q", tt.code), func() bool { return s.Count(task+` AND NOT dead AND failures = 0 AND attempts >= 2`) == 1 })
		}
		if s.Count(task+` AND problem LIKE '%`+tt.message+`%'`) != 1 {
			t.Errorf("the problem of the task after %q %q does not contain %q", tt.code, tt.text, tt.message)
		}
		s.Portal.ClearFaults()
		if !tt.ends {
			s.Exec(`DELETE FROM method_pauses; UPDATE tasks SET due_at = clock_timestamp()`) // as if a minute had passed
			s.Await("the repeated task is done", func() bool { return s.Count(task) == 0 })
		}
	}
}
