package printform

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"

	"acts24/acts"
	"acts24/acts/signed"
)

// UPD holds the values of a universal transfer document (УПД) as its electronic document has them: dates as
// «31.10.2026», numbers with a decimal point. Empty values are printed as a dash.
type UPD struct {
	Invoice        bool   // it is a VAT invoice too: status 1, otherwise 2
	Number, Date   string // line 1; without a number the document is a preview
	Correction     string // line 1а: number and date of the correction; a single space for a number that is not assigned yet
	CorrectionDate string
	Seller, Buyer  UPDParty
	Payments       []string // line 5: «№ 15 от 12.01.2026»
	Shipments      []string // line 5а
	Currency       string
	StateContract  string
	Rows           []UPDRow
	Total          UPDSums
	Operation      string // what happened
	Handed         string // the day or the period of the transfer
	Basis          string // field [8]
	Signer         UPDSigner
	Author         string // who made the document, field [14]
	Code           string // of a paper act, for the barcode

	Signatures []signed.Signature // of the electronic document, in a stamp below it
}

// UPDParty is a party of the document.
type UPDParty struct {
	Name, Address, Codes string // Codes is «ИНН / КПП», of an ИП the ИНН
	Registration         string // ОГРНИП and its day, of an ИП
	Person               bool   // an ИП
}

// UPDSums are sums of a row or of the document; Tax may be «без НДС».
type UPDSums struct{ Net, Tax, Gross string }

// UPDRow is a row of the document.
type UPDRow struct {
	N, Name, UnitCode, Unit, Quantity, Price, Excise, Rate string
	UPDSums
}

// UPDSigner signs for the seller.
type UPDSigner struct{ Position, Name string }

// Faults returns why the document cannot be printed on paper: the form of its date is not supported, or a value has
// characters for which the fonts have no glyph.
func (d UPD) Faults() []acts.DocumentFault {
	list := d.undrawable()
	if _, err := editionOf(d.Date); err != nil {
		list = append(list, acts.DocumentFault{Check: acts.CheckTitleDate, Text: acts.Message(err)})
	}
	return list
}

// undrawable lists the values with characters such as emoji, which are printed as question marks.
func (d UPD) undrawable() (list []acts.DocumentFault) {
	look := func(line, what, text string) {
		if odd := undrawable(text); odd != "" {
			list = append(list, acts.DocumentFault{Check: line, Text: "В печатном шрифте нет знаков «" + odd + "»: " + what + ". Уберите или замените их."})
		}
	}
	look(acts.CheckTitleSeller, "реквизиты нашей организации", d.Seller.Name+d.Seller.Address)
	look(acts.CheckTitleBuyer, "реквизиты контрагента", d.Buyer.Name+d.Buyer.Address)
	look(acts.CheckTitleNumber, "номер акта", d.Number)
	look(acts.CheckTitleBasis, "основание", d.Basis)
	look(acts.CheckTitleSigner, "подписант", d.Signer.Position+d.Signer.Name)
	for _, r := range d.Rows {
		look(acts.CheckTitleRows, "строка "+r.N, r.Name+r.Unit)
	}
	return list
}

// PDF returns the document in landscape A4. The form is the edition of the date of the document.
func (d UPD) PDF() ([]byte, error) {
	e, err := editionOf(d.Date)
	if err != nil {
		return nil, err
	}
	s := newSheet()
	d.describe(s)
	d.draw(s, e, false)
	return output(s, "УПД № "+d.Number)
}

// PDFWithInvoice returns the print form of an act followed by its VAT invoice with the values of d.
func PDFWithInvoice(f Form, d UPD) ([]byte, error) {
	e, err := editionOf(d.Date)
	if err != nil {
		return nil, err
	}
	s := newSheet()
	f.describe(s)
	f.draw(s)
	d.draw(s, e, true)
	return output(s, caption(f.Act))
}

func output(s *sheet, what string) ([]byte, error) {
	var out bytes.Buffer
	if err := s.pdf.Output(&out); err != nil {
		return nil, fmt.Errorf("print form of %s: %w", what, err)
	}
	return out.Bytes(), nil
}

// describe sets the metadata of the file, whose times are the date of the document.
func (d UPD) describe(s *sheet) {
	made, _ := time.Parse(dateLayout, d.Date)
	setMetadata(s, made, d.caption(false), d.Seller.Name, "Универсальный передаточный документ")
}

// caption returns the name of the document for its pages.
func (d UPD) caption(invoice bool) string {
	name := "УПД"
	if invoice {
		name = "Счет-фактура"
	}
	if d.Number != "" {
		name += " № " + d.Number
	}
	return name + " от " + d.Date
}

// UPDFileName returns the name under which the printed УПД of an act is saved.
func UPDFileName(a acts.Act) string {
	return fileName(strings.Replace(caption(a), "Акт", "УПД", 1), a.Buyer)
}

const dateLayout = "02.01.2006"

// spelled returns a day of the document as «31 октября 2026 г.», and another text unchanged.
func spelled(date string) string {
	if t, err := time.Parse(dateLayout, date); err == nil {
		return longDate(t)
	}
	return date
}

// edition is an edition of the form of a VAT invoice (ПП РФ от 26.12.2011 № 1137, прил. 1). The transfer part is that of the
// letter ФНС ММВ-20-3/96@. Columns 12–14 are not printed: they belong to traceable goods only (прил. 1, п. 2.2).
type edition struct {
	since    time.Time
	name     string // how the page names it
	shipment string // label of line 5а
	advance  bool   // it has line 5б
	ogrnip   string // label below the registration of an ИП
}

const (
	ogrnipPaper  = "(реквизиты свидетельства о государственной регистрации индивидуального предпринимателя)"
	ogrnipNumber = "(основной государственный регистрационный номер индивидуального предпринимателя и дата присвоения такого номера)"
)

// editions are the editions of the form, the latest first. docs/decisions/0020-printed-upd.md lists the sources.
var editions = []edition{
	{day(2026, 4, 1), "в редакции постановления Правительства Российской Федерации от 23 января 2026 г. № 26", "Документ об отгрузке: наименование, №", true, ogrnipNumber},
	{day(2026, 1, 1), "форма рекомендована письмом ФНС России от 26 декабря 2025 г. № СД-4-3/11730@", "Документ об отгрузке: наименование, №", true, ogrnipNumber},
	{day(2024, 10, 1), "в редакции постановления Правительства Российской Федерации от 16 августа 2024 г. № 1096", "Документ об отгрузке: наименование, №", false, ogrnipPaper},
	{day(2021, 7, 1), "в редакции постановления Правительства Российской Федерации от 2 апреля 2021 г. № 534", "Документ об отгрузке № п/п", false, ogrnipPaper},
}

func day(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }

// editionOf returns the edition in force on the date of a document; Invalid for a date before all of them.
func editionOf(date string) (edition, error) {
	on, err := time.Parse(dateLayout, date)
	if err != nil {
		return edition{}, acts.Errorf(acts.Invalid, "Укажите дату акта: от неё зависит форма УПД.")
	}
	at := slices.IndexFunc(editions, func(e edition) bool { return !e.since.After(on) })
	if at < 0 {
		oldest := editions[len(editions)-1].since.Format(dateLayout)
		return edition{}, acts.Errorf(acts.Invalid, "УПД и счёт-фактура печатаются для актов с %s: форма, действовавшая раньше, не поддерживается. Печатная форма акта доступна.", oldest)
	}
	return editions[at], nil
}
