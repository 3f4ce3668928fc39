package acts

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Basis is the document on which an act is founded: a contract, an order or an invoice. It names a real
// document or states that there is none (ОснПер or БезДокОснПер of УПД 5.03); the program never invents one.
type Basis struct {
	Name   string    `json:"name"`             // «Договор»
	Number string    `json:"number,omitempty"` // without the № sign
	Date   time.Time `json:"date,omitzero"`
	None   bool      `json:"none,omitempty"` // «Без документа-основания»

	Taken string `json:"taken,omitempty"` // «акт № 3 от 12.11.2026»: the basis was copied from that act and no person has checked it
}

// Label returns the basis in one line, "" when the act has none.
func (b Basis) Label() string {
	if b.None {
		return ""
	}
	text := b.Name
	if b.Number != "" {
		text += " № " + b.Number
	}
	if !b.Date.IsZero() {
		text += " от " + b.Date.Format("02.01.2006")
	}
	return text
}

// Faults returns what is wrong with the basis of an act of this date, at form fields. A named document needs
// a name and a date, but not a number: РеквНаимДок and РеквДатаДок of УПД 5.03.
func (b Basis) Faults(date time.Time) Faults {
	var faults Faults
	switch empty := b.Name == "" && b.Number == "" && b.Date.IsZero(); {
	case b.None, empty:
	case b.Name == "":
		faults.Add("basis", "У основания указаны номер или дата, но не указано название. Напишите, что это, например «Договор».")
	case b.Date.IsZero():
		faults.Add("basis-date", "У основания «%s» нет даты, а в документе она обязательна. Укажите её или выберите «Без документа-основания».", b.Label())
	case !date.IsZero() && day(b.Date.Date()).After(day(date.Date())):
		faults.Add("basis-date", "Основание от %s позже даты акта, %s. Исправьте одну из дат.", b.Date.Format("02.01.2006"), date.Format("02.01.2006"))
	}
	return faults
}

// DealBasis holds the values of the deal fields that the administrator mapped to the basis: one text, or a number and a
// date.
type DealBasis struct {
	Text   string    `json:"text,omitempty"`
	Number string    `json:"number,omitempty"`
	Date   time.Time `json:"date,omitzero"`
}

// Label returns the values in one line, "" when all are empty.
func (d DealBasis) Label() string {
	if d.Text != "" {
		return d.Text
	}
	return strings.TrimSpace(Basis{Number: d.Number, Date: d.Date}.Label())
}

// Basis returns the document that the fields name. When they hold a number or a date only, name is used as
// the document's name; the administrator sets it.
func (d DealBasis) Basis(name string) Basis {
	switch {
	case d.Text != "":
		b, _ := ParseBasis(d.Text)
		return b
	case d.Number != "" || !d.Date.IsZero():
		return Basis{Name: name, Number: d.Number, Date: d.Date}
	}
	return Basis{}
}

// basisShape matches a basis that can be read in one way only: a name without digits, №, a number, «от» and a date.
var basisShape = regexp.MustCompile(`^([^\d№"«»]*[\p{L}]) *(?:№|N|номер) *([^\s№]+) +от +(\d{1,2}\.\d{2}\.\d{4}|\d{1,2} \p{Cyrillic}+ \d{4}) *(?:г\.?|года)?$`)

var monthNames = []string{"января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря"}

// ParseBasis splits «Договор № 105/26 от 12.01.2026». When the parts are not certain, ok is false, the whole
// text becomes the name and a person completes it.
func ParseBasis(text string) (b Basis, ok bool) {
	text = joinWords(text)
	parts := basisShape.FindStringSubmatch(text)
	if parts == nil {
		return Basis{Name: text}, false
	}
	date, ok := parseDay(parts[3])
	if !ok {
		return Basis{Name: text}, false
	}
	return Basis{Name: strings.TrimRight(parts[1], " ,"), Number: strings.TrimRight(parts[2], ","), Date: date}, true
}

// parseDay parses «12.01.2026» and «12 января 2026».
func parseDay(text string) (time.Time, bool) {
	if t, err := time.Parse("2.01.2006", text); err == nil {
		return t, true
	}
	words := strings.Fields(text)
	if len(words) != 3 {
		return time.Time{}, false
	}
	month := slices.Index(monthNames, strings.ToLower(words[1])) + 1
	d, _ := strconv.Atoi(words[0])
	year, _ := strconv.Atoi(words[2])
	t := day(year, time.Month(month), d)
	return t, month > 0 && d > 0 && t.Day() == d
}
