// Package letters makes the texts of letters to counterparties, reads them as people type them, and names the letters that are sent.
package letters

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"acts24/acts"
)

// MaxLength is the largest number of characters of a typed letter.
const MaxLength = 5000

// Draft returns paragraphs as the text that a person may change before a letter is sent.
func Draft(paragraphs []string) string { return strings.Join(paragraphs, "\n\n") }

// ParseTyped returns the paragraphs of a typed letter; without a text those of the draft.
func ParseTyped(text string, draft []string) ([]string, error) {
	if strings.TrimSpace(text) == "" {
		return draft, nil
	}
	if err := checkText(text); err != nil {
		return nil, err
	}
	var paragraphs []string
	for _, part := range strings.Split(strings.ReplaceAll(text, "\r", ""), "\n\n") {
		if part = strings.TrimSpace(part); part != "" {
			paragraphs = append(paragraphs, part)
		}
	}
	return paragraphs, nil
}

// checkText returns the faults of a typed text: it is too long, or has characters that a person does not see.
func checkText(text string) acts.Faults {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	switch {
	case utf8.RuneCountInString(text) > MaxLength:
		return acts.Faults{{Field: "text", Text: "Письмо длиннее 5000 знаков. Сократите его."}}
	case hasControl(text):
		return acts.Faults{{Field: "text", Text: "В тексте письма есть невидимый управляющий знак. Найдите и удалите его или впишите текст заново."}}
	}
	return nil
}

// hasControl reports whether a text has control characters besides the end of a line and the tab, marks that reverse the direction of
// the text, or invalid UTF-8. They would be lost in the letter or show something else than what was typed.
func hasControl(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool {
		return r == utf8.RuneError || unicode.IsControl(r) && r != '\n' && r != '\t' || r == 0x2028 || r == 0x2029 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069
	})
}

// Key returns the key by which the CRM finds a letter.
func Key(letter int64) string { return fmt.Sprintf("acts24-letter-%d", letter) }

// ReminderKey returns the key of a reminder that was sent to the counterparty of an act by the calendar. It names the act, so that a
// database restored from a backup, which lacks the letter, can count it.
func ReminderKey(letter int64, act acts.ActID) string {
	return fmt.Sprintf("acts24-letter-%d-reminds-of-%d", letter, act)
}

// ParseReminderKey reads a key of ReminderKey; ok is false for any other.
func ParseReminderKey(key string) (letter int64, act acts.ActID, ok bool) {
	n, err := fmt.Sscanf(key, "acts24-letter-%d-reminds-of-%d", &letter, &act)
	return letter, act, n == 2 && err == nil && key == ReminderKey(letter, act)
}
