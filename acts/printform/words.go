package printform

import (
	"fmt"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"acts24/acts"
)

const nbsp = '\u00a0'

// blank is where something is left to be written by hand.
const blank = "____"

// price is a sum with at least two decimals, and as many more as it has.
func price(d decimal.Decimal) string {
	if d.Equal(d.Truncate(2)) {
		return acts.Figure(d.StringFixed(2))
	}
	return quantity(d)
}

// quantity is a number without empty decimals.
func quantity(d decimal.Decimal) string {
	text := d.String()
	if strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return acts.Figure(text)
}

var months = strings.Fields("января февраля марта апреля мая июня июля августа сентября октября ноября декабря")

// longDate is «25 ноября 2026 г.», or a blank to be filled in.
func longDate(t time.Time) string {
	if t.IsZero() {
		return "«___» ______________ 20___ г."
	}
	return strings.ReplaceAll(fmt.Sprintf("%d %s %d г.", t.Day(), months[t.Month()-1], t.Year()), " ", string(nbsp))
}

// period is «с 01.11.2026 по 30.11.2026», as much of it as is known.
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

// caption names the document under its pages.
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

// initials is «Фамилия И. О.».
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

// genitive of the words that a ground begins with: «действует на основании Устава».
var genitive = map[string]string{
	"устав": "Устава", "положение": "Положения", "доверенность": "доверенности", "приказ": "приказа", "решение": "решения",
	"протокол": "протокола", "договор": "договора", "свидетельство": "свидетельства", "выписка": "выписки", "лист": "листа",
}

// onGround is the ground in the genitive where its first word is known, as it was typed where it is not.
func onGround(ground string) string {
	first, rest, _ := strings.Cut(strings.TrimSpace(ground), " ")
	if word, ok := genitive[strings.ToLower(first)]; ok {
		return strings.TrimSpace(word + " " + rest)
	}
	return ground
}
