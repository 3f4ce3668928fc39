package letters

import (
	"errors"
	"strings"
	"testing"
	"time"

	"acts24/acts"
)

// The letter names the day on which the act was sent in the portal's zone, and where its signature is awaited.
func TestReminder(t *testing.T) {
	sent := time.Date(2026, 11, 30, 22, 30, 0, 0, time.UTC) // 1 December in Moscow
	act := acts.Act{Number: "5", Date: sent, SentAt: sent, Medium: acts.MediumElectronic, Operator: "2BM", Totals: acts.Totals{Gross: 12200},
		Buyer: acts.Party{Participant: "2BM-7715079192"}, Seller: acts.Party{Kind: acts.PartyCompany, Name: "АНО «Центр»"}}
	text := strings.Join(Reminder(act, time.FixedZone("MSK", 3*60*60)), "\n")
	for _, want := range []string{"01.12.2026 мы направили вам акт № 5", "122,00", "идентификатор участника 2BM-7715079192", "Печатная форма во вложении", "АНО «Центр»"} {
		if !strings.Contains(text, want) {
			t.Errorf("the letter lacks %q:\n%s", want, text)
		}
	}
	if strings.Contains(text, LinkMark) {
		t.Errorf("the letter to a counterparty at another operator has a link to SBIS:\n%s", text)
	}
	act.Operator, act.Seller.Participant = acts.SBIS, acts.SBIS+"0a"
	if text := strings.Join(Reminder(act, time.UTC), "\n"); !strings.Contains(text, "Открыть документ: "+LinkMark) {
		t.Errorf("the letter lacks the link to SBIS:\n%s", text)
	}
	act.Medium = acts.MediumPaper
	if text := strings.Join(Reminder(act, time.UTC), "\n"); !strings.Contains(text, "пришлите скан") || strings.Contains(text, "2BM") {
		t.Errorf("the letter about a paper act reads:\n%s", text)
	}
}

func TestByBasis(t *testing.T) {
	on := time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)
	for want, b := range map[string]acts.Basis{
		" по договору № 7 от 01.02.2026":      {Name: "Договор", Number: "7", Date: on},
		" по счёту от 01.02.2026":             {Name: "счёт", Date: on},
		" (Оферта с сайта № 7 от 01.02.2026)": {Name: "Оферта с сайта", Number: "7", Date: on},
		"": {None: true},
	} {
		if got := byBasis(b); got != want {
			t.Errorf("%+v: %q, want %q", b, got, want)
		}
	}
}

// A letter is sent as it was typed, escaped; an empty text is the draft.
func TestTypedLetter(t *testing.T) {
	draft := []string{"Здравствуйте!", "Направляем акт."}
	for name, tt := range map[string]struct{ text, want string }{
		"the draft":  {Draft(draft), "<p>Здравствуйте!</p>\n<p>Направляем акт.</p>"},
		"nothing":    {" \r\n ", "<p>Здравствуйте!</p>\n<p>Направляем акт.</p>"},
		"changed":    {"Добрый день!\r\n\r\nАкт\r\nво вложении.\n\n\n\n", "<p>Добрый день!</p>\n<p>Акт<br>во вложении.</p>"},
		"markup":     {"<script>[b]x[/b]</script>", "<p>‹script›(b)x(/b)‹/script›</p>"},
		"mixed text": {"1 & 2", "<p>1 &amp; 2</p>"},
	} {
		paragraphs, err := ParseTyped(tt.text, draft)
		if got := Body(paragraphs); err != nil || got != tt.want {
			t.Errorf("%s: %q, %v; want %q", name, got, err, tt.want)
		}
	}
	if _, err := ParseTyped(strings.Repeat("ж", MaxLength+1), draft); !errors.Is(err, acts.Invalid) {
		t.Errorf("a letter that is too long: %v", err)
	}
}
