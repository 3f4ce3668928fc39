package acts

import (
	"slices"
	"testing"
	"time"
)

// What is printed of an act, with which status of УПД, and whether a separate invoice is still due.
func TestPaperForm(t *testing.T) {
	taxed, free := []Line{{Rate: "5"}, {Rate: NoVAT}}, []Line{{Rate: NoVAT}}
	for name, tt := range map[string]struct {
		act      Act
		chosen   PaperForm
		contents PaperForm
		function Function
		invoice  bool
	}{
		"nothing is chosen":                    {Act{Lines: taxed}, "", PaperFormAct, FunctionActAndInvoice, false},
		"the act alone, with VAT":              {Act{Lines: taxed}, PaperFormAct, PaperFormAct, FunctionActAndInvoice, false},
		"УПД with VAT has status 1":            {Act{Lines: taxed}, PaperFormUPD, PaperFormUPD, FunctionActAndInvoice, true},
		"УПД without VAT has status 2":         {Act{Lines: free}, PaperFormUPD, PaperFormUPD, FunctionAct, false},
		"an act with its invoice":              {Act{Lines: taxed}, PaperFormActAndInvoice, PaperFormActAndInvoice, FunctionActAndInvoice, true},
		"no invoice without VAT":               {Act{Lines: free}, PaperFormActAndInvoice, PaperFormAct, FunctionAct, false},
		"a company that invoices without VAT":  {Act{Lines: free, Function: FunctionActAndInvoice}, PaperFormUPD, PaperFormUPD, FunctionActAndInvoice, true},
		"an act with a number keeps its form":  {Act{Lines: taxed, PaperForm: PaperFormAct}, PaperFormUPD, PaperFormAct, FunctionActAndInvoice, false},
		"an electronic act has its function":   {Act{Lines: taxed, Medium: MediumElectronic}, PaperFormUPD, PaperFormUPD, FunctionAct, false},
		"an electronic act that is an invoice": {Act{Lines: taxed, Medium: MediumElectronic, Function: FunctionActAndInvoice}, PaperFormAct, PaperFormAct, FunctionActAndInvoice, true},
	} {
		t.Run(name, func(t *testing.T) {
			a := tt.act
			if a.Medium == "" {
				a.Medium = MediumPaper
			}
			if a.Function == "" {
				a.Function = FunctionAct
			}
			if got := a.PaperContents(tt.chosen); got != tt.contents {
				t.Errorf("contents %q; want %q", got, tt.contents)
			}
			if got := a.PrintedFunction(); got != tt.function {
				t.Errorf("function %q; want %q", got, tt.function)
			}
			if got := a.IssuesInvoice(tt.chosen); got != tt.invoice {
				t.Errorf("invoice %t", got)
			}
		})
	}
	for _, f := range PaperForms {
		if !f.Known() || f.Label() == "" {
			t.Errorf("%q has no label", f)
		}
	}
	if PaperForm("pdf").Known() {
		t.Error("an unknown form is known")
	}
}

// The check of a paper act requires a separate invoice only when the print form has none, and shows what its УПД lacks.
func TestPaperCheckOfInvoice(t *testing.T) {
	r := Readiness{Act: Act{Medium: MediumPaper, Function: FunctionAct, Date: day(2026, 11, 2), Lines: []Line{{Rate: "22"}}}, Today: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)}
	texts := func(form PaperForm) (list []string) {
		r.Paper = form
		for _, c := range r.PaperCheck() {
			if c.Title == lineInvoice {
				list = append(list, c.Text[:len("В акте")])
			}
		}
		return list
	}
	if got := texts(PaperFormAct); !slices.Equal(got, []string{"В акте"}) {
		t.Errorf("the act alone: %q", got)
	}
	if got := texts(PaperFormUPD); len(got) != 1 || got[0] == "В акте" { // it is late
		t.Errorf("an УПД: %q", got)
	}
	r.Document = []DocumentFault{{CheckTitleAddress, "Нет адреса."}}
	if c := r.PaperCheck(); !slices.ContainsFunc(c, func(c Check) bool { return c.Title == CheckTitleAddress && !c.OK && !c.Open }) {
		t.Errorf("the fault of the УПД is not shown: %+v", c)
	}
}
