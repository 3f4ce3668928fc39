package acts

import (
	"strings"
	"testing"
	"time"
)

func TestPayments(t *testing.T) {
	sound := Payment{Number: "117", Date: day(2026, 10, 1)}
	for want, p := range map[string]Payment{
		"":              sound,
		"Укажите номер": {Date: sound.Date},
		"Укажите дату":  {Number: "117"},
		"не длиннее 30": {Number: strings.Repeat("1", 31), Date: sound.Date},
	} {
		if got := p.Fault(); (want == "") != (got == "") || !strings.Contains(got, want) {
			t.Errorf("%+v: %q; want %q", p, got, want)
		}
	}
	if got := PaymentsLabel([]Payment{sound, {Number: "А-2", Date: time.Date(2026, 10, 2, 0, 0, 0, 0, time.UTC)}}); got != "№ 117 от 01.10.2026, № А-2 от 02.10.2026" {
		t.Errorf("two payments are labelled %q, want № 117 от 01.10.2026, № А-2 от 02.10.2026", got)
	}
}

func TestStateContract(t *testing.T) {
	for id, sound := range map[string]bool{"": true, strings.Repeat("1", 20): true, strings.Repeat("1", 25): true,
		strings.Repeat("1", 19): false, strings.Repeat("1", 26): false, "1234567890 123456789012": false} {
		if got := StateContractFault(id); (got == "") != sound {
			t.Errorf("%q: %q", id, got)
		}
	}
}
