package workflow

import (
	"cmp"
	"html"
	"strings"
	"time"

	"acts24/acts"
	"acts24/store"
)

// The usual letter. What stands in braces is filled in.
const (
	DefaultSubject = "Как обмениваться актами по сделке «{сделка}»"
	DefaultBody    = `Здравствуйте!

{организация} готовит акт по сделке «{сделка}». Подскажите, пожалуйста, как вам удобно обмениваться актами: на бумаге или через электронный документооборот.

Ответ займёт минуту: {ссылка}

Ссылка работает до {срок}. Регистрироваться не нужно.

С уважением,
{организация}`
)

// Placeholders are what may stand in braces, with what it becomes.
var Placeholders = [][2]string{{"{сделка}", "название сделки"}, {"{организация}", "наша организация"}, {"{контрагент}", "название контрагента"},
	{"{ссылка}", "личная ссылка, обязательна"}, {"{срок}", "последний день, когда ссылка работает"}}

// linkMark stands for the secret link in a letter that is kept: the link itself is made when the letter leaves.
const linkMark = "{ссылка}"

// LetterText is the letter of a question: the portal's own words, filled in.
type LetterText struct {
	Rules store.QuestionRules
	Deal  string
	Own   acts.Party
	Buyer string
	Until time.Time
}

// fill puts the values into a template; as writes a value so that it stays text.
func (l LetterText) fill(text string, as func(string) string) string {
	return strings.NewReplacer("{сделка}", as(plain(l.Deal)), "{организация}", as(plain(l.Own.FullName())), "{контрагент}", as(plain(l.Buyer)),
		"{срок}", l.Until.Format("02.01.2006")).Replace(text)
}

// inHTML writes a value so that it is neither markup nor a placeholder.
func inHTML(value string) string { return strings.ReplaceAll(html.EscapeString(value), "{", "&#123;") }

// Subject is the subject of the letter, one line.
func (l LetterText) Subject() string {
	return clip(l.fill(plain(cmp.Or(l.Rules.Subject, DefaultSubject)), strings.Clone), 200)
}

// HTML is the body with the place of the link still open. Everything filled in comes out as text.
func (l LetterText) HTML() string {
	var out strings.Builder
	for _, part := range strings.Split(strings.ReplaceAll(cmp.Or(l.Rules.Body, DefaultBody), "\r", ""), "\n\n") {
		if part = strings.TrimSpace(part); part != "" {
			out.WriteString("<p>" + strings.ReplaceAll(l.fill(html.EscapeString(part), inHTML), "\n", "<br>") + "</p>\n")
		}
	}
	return out.String()
}

// withLink puts the link into the body of a letter.
func withLink(body, link string) string {
	safe := html.EscapeString(link)
	return strings.ReplaceAll(body, linkMark, `<a href="`+safe+`">`+safe+`</a>`)
}

// Preview is the letter as it would go, with a link that leads nowhere.
func (l LetterText) Preview() string {
	return strings.ReplaceAll(l.HTML(), linkMark, "<u>https://…/f/…</u>")
}
