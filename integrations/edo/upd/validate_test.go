package upd

import (
	"encoding/xml"
	"errors"
	"strings"
	"testing"

	"acts24/acts"
)

// TestValidate breaks, one at a time, every rule that an XSD validator does not check; the names begin with the number of the rule
// (docs/contracts/sbis.md, "УПД: seller title").
func TestValidate(t *testing.T) {
	row := func(f *file) *row { return &f.Document.Table.Rows[0] }
	invoice := func(f *file) { f.Document.Function = string(acts.FunctionActAndInvoice) }
	circumstance := func(f *file) { invoice(f); f.Document.Invoice.Case = &caseInfo{OfInvoice: "1"} }
	for name, tt := range map[string]struct {
		change  func(*file)
		message string // "" when the title stays valid
	}{
		"1 the file has another name":               {func(f *file) { f.ID += "1" }, "Имя файла"},
		"2 an act without a name":                   {func(f *file) { f.Document.Name = "" }, "НаимДокОпр"},
		"2 an invoice with a name":                  {func(f *file) { f.Document.Function = onlyInvoice }, "НаимДокОпр"},
		"3 an invoice without rows":                 {func(f *file) { invoice(f); f.Document.Table = nil }, "нет строк"},
		"3 an act without a handover":               {func(f *file) { f.Document.Handover = nil }, "СвПродПер"},
		"4 an invoice without the seller's address": {func(f *file) { invoice(f); f.Document.Invoice.Sellers[0].Address = nil }, "адрес продавца"},
		"4 an invoice without the buyer's address":  {func(f *file) { invoice(f); f.Document.Invoice.Buyers[0].Address = nil }, "адрес покупателя"},
		"4 a sender without an address":             {func(f *file) { invoice(f); f.Document.Invoice.Senders = []sender{{&party{}}} }, "адрес грузоотправителя"},
		"4 a consignee without an address":          {func(f *file) { invoice(f); f.Document.Invoice.Consignees = []party{{}} }, "адрес грузополучателя"},
		"4 a factor without an address":             {func(f *file) { invoice(f); f.Document.Invoice.Case = &caseInfo{Factor: &party{}} }, "адрес фактора"},
		"5 an invoice row without a name":           {func(f *file) { invoice(f); row(f).Name = "" }, "Строка 1: нет названия"},
		"5 an invoice row without a gross sum":      {func(f *file) { invoice(f); row(f).Gross = "" }, "Строка 1: нет стоимости с НДС"},
		"5 an invoice row without a quantity":       {func(f *file) { invoice(f); row(f).Quantity = "" }, "нет количества"},
		"5 an invoice row without a price":          {func(f *file) { invoice(f); row(f).Price = "" }, "цена должна быть больше нуля"},
		"5 an invoice row with a price of zero":     {func(f *file) { invoice(f); row(f).Price = "0.00" }, "цена должна быть больше нуля"},
		"5 invoice totals without gross":            {func(f *file) { invoice(f); f.Document.Table.Total.Gross = "" }, "Нет итоговой стоимости с НДС"},
		"5 a circumstance without a net sum":        {func(f *file) { circumstance(f); row(f).Net = "" }, "Строка 1: нет стоимости без НДС"},
		"5 a circumstance without a quantity":       {func(f *file) { circumstance(f); row(f).Quantity, row(f).UnitCode = "", "" }, "Строка 1: нет количества"},
		"5 a circumstance without a net total":      {func(f *file) { circumstance(f); f.Document.Table.Total.Net = "" }, "Нет итоговой стоимости без НДС"},
		"6 an act row without a sum":                {func(f *file) { row(f).Net, row(f).Gross = "", "" }, "Строка 1: нет стоимости"},
		"6 an act without a total":                  {func(f *file) { f.Document.Table.Total = total{} }, "Нет итоговой стоимости"},
		"6 an act row without a name":               {func(f *file) { row(f).Name = "" }, "Строка 1: нет названия"},
		"7 a code without a unit":                   {func(f *file) { row(f).Unit = "" }, "нет её названия"},
		"8 neither a date nor a period":             {func(f *file) { f.Document.Handover.Fact.Date = "" }, "ни дата, ни период"},
		"8 half a period":                           {func(f *file) { at := &f.Document.Handover.Fact; at.From, at.Date = at.Date, "" }, "ни дата, ни период"},
		"9 an electronic power without its code":    {func(f *file) { f.Document.Signers[0].Power = []power{{}} }, "Электронная доверенность"},
		"9 its code without an electronic power":    {func(f *file) { f.Document.Signers[0].Ground = "3" }, "Электронная доверенность"},
		"9 a power on paper without its code":       {func(f *file) { f.Document.Signers[0].OnPaper = []power{{}} }, "Бумажная доверенность"},
		"9 its code without a power on paper":       {func(f *file) { f.Document.Signers[0].Ground = "5" }, "Бумажная доверенность"},
		"a title without the document of shipment":  {func(f *file) { f.Document.Invoice.Shipments = nil }, ""},
		"an act row named by its article":           {func(f *file) { row(f).Name, row(f).More.Article = "", "А-1" }, ""},
		"an act row with one sum":                   {func(f *file) { row(f).Net = "" }, ""},
		"a date and a period":                       {func(f *file) { at := &f.Document.Handover.Fact; at.From, at.To = at.Date, at.Date }, ""},
		"an act without rows":                       {func(f *file) { f.Document.Table = nil }, ""},
		"an act without addresses":                  {func(f *file) { f.Document.Invoice.Buyers[0].Address = nil }, ""},
		"sums left out by a circumstance": {func(f *file) {
			f.Document.Invoice.Case = &caseInfo{OfAct: "10000"}
			row(f).Net, row(f).Gross, f.Document.Table.Total = "", "", total{}
		}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			title := mustBuild(t, validAct())
			var f file
			if err := decode(title.Body, &f); err != nil {
				t.Fatal(err)
			}
			tt.change(&f)
			err := validate(reencode(t, title.Name, &f))
			switch {
			case tt.message == "" && err != nil:
				t.Errorf("validate: %v, want no error", err)
			case tt.message != "" && (!errors.Is(err, acts.Invalid) || !strings.Contains(err.Error(), tt.message)):
				t.Errorf("validate: %v, want Invalid with %q", err, tt.message)
			}
		})
	}
}

// reencode returns the title of a changed tree.
func reencode(t *testing.T, name string, f *file) Title {
	t.Helper()
	f.XMLName = xml.Name{}
	body, err := encode(f)
	if err != nil {
		t.Fatal(err)
	}
	return Title{Name: name, Body: body}
}

// validate returns the rules that a title breaks as one error.
func validate(title Title) error {
	b := builder{}
	if err := b.validate(title); err != nil {
		return err
	}
	return b.err()
}
