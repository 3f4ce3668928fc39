package acts

import (
	"fmt"
	"slices"
	"strings"
)

// Titles of the checks to which faults found by the document builder are added.
const (
	LineBuyer       = "Реквизиты контрагента"
	LineSeller      = "Реквизиты нашей организации"
	LineActType     = "Тип акта"
	LineAddress     = "Адреса сторон"
	LineBasis       = "Основание"
	LineRates       = "Ставки НДС"
	LineRows        = "Строки акта"
	LineSigner      = "Подписант"
	LineNumber      = "Номер акта"
	LineParticipant = "Идентификатор ЭДО контрагента"
	LineAccount     = "Подключение СБИС"
	LineDocument    = "Документ для СБИС"
	LineUPD         = "УПД"
	LineDate        = "Дата акта"
	lineForm        = "Поля формы"
)

// NoSigner is the message for an act without our signer.
const NoSigner = "Укажите фамилию и имя подписанта."

// DocumentFault is a reason why a document cannot be built, with the title of the check to which it belongs.
type DocumentFault struct{ Line, Text string }

// maxFaults is the number of messages shown in one line or error; the rest are only counted.
const maxFaults = 5

// JoinFaults joins the first maxFaults messages and adds the number of the rest.
func JoinFaults(texts []string) string {
	text := strings.Join(texts[:min(maxFaults, len(texts))], " ")
	if more := len(texts) - maxFaults; more > 0 {
		text += fmt.Sprintf(" И ещё замечаний: %d.", more)
	}
	return text
}

// JoinDocumentFaults joins the messages of faults as JoinFaults does.
func JoinDocumentFaults(faults []DocumentFault) string {
	texts := make([]string, len(faults))
	for i, f := range faults {
		texts[i] = f.Text
	}
	return JoinFaults(texts)
}

// documentFixes maps the title of a check to who fixes it and where when the document builder refuses.
var documentFixes = map[string]Check{LineBuyer: {By: FixManager, Place: FixAtBuyer}, LineSeller: {By: FixAdmin, Place: FixAtSeller}, LineAccount: {By: FixAdmin, Place: FixAtSettings}}

// withDocument adds the faults of the document builder to the checks. A check that has already failed keeps its own text.
func withDocument(checks []Check, faults []DocumentFault) []Check {
	texts := map[string][]string{}
	var order []string
	for _, f := range faults {
		if texts[f.Line] == nil {
			order = append(order, f.Line)
		}
		texts[f.Line] = append(texts[f.Line], f.Text)
	}
	for _, title := range order {
		line, ok := documentFixes[title]
		if !ok {
			line = Check{By: FixManager, Place: FixAtForm}
		}
		line.Title, line.Text = title, JoinFaults(texts[title])
		switch at := slices.IndexFunc(checks, func(c Check) bool { return c.Title == title }); {
		case at < 0:
			checks = append(checks, line)
		case checks[at].OK || checks[at].Open:
			checks[at] = line
		}
	}
	return checks
}

// withForm adds the faults of the form that no failed check contains yet.
func withForm(checks []Check, faults Faults) []Check {
	var texts []string
	for _, f := range faults {
		said := slices.ContainsFunc(checks, func(c Check) bool { return !c.OK && !c.Open && strings.Contains(c.Text, f.Text) })
		if !said && !slices.Contains(texts, f.Text) {
			texts = append(texts, f.Text)
		}
	}
	if len(texts) == 0 {
		return checks
	}
	return append(checks, Check{Title: lineForm, Text: JoinFaults(texts), By: FixManager, Place: FixAtForm})
}
