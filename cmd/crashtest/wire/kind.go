package wire

import (
	"cmp"
	"slices"
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
		return verb + " " + cmp.Or(wordAfter(words, "FROM"), secondWord(words))
	case "INSERT":
		return verb + " " + wordAfter(words, "INTO")
	case "DELETE":
		return verb + " " + wordAfter(words, "FROM")
	case "UPDATE":
		return verb + " " + secondWord(words) + " " + wordAfter(words, "SET")
	case "SET":
		return verb + " " + secondWord(words)
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

// secondWord returns the second word, "" when there is none.
func secondWord(words []string) string {
	if len(words) < 2 {
		return ""
	}
	return words[1]
}

// wordAfter returns the word that follows a keyword, "" when there is none.
func wordAfter(words []string, keyword string) string {
	for i, w := range words[:max(len(words)-1, 0)] {
		if strings.EqualFold(w, keyword) {
			return words[i+1]
		}
	}
	return ""
}

// writingVerbs begin the kinds of statements that have a lasting effect, writingMethods are the last words of the remote methods that have one.
var (
	writingVerbs   = []string{"INSERT", "UPDATE", "DELETE", "COMMIT"}
	writingMethods = []string{"add", "update", "set", "delete", "execute", "send", "complete", "bind", "unbind", "oauth.token", "oauth/service",
		"Аутентифицировать", "ЗаписатьДокумент", "ВыполнитьДействие", "УдалитьДокумент", "ОтправитьПриглашение", "ПолучитьКодАктивацииСертификата", "АктивироватьСертификат"}
)

// ChangesState reports whether a statement or a remote method of a kind has a lasting effect.
func ChangesState(kind string) bool {
	return slices.ContainsFunc(writingVerbs, func(verb string) bool { return strings.HasPrefix(kind, verb) }) ||
		slices.ContainsFunc(writingMethods, func(method string) bool { return kind == method || strings.HasSuffix(kind, "."+method) })
}

// transactionTracker follows a connection's statements, to name a COMMIT by the first change that it commits.
type transactionTracker struct{ firstChange string }

// nextKind returns the kind of the next statement; that of a commit includes what it commits.
func (t *transactionTracker) nextKind(kind string) string {
	switch {
	case kind == "BEGIN" || kind == "ROLLBACK":
		t.firstChange = ""
	case kind == "COMMIT" && t.firstChange != "":
		kind += " of " + t.firstChange
		t.firstChange = ""
	case t.firstChange == "" && ChangesState(kind):
		t.firstChange = kind
	}
	return kind
}
