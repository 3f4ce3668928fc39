// Package rubles writes sums of money in Russian words, as documents require.
package rubles

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"acts24/acts"
)

// noun is a counted noun in its three forms: один рубль, два рубля, пять рублей.
type noun struct{ one, few, many string }

var (
	rouble = noun{"рубль", "рубля", "рублей"}
	kopeck = noun{"копейка", "копейки", "копеек"}
)

// scales are the names of the groups of three digits from the lowest, which counts the roubles themselves.
var scales = []noun{
	{},
	{"тысяча", "тысячи", "тысяч"},
	{"миллион", "миллиона", "миллионов"},
	{"миллиард", "миллиарда", "миллиардов"},
	{"триллион", "триллиона", "триллионов"},
	{"квадриллион", "квадриллиона", "квадриллионов"},
}

// thousand is the index of the only feminine group: одна тысяча, две тысячи.
const thousand = 1

var (
	units = strings.Fields("ноль один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать " +
		"тринадцать четырнадцать пятнадцать шестнадцать семнадцать восемнадцать девятнадцать")
	feminine = map[uint64]string{1: "одна", 2: "две"}
	tens     = strings.Fields("0 10 двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто")
	hundreds = strings.Fields("0 сто двести триста четыреста пятьсот шестьсот семьсот восемьсот девятьсот")
)

// Words returns the sum in words: «Шестьдесят пять тысяч рублей 00 копеек».
func Words(k acts.Kopecks) string {
	sum, sign := uint64(k), ""
	if k < 0 {
		sum, sign = -sum, "минус " // correct for the smallest int64 too, because unsigned negation wraps around
	}
	roubles, rest := sum/100, sum%100
	return capital(fmt.Sprintf("%s%s %s %02d %s", sign, number(roubles), rouble.after(roubles), rest, kopeck.after(rest)))
}

// number returns a whole number in words, in the masculine gender of the rouble.
func number(n uint64) string {
	if n == 0 {
		return units[0]
	}
	var words []string
	for i := len(scales) - 1; i >= 0; i-- {
		words = append(words, group(n, i)...)
	}
	return strings.Join(words, " ")
}

// group returns the i-th group of three digits of n with its name, or nothing when the group is zero.
func group(n uint64, i int) []string {
	for range i {
		n /= 1000
	}
	n %= 1000
	if n == 0 {
		return nil
	}
	words := hundred(n, i == thousand)
	if i > 0 {
		words = append(words, scales[i].after(n))
	}
	return words
}

// hundred returns a number below a thousand in words.
func hundred(n uint64, female bool) (words []string) {
	if n >= 100 {
		words = append(words, hundreds[n/100])
	}
	n %= 100
	if n >= 20 {
		words = append(words, tens[n/10])
		n %= 10
	}
	switch word, ok := feminine[n]; {
	case female && ok:
		words = append(words, word)
	case n > 0:
		words = append(words, units[n])
	}
	return words
}

// after returns the form of the noun after the number n.
func (w noun) after(n uint64) string {
	switch last, teen := n%10, n%100/10 == 1; {
	case last == 1 && !teen:
		return w.one
	case last >= 2 && last <= 4 && !teen:
		return w.few
	}
	return w.many
}

func capital(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}
