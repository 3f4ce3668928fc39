package letters

import (
	"errors"
	"strings"
	"testing"
	"time"

	"acts24/acts"
)

// The usual letter does not name the deal; that of a portal whose template has the placeholder does.
func TestLetterNamesTheDealByItsPlaceholder(t *testing.T) {
	q := Question{Deal: "внутреннее название", Own: acts.Party{Kind: acts.PartyCompany, Name: "ООО «Мы»"}}
	if got := q.Subject() + q.HTML() + q.Text(); strings.Contains(got, q.Deal) || strings.Contains(got, DealMark) || q.Template.NamesDeal() {
		t.Errorf("the usual letter reads %q", got)
	}
	q.Template.Body = "Вопрос о {сделка}: {ссылка}"
	if got := q.HTML(); !strings.Contains(got, q.Deal) || !q.Template.NamesDeal() {
		t.Errorf("the letter of the portal reads %q", got)
	}
}

// The letter that is shown can be sent unchanged, and is then the portal's letter.
func TestShownLetterIsTheLetter(t *testing.T) {
	own := acts.Party{Kind: acts.PartyCompany, Name: "ООО «Мы & <script>»"}
	for name, tt := range map[string]Question{
		"the default letter": {Own: own, Until: time.Date(2026, 12, 14, 0, 0, 0, 0, time.UTC)},
		"a portal's letter": {Own: own, Buyer: "ИП [b]Иванов[/b]", Deal: "Сделка\n№ 5", Template: Template{Subject: "Акты [по] {сделка}",
			Body: "\r\n{контрагент}!\r\n\r\nО {сделка}:\r\n{ссылка}\r\n\r\n\r\n\r\n1 < 2 до {срок}"}},
		"a long subject": {Own: acts.Party{Kind: acts.PartyCompany, Name: strings.Repeat("Очень длинное имя ", 20)}},
	} {
		typed := TypedQuestion{Subject: tt.Subject(), Text: strings.ReplaceAll(tt.Text(), "\n", "\r\n")} // as browsers send it
		if err := typed.Check(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if got := typed.HTML(); got != tt.HTML() {
			t.Errorf("%s: it is sent as\n%s\nwant\n%s", name, got, tt.HTML())
		}
	}
}

// A letter with a mistake is refused with a message at its field; nothing in it is mended.
func TestTypedQuestionIsChecked(t *testing.T) {
	const subject, text = "Как обмениваться актами", "Здравствуйте!\n\nОтветьте: {ссылка}"
	for name, tt := range map[string]struct{ subject, text, field, words string }{
		"right":                             {subject, text, "", ""},
		"tabs, emoji, right to left":        {subject + " 👩‍💻 שלום", text + "\n\t— раз 👩‍💻 שלום", "", ""},
		"as long as possible":               {strings.Repeat("ж", MaxSubject), strings.Repeat("ж", MaxLength-len([]rune(LinkMark))) + LinkMark, "", ""},
		"lines are not counted twice":       {subject, strings.Repeat("ж\r\n", (MaxLength-len([]rune(LinkMark)))/2) + LinkMark, "", ""},
		"no subject":                        {" ", text, "subject", "Впишите тему"},
		"a long subject":                    {strings.Repeat("ж", MaxSubject+1), text, "subject", "200"},
		"markup in the subject":             {"[b]акт[/b]", text, "subject", "скобок"},
		"two lines of a subject":            {"раз\nдва", text, "subject", "невидимый"},
		"a placeholder in the subject":      {"Сделка {сделка}", text, "subject", DealMark},
		"no text":                           {subject, " \r\n ", "text", "Впишите текст"},
		"no link":                           {subject, "Здравствуйте!", "text", LinkMark},
		"a changed placeholder of the link": {subject, "Здравствуйте! {ссылкa}", "text", LinkMark},
		"a long text":                       {subject, text + strings.Repeat("ж", MaxLength), "text", "5000"},
		"a placeholder of the template":     {subject, text + " по сделке {сделка}", "text", DealMark},
		"a control character":               {subject, text + "\x07", "text", "управляющий"},
		"a reversed text":                   {subject, text + "\u202eabc", "text", "управляющий"},
		"invalid UTF-8":                     {subject, text + "\xff", "text", "управляющий"},
	} {
		var faults acts.Faults
		errors.As(TypedQuestion{tt.subject, tt.text}.Check(), &faults)
		if tt.field == "" && len(faults) > 0 || tt.field != "" && (len(faults) != 1 || !strings.Contains(faults.At(tt.field), tt.words)) {
			t.Errorf("%s: %+v, want %q at %q", name, faults, tt.words, tt.field)
		}
	}
	if got, want := (TypedQuestion{Text: "<b>1 & 2</b>  [x]\nдва\n\n\n{ссылка}"}).HTML(), "<p>&lt;b&gt;1 &amp; 2&lt;/b&gt;  [x]<br>два</p>\n<p>{ссылка}</p>\n"; got != want {
		t.Errorf("it is sent as %q, want %q", got, want)
	}
}
