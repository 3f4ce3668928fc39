package letters

import (
	"fmt"
	"html"
	"strings"
	"time"

	"acts24/acts"
)

// Act returns the paragraphs of a letter with an act.
func Act(a acts.Act) []string {
	what := fmt.Sprintf("Направляем %s%s на сумму %s ₽", TitleInSentence(a.Title()), byBasis(a.Basis), a.Totals.Gross.Label())
	return []string{"Здравствуйте!", what + ". Экземпляр с нашей подписью во вложении.",
		"Подпишите его, пожалуйста, и пришлите скан в ответ на это письмо. Если есть замечания, напишите о них.",
		"С уважением, " + a.Seller.FullName()}
}

// dative holds the dative of the usual names of a basis, by their lower case.
var dative = map[string]string{"договор": "договору", "государственный контракт": "государственному контракту", "контракт": "контракту", "заказ": "заказу", "счёт": "счёту", "счет": "счету",
	"соглашение": "соглашению", "дополнительное соглашение": "дополнительному соглашению", "заявка": "заявке"}

// byBasis returns « по договору № 12 от 01.02.2026», or the basis in brackets if the dative of its name is not known, or "".
func byBasis(b acts.Basis) string {
	label := b.Label()
	if label == "" {
		return ""
	}
	if name, ok := dative[strings.ToLower(b.Name)]; ok {
		return " по " + name + strings.TrimPrefix(label, b.Name)
	}
	return " (" + label + ")"
}

// TitleInSentence returns the title of an act as it is written inside a sentence: «акт № 3 от …».
func TitleInSentence(text string) string { return strings.Replace(text, "Акт", "акт", 1) }

// Reminder returns the paragraphs of a letter about an act that the counterparty has not signed: which act waits for the signature, since
// which day of the portal's zone, and where. If both use SBIS, LinkMark stands for the link to the document, which is read when the letter is sent.
func Reminder(a acts.Act, zone *time.Location) []string {
	what := fmt.Sprintf("%s мы направили вам %s%s на сумму %s ₽", a.SentAt.In(zone).Format("02.01.2006"), TitleInSentence(a.Title()), byBasis(a.Basis), a.Totals.Gross.Label())
	where := "Подпишите, пожалуйста, акт и пришлите скан в ответ на это письмо. Экземпляр с нашей подписью во вложении."
	if a.Medium == acts.MediumElectronic {
		system := "в вашей системе электронного документооборота"
		if o, ok := acts.OperatorByPrefix(a.Operator); ok {
			system = "в системе «" + o.Name + "»"
		}
		where = "Документ ждёт вашей подписи " + system
		if a.Buyer.Participant != "" {
			where += ", идентификатор участника " + a.Buyer.Participant
		}
		where += ". Печатная форма во вложении."
	}
	if a.BothAtSBIS() {
		where += "\nОткрыть документ: " + LinkMark
	}
	return []string{"Здравствуйте!", what + ".", where, "Если есть замечания, напишите о них в ответ.", "С уважением, " + a.Seller.FullName()}
}

// Annulment returns the paragraphs of a letter about our proposal to annul an act.
func Annulment(a acts.Act, zone *time.Location) []string {
	where := "в вашей системе электронного документооборота"
	if o, ok := acts.OperatorByPrefix(a.Operator); ok {
		where = "в системе «" + o.Name + "»"
	}
	what := fmt.Sprintf("%s мы предложили аннулировать %s на сумму %s ₽", a.Annulment.ProposedAt.In(zone).Format("02.01.2006"), TitleInSentence(a.Title()), a.Totals.Gross.Label())
	if a.Annulment.Reason != "" {
		what += ". Причина: " + strings.TrimRight(a.Annulment.Reason, ".")
	}
	return []string{"Здравствуйте!", what + ".", "Предложение ждёт вашего ответа " + where + ". Подпишите, пожалуйста, соглашение об аннулировании или отклоните его.",
		"С уважением, " + a.Seller.FullName()}
}

// Body returns paragraphs as the HTML of a letter.
func Body(paragraphs []string) string {
	lines := make([]string, len(paragraphs))
	for i, text := range paragraphs {
		var part []string
		for _, line := range strings.Split(text, "\n") {
			part = append(part, html.EscapeString(SanitizeBB(line)))
		}
		lines[i] = "<p>" + strings.Join(part, "<br>") + "</p>"
	}
	return strings.Join(lines, "\n")
}
