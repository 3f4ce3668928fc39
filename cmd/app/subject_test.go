package app_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"acts24/cmd/app"
	"acts24/cmd/app/apptest"
)

// An operator exports what is stored about a counterparty, sees what an erasure would do, and erases it: documents stay.
func TestSubject(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.FormPaperAct(s.Deal(1), "company")
	s.Exec(`UPDATE acts SET buyer = jsonb_set(buyer, '{inn}', '"7802020205"')`)
	s.Exec(`INSERT INTO edo_lookups (portal_id, inn, known) VALUES (1, '7802020205', true)`)
	command := func(args ...string) string {
		t.Helper()
		var out bytes.Buffer
		if err := app.Subject(t.Context(), s.AppConfig, args, s.Clock.Now(), &out); err != nil {
			t.Fatalf("%s: %v", args, err)
		}
		return out.String()
	}
	var found []struct {
		Portal int64
		Data   map[string][]map[string]any
	}
	if err := json.Unmarshal([]byte(command("export", "--inn", "7802020205")), &found); err != nil || len(found) != 1 || found[0].Portal != 1 || len(found[0].Data["acts"]) != 1 || len(found[0].Data["edo_lookups"]) != 1 {
		t.Errorf("export: %v, %v", found, err)
	}
	if out := command("export", "--email", "nobody@example.com"); out != "[]\n" {
		t.Errorf("nobody: %s", out)
	}
	if out := command("erase", "--inn", "7802020205"); !strings.Contains(out, "to erase") || !strings.Contains(out, "Nothing was changed") || s.Count(`edo_lookups WHERE inn = '7802020205'`) != 1 {
		t.Errorf("the dry run:\n%s", out)
	}
	if out := command("erase", "--inn", "7802020205", "--portal", "1", "--yes"); !strings.Contains(out, "erased") || !strings.Contains(out, "kept") ||
		s.Count(`edo_lookups WHERE inn = '7802020205'`) != 0 || s.Count(`acts`) != 1 {
		t.Errorf("the erasure:\n%s", out)
	}
	for name, args := range map[string]string{
		"nothing": "", "no subject": "erase --yes", "two subjects": "export --inn 7802020205 --email a@b.ru", "a short INN": "export --inn 78", "an address without @": "erase --email anna",
		"a user of no portal": "erase --user 3", "another action": "show --inn 7802020205", "words after the flags": "export --inn 7802020205 more", "an unknown portal": "export --inn 7802020205 --portal 99",
	} {
		if err := app.Subject(t.Context(), s.AppConfig, strings.Fields(args), s.Clock.Now(), &bytes.Buffer{}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
