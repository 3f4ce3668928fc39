package deal

import (
	"strings"
	"testing"
	"time"

	"acts24/acts"
	"acts24/views"
	"acts24/workflow"
)

func TestFormSums(t *testing.T) {
	for name, tt := range map[string]struct {
		quantity string
		free     []workflow.FreeLine
		want     views.FormSums
		row      string
	}{
		"the whole row":                    {"10", nil, views.FormSums{Gross: "10 000,00 ₽"}, "10 000,00 ₽"},
		"a part":                           {"2,5", nil, views.FormSums{Gross: "2 500,00 ₽", Left: "7 500,00 ₽"}, "2 500,00 ₽"},
		"a quantity that cannot be read":   {"two", nil, views.FormSums{Gross: "0,00 ₽", Left: "10 000,00 ₽"}, ""},
		"more than the deal has":           {"11", nil, views.FormSums{Gross: "0,00 ₽", Left: "10 000,00 ₽"}, ""},
		"a line without a row, with a tax": {"10", []workflow.FreeLine{{Name: "Выезд", Quantity: "1", Price: "122", Rate: "22"}}, views.FormSums{Gross: "10 122,00 ₽", Net: "10 100,00 ₽", Tax: "22,00 ₽"}, "10 000,00 ₽"},
	} {
		t.Run(name, func(t *testing.T) {
			details := testDetails()
			form := workflow.Suggest(details, now)
			form.Picks[1] = workflow.Pick{On: true, Quantity: tt.quantity}
			form.Free = tt.free
			act, _ := form.Draft(details.Deal, details.Own[0], now)
			m := views.ActForm{Rows: []views.ProductRow{{ID: "1"}}, FreeLines: []views.FreeLine{{}}}
			for i, l := range tt.free {
				m.FreeLines[i] = views.FreeLine{Name: l.Name, Price: l.Price}
			}
			addSums(&m, act, details.Deal)
			plain := func(s string) string { return strings.ReplaceAll(s, "\u00a0", " ") }
			if got := (views.FormSums{Gross: plain(m.Sums.Gross), Net: plain(m.Sums.Net), Tax: plain(m.Sums.Tax), Left: plain(m.Sums.Left)}); got != tt.want {
				t.Errorf("sums are %+v, want %+v", got, tt.want)
			}
			if got := plain(m.Rows[0].Sum); got != tt.row {
				t.Errorf("the row has %q, want %q", got, tt.row)
			}
			if (m.FreeLines[0].Sum != "") != (len(tt.free) > 0) {
				t.Errorf("the sum of the free line is %q", m.FreeLines[0].Sum)
			}
		})
	}
}

func TestDocumentSummary(t *testing.T) {
	day := time.Date(2026, 1, 12, 0, 0, 0, 0, time.UTC)
	act := acts.Act{Basis: acts.Basis{Name: "Договор", Number: "101/26", Date: day}, Signer: acts.ParseSigner("Громов Алексей Петрович"), Date: now}
	if got, want := documentSummary(act, testDetails().Own[0]), "Договор № 101/26 от 12.01.2026 · Громов А. П. · 27.11.2026"; strings.ReplaceAll(got, "\u00a0", " ") != want {
		t.Errorf("the summary is %q, want %q", got, want)
	}
	if got := documentSummary(acts.Act{Basis: acts.Basis{None: true}}, testDetails().Own[0]); got != "Без документа-основания" {
		t.Errorf("the summary of an empty document is %q", got)
	}
}

func TestDocumentUnfolds(t *testing.T) {
	full := workflow.ActForm{BasisKind: "document", Signer: "Громов А. П."}
	for name, tt := range map[string]struct {
		form   workflow.ActForm
		view   views.ActForm
		faults acts.Faults
		want   bool
	}{
		"nothing is missing":         {full, views.ActForm{}, nil, false},
		"a fault of a quantity":      {full, views.ActForm{}, acts.Faults{{Field: "quantity-1"}}, false},
		"a fault of the date":        {full, views.ActForm{}, acts.Faults{{Field: "date"}}, true},
		"no signer":                  {workflow.ActForm{BasisKind: "document"}, views.ActForm{}, nil, true},
		"no basis":                   {workflow.ActForm{BasisKind: workflow.BasisNone, Signer: "Громов А. П."}, views.ActForm{}, nil, true},
		"a ground of «без НДС»":      {full, views.ActForm{AsksVAT: true}, nil, true},
		"a correction":               {full, views.ActForm{Correction: &views.CorrectionForm{}}, nil, true},
		"a number typed by hand":     {full, views.ActForm{Manual: true}, nil, true},
		"another currency, no rates": {full, views.ActForm{Currency: "USD"}, nil, true},
	} {
		if got := unfoldsDocument(&tt.view, tt.form, tt.faults); got != tt.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestSends(t *testing.T) {
	for _, tt := range []struct {
		button, actType string
		want            bool
	}{{"1", "paper-company", true}, {"electronic", "electronic-person", true}, {"electronic", "paper-person", false}, {"", "electronic-person", false}} {
		if got := sends(tt.button, tt.actType); got != tt.want {
			t.Errorf("sends(%q, %q) = %v", tt.button, tt.actType, got)
		}
	}
}
