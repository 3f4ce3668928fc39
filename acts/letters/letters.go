// Package letters reads letters as people type them.
package letters

import (
	"strings"
	"unicode/utf8"

	"acts24/acts"
)

// Most is the length of a typed letter in letters.
const Most = 5000

// Draft returns paragraphs as the text that a person may change before a letter is sent.
func Draft(paragraphs []string) string { return strings.Join(paragraphs, "\n\n") }

// Typed returns the paragraphs of a typed letter; without a text those of the draft.
func Typed(text string, draft []string) ([]string, error) {
	if strings.TrimSpace(text) == "" {
		return draft, nil
	}
	if utf8.RuneCountInString(text) > Most {
		return nil, acts.Faults{{Field: "text", Text: "Письмо длиннее 5000 знаков. Сократите его."}}
	}
	var paragraphs []string
	for _, part := range strings.Split(strings.ReplaceAll(text, "\r", ""), "\n\n") {
		if part = strings.TrimSpace(part); part != "" {
			paragraphs = append(paragraphs, part)
		}
	}
	return paragraphs, nil
}
