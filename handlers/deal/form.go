package deal

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"acts24/acts"
	"acts24/handlers/web"
	"acts24/workflow"
)

// freeLines is the number of lines in the form of a deal without product rows.
const freeLines = 5

// readActForm reads the form of an act.
func readActForm(r *http.Request) (workflow.ActForm, error) {
	if err := r.ParseForm(); err != nil {
		return workflow.ActForm{}, web.BadForm(err)
	}
	get := func(name string) string { return strings.TrimSpace(r.PostForm.Get(name)) }
	own, _ := strconv.ParseInt(get("own"), 10, 64)
	shown, _ := strconv.ParseInt(get("own-drawn"), 10, 64)
	f := workflow.ActForm{Key: get("key"), Type: get("type"), Number: get("number"), Own: acts.CompanyID(own), OwnShown: acts.CompanyID(shown), Channel: get("channel"),
		Date: get("date"), From: get("from"), To: get("to"), BasisKind: get("basis-kind"), BasisName: get("basis"), BasisNumber: get("basis-number"), BasisDate: get("basis-date"),
		Signer: get("signer"), Position: get("position"), Ground: get("ground"), Operator: get("operator"), Participant: get("participant"), Comment: get("comment"), VATGround: get("vat-ground"), ZeroGround: get("zero-ground"), StateContract: get("state-contract"),
		ExchangeRate: get("exchange-rate"), ExchangeDate: get("exchange-date"), Send: sends(get("send"), get("type")), CorrectionDate: get("correction-date"), CorrectionCause: get("correction-cause"), Confirmed: r.PostForm["confirm"], Picks: map[acts.RowID]workflow.Pick{}}
	for name := range r.PostForm {
		what, rest, _ := strings.Cut(name, "-")
		row, err := strconv.ParseInt(rest, 10, 64)
		if err != nil || what != "quantity" && what != "pick" {
			continue
		}
		f.Picks[acts.RowID(row)] = workflow.Pick{On: get("pick-"+rest) != "", Quantity: get("quantity-" + rest), Rate: get("rate-" + rest)}
	}
	for n := 1; n <= acts.MaxPayments; n++ {
		f.Payments = append(f.Payments, workflow.PaymentRow{Number: get(fmt.Sprintf("payment-number-%d", n)), Date: get(fmt.Sprintf("payment-date-%d", n))})
	}
	for n := 1; n <= freeLines; n++ {
		line := func(what string) string { return get(fmt.Sprintf("free-%s-%d", what, n)) }
		f.Free = append(f.Free, workflow.FreeLine{Name: line("name"), Quantity: line("quantity"), Price: line("price"), Rate: line("rate")})
	}
	return f, nil
}

// sends reports whether a button hands the act over to SBIS: the one at the end of the form does so with electronic acts only.
func sends(button, actType string) bool {
	return button == "1" || button == "electronic" && strings.HasPrefix(actType, string(acts.MediumElectronic))
}

// readMark parses the button of a row: "17:yes" or "17:no".
func readMark(r *http.Request) (acts.RowID, bool, error) {
	row, needs, ok := strings.Cut(r.PostForm.Get("mark"), ":")
	n, err := strconv.ParseInt(row, 10, 64)
	if !ok || err != nil {
		return 0, false, acts.Errorf(acts.Invalid, "Непонятная отметка, обновите страницу.")
	}
	return acts.RowID(n), needs == "yes", nil
}
