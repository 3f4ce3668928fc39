package acts

import (
	"fmt"
	"strings"
	"time"
)

// DefaultNumbers is the pattern of a new own company.
const DefaultNumbers = "{N}"

// FormatNumber fills a pattern: {N} is the counter of the year, {YYYY} and {YY} the year of the act.
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

// CheckNumberPattern returns a sentence about what is wrong with a pattern, or "".
func CheckNumberPattern(pattern string) string {
	if !strings.Contains(pattern, "{N}") {
		return "В шаблоне номера нужен порядковый номер {N}, например А-{N}/{YY}."
	}
	if len([]rune(pattern)) > 40 {
		return "Шаблон номера длиннее 40 знаков."
	}
	return ""
}
