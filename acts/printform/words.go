package printform

import (
	"fmt"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"acts24/acts"
)

const nbsp = '\u00a0'

// blank is the placeholder for something written by hand.
const blank = "____"

// price formats a price with all its decimals, at least two.
func price(d decimal.Decimal) string {
	if d.Equal(d.Truncate(2)) {
		return acts.Figure(d.StringFixed(2))
	}
	return quantity(d)
}

// quantity formats a number without trailing zeros.
func quantity(d decimal.Decimal) string {
	text := d.String()
	if strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return acts.Figure(text)
}

var months = strings.Fields("января февраля марта апреля мая июня июля августа сентября октября ноября декабря")

// longDate returns «25 ноября 2026 г.», or a blank for the zero time.
func longDate(t time.Time) string {
	if t.IsZero() {
		return "«___» ______________ 20___ г."
	}
	return strings.ReplaceAll(fmt.Sprintf("%d %s %d г.", t.Day(), months[t.Month()-1], t.Year()), " ", string(nbsp))
}

// period returns «с 01.11.2026 по 30.11.2026», or the part that is known.
func period(from, to time.Time) string {
	var words []string
	if !from.IsZero() {
		words = append(words, "с "+from.Format("02.01.2006"))
	}
	if !to.IsZero() {
		words = append(words, "по "+to.Format("02.01.2006"))
	}
	return strings.Join(words, " ")
}

// caption returns the name of the document for the bottom of its pages.
func caption(a acts.Act) string {
	switch {
	case !a.Date.IsZero():
		return a.Title()
	case a.Number != "":
		return "Акт № " + a.Number
	}
	return "Акт"
}

func pageOf(page, pages int) string { return fmt.Sprintf("Страница %d из %d", page, pages) }

// initials returns «Фамилия И. О.».
func initials(last, first, middle string) string {
	text := strings.TrimSpace(last)
	for _, name := range []string{first, middle} {
		for _, r := range strings.TrimSpace(name) {
			text += string(nbsp) + strings.ToUpper(string(r)) + "."
			break
		}
	}
	return text
}

// genitive maps the first words of grounds to the genitive: «действует на основании Устава».
var genitive = map[string]string{
	"устав": "Устава", "положение": "Положения", "доверенность": "доверенности", "приказ": "приказа", "решение": "решения",
	"протокол": "протокола", "договор": "договора", "свидетельство": "свидетельства", "выписка": "выписки", "лист": "листа",
}

// groundInGenitive returns the ground in the genitive when its first word is known, otherwise as it was typed.
func groundInGenitive(ground string) string {
	first, rest, _ := strings.Cut(strings.TrimSpace(ground), " ")
	if word, ok := genitive[strings.ToLower(first)]; ok {
		return strings.TrimSpace(word + " " + rest)
	}
	return ground
}
