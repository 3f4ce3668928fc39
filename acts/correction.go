package acts

import (
	"slices"
	"strconv"
	"time"

	"github.com/shopspring/decimal"
)

// Correction describes how an act that is also a VAT invoice corrects a refused one. The correction keeps the
// number and the date of the refused act, because a new number would be a second invoice for one shipment (ПП
// 1137, annex 1, item 7), and its document carries ИспрДок.
type Correction struct {
	N      int             `json:"-"`                // НомИспр, 1 to 999; 0 until the correction gets its number
	Number string          `json:"number,omitempty"` // number of the corrected document
	Date   time.Time       `json:"on,omitzero"`      // ДатаИспр; zero when the act is no correction
	File   string          `json:"file,omitempty"`   // ИдФайл of the corrected title, "" when that document was not XML
	Paper  PaperForm       `json:"paper,omitempty"`  // print form of the corrected document, "" when that was electronic
	Cause  CorrectionCause `json:"cause,omitempty"`
	Was    []CorrectedLine `json:"was,omitempty"` // the lines of the corrected document
}

// CorrectionCause is why the sums or quantities of a correction differ from those of the corrected document.
type CorrectionCause string

// The causes. A change agreed on after the service requires another document, УКД, which is made in SBIS.
const (
	CauseMistake   CorrectionCause = "mistake"
	CauseAgreement CorrectionCause = "agreement"
)

// CorrectedLine holds the figures of one line of the corrected document.
type CorrectedLine struct {
	Quantity decimal.Decimal `json:"quantity"`
	Price    decimal.Decimal `json:"price"`
	Rate     Rate            `json:"rate"`
	Gross    Kopecks         `json:"gross"`
}

func (l CorrectedLine) equal(m CorrectedLine) bool {
	return l.Quantity.Equal(m.Quantity) && l.Price.Equal(m.Price) && l.Rate == m.Rate && l.Gross == m.Gross
}

// Medium returns the medium of the corrected document; the correction must have the same.
func (c Correction) Medium() Medium {
	if c.Paper != "" {
		return MediumPaper
	}
	return MediumElectronic
}

// MaxCorrections is the largest number of corrections of one document: НомИспр has at most three digits.
const MaxCorrections = 999

// CorrectionOf returns the correction of the refused act old, made on the day on; file is the ИдФайл of the
// refused document. The result is empty when the document of the act was no invoice with a number.
func CorrectionOf(old Act, on time.Time, file string) Correction {
	if !old.IssuesInvoice(PaperFormAct) || old.Number == "" {
		return Correction{}
	}
	c := Correction{Number: old.Number, Date: on, File: file}
	if old.Medium == MediumPaper {
		c.Paper = old.PaperForm
	}
	for _, l := range old.Lines {
		c.Was = append(c.Was, figuresOf(l))
	}
	return c
}

func figuresOf(l Line) CorrectedLine { return CorrectedLine{l.Quantity, l.Price, l.Rate, l.Gross} }

// IsSet reports whether the act is a correction.
func (c Correction) IsSet() bool { return !c.Date.IsZero() }

// Label returns «исправление № 2 от 05.12.2026», without the number until there is one, and "" for an act that is no
// correction.
func (c Correction) Label() string {
	switch {
	case !c.IsSet():
		return ""
	case c.N == 0:
		return "исправление от " + c.Date.Format("02.01.2006")
	}
	return "исправление № " + strconv.Itoa(c.N) + " от " + c.Date.Format("02.01.2006")
}

// Differs reports whether the figures of the lines differ from the corrected document, regardless of order.
func (c Correction) Differs(lines []Line) bool {
	if len(lines) != len(c.Was) {
		return c.IsSet()
	}
	used := make([]bool, len(c.Was))
next:
	for _, l := range lines {
		for i, was := range c.Was {
			if !used[i] && was.equal(figuresOf(l)) {
				used[i] = true
				continue next
			}
		}
		return true
	}
	return false
}

// CorrectionFaults returns the faults of a correction's form: its date, changed sums without a cause, and a
// cause that requires another document.
func CorrectionFaults(a Act, today time.Time) (faults Faults) {
	c := a.Correction
	if !c.IsSet() {
		return nil
	}
	if c.Date.Before(a.Date) {
		faults.Add("correction-date", "Дата исправления не может быть раньше даты акта (%s).", a.Date.Format("02.01.2006"))
	}
	if c.Date.After(day(today.Date())) {
		faults.Add("correction-date", "Дата исправления ещё не наступила.")
	}
	switch {
	case !c.Differs(a.Lines):
	case c.Cause == "":
		faults.Add("correction-cause", "Суммы или количество отличаются от исправляемого документа. Укажите, почему.")
	case c.Cause == CauseAgreement:
		faults.Add("correction-cause", "Нужен корректировочный документ, оформите его в СБИС. Исправление по соглашению сторон не формируется.")
	}
	return faults
}

// DocumentDay returns the day on which the document enters the books: for a correction the day of the
// correction, otherwise the date of the act.
func (a Act) DocumentDay() time.Time {
	if a.Correction.IsSet() {
		return a.Correction.Date
	}
	return a.Date
}

// NumberLabel returns the number of the act as lists show it: the number of the corrected document followed
// by the number of the correction.
func (a Act) NumberLabel() string {
	if c := a.Correction; c.N > 0 {
		return a.Number + " (испр. " + strconv.Itoa(c.N) + ")"
	}
	return a.Number
}

// DiffersFrom lists what a corrected act changes in the refused one: its lines, dates, basis and signer. The lists of the lines are compared by
// the row of the deal, lines without a row by their names.
func (a Act) DiffersFrom(refused Act) []Difference {
	var list []Difference
	add := func(row RowID, what, was, is string) {
		if was != is {
			list = append(list, Difference{Row: row, What: what, Was: was, Is: is})
		}
	}
	for _, was := range refused.Lines {
		n := slices.IndexFunc(a.Lines, was.same)
		if n < 0 {
			add(was.Row, "Убрана строка", "«"+was.Name+"», "+decimalComma(was.Quantity.String())+" по "+Figure(was.Price.StringFixed(2))+" ₽", "")
			continue
		}
		is := a.Lines[n]
		add(is.Row, "«"+was.Name+"», название", "«"+was.Name+"»", "«"+is.Name+"»")
		add(is.Row, "«"+is.Name+"», единица", orNone(was.Unit.Name), orNone(is.Unit.Name))
		add(is.Row, "«"+is.Name+"», количество", decimalComma(was.Quantity.String()), decimalComma(is.Quantity.String()))
		add(is.Row, "«"+is.Name+"», цена", Figure(was.Price.StringFixed(2))+" ₽", Figure(is.Price.StringFixed(2))+" ₽")
		add(is.Row, "«"+is.Name+"», ставка", was.Rate.Label(), is.Rate.Label())
	}
	for _, is := range a.Lines {
		if !slices.ContainsFunc(refused.Lines, is.same) {
			add(is.Row, "Добавлена строка", "", "«"+is.Name+"», "+decimalComma(is.Quantity.String())+" по "+Figure(is.Price.StringFixed(2))+" ₽")
		}
	}
	add(0, "Сумма акта", Figure(refused.Totals.Gross.String())+" ₽", Figure(a.Totals.Gross.String())+" ₽")
	add(0, "Дата акта", refused.Date.Format("02.01.2006"), a.Date.Format("02.01.2006"))
	add(0, "Период", refused.periodLabel(), a.periodLabel())
	add(0, "Основание", orNone(refused.Basis.Label()), orNone(a.Basis.Label()))
	add(0, "Контрагент", refused.Buyer.FullName()+", ИНН "+refused.Buyer.INN, a.Buyer.FullName()+", ИНН "+a.Buyer.INN)
	add(0, "Подписант", refused.Signer.FullName(), a.Signer.FullName())
	return list
}

// same reports whether two lines are about the same row of the deal, or have the same name.
func (l Line) same(m Line) bool {
	if l.Row != 0 || m.Row != 0 {
		return l.Row == m.Row
	}
	return l.Name == m.Name
}

func (a Act) periodLabel() string {
	if a.From.IsZero() {
		return "нет"
	}
	return a.From.Format("02.01.2006") + " – " + a.To.Format("02.01.2006")
}
