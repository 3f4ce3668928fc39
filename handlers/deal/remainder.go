package deal

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"acts24/acts"
	"acts24/handlers/web"
	"acts24/store"
	"acts24/views"
)

// closeRemainder handles POST /p/{portal}/deals/{deal}/close: closes the remainder of a row or of the deal.
func (h *Handler) closeRemainder(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	deal, err := web.PathID[acts.DealID](r, "deal")
	if err != nil {
		return err
	}
	row, err := readRow(r)
	if err != nil {
		return err
	}
	reason := r.PostForm.Get("reason")
	err = h.Service.Bulk.CloseRemainder(r.Context(), v, deal, row, reason)
	var faults acts.Faults
	if errors.As(err, &faults) {
		p := dealPage{status: web.Status(err), closing: &closingForm{row: row, reason: reason, faults: faults}}
		return h.renderDeal(w, r, v, deal, p)
	}
	return h.onDeal(w, r, v, func(acts.DealID) error { return err })
}

// reopenDeal handles POST /p/{portal}/deals/{deal}/reopen: reopens the closed remainder of a row or of the deal.
func (h *Handler) reopenDeal(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	row, err := readRow(r)
	if err != nil {
		return err
	}
	return h.onDeal(w, r, v, func(deal acts.DealID) error { return h.Service.Bulk.ReopenRemainder(r.Context(), v, deal, row) })
}

// readRow reads the row of a form, 0 for the whole deal.
func readRow(r *http.Request) (acts.RowID, error) {
	if err := r.ParseForm(); err != nil {
		return 0, web.BadForm(err)
	}
	text := r.PostForm.Get("row")
	if text == "" {
		return 0, nil
	}
	row, err := strconv.ParseInt(text, 10, 64)
	if err != nil || row == 0 {
		return 0, acts.Errorf(acts.Invalid, "Непонятный выбор, обновите страницу.")
	}
	return acts.RowID(row), nil
}

// closingForm is what was typed to close a remainder.
type closingForm struct {
	row    acts.RowID
	reason string
	faults acts.Faults
}

// remainderView formats the closed remainders of a deal and what can be closed; nil when there is neither.
func remainderView(v web.Visit, details store.DealDetails, typed *closingForm) *views.Remainder {
	d, at := details.Deal, web.Base(v)+"/deals/"+web.ID(details.Deal.ID)
	m := &views.Remainder{Close: at + "/close", Reopen: at + "/reopen"}
	for _, r := range d.Rows {
		if r.Closed.IsPositive() {
			m.Closed = append(m.Closed, views.ClosedRow{ID: web.ID(r.ID), TestID: web.ID(r.CRM), Text: "«" + r.Name + "», " + quantityWords(r.Closed.String(), r.Unit) + ": " + closingWords(v, r.Closing)})
		}
	}
	if d.IsClosed() && len(d.Rows) == 0 {
		m.Closed = append(m.Closed, views.ClosedRow{Text: "Вся сделка: " + closingWords(v, d.Closing)})
	}
	if !acts.Covered(d.Rows, details.Acts, d.IsClosed()) {
		m.Rows = append(m.Rows, views.Option{Label: "Весь остаток сделки"})
	}
	for _, r := range d.Rows {
		if !r.Covered() {
			m.Rows = append(m.Rows, views.Option{Value: web.ID(r.ID), Label: r.Name + ", " + quantityWords(r.Remainder().String(), r.Unit)})
		}
	}
	if typed != nil {
		m.Reason, m.Faults = typed.reason, web.FaultMap(typed.faults)
		for i := range m.Rows {
			m.Rows[i].Chosen = typed.row != 0 && m.Rows[i].Value == web.ID(typed.row)
		}
	}
	if len(m.Closed)+len(m.Rows) == 0 {
		return nil
	}
	return m
}

// quantityWords returns a quantity with its unit.
func quantityWords(quantity string, unit acts.Unit) string {
	return strings.TrimSpace(views.Number(quantity) + " " + unit.Name)
}

// closingWords returns why something needs no act, who decided it and when.
func closingWords(v web.Visit, c acts.Closing) string {
	who := c.By
	if !c.At.IsZero() {
		who += ", " + views.Moment(c.At, web.Zone(v))
	}
	return strings.TrimSuffix(c.Reason, ".") + " (" + who + ")"
}

// closedBanners returns the message that a part of the deal needs no act.
func closedBanners(v web.Visit, details store.DealDetails) []views.Banner {
	d := details.Deal
	var why []string
	if d.IsClosed() && len(d.Rows) == 0 {
		why = append(why, closingWords(v, d.Closing))
	}
	for _, r := range d.Rows {
		if words := closingWords(v, r.Closing); r.Closed.IsPositive() && !slices.Contains(why, words) {
			why = append(why, words)
		}
	}
	if len(why) == 0 {
		return nil
	}
	what := "По остатку сделки акт не нужен: "
	if !acts.AllCovered(d.Rows) {
		what = "По части остатка акт не нужен: "
	}
	return []views.Banner{{Tone: "neutral", TestID: "deal-closed", Text: what + strings.Join(why, "; ") + ". ",
		Buttons: []views.BannerButton{{Href: web.Base(v) + "/deals/" + web.ID(d.ID) + "/reopen", Label: "Вернуть остаток", TestID: "deal-closed-button"}}}}
}
