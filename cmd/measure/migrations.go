package main

import (
	"regexp"
	"strings"
)

// Migrations counts the objects of the schema from the statements of the migration files, read in the order
// of their names. Statements assembled in a DO block are not counted.
type Migrations struct {
	Files   int
	objects map[string]map[string]bool // names of existing objects by kind
}

// definition matches a statement at the start of a line that creates or drops a counted object.
var definition = regexp.MustCompile(`(?im)^(CREATE|DROP)\s+(?:OR\s+REPLACE\s+)?(TABLE|TRIGGER|FUNCTION)\s+(?:IF\s+(?:NOT\s+)?EXISTS\s+)?([^;(]*)`)

// Read adds the next file.
func (m *Migrations) Read(text string) {
	m.Files++
	if m.objects == nil {
		m.objects = map[string]map[string]bool{"TABLE": {}, "TRIGGER": {}, "FUNCTION": {}}
	}
	for _, found := range definition.FindAllStringSubmatch(text, -1) {
		names := m.objects[strings.ToUpper(found[2])]
		if strings.EqualFold(found[1], "CREATE") {
			names[firstWord(found[3])] = true
			continue
		}
		for name := range strings.SplitSeq(found[3], ",") {
			delete(names, firstWord(name))
		}
	}
}

// Count returns how many objects of the kind (TABLE, TRIGGER or FUNCTION) exist after the last file.
func (m *Migrations) Count(kind string) int { return len(m.objects[kind]) }

func firstWord(text string) string {
	if words := strings.Fields(text); len(words) > 0 {
		return words[0]
	}
	return ""
}
