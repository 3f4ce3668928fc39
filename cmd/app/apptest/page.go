package apptest

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/PuerkitoBio/goquery"
)

// Page parses a page and fails the test when the status is not want.
func (s *Site) Page(p Page, err error, want int) *goquery.Document {
	s.T.Helper()
	if err != nil {
		s.T.Fatal(err)
	}
	if p.Status != want {
		s.T.Fatalf("%s: status %d, want %d\n%s", p.Path, p.Status, want, p.Body)
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(p.Body))
	if err != nil {
		s.T.Fatal(err)
	}
	return doc
}

// ParsePage parses a page with status 200.
func ParsePage(p Page) (*goquery.Document, error) {
	if p.Status != http.StatusOK {
		return nil, fmt.Errorf("%s answered %d", p.Path, p.Status)
	}
	return goquery.NewDocumentFromReader(strings.NewReader(p.Body))
}

// TestID returns the elements with a test id.
func TestID(doc *goquery.Document, id string) *goquery.Selection {
	return doc.Find(`[data-testid="` + id + `"]`)
}

// Text returns the text of the elements with a test id, with single spaces.
func Text(doc *goquery.Document, id string) string {
	return strings.Join(strings.Fields(TestID(doc, id).Text()), " ")
}

// Fact returns the value after a term of a description list.
func Fact(doc *goquery.Document, name string) string {
	return strings.TrimSpace(doc.Find("dt").FilterFunction(func(_ int, dt *goquery.Selection) bool { return dt.Text() == name }).Next().Text())
}

// ActForm returns the form of the deal tab with the values on the page.
func ActForm(doc *goquery.Document) (action string, form url.Values) {
	form = url.Values{}
	sel := doc.Find("form.act-form")
	sel.Find("input,select").Each(func(_ int, in *goquery.Selection) {
		name, _ := in.Attr("name")
		kind, _ := in.Attr("type")
		_, checked := in.Attr("checked")
		_, disabled := in.Attr("disabled")
		if name == "" || disabled || (kind == "checkbox" || kind == "radio") && !checked {
			return
		}
		value, _ := in.Attr("value")
		if goquery.NodeName(in) == "select" {
			value, _ = in.Find("option[selected]").Attr("value")
		}
		form.Add(name, value)
	})
	action, _ = sel.Attr("action")
	return action, form
}

// Form returns a form of names and values that alternate.
func Form(pairs ...string) url.Values {
	f := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		f.Set(pairs[i], pairs[i+1])
	}
	return f
}

// QuantityFields returns the names of the quantity fields of a form, in order.
func QuantityFields(doc *goquery.Document) []string {
	var names []string
	doc.Find("input.quantity").Each(func(_ int, in *goquery.Selection) {
		name, _ := in.Attr("name")
		names = append(names, name)
	})
	return names
}

// FaultAt returns the fault at a field of the form.
func FaultAt(doc *goquery.Document, field string) string {
	return strings.TrimSpace(TestID(doc, "fault-"+field).Text())
}

// PlainSpaces replaces no-break spaces by spaces.
func PlainSpaces(text string) string { return strings.ReplaceAll(text, "\u00a0", " ") }
