package main

import (
	"cmp"
	"strings"
)

// kindOf reduces a statement to its effect: "UPDATE tasks lease_until", "SELECT acts", "COMMIT".
func kindOf(sql string) string {
	words := topWords(sql)
	if len(words) == 0 {
		return "ping"
	}
	verb := strings.ToUpper(words[0])
	if verb == "WITH" {
		words = words[verbAfterWith(words):]
		verb = strings.ToUpper(words[0])
	}
	switch verb {
	case "SELECT":
		return verb + " " + cmp.Or(after(words, "FROM"), second(words))
	case "INSERT":
		return verb + " " + after(words, "INTO")
	case "DELETE":
		return verb + " " + after(words, "FROM")
	case "UPDATE":
		return verb + " " + second(words) + " " + after(words, "SET")
	case "SET":
		return verb + " " + second(words)
	}
	return verb
}

// topWords returns the words of a statement outside of parentheses and quotes.
func topWords(sql string) []string {
	var words []string
	var word strings.Builder
	depth, quoted := 0, false
	end := func() {
		if word.Len() > 0 {
			words = append(words, word.String())
			word.Reset()
		}
	}
	for _, r := range sql {
		switch {
		case r == '\'':
			quoted = !quoted
		case quoted:
		case r == '(':
			end()
			depth++
		case r == ')':
			depth--
		case depth > 0:
		case strings.ContainsRune(" \t\r\n,;=", r):
			end()
		default:
			word.WriteRune(r)
		}
	}
	end()
	return words
}

// verbAfterWith returns the index at which the main statement begins after its common table expressions.
func verbAfterWith(words []string) int {
	for i, w := range words {
		switch strings.ToUpper(w) {
		case "SELECT", "INSERT", "UPDATE", "DELETE":
			return i
		}
	}
	return 0
}

func second(words []string) string {
	if len(words) < 2 {
		return ""
	}
	return words[1]
}

// after returns the word that follows a keyword, "" when there is none.
func after(words []string, keyword string) string {
	for i, w := range words[:max(len(words)-1, 0)] {
		if strings.EqualFold(w, keyword) {
			return words[i+1]
		}
	}
	return ""
}

// changes reports whether a kind has a lasting effect: a statement that writes, or a remote method that does.
func changes(kind string) bool {
	for _, verb := range []string{"INSERT", "UPDATE", "DELETE", "COMMIT"} {
		if strings.HasPrefix(kind, verb) {
			return true
		}
	}
	for _, part := range []string{".add", ".update", ".set", ".delete", ".execute", "event.send", "task.complete", "notify", "oauth.token", "Записать", "Выполнить", "Активировать", "Удалить", "Аутентифицировать", "oauth/service"} {
		if strings.Contains(kind, part) {
			return true
		}
	}
	return false
}

// transaction follows a connection's statements, to name a COMMIT by the first change that it commits.
type transaction struct{ first string }

// name returns the kind of the next statement; a commit includes what it commits.
func (t *transaction) name(kind string) string {
	switch {
	case kind == "BEGIN" || kind == "ROLLBACK":
		t.first = ""
	case kind == "COMMIT" && t.first != "":
		kind += " of " + t.first
		t.first = ""
	case t.first == "" && changes(kind):
		t.first = kind
	}
	return kind
}
