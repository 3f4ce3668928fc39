package printform

import (
	"bytes"
	"fmt"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"acts24/acts"
	"acts24/acts/rubles"
)

// TestPDFContainsTheAct extracts the text of 200 documents and compares it with their acts.
func TestPDFContainsTheAct(t *testing.T) {
	needPoppler(t)
	count := uint64(200)
	if testing.Short() {
		count = 40
	}
	for seed := range count {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			a := newGenerator(seed).act()
			file := writePDF(t, Form{Act: a})
			text := read(t, file, "-layout")
			for _, want := range sayings(a) {
				if !strings.Contains(text, want) && !strings.Contains(withoutSpaces(text), withoutSpaces(want)) {
					t.Errorf("%q is not in the document", want)
				}
			}
			names := withoutSpaces(readColumn(t, file, columnOfNames(a)))
			for _, l := range a.Lines {
				before, after, found := strings.Cut(names, withoutSpaces(l.Name))
				if !found {
					t.Fatalf("line %d is not in the document or not in its place: %q", l.N, l.Name)
				}
				names = before[:0] + after
			}
			checkLayout(t, words(t, file))
		})
	}
}

// sayings returns the texts that the document of an act must contain.
func sayings(a acts.Act) []string {
	plain := func(text string) string { return strings.ReplaceAll(text, string(nbsp), " ") }
	sum := acts.Sum(a.Lines)
	list := []string{acts.DocumentName, "№ " + a.Number + " от " + plain(longDate(a.Date)), a.Basis.Label(),
		"с " + a.From.Format("02.01.2006") + " по " + a.To.Format("02.01.2006"), "Страница 1 из",
		"Итого: " + plain(sum.Gross.Label()), rubles.Words(sum.Gross), accepted, a.Comment,
		fmt.Sprintf("Всего наименований %d, на сумму %s руб.", len(a.Lines), plain(sum.Gross.Label()))}
	for _, p := range []acts.Party{a.Seller, a.Buyer} {
		list = append(list, p.FullName(), p.Address, p.INN, p.KPP, p.OGRN, p.Bank, p.Account, p.BIK, p.CorrAccount)
	}
	if c := a.Correction; c.IsSet() {
		list = append(list, fmt.Sprintf("Исправление № %d от %s", c.N, plain(longDate(c.Date))))
	}
	for _, l := range a.Lines {
		list = append(list, plain(l.Gross.Label()))
	}
	for _, tax := range taxes(a) {
		list = append(list, tax.label+" "+plain(tax.sum))
	}
	return list
}

func TestSidesOfAnAct(t *testing.T) {
	needPoppler(t)
	company, person := acts.Party{Kind: acts.PartyCompany, Name: "ООО «Ромашка»", INN: "7707083893", KPP: "770701001", OGRN: "1027700132195"},
		acts.Party{Kind: acts.PartyPerson, Name: "ИП Петров", LastName: "Петров", FirstName: "Пётр", INN: "500100732259", KPP: "000000000", OGRN: "304500116000157"}
	registered := person
	registered.Registered = time.Date(2004, 1, 16, 0, 0, 0, 0, time.UTC)
	signer := acts.Signer{Last: "Ковалёва", First: "анна", Middle: "Сергеевна", Position: "Директор", Ground: "Доверенность № 3 от 01.02.2026"}
	for name, tt := range map[string]struct {
		act    acts.Act
		has    []string
		hasNot []string
	}{
		"a company for a company": {
			acts.Act{Seller: company, Buyer: company, Signer: signer, Lines: []acts.Line{{Rate: "22"}}, Number: "12"},
			[]string{"ИНН 7707083893, КПП 770701001, ОГРН 1027700132195", "Директор", "на основании доверенности № 3 от", "Ковалёва А. С.", "М. П.",
				"Цена с НДС", "Сумма с НДС", "№ 12", "в том числе НДС 22 %: 0,00"},
			[]string{"ОГРНИП", "не облагается", "предприниматель"},
		},
		"an ИП for an ИП signs himself, without VAT": {
			acts.Act{Seller: person, Buyer: person, VATGround: "УСН", Lines: []acts.Line{{Rate: acts.NoVAT}}},
			[]string{"Индивидуальный предприниматель Петров Пётр", "ИНН 500100732259, ОГРНИП 304500116000157", "Петров П.", "НДС не облагается (УСН)", "Цена, руб.", "Сумма, руб.", "№ ____"},
			[]string{"КПП", "М. П.", "действует", "с НДС", "0 %"},
		},
		"an ИП with the day of his ОГРНИП": {
			acts.Act{Seller: registered, Buyer: person}, []string{"ОГРНИП 304500116000157 от 16.01.2004"}, nil,
		},
		"somebody signs for an ИП": {
			acts.Act{Seller: person, Buyer: person, Signer: signer}, []string{"Ковалёва А. С.", "на основании доверенности № 3", "Директор"}, []string{"М. П."},
		},
		"0 % is a rate": {
			acts.Act{Lines: []acts.Line{{Rate: "0"}}}, []string{"в том числе НДС 0 %: 0,00", "Цена с НДС"}, []string{"не облагается"},
		},
		"payments and a state contract": {
			acts.Act{Payments: []acts.Payment{{Number: "117", Date: time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)}}, StateContract: "1234567890123456789012345"},
			[]string{"Оплата № 117 от 01.10.2026", "Госконтракт 1234567890123456789012345"}, nil,
		},
		"0 % with its ground": {
			acts.Act{ZeroGround: "пп. 2.1 п. 1 ст. 164 НК РФ", Lines: []acts.Line{{Rate: "0"}, {Rate: "7"}}},
			[]string{"в том числе НДС 7 %: 0,00 в том числе НДС 0 % (пп. 2.1 п. 1 ст. 164 НК РФ): 0,00"}, nil,
		},
		"lines with different rates": {
			acts.Act{Lines: []acts.Line{{Rate: "10"}, {Rate: acts.NoVAT, Totals: acts.Totals{Net: 100, Gross: 100}}, {Rate: "22"}}},
			[]string{"в том числе НДС 22 %: 0,00 в том числе НДС 10 %: 0,00 НДС не облагается, на сумму: 1,00", "без НДС", "10 %"}, nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.Join(strings.Fields(read(t, writePDF(t, Form{Act: tt.act}), "-layout")), " ")
			for _, want := range tt.has {
				if !strings.Contains(text, want) {
					t.Errorf("%q is missing in %q", want, text)
				}
			}
			for _, not := range tt.hasNot {
				if strings.Contains(text, not) {
					t.Errorf("%q is in %q", not, text)
				}
			}
		})
	}
}

// TestSameBytes prints one act many times concurrently.
func TestSameBytes(t *testing.T) {
	form := Form{Act: newGenerator(3).act(), Logo: picture(90, 30)}
	want, err := PDF(form)
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for range 16 {
		group.Go(func() {
			if got, err := PDF(form); err != nil || !bytes.Equal(got, want) {
				t.Errorf("other bytes for the same act (%v)", err)
			}
		})
	}
	group.Wait()
}

// TestFilesAreSound opens the fonts and the documents with another program.
func TestFilesAreSound(t *testing.T) {
	needPoppler(t)
	out, err := exec.Command("pdffonts", writePDF(t, Form{Act: newGenerator(5).act()})).CombinedOutput()
	if err != nil || strings.Count(string(out), " yes no  yes ") != 2 || strings.Contains(string(out), "rror") {
		t.Errorf("fonts are not embedded and readable: %v\n%s", err, out)
	}
}

func BenchmarkPDF(b *testing.B) {
	for _, lines := range []int{3, 30, 300} {
		b.Run(fmt.Sprint(lines, " lines"), func(b *testing.B) {
			g := newGenerator(1)
			a := g.act()
			a.Lines = nil
			for n := range lines {
				a.Lines = append(a.Lines, g.line(n+1, a.Date, true, ""))
			}
			for b.Loop() {
				if _, err := PDF(Form{Act: a}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
