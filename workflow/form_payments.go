package workflow

import (
	"fmt"
	"strings"

	"acts24/acts"
)

// PaymentRow is a payment of the form as it was typed.
type PaymentRow struct{ Number, Date string }

// Empty reports whether nothing was typed into the row.
func (r PaymentRow) Empty() bool { return strings.TrimSpace(r.Number+r.Date) == "" }

// payments reads the documents by which the act was paid in advance, and the id of a state contract.
func (p *parser) payments(a *acts.Act) {
	for i, row := range p.form.Payments {
		if row.Empty() {
			continue
		}
		number, date := fmt.Sprintf("payment-number-%d", i+1), fmt.Sprintf("payment-date-%d", i+1)
		one := acts.Payment{Number: p.text(number, row.Number, 255), Date: p.date(date, row.Date, false)}
		if text := one.Fault(); text != "" && p.faults.At(date) == "" {
			field := number
			if one.Number != "" && one.Date.IsZero() {
				field = date
			}
			p.faults.Add(field, "%s", text)
		}
		a.Payments = append(a.Payments, one)
	}
	a.StateContract = p.text("state-contract", p.form.StateContract, 255)
	if text := acts.StateContractFault(a.StateContract); text != "" {
		p.faults.Add("state-contract", "%s", text)
	}
}

// paymentRows returns the form rows of payments.
func paymentRows(list []acts.Payment) []PaymentRow {
	rows := make([]PaymentRow, len(list))
	for i, p := range list {
		rows[i] = PaymentRow{Number: p.Number, Date: formDate(p.Date)}
	}
	return rows
}
