package acts

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// DefaultNumberPattern is the number pattern of our new companies.
const DefaultNumberPattern = "{N}"

// FormatNumber fills a pattern: {N} is the counter of the year, {YYYY} and {YY} are the year of the act.
func FormatNumber(pattern string, n int, date time.Time) string {
	if !strings.Contains(pattern, "{N}") {
		pattern += "{N}"
	}
	return strings.NewReplacer(
		"{N}", fmt.Sprint(n),
		"{YYYY}", date.Format("2006"),
		"{YY}", date.Format("06"),
	).Replace(pattern)
}

// CheckNumberPattern returns a message about what is wrong with a pattern, or "".
func CheckNumberPattern(pattern string) string {
	if !strings.Contains(pattern, "{N}") {
		return "В шаблоне номера нужен порядковый номер {N}, например А-{N}/{YY}."
	}
	if len([]rune(pattern)) > 40 {
		return "Шаблон номера длиннее 40 знаков."
	}
	return ""
}

// MaxNumberLength is the largest number of characters in a typed act number: РеквНомерДок of УПД 5.03 accepts no more.
const MaxNumberLength = 255

// CheckNumber returns a message about what is wrong with a typed act number, or "".
func CheckNumber(number string) string {
	switch n := utf8.RuneCountInString(number); {
	case n == 0:
		return "Впишите номер акта."
	case n > MaxNumberLength:
		return fmt.Sprintf("В номере %d знаков, а формат документа допускает %d. Сократите номер.", n, MaxNumberLength)
	}
	return ""
}

var digitRuns = regexp.MustCompile(`[0-9]+`)

// NextTyped suggests the number that follows last, a number typed before: its counter grows by one and its year stays.
func NextTyped(last string, date time.Time) string {
	runs := digitRuns.FindAllStringIndex(last, -1)
	for _, at := range runs {
		run := last[at[0]:at[1]]
		n, err := strconv.Atoi(run)
		if year := run == date.Format("2006") || run == date.Format("06"); err != nil || year && len(runs) > 1 {
			continue
		}
		return last[:at[0]] + fmt.Sprintf("%0*d", len(run), n+1) + last[at[1]:]
	}
	return last + "1"
}
