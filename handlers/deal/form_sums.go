package deal

import (
	"strings"

	"acts24/acts"
	"acts24/handlers/web"
	"acts24/store"
	"acts24/views"
	"acts24/workflow"
)

// addSums adds the sums of the act that the form would create: of each line, in total, and what the deal's acts would leave uncovered.
func addSums(m *views.ActForm, act acts.Act, d store.Deal) {
	left := acts.Uncovered(d.Rows, d.InRoubles())
	needed := map[acts.RowID]bool{}
	for _, row := range d.Rows {
		needed[row.ID] = row.NeedsAct
	}
	sums := map[string]string{}
	var free []acts.Line
	for _, line := range act.Lines {
		switch {
		case line.Row == 0:
			free = append(free, line)
		case !line.Quantity.IsZero(): // 0 is a quantity that could not be read
			sums[web.ID(line.Row)] = web.Money(line.Totals.Gross)
		}
		if needed[line.Row] {
			left -= line.Totals.Gross
		}
	}
	for i, row := range m.Rows {
		m.Rows[i].Sum = sums[row.ID]
	}
	for i, line := range m.FreeLines {
		if (workflow.FreeLine{Name: line.Name, Price: line.Price}).Empty() || len(free) == 0 {
			continue
		}
		m.FreeLines[i].Sum, free = web.Money(free[0].Totals.Gross), free[1:]
	}
	m.Sums = views.FormSums{Gross: web.Money(act.Totals.Gross)}
	if act.Totals.Tax != 0 {
		m.Sums.Net, m.Sums.Tax = web.Money(act.Totals.Net), web.Money(act.Totals.Tax)
	}
	if left > 0 && d.InRoubles() { // acts are in roubles
		m.Sums.Left = web.Money(left)
	}
}

// documentSummary returns the line that is shown while the document fields are folded.
func documentSummary(act acts.Act, own store.OwnCompany) string {
	basis := act.Basis.Label()
	if basis == "" {
		basis = "Без документа-основания"
	}
	parts := []string{basis, act.Signer.Short()}
	if own.Manual && act.Wanted != "" {
		parts = append(parts, "№ "+act.Wanted)
	}
	if !act.Date.IsZero() {
		parts = append(parts, views.Date(act.Date))
	}
	if !act.From.IsZero() && !act.To.IsZero() {
		parts = append(parts, "за "+views.Date(act.From)+" – "+views.Date(act.To))
	}
	if act.Comment != "" {
		parts = append(parts, "с примечанием")
	}
	return strings.Join(withoutEmpty(parts), " · ")
}

func withoutEmpty(list []string) (kept []string) {
	for _, s := range list {
		if s != "" {
			kept = append(kept, s)
		}
	}
	return kept
}

// unfoldsDocument reports whether the document's fields are shown unfolded: something is missing or wrong there, or it is a correction.
func unfoldsDocument(m *views.ActForm, f workflow.ActForm, faults acts.Faults) bool {
	for _, fault := range faults {
		if !outsideDocument(fault.Field) {
			return true
		}
	}
	missing := f.BasisKind == workflow.BasisNone || f.Signer == "" || m.AsksVAT && f.VATGround == "" || m.AsksZero && f.ZeroGround == "" ||
		m.Currency != "" && f.ExchangeRate == "" || m.Manual && f.Number == ""
	return missing || m.Correction != nil
}

// outsideDocument reports whether a field of the form is outside the document's fields.
func outsideDocument(field string) bool {
	for _, name := range []string{"quantity-", "rate-", "free-", "confirm-"} {
		if strings.HasPrefix(field, name) {
			return true
		}
	}
	switch field {
	case "key", "lines", "rows", "type", "participant", "channel", "own", "buyer", "presend":
		return true
	}
	return false
}
