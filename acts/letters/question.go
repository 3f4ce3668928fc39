package letters

import (
	"cmp"
	"html"
	"strings"
	"time"
	"unicode/utf8"

	"acts24/acts"
)

// The default letter of a question. Placeholders are in braces. It does not name the deal: its title is written for the portal, not for the
// counterparty.
const (
	DefaultSubject = "Как обмениваться актами: {организация}"
	DefaultBody    = `Здравствуйте!

{организация} готовит для вас акт. Подскажите, пожалуйста, как вам удобно обмениваться актами: на бумаге или через электронный документооборот.

Ответ займёт минуту: {ссылка}

Ссылка работает до {срок}. Регистрироваться не нужно.

С уважением,
{организация}`
)

// The placeholders of the letter of a question. A portal whose letter has DealMark shows the deal's title to counterparties. LinkMark is also
// in the stored letter: the secret link is made when the letter is sent. In a reminder it stands for the link to the document at SBIS.
const (
	DealMark  = "{сделка}"
	OwnMark   = "{организация}"
	BuyerMark = "{контрагент}"
	LinkMark  = "{ссылка}"
	UntilMark = "{срок}"
)

// Placeholders lists the placeholders with their meaning.
var Placeholders = [][2]string{{DealMark, "название сделки; без этой подстановки контрагент не видит его ни в письме, ни в форме"}, {OwnMark, "наша организация"},
	{BuyerMark, "название контрагента"}, {LinkMark, "личная ссылка, обязательна"}, {UntilMark, "последний день, когда ссылка работает"}}

// MaxSubject is the largest number of characters of the subject of a letter.
const MaxSubject = 200

// Template is the portal's letter of a question with placeholders; an empty part is that of the default letter.
type Template struct{ Subject, Body string }

// NamesDeal reports whether the letter shows the deal's title.
func (t Template) NamesDeal() bool {
	return strings.Contains(cmp.Or(t.Subject, DefaultSubject)+cmp.Or(t.Body, DefaultBody), DealMark)
}

// Question is the letter of a question: a template with the values of its placeholders.
type Question struct {
	Template Template
	Deal     string
	Own      acts.Party
	Buyer    string
	Until    time.Time
}

// fillPlaceholders replaces the placeholders of a template; as escapes a value.
func (q Question) fillPlaceholders(text string, as func(string) string) string {
	return strings.NewReplacer(DealMark, as(SanitizeBB(q.Deal)), OwnMark, as(SanitizeBB(q.Own.FullName())), BuyerMark, as(SanitizeBB(q.Buyer)),
		UntilMark, q.Until.Format("02.01.2006")).Replace(text)
}

// escapeValue escapes a value so that it is neither markup nor a placeholder.
func escapeValue(value string) string {
	return strings.ReplaceAll(html.EscapeString(value), "{", "&#123;")
}

// Subject returns the subject of the letter, one line.
func (q Question) Subject() string {
	line := []rune(strings.TrimSpace(q.fillPlaceholders(SanitizeBB(cmp.Or(q.Template.Subject, DefaultSubject)), strings.Clone)))
	return string(line[:min(len(line), MaxSubject)])
}

// Text returns the text that a person may change before the letter is sent. Only the link is still a placeholder.
func (q Question) Text() string {
	return strings.TrimSpace(q.fillPlaceholders(strings.ReplaceAll(cmp.Or(q.Template.Body, DefaultBody), "\r", ""), strings.Clone))
}

// HTML returns the body with the placeholder of the link. Values are escaped.
func (q Question) HTML() string {
	return paragraphs(cmp.Or(q.Template.Body, DefaultBody), func(part string) string { return q.fillPlaceholders(html.EscapeString(part), escapeValue) })
}

// Preview returns the body with a link that leads nowhere.
func (q Question) Preview() string {
	return strings.ReplaceAll(q.HTML(), LinkMark, "<u>https://…/f/…</u>")
}

// paragraphs returns a text as HTML; as makes the HTML of one paragraph.
func paragraphs(text string, as func(string) string) string {
	var out strings.Builder
	for _, part := range strings.Split(strings.ReplaceAll(text, "\r", ""), "\n\n") {
		if part = strings.TrimSpace(part); part != "" {
			out.WriteString("<p>" + strings.ReplaceAll(as(part), "\n", "<br>") + "</p>\n")
		}
	}
	return out.String()
}

// WithLink inserts the link into the body of a letter.
func WithLink(body, link string) string {
	safe := html.EscapeString(link)
	return strings.ReplaceAll(body, LinkMark, `<a href="`+safe+`">`+safe+`</a>`)
}

// WithoutLink replaces the mark of the link to the document at SBIS in the body of a letter by words that name its place.
func WithoutLink(body string) string {
	return strings.ReplaceAll(body, LinkMark, "в вашем кабинете СБИС")
}

// TypedQuestion is the letter of a question as a person has changed it.
type TypedQuestion struct{ Subject, Text string }

// Check returns the faults of the letter. It is sent as it was typed, so nothing in it is corrected silently: a missing link, a placeholder
// that only the template of the portal fills, and brackets in the subject, which the CRM may take for markup, are faults.
func (t TypedQuestion) Check() error {
	var faults acts.Faults
	switch subject := strings.TrimSpace(t.Subject); {
	case subject == "":
		faults.Add("subject", "Впишите тему письма.")
	case utf8.RuneCountInString(subject) > MaxSubject:
		faults.Add("subject", "Тема длиннее %d знаков. Сократите её.", MaxSubject)
	case hasControl(subject) || strings.ContainsAny(subject, "\n\t"):
		faults.Add("subject", "В теме есть невидимый знак. Впишите её заново, без вставки.")
	case strings.ContainsAny(subject, "[]<>"):
		faults.Add("subject", "В теме не должно быть скобок [ ] и < >.")
	case placeholderIn(subject, "") != "":
		faults.Add("subject", "Подстановка %s работает только в настройках: впишите вместо неё текст.", placeholderIn(subject, ""))
	}
	text := strings.TrimSpace(strings.ReplaceAll(t.Text, "\r\n", "\n"))
	if err := checkText(text); err != nil {
		return append(faults, err...)
	}
	switch {
	case text == "":
		faults.Add("text", "Впишите текст письма.")
	case !strings.Contains(text, LinkMark):
		faults.Add("text", "В письме нужна ссылка на форму: верните %s.", LinkMark)
	case placeholderIn(text, LinkMark) != "":
		faults.Add("text", "Подстановка %s работает только в настройках: впишите вместо неё текст.", placeholderIn(text, LinkMark))
	}
	return faults.Err()
}

// placeholderIn returns the first placeholder in a text that only a template fills, except one, or "".
func placeholderIn(text, except string) string {
	for _, p := range Placeholders {
		if p[0] != except && strings.Contains(text, p[0]) {
			return p[0]
		}
	}
	return ""
}

// HTML returns the body as it was typed, with the placeholder of the link.
func (t TypedQuestion) HTML() string { return paragraphs(t.Text, html.EscapeString) }
