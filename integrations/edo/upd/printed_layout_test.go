package upd

import (
	"strings"
	"testing"

	"acts24/acts"
	"acts24/acts/printform"
)

// longText returns n letters of a text that is repeated.
func longText(n int, text string) string {
	return strings.TrimSpace(string([]rune(strings.Repeat(text, n))[:n]))
}

// Values as long as the format allows stay on the page and do not overlap, in an УПД and in an act with its invoice.
func TestPrintedLongTexts(t *testing.T) {
	requirePoppler(t)
	solid, spaced := longText(1000, "Безпробелов"), longText(1000, "улица Длинная ")
	for name, change := range map[string]func(*acts.Act){
		"addresses": func(a *acts.Act) { a.Seller.Address, a.Buyer.Address = solid, spaced },
		"names":     func(a *acts.Act) { a.Seller.Name, a.Buyer.Name = spaced, solid },
		"a signer": func(a *acts.Act) {
			a.Signer = acts.Signer{Last: longText(60, "Фамилия"), First: "Ян", Position: longText(255, "Заместитель ")}
		},
		"a position without spaces": func(a *acts.Act) { a.Signer.Position = longText(255, "Заместитель") },
		"a basis":                   func(a *acts.Act) { a.Basis.Name, a.Basis.Number = longText(255, "Договор "), longText(255, "9") },
		"a number":                  func(a *acts.Act) { a.Number = longText(255, "А1") },
		"a unit":                    func(a *acts.Act) { a.Lines[0].Unit = acts.Unit{Name: longText(255, "условная ")} },
		"ten payments": func(a *acts.Act) {
			for range acts.MaxPayments {
				a.Payments = append(a.Payments, acts.Payment{Number: longText(30, "7"), Date: january15})
			}
		},
		"everything": func(a *acts.Act) {
			a.Seller.Name, a.Seller.Address, a.Buyer.Name, a.Buyer.Address = spaced, solid, solid, spaced
			a.Basis.Name, a.Lines[0].Name = longText(255, "Договор "), longText(2000, "Ы")
		},
		"a price with eleven decimals": func(a *acts.Act) { *a = withLines(*a, line("Услуга", "3.0007", "99999999.99", "22")) },
		"a price of a trillion":        func(a *acts.Act) { *a = withLines(*a, line("Услуга", "7", "1000000000000.01", "22")) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			act := validAct()
			act.Medium = acts.MediumPaper
			change(&act)
			doc, faults := Printed(act)
			if len(faults) > 0 {
				t.Fatalf("Printed returns the faults %v, want none", faults)
			}
			for _, render := range []func() ([]byte, error){doc.PDF, func() ([]byte, error) { return printform.PDFWithInvoice(printform.Form{Act: act}, doc) }} {
				pdf, err := render()
				if err != nil {
					t.Fatal(err)
				}
				for i, page := range pagesOf(t, pdf) {
					page.checkLayout(t, i+1)
				}
			}
		})
	}
}

// checkLayout reports words outside the page and words that overlap.
func (p paperPage) checkLayout(t *testing.T, number int) {
	t.Helper()
	for i, w := range p {
		if w.XMin < 7*mm || w.XMax > 290.5*mm || w.YMin < 4*mm || w.YMax > 297*mm {
			t.Errorf("page %d: %.40q is outside the page", number, w.Text)
		}
		for _, other := range p[i+1:] {
			width, height := min(w.XMax, other.XMax)-max(w.XMin, other.XMin), min(w.YMax, other.YMax)-max(w.YMin, other.YMin)
			if width > 1.5 && height > 4 {
				t.Errorf("page %d: %.40q is drawn over %.40q", number, w.Text, other.Text)
			}
		}
	}
}
