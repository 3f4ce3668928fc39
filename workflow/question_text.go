package workflow

import (
	"cmp"
	"html"
	"strings"
	"time"

	"acts24/acts"
	"acts24/store"
)

// The default letter. Placeholders are in braces. It does not name the deal: its title is written for the portal, not for the counterparty.
const (
	DefaultSubject = "Как обмениваться актами: {организация}"
	DefaultBody    = `Здравствуйте!

{организация} готовит для вас акт. Подскажите, пожалуйста, как вам удобно обмениваться актами: на бумаге или через электронный документооборот.

Ответ займёт минуту: {ссылка}

Ссылка работает до {срок}. Регистрироваться не нужно.

С уважением,
{организация}`
)

// Placeholders lists the placeholders with their meaning.
var Placeholders = [][2]string{{DealMark, "название сделки; без этой подстановки контрагент не видит его ни в письме, ни в форме"}, {"{организация}", "наша организация"}, {"{контрагент}", "название контрагента"},
	{"{ссылка}", "личная ссылка, обязательна"}, {"{срок}", "последний день, когда ссылка работает"}}

// DealMark is the placeholder of the deal's title. A portal whose letter has it shows the title to counterparties.
const DealMark = "{сделка}"

// NamesDeal reports whether the letter of the portal shows the deal's title.
func NamesDeal(rules store.QuestionRules) bool {
	return strings.Contains(cmp.Or(rules.Subject, DefaultSubject)+cmp.Or(rules.Body, DefaultBody), DealMark)
}

// LinkMark is the placeholder of the secret link in a stored letter: the link itself is made when the letter is sent.
const LinkMark = "{ссылка}"

// LetterText renders the letter of a question from the portal's template.
type LetterText struct {
	Rules store.QuestionRules
	Deal  string
	Own   acts.Party
	Buyer string
	Until time.Time
}

// fill replaces the placeholders of a template; as escapes a value.
func (l LetterText) fill(text string, as func(string) string) string {
	return strings.NewReplacer(DealMark, as(SanitizeBB(l.Deal)), "{организация}", as(SanitizeBB(l.Own.FullName())), "{контрагент}", as(SanitizeBB(l.Buyer)),
		"{срок}", l.Until.Format("02.01.2006")).Replace(text)
}

// inHTML escapes a value so that it is neither markup nor a placeholder.
func inHTML(value string) string { return strings.ReplaceAll(html.EscapeString(value), "{", "&#123;") }

// Subject returns the subject of the letter, one line.
func (l LetterText) Subject() string {
	return Clip(l.fill(SanitizeBB(cmp.Or(l.Rules.Subject, DefaultSubject)), strings.Clone), 200)
}

// HTML returns the body with the placeholder of the link. Values are escaped.
func (l LetterText) HTML() string {
	var out strings.Builder
	for _, part := range strings.Split(strings.ReplaceAll(cmp.Or(l.Rules.Body, DefaultBody), "\r", ""), "\n\n") {
		if part = strings.TrimSpace(part); part != "" {
			out.WriteString("<p>" + strings.ReplaceAll(l.fill(html.EscapeString(part), inHTML), "\n", "<br>") + "</p>\n")
		}
	}
	return out.String()
}

// WithLink inserts the link into the body of a letter.
func WithLink(body, link string) string {
	safe := html.EscapeString(link)
	return strings.ReplaceAll(body, LinkMark, `<a href="`+safe+`">`+safe+`</a>`)
}

// Preview returns the letter with a link that leads nowhere.
func (l LetterText) Preview() string {
	return strings.ReplaceAll(l.HTML(), LinkMark, "<u>https://…/f/…</u>")
}
