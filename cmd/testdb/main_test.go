package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRun(t *testing.T) {
	output := filepath.Join(t.TempDir(), "output")
	for name, tt := range map[string]struct {
		given   string // TEST_DATABASE_URL before the run
		command []string
		code    int
		want    string
	}{
		"a server is started":        {"", []string{"sh", "-c", `echo "$TEST_DATABASE_URL" >"$0"`, output}, 0, "user='postgres'"},
		"an existing server is used": {"given", []string{"sh", "-c", `echo "$TEST_DATABASE_URL" >"$0"`, output}, 0, "given"},
		"a failure":                  {"given", []string{"sh", "-c", "exit 7"}, 7, ""},
		"ended by a signal":          {"given", []string{"sh", "-c", "kill -TERM $$"}, 143, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv(addressVar, tt.given)
			if code, err := run(tt.command); code != tt.code || err != nil {
				t.Errorf("run = %d, %v; want %d", code, err, tt.code)
			}
			if text, _ := os.ReadFile(output); !strings.Contains(string(text), tt.want) {
				t.Errorf("the command was given %q; want %q", text, tt.want)
			}
		})
	}
	t.Setenv(addressVar, "given")
	if code, err := run([]string{"no-such-command"}); code != 127 || err == nil {
		t.Errorf("run of no command = %d, %v; want 127 and why", code, err)
	}
}
