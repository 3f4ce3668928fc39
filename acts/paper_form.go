package acts

import (
	"cmp"
	"slices"
)

// PaperForm is what the print form of a paper act contains. Our company chooses it; the choice is stored with the act
// when it gets its number.
type PaperForm string

// The print forms of a paper act.
const (
	PaperFormAct           PaperForm = "act"
	PaperFormUPD           PaperForm = "upd"
	PaperFormActAndInvoice PaperForm = "act_invoice"
)

// PaperForms lists the print forms in the order of the settings page.
var PaperForms = []PaperForm{PaperFormAct, PaperFormUPD, PaperFormActAndInvoice}

var paperFormLabels = map[PaperForm]string{PaperFormAct: "Акт", PaperFormUPD: "УПД", PaperFormActAndInvoice: "Акт и счёт-фактура"}

// Label returns the print form as users read it.
func (f PaperForm) Label() string { return paperFormLabels[f] }

// Known reports whether the print form exists.
func (f PaperForm) Known() bool { return paperFormLabels[f] != "" }

// Taxed reports whether any line of the act has a VAT rate, including 0 %.
func (a Act) Taxed() bool {
	return slices.ContainsFunc(a.Lines, func(l Line) bool { return l.Rate != NoVAT })
}

// PrintedFunction returns the function of the printed УПД. An electronic act keeps its own. On paper an act
// with VAT needs an invoice (п. 3 ст. 168 НК РФ), so its УПД is one too (status 1); without VAT it is the act
// alone (status 2), unless our company issues invoices without tax.
func (a Act) PrintedFunction() Function {
	if a.Medium == MediumPaper && a.Taxed() {
		return FunctionActAndInvoice
	}
	return a.Function
}

// PaperContents returns what the print form of a paper act contains: the form stored with the act, else that of the
// document which it corrects, else the choice of our company. An act without an invoice is printed alone.
func (a Act) PaperContents(chosen PaperForm) PaperForm {
	chosen = cmp.Or(a.PaperForm, a.Correction.Paper, chosen)
	if chosen == "" || chosen == PaperFormActAndInvoice && a.PrintedFunction() != FunctionActAndInvoice {
		return PaperFormAct
	}
	return chosen
}

// IssuesInvoice reports whether the document of the act includes its VAT invoice.
func (a Act) IssuesInvoice(chosen PaperForm) bool {
	if a.Medium == MediumPaper {
		return a.PaperContents(chosen) != PaperFormAct && a.PrintedFunction() == FunctionActAndInvoice
	}
	return a.Function == FunctionActAndInvoice
}
