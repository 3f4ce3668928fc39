package upd

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"acts24/acts"
	"acts24/acts/printform"
)

// titleXML is what a title has, read independently of the tree from which it is printed.
type titleXML struct {
	Document struct {
		Function string `xml:"Функция,attr"`
		Author   string `xml:"НаимЭконСубСост,attr"`
		Head     struct {
			Number     string `xml:"НомерДок,attr"`
			Correction *struct {
				N string `xml:"НомИспр,attr"`
			} `xml:"ИспрДок"`
			Sellers  []xmlParty `xml:"СвПрод"`
			Buyers   []xmlParty `xml:"СвПокуп"`
			Payments []struct {
				Number string `xml:"НомерПРД,attr"`
				Date   string `xml:"ДатаПРД,attr"`
			} `xml:"СвПРД"`
			Case struct {
				Contract string `xml:"ИдГосКон,attr"`
			} `xml:"ДопСвФХЖ1"`
		} `xml:"СвСчФакт"`
		Rows []struct {
			Name     string `xml:"НаимТов,attr"`
			Code     string `xml:"ОКЕИ_Тов,attr"`
			Unit     string `xml:"НаимЕдИзм,attr"`
			Quantity string `xml:"КолТов,attr"`
			Price    string `xml:"ЦенаТов,attr"`
			Net      string `xml:"СтТовБезНДС,attr"`
			Rate     string `xml:"НалСт,attr"`
			Gross    string `xml:"СтТовУчНал,attr"`
			Tax      xmlTax `xml:"СумНал"`
		} `xml:"ТаблСчФакт>СведТов"`
		Total struct {
			Net   string `xml:"СтТовБезНДСВсего,attr"`
			Gross string `xml:"СтТовУчНалВсего,attr"`
			Tax   xmlTax `xml:"СумНалВсего"`
		} `xml:"ТаблСчФакт>ВсегоОпл"`
		Basis struct {
			Name string `xml:"РеквНаимДок,attr"`
		} `xml:"СвПродПер>СвПер>ОснПер"`
		Signer struct {
			Position string `xml:"Должн,attr"`
			Name     struct {
				Last string `xml:"Фамилия,attr"`
			} `xml:"ФИО"`
		} `xml:"Подписант"`
	} `xml:"Документ"`
}

// xmlParty is a company or an ИП in a title.
type xmlParty struct {
	Company struct {
		Name string `xml:"НаимОрг,attr"`
		INN  string `xml:"ИННЮЛ,attr"`
		KPP  string `xml:"КПП,attr"`
	} `xml:"ИдСв>СвЮЛУч"`
	Person struct {
		INN  string `xml:"ИННФЛ,attr"`
		Name struct {
			Last  string `xml:"Фамилия,attr"`
			First string `xml:"Имя,attr"`
		} `xml:"ФИО"`
	} `xml:"ИдСв>СвИП"`
	Address struct {
		Text string `xml:"АдрТекст,attr"`
	} `xml:"Адрес>АдрИнф"`
}

func (p xmlParty) name() string { return p.Company.Name + p.Person.Name.Last + p.Person.Name.First }

func (p xmlParty) codes() string {
	if p.Company.KPP != "" {
		return p.Company.INN + "/" + p.Company.KPP
	}
	return p.Company.INN + p.Person.INN
}

// xmlTax is a sum of tax or the words «без НДС».
type xmlTax struct {
	Sum  string `xml:"СумНал"`
	None string `xml:"БезНДС"`
}

// printedFigure returns a number of the title as the page shows it, and other texts unchanged.
func printedFigure(text string) string {
	if text != "" && strings.Trim(text, "0123456789.") == "" {
		return acts.Figure(text)
	}
	return text
}

// paperWord is a word on a page with its corners in points.
type paperWord struct {
	XMin float64 `xml:"xMin,attr"`
	YMin float64 `xml:"yMin,attr"`
	XMax float64 `xml:"xMax,attr"`
	YMax float64 `xml:"yMax,attr"`
	Text string  `xml:",chardata"`
}

// paperPage holds the words of one page.
type paperPage []paperWord

const mm = 72 / 25.4 // points

// requirePoppler skips the test when poppler is not installed; in CI it fails.
func requirePoppler(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("pdftotext"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("pdftotext is not installed: poppler-utils is missing")
		}
		t.Skip("NOT CHECKED: the texts of printed УПД: pdftotext (poppler-utils) is not installed")
	}
}

// pagesOf returns the words on the pages of a PDF, as pdftotext finds them.
func pagesOf(t *testing.T, pdf []byte) (pages []paperPage) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "upd.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), "pdftotext", "-bbox", path, "-").CombinedOutput()
	if err != nil {
		t.Fatalf("pdftotext: %v: %s", err, out)
	}
	for _, text := range strings.Split(string(out), "<page ")[1:] {
		var page paperPage
		for _, row := range strings.Split(text, "\n") {
			var w paperWord
			if row = strings.TrimSpace(row); strings.HasPrefix(row, "<word") {
				if err := xml.Unmarshal([]byte(row), &w); err != nil {
					t.Fatal(err)
				}
				page = append(page, w)
			}
		}
		pages = append(pages, page)
	}
	return pages
}

// find returns the first word with this text at or below a height.
func (p paperPage) find(t *testing.T, text string, below float64) paperWord {
	t.Helper()
	for _, w := range p {
		if w.Text == text && w.YMin >= below {
			return w
		}
	}
	t.Fatalf("%q is not on the page", text)
	return paperWord{}
}

// has reports whether a word is on the page.
func (p paperPage) has(text string) bool {
	return slices.ContainsFunc(p, func(w paperWord) bool { return w.Text == text })
}

// inside returns the text of the words with a centre inside a rectangle, line by line, without spaces.
func (p paperPage) inside(x0, y0, x1, y1 float64) string {
	var words []paperWord
	for _, w := range p {
		if x, y := (w.XMin+w.XMax)/2, (w.YMin+w.YMax)/2; x >= x0 && x <= x1 && y >= y0 && y <= y1 {
			words = append(words, w)
		}
	}
	slices.SortStableFunc(words, func(a, b paperWord) int {
		if d := a.YMin - b.YMin; d > 3 || d < -3 {
			return int(d)
		}
		return int(a.XMin - b.XMin)
	})
	text := ""
	for _, w := range words {
		text += w.Text
	}
	return denseText(text)
}

// denseText removes white space.
func denseText(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, text)
}

// columnLetters are the letters of the columns of a printed УПД.
var columnLetters = strings.Fields("А 1 1а 1б 2 2а 3 4 5 6 7 8 9 10 10а 11")

// columnsOf returns the left edges of the columns and the height of their letters: letters are centred in their columns.
func (p paperPage) columnsOf(t *testing.T) (edges []float64, y float64) {
	t.Helper()
	at := slices.IndexFunc(p, func(w paperWord) bool { return w.Text == "А" && w.XMin < 30*mm })
	if at < 0 {
		t.Fatal("the page has no column А")
	}
	first := p[at]
	edges = []float64{8 * mm}
	for _, letter := range columnLetters {
		at := slices.IndexFunc(p, func(w paperWord) bool { return w.Text == letter && w.YMin > first.YMin-2 && w.YMin < first.YMin+2 })
		if at < 0 {
			t.Fatalf("the page has no column %s", letter)
		}
		centre, left := (p[at].XMin+p[at].XMax)/2, edges[len(edges)-1]
		edges = append(edges, 2*centre-left)
	}
	return edges, first.YMax
}

// columnText returns what is below the header of the table in a column, from all pages with a table.
func columnText(t *testing.T, pages []paperPage, letter string) (rows, total string) {
	t.Helper()
	i := slices.Index(columnLetters, letter)
	for _, page := range pages {
		if !page.has("10а") {
			continue
		}
		edges, y := page.columnsOf(t)
		bottom := 203 * mm
		if page.has("Всего") {
			w := page.find(t, "Всего", y)
			bottom = w.YMin - 1
			total = page.inside(edges[i], w.YMin-1, edges[i+1], w.YMax+1)
		}
		rows += page.inside(edges[i], y, edges[i+1], bottom)
	}
	return rows, total
}

// field returns the text of a line of the head, right of its label, from the height of the line above it.
func (p paperPage) field(t *testing.T, above, code string, x float64) string {
	t.Helper()
	from, to := p.find(t, above, 0), p.find(t, code, 0)
	return p.inside(x, from.YMax-1, to.XMin-1, to.YMax+1)
}

// shortDrawableTexts are texts that the fonts can draw and that break XML when they are not escaped; drawableTexts adds long and usual ones.
var shortDrawableTexts = []string{
	`ООО "Рога & копыта" <№ 1>`, "Ёлка «ёж» — №5…", "конец ]]> <!-- --> <![CDATA[", "цена 100 %", "&#0;&quot;&amp;lt;%s%d", "'одна' кавычка",
}

var drawableTexts = append(slices.Clone(shortDrawableTexts),
	strings.Repeat("Сверхдлинноеназвание", 20), strings.Repeat("длинное название услуги ", 17), "Обслуживание")

// printableAct returns a random act with texts that the fonts can draw.
func printableAct(r *rand.Rand) acts.Act {
	act := randomAct(r)
	for _, p := range []*acts.Party{&act.Seller, &act.Buyer} {
		if p.Address = pick(r, shortDrawableTexts...); p.Kind == acts.PartyPerson {
			p.LastName = pick(r, "Ёлкина", "Римская-Корсакова", "Ли")
		} else {
			p.Name = pick(r, drawableTexts...)
		}
	}
	act.Number = pick(r, "1", "А-17/26", `"№" & <3>`)
	act.Signer.Last, act.Signer.Position = pick(r, "Ёлкина", "Ли"), pick(r, "Директор", strings.Repeat("Заместитель ", 12))
	if act.Basis.Name != "" {
		act.Basis.Name = pick(r, "Договор", drawableTexts[0])
	}
	if r.IntN(20) == 0 {
		for range 100 {
			act.Lines = append(act.Lines, act.Lines[0])
		}
	}
	for i := range act.Lines {
		act.Lines[i].Name = pick(r, drawableTexts...)
	}
	return withLines(act, act.Lines...)
}

// TestPrintedUPDEqualsItsTitle prints 200 random acts: what pdftotext finds in each column and line of the page is
// what the XML of the same act has, and an act on paper is printed with the same values as the electronic one.
func TestPrintedUPDEqualsItsTitle(t *testing.T) {
	requirePoppler(t)
	for part := range uint64(4) {
		t.Run(fmt.Sprint(part), func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(1137, part))
			for n := range 50 {
				act := printableAct(r)
				expectPrinted(t, act)
				if t.Failed() {
					t.Fatalf("act %d is not printed as its title: %+v", n, act)
				}
			}
		})
	}
}

// expectPrinted prints the title of an act and compares the pages with the XML, and with the print of the same act on paper.
func expectPrinted(t *testing.T, act acts.Act) {
	t.Helper()
	act.Medium = acts.MediumElectronic
	title := mustBuild(t, act)
	doc, err := PrintedTitle(title.Body)
	if err != nil {
		t.Fatal(err)
	}
	paper := act
	paper.Medium = acts.MediumPaper
	if paper.PrintedFunction() == act.Function {
		onPaper, faults := Printed(paper)
		if len(faults) > 0 || len(onPaper.Faults()) > 0 || !reflect.DeepEqual(onPaper, doc) {
			t.Errorf("on paper %+v with the faults %v, in the title %+v; want equal documents without faults", onPaper, faults, doc)
		}
	}
	pdf, err := doc.PDF()
	if err != nil {
		t.Fatal(err)
	}
	var want titleXML
	if err := decode(title.Body, &want); err != nil {
		t.Fatal(err)
	}
	want.comparePages(t, pagesOf(t, pdf))
}

// comparePages compares the head, the table and the signatures of a printed УПД with the title.
func (want titleXML) comparePages(t *testing.T, pages []paperPage) {
	t.Helper()
	d, page := want.Document, pages[0]
	expectEqual := func(what, got, want string) {
		t.Helper()
		if want == "" {
			want = "—"
		}
		if got != denseText(want) {
			t.Errorf("%s: the page has %q, the title %q", what, got, denseText(want))
		}
	}
	expectContains := func(what, got, want string) {
		t.Helper()
		if !strings.Contains(got, denseText(want)) {
			t.Errorf("%s: the page has %q without %q", what, got, denseText(want))
		}
	}
	status := page.find(t, "Статус:", 0)
	expectEqual("status", page.inside(status.XMax, status.YMin-3, 30*mm, status.YMax+3), map[string]string{"СЧФДОП": "1", "ДОП": "2"}[d.Function])
	left, right, correction := 32.5*mm, (32.5+(289-32.5-4)/2+4)*mm, page.find(t, "(1а)", 0) // the halves of the head, and its line of corrections
	expectEqual("number", page.inside(left+33*mm, correction.YMin-16, left+71*mm, correction.YMin-2), d.Head.Number)
	for _, side := range []struct {
		x      float64
		party  xmlParty
		labels [3]string
	}{{left, d.Head.Sellers[0], [3]string{"(2)", "(2а)", "(2б)"}}, {right, d.Head.Buyers[0], [3]string{"(6)", "(6а)", "(6б)"}}} {
		x := side.x + 36*mm
		expectContains("name", page.field(t, "(1а)", side.labels[0], x), side.party.name())
		expectEqual("address", page.field(t, side.labels[0], side.labels[1], x), side.party.Address.Text)
		expectEqual("ИНН/КПП", page.field(t, side.labels[1], side.labels[2], x), side.party.codes())
	}
	for _, p := range d.Head.Payments {
		expectContains("payments", page.field(t, "(4)", "(5)", left+49*mm), p.Number+" от "+p.Date)
	}
	expectEqual("state contract", page.field(t, "(7)", "(8)", right+56*mm), d.Head.Case.Contract)
	if c := d.Head.Correction; c != nil {
		expectContains("correction", page.inside(left, correction.YMin-1, correction.XMin, correction.YMax+1), "№"+c.N)
	}
	want.compareTable(t, pages, expectEqual)
	last := pages[len(pages)-1]
	basis := last.find(t, "[8]", 0)
	if d.Basis.Name != "" {
		expectContains("basis", last.inside(70*mm, basis.YMax-60, basis.XMin, basis.YMax+1), d.Basis.Name)
	}
	signer := last.find(t, "[10]", 0)
	expectContains("signer", last.inside(8*mm, signer.YMax-30, signer.XMin, signer.YMax+1), d.Signer.Name.Last)
	expectContains("position of the signer", last.inside(8*mm, signer.YMax-30, signer.XMin, signer.YMax+1), d.Signer.Position)
	author := last.find(t, "[14]", 0)
	expectContains("author", last.inside(8*mm, author.YMax-60, author.XMin, author.YMax+1), d.Author)
}

// compareTable compares the columns of the table and their totals with the title.
func (want titleXML) compareTable(t *testing.T, pages []paperPage, expectEqual func(what, got, want string)) {
	t.Helper()
	d := want.Document
	expected := map[string]string{}
	dash := func(text string) string {
		if strings.TrimSpace(text) == "" {
			return "—"
		}
		return text
	}
	for i, row := range d.Rows {
		for letter, text := range map[string]string{"А": "—", "1": fmt.Sprint(i + 1), "1а": row.Name, "1б": "—", "2": dash(row.Code), "2а": dash(row.Unit), "3": printedFigure(row.Quantity),
			"4": printedFigure(row.Price), "5": printedFigure(row.Net), "6": "без акциза", "7": row.Rate, "8": printedFigure(row.Tax.Sum + row.Tax.None), "9": printedFigure(row.Gross), "10": "—", "10а": "—", "11": "—"} {
			expected[letter] += text
		}
	}
	totals := map[string]string{"5": printedFigure(d.Total.Net), "8": printedFigure(d.Total.Tax.Sum + d.Total.Tax.None), "9": printedFigure(d.Total.Gross)}
	for _, letter := range columnLetters {
		rows, total := columnText(t, pages, letter)
		expectEqual("column "+letter, rows, expected[letter])
		if text, ok := totals[letter]; ok {
			expectEqual("total of column "+letter, total, text)
		}
	}
}

// printedPages prints an act on paper, which must not be refused.
func printedPages(t *testing.T, act acts.Act) []paperPage {
	t.Helper()
	act.Medium = acts.MediumPaper
	doc, faults := Printed(act)
	if faults = append(faults, doc.Faults()...); len(faults) > 0 {
		t.Fatalf("Printed returns the faults %v, want none", faults)
	}
	pdf, err := doc.PDF()
	if err != nil {
		t.Fatal(err)
	}
	return pagesOf(t, pdf)
}

// The status and the totals of an act on paper follow its rates, whatever the function of our company is.
func TestPrintedStatus(t *testing.T) {
	requirePoppler(t)
	for name, tt := range map[string]struct {
		rate                    acts.Rate
		status, net, tax, gross string
	}{
		"ОСНО":    {"22", "1", "100 000,00", "22 000,00", "122 000,00"},
		"УСН 5 %": {"5", "1", "116 190,48", "5 809,52", "122 000,00"},
		"0 %":     {"0", "1", "122 000,00", "0,00", "122 000,00"},
		"без НДС": {acts.NoVAT, "2", "122 000,00", "без НДС", "122 000,00"},
	} {
		t.Run(name, func(t *testing.T) {
			act := withLines(validAct(), line("Обслуживание", "1", "122000", tt.rate))
			pages := printedPages(t, act)
			status := pages[0].find(t, "Статус:", 0)
			if got := pages[0].inside(status.XMax, status.YMin-3, 30*mm, status.YMax+3); got != tt.status {
				t.Errorf("the status is %s, want %s", got, tt.status)
			}
			for letter, want := range map[string]string{"5": tt.net, "8": tt.tax, "9": tt.gross} {
				if _, total := columnText(t, pages, letter); total != denseText(want) {
					t.Errorf("the total of column %s is %s, want %s", letter, total, want)
				}
			}
		})
	}
}

// The page names the edition of the form that is in force on the date of the act; an older date is refused.
func TestPrintedEdition(t *testing.T) {
	requirePoppler(t)
	for date, want := range map[string]struct {
		edition string
		advance bool
	}{
		"2026-04-01": {"26)", true}, "2026-03-31": {"СД-4-3/11730@)", true}, "2025-12-31": {"1096)", false}, "2024-09-30": {"534)", false}, "2021-06-30": {"", false},
	} {
		act := validAct()
		on, err := time.Parse(time.DateOnly, date)
		if err != nil {
			t.Fatal(err)
		}
		act.Date, act.Basis = on, acts.Basis{None: true}
		act = withLines(act, line("Обслуживание", "1", "100", acts.NoVAT))
		doc, faults := Printed(act)
		if len(faults) > 0 {
			t.Fatalf("Printed returns the faults %v, want none", faults)
		}
		if want.edition == "" {
			if faults := doc.Faults(); len(faults) != 1 || faults[0].Check != acts.CheckTitleDate {
				t.Errorf("%s: the faults are %v, want one of the date", date, faults)
			}
			if _, err := doc.PDF(); acts.KindOf(err) != acts.Invalid {
				t.Errorf("%s: PDF returns %v, want Invalid", date, err)
			}
			continue
		}
		if page := printedPages(t, act)[0]; !page.has(want.edition) || page.has("(5б)") != want.advance {
			t.Errorf("%s: the page has the edition %s: %t, the line of advances: %t; want true, %t", date, want.edition, page.has(want.edition), page.has("(5б)"), want.advance)
		}
	}
}

// An act of 300 rows repeats the header of the table on each page and has its signatures below its last row.
func TestPrintedPages(t *testing.T) {
	requirePoppler(t)
	act := validAct()
	var lines []acts.Line
	for n := range 300 {
		lines = append(lines, line(fmt.Sprintf("Работа №%d", n+1), "1", "10.01", "22"))
	}
	pages := printedPages(t, withLines(act, lines...))
	for i, page := range pages {
		if !page.has("10а") || page.has("Всего") != (i == len(pages)-1) {
			t.Errorf("page %d of %d: header %t, total %t; want the header, and the total on the last page", i+1, len(pages), page.has("10а"), page.has("Всего"))
		}
		for _, w := range page {
			if w.XMin < 7*mm || w.XMax > 290*mm || w.YMin < 5*mm || w.YMax > 208*mm {
				t.Errorf("page %d: %q is outside the page", i+1, w.Text)
			}
		}
	}
	last := pages[len(pages)-1]
	if !last.has("№300") || !last.has("[19]") || !last.has(fmt.Sprint(len(pages))) || len(pages) < 5 {
		t.Errorf("%d pages, the last is %v; want at least 5, and row 300, the signatures and the number of pages on the last", len(pages), last)
	}
	if rows, _ := columnText(t, pages, "1а"); strings.Count(rows, "Работа№") != 300 {
		t.Errorf("%d names in the table, want 300", strings.Count(rows, "Работа№"))
	}
}

// Characters without a glyph are refused on paper with the place; a document that exists already is printed with a note that they are replaced.
func TestPrintedCharacters(t *testing.T) {
	requirePoppler(t)
	act := withLines(validAct(), line("Обслуживание", "1", "100", "22"), line("Печать 😀 عربي", "1", "100", "22"))
	doc, faults := Printed(act)
	if len(faults) > 0 {
		t.Fatalf("Printed returns the faults %v, want none", faults)
	}
	if faults := doc.Faults(); len(faults) != 1 || faults[0].Check != acts.CheckTitleRows || !strings.Contains(faults[0].Text, "строка 2") || !strings.Contains(faults[0].Text, "😀") {
		t.Errorf("the faults are %v, want one that names 😀 in row 2", faults)
	}
	pdf, err := doc.PDF()
	if err != nil {
		t.Fatal(err)
	}
	if page := pagesOf(t, pdf)[0]; !page.has("заменены") {
		t.Error("the page does not mention the replaced characters")
	}
}

// A printed УПД without a number is a preview; what the builder refuses is returned; equal documents give equal bytes.
func TestPrintedPreviewAndFaults(t *testing.T) {
	act := validAct()
	act.Medium, act.Number = acts.MediumPaper, ""
	doc, faults := Printed(act)
	if len(faults) > 0 || doc.Number != "" || !doc.Invoice || len(doc.Shipments) != 1 || strings.Contains(doc.Shipments[0], "№") {
		t.Errorf("Printed = %+v, %v; want an invoice without a number and without faults", doc, faults)
	}
	first, err1 := doc.PDF()
	second, err2 := doc.PDF()
	if err1 != nil || err2 != nil || !bytes.Equal(first, second) {
		t.Errorf("two PDFs of one document are equal: %t, %v, %v; want equal bytes", bytes.Equal(first, second), err1, err2)
	}
	act.Buyer.Address, act.Lines[0].Name = "", " "
	if _, faults := Printed(act); len(faults) != 2 || faults[0].Check != acts.CheckTitleAddress || faults[1].Check != acts.CheckTitleRows {
		t.Errorf("the faults are %v, want one of the address and one of the rows", faults)
	}
	act = validAct()
	act.Medium, act.Seller = acts.MediumPaper, entrepreneur()
	if _, faults := Printed(act); len(faults) != 1 || faults[0].Check != acts.CheckTitleSeller {
		t.Errorf("the faults of an invoice of an ИП without ОГРНИП are %v, want one of the seller", faults)
	}
}

// The act and its invoice are one file: the act in portrait, the invoice with the same sums in landscape.
func TestActWithInvoice(t *testing.T) {
	requirePoppler(t)
	act := validAct()
	act.Medium = acts.MediumPaper
	doc, faults := Printed(act)
	if len(faults) > 0 {
		t.Fatalf("Printed returns the faults %v, want none", faults)
	}
	pdf, err := printform.PDFWithInvoice(printform.Form{Act: act}, doc)
	if err != nil {
		t.Fatal(err)
	}
	pages := pagesOf(t, pdf)
	if len(pages) != 2 || !pages[0].has("Исполнитель") || !pages[1].has("СЧЕТ-ФАКТУРА") || pages[1].has("[8]") || pages[1].has("Статус:") {
		t.Errorf("%d pages: %v; want an act and an invoice without the signatures and the status of an УПД", len(pages), pages)
	}
	for i, page := range pages {
		if !strings.Contains(page.inside(0, 0, 2000, 2000), denseText(act.Totals.Gross.Label())) {
			t.Errorf("page %d has no %s", i+1, act.Totals.Gross.Label())
		}
	}
}
