package acts

import (
	"fmt"
	"slices"
	"strings"
)

// Titles of the checks to which faults found by the document builder are added.
const (
	CheckTitleBuyer       = "Реквизиты контрагента"
	CheckTitleSeller      = "Реквизиты нашей организации"
	CheckTitleActType     = "Тип акта"
	CheckTitleAddress     = "Адреса сторон"
	CheckTitleBasis       = "Основание"
	CheckTitleRates       = "Ставки НДС"
	CheckTitleRows        = "Строки акта"
	CheckTitleSigner      = "Подписант"
	CheckTitleNumber      = "Номер акта"
	CheckTitleParticipant = "Идентификатор ЭДО контрагента"
	CheckTitleAccount     = "Подключение СБИС"
	CheckTitleDocument    = "Документ для СБИС"
	CheckTitleUPD         = "УПД"
	CheckTitleDate        = "Дата акта"
	checkTitleForm        = "Поля формы"
)

// NoSigner is the message for an act without our signer.
const NoSigner = "Укажите фамилию и имя подписанта."

// DocumentFault is a reason why a document cannot be built, with the title of the check to which it belongs.
type DocumentFault struct{ Check, Text string }

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
var documentFixes = map[string]Check{CheckTitleBuyer: {By: FixManager, Place: FixAtBuyer}, CheckTitleSeller: {By: FixAdmin, Place: FixAtSeller}, CheckTitleAccount: {By: FixAdmin, Place: FixAtSettings}}

// withDocument adds the faults of the document builder to the checks. A check that has already failed keeps its own text.
func withDocument(checks []Check, faults []DocumentFault) []Check {
	texts := map[string][]string{}
	var order []string
	for _, f := range faults {
		if texts[f.Check] == nil {
			order = append(order, f.Check)
		}
		texts[f.Check] = append(texts[f.Check], f.Text)
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
		shown := slices.ContainsFunc(checks, func(c Check) bool { return !c.OK && !c.Open && strings.Contains(c.Text, f.Text) })
		if !shown && !slices.Contains(texts, f.Text) {
			texts = append(texts, f.Text)
		}
	}
	if len(texts) == 0 {
		return checks
	}
	return append(checks, Check{Title: checkTitleForm, Text: JoinFaults(texts), By: FixManager, Place: FixAtForm})
}
