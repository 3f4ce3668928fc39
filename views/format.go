// Package views renders pages. It holds templ components, their view structs, whose texts are already formatted, and functions that write
// dates, sums and plurals in Russian.
package views

import (
	"fmt"
	"strings"
	"time"
)

const nbsp = "\u00a0"

// Date returns «23.11.2026», "" for the zero time.
func Date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format("02.01.2006")
}

// InputDate returns the value of a date field, "" for the zero time.
func InputDate(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}

// Moment returns «23.11.2026 14:05» in the zone of the portal.
func Moment(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	return t.In(zone).Format("02.01.2006 15:04")
}

var months = [...]string{"январь", "февраль", "март", "апрель", "май", "июнь", "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь"}

// Month returns «ноябрь 2026».
func Month(t time.Time) string { return months[t.Month()-1] + nbsp + t.Format("2006") }

// ShortMonth returns «ноя 2026».
func ShortMonth(t time.Time) string {
	return string([]rune(months[t.Month()-1])[:3]) + nbsp + t.Format("2006")
}

// Percent returns «12,5 %» for a share in tenths of a percent.
func Percent(tenths int) string { return fmt.Sprintf("%d,%d%s%%", tenths/10, tenths%10, nbsp) }

// Money returns «1 234 567,89 ₽» for a sum written "1234567.89".
func Money(roubles string) string {
	whole, cents, _ := strings.Cut(roubles, ".")
	for len(cents) < 2 {
		cents += "0"
	}
	return groupThousands(whole) + "," + cents + nbsp + "₽"
}

// MoneyIn returns a sum in a currency: «1 234,50 USD», roubles with their sign.
func MoneyIn(sum, currency string) string {
	if currency == "" || currency == "RUB" {
		return Money(sum)
	}
	return strings.TrimSuffix(Money(sum), "₽") + currency
}

// Number returns «1 234,5» for a number written "1234.5".
func Number(text string) string {
	whole, part, _ := strings.Cut(text, ".")
	if part == "" {
		return groupThousands(whole)
	}
	return groupThousands(whole) + "," + part
}

// groupThousands separates thousands by no-break spaces.
func groupThousands(digits string) string {
	sign := ""
	if rest, ok := strings.CutPrefix(digits, "-"); ok {
		sign, digits = "−", rest
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + nbsp + digits[i:]
	}
	return sign + digits
}

// Plural returns the number with the right form of the word: 1 акт, 2 акта, 5 актов.
func Plural(n int, one, few, many string) string {
	word := many
	switch tens, units := n%100, n%10; {
	case tens >= 11 && tens <= 14:
	case units == 1:
		word = one
	case units >= 2 && units <= 4:
		word = few
	}
	return fmt.Sprintf("%d%s%s", n, nbsp, word)
}
