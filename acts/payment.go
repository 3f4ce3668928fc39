package acts

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// Payment is the document of an advance payment for an act: line 5 of an invoice (пп. 4 п. 5 ст. 169 НК РФ), СвПРД of УПД
// 5.03.
type Payment struct {
	Number string    `json:"number"`
	Date   time.Time `json:"date"`
}

// MaxPayments is the largest number of payments in a form; maxPaymentNumberLength is the length limit of НомерПРД.
const (
	MaxPayments            = 10
	maxPaymentNumberLength = 30
)

// Label returns «№ 5 от 12.01.2026».
func (p Payment) Label() string { return "№ " + p.Number + " от " + p.Date.Format("02.01.2006") }

// Fault returns a message about what is wrong with a payment, or "".
func (p Payment) Fault() string {
	switch {
	case p.Number == "":
		return "Укажите номер платёжного документа."
	case p.Date.IsZero():
		return "Укажите дату платёжного документа."
	case utf8.RuneCountInString(p.Number) > maxPaymentNumberLength:
		return fmt.Sprintf("Номер платёжного документа не длиннее %d знаков.", maxPaymentNumberLength)
	}
	return ""
}

// PaymentsLabel returns the payments in one line.
func PaymentsLabel(list []Payment) string {
	labels := make([]string, len(list))
	for i, p := range list {
		labels[i] = p.Label()
	}
	return strings.Join(labels, ", ")
}

// StateContractFault returns a message about what is wrong with the id of a state contract, or "". ИдГосКон
// of УПД 5.03 has 20 to 25 characters.
func StateContractFault(id string) string {
	n := utf8.RuneCountInString(id)
	if id != "" && (n < 20 || n > 25 || strings.ContainsAny(id, " \t")) {
		return fmt.Sprintf("В идентификаторе госконтракта от 20 до 25 знаков без пробелов, а указано %d.", n)
	}
	return ""
}
