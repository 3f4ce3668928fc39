package main

import (
	"fmt"
	"html"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"acts24/integrations/bitrix24/bitrix24test"
)

// rubles formats a sum in the Russian way: 1 234 567,89 ₽ with no-break spaces.
func rubles(sum float64) string {
	whole, part := math.Modf(math.Abs(math.Round(sum*100) / 100))
	digits := strconv.FormatInt(int64(whole), 10)
	var b strings.Builder
	if sum < 0 {
		b.WriteString("−")
	}
	for i, r := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteRune('\u00a0')
		}
		b.WriteRune(r)
	}
	return fmt.Sprintf("%s,%02d\u00a0₽", b.String(), int(math.Round(part*100)))
}

// quantity formats a number without trailing zeros.
func quantity(n float64) string {
	return strings.Replace(strconv.FormatFloat(n, 'f', -1, 64), ".", ",", 1)
}

// fileSize formats the size of a file: 512 Б, 1,5 КБ, 20 МБ.
func fileSize(n int) string {
	switch {
	case n < 1<<10:
		return fmt.Sprintf("%d\u00a0Б", n)
	case n < 1<<20:
		return quantity(math.Round(float64(n)/(1<<10)*10)/10) + "\u00a0КБ"
	}
	return quantity(math.Round(float64(n)/(1<<20)*10)/10) + "\u00a0МБ"
}

// formatTime formats a time of the portal: 02.11.2026 14:05.
func formatTime(iso string) string {
	t, err := time.Parse("2006-01-02T15:04:05-07:00", iso)
	if err != nil {
		return iso
	}
	return t.Format("02.01.2006 15:04")
}

// formatDay formats a date of the portal.
func formatDay(iso string) string {
	t, err := time.Parse("2006-01-02T15:04:05-07:00", iso)
	if err != nil {
		return iso
	}
	return t.Format("02.01.2006")
}

var (
	bbLink = regexp.MustCompile(`(?is)\[URL=((?:[^\[\]]|\[[^\[\]]*\])*)\](.*?)\[/URL\]`) // square brackets inside the URL are paired
	bbPair = regexp.MustCompile(`(?i)\[(/?)(B|I|U|S)\]`)
	bbRest = regexp.MustCompile(`(?i)\[/?[A-Z]+(=[^\]]*)?\]`)
)

// bbHTML converts BB codes to HTML; only links to http(s) URLs and to paths of the portal are kept.
func bbHTML(text string) string {
	out := html.EscapeString(text)
	var b strings.Builder
	from := 0
	for _, m := range bbLink.FindAllStringSubmatchIndex(out, -1) {
		b.WriteString(bbText(out[from:m[0]]))
		address, label := out[m[2]:m[3]], bbText(out[m[4]:m[5]])
		if isSafeAddress(html.UnescapeString(address)) {
			label = `<a href="` + address + `">` + label + `</a>`
		}
		b.WriteString(label)
		from = m[1]
	}
	b.WriteString(bbText(out[from:]))
	return b.String()
}

// bbText formats the text outside of links.
func bbText(escaped string) string {
	out := bbPair.ReplaceAllStringFunc(escaped, func(m string) string {
		return "<" + strings.ToLower(strings.Trim(m, "[]")) + ">"
	})
	return strings.ReplaceAll(bbRest.ReplaceAllString(out, ""), "\n", "<br>")
}

func isSafeAddress(address string) bool {
	return strings.HasPrefix(address, "https://") || strings.HasPrefix(address, "http://") ||
		strings.HasPrefix(address, "/") && !strings.HasPrefix(address, "//")
}

// textColor returns a text colour with enough contrast on a stage's colour.
func textColor(color string) string {
	n, err := strconv.ParseUint(strings.TrimPrefix(color, "#"), 16, 32)
	if err != nil {
		return "#333"
	}
	light := 0.299*float64(n>>16&255) + 0.587*float64(n>>8&255) + 0.114*float64(n&255)
	if light > 140 {
		return "#333"
	}
	return "#fff"
}

// Accessors for the numbers and texts of decoded JSON records.

func numberOf(f bitrix24test.Fields, name string) float64 {
	n, _ := f[name].(float64)
	return n
}

func idOf(f bitrix24test.Fields, name string) int64 { return int64(numberOf(f, name)) }

func textOf(f bitrix24test.Fields, name string) string {
	switch v := f[name].(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return ""
}

func idsOf(f bitrix24test.Fields, name string) []int64 {
	var out []int64
	list, _ := f[name].([]any)
	for _, x := range list {
		if n, ok := x.(float64); ok {
			out = append(out, int64(n))
		}
	}
	return out
}

// number parses an id; other texts are 0.
func number(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0
	}
	return n
}
