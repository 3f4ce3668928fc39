package handlers_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The scripts take messages of the portal's window only, keep nothing in the browser but the address of the last list, and turn no text into
// a program.
func TestScripts(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../static/*.js")
	if err != nil || len(files) < 3 {
		t.Fatal(files, err)
	}
	listeners := 0
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, never := range []string{"localStorage", "indexedDB", "document.cookie", "document.write", "eval(", "new Function", "insertAdjacentHTML", "outerHTML", `postMessage(text, "*")`} {
			if strings.Contains(string(text), never) {
				t.Errorf("%s has %s", name, never)
			}
		}
		for _, kept := range regexp.MustCompile(`sessionStorage\.\w+\((.{6})`).FindAllStringSubmatch(string(text), -1) {
			if kept[1] != `"list"` && kept[1] != `"list",`[:6] {
				t.Errorf("%s keeps %s", name, kept[0])
			}
		}
		for _, after := range strings.Split(string(text), "onMessage = (e) => {")[1:] {
			if !strings.HasPrefix(strings.TrimSpace(after), "if (e.origin !== frame.origin || typeof e.data !== \"string\" || !e.data.startsWith(id") {
				t.Errorf("%s: a message is taken without a look at its origin and shape", name)
			}
			listeners++
		}
		if n := strings.Count(string(text), `addEventListener("message"`); n != strings.Count(string(text), "onMessage = (e) => {") {
			t.Errorf("%s: %d listeners of messages", name, n)
		}
	}
	if listeners != 1 {
		t.Errorf("%d listeners of messages", listeners)
	}
}
