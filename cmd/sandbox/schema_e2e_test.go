//go:build e2e

package main

import (
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"acts24/integrations/sbis/sbistest"
)

// checkSchema validates the XML of a document from the fake SBIS against the schema of the seller's title.
func (p *playground) checkSchema(t *testing.T, d sbistest.DocumentView) {
	t.Helper()
	if len(d.Files) == 0 {
		t.Fatalf("document %s has no file", d.ID)
	}
	answer, err := http.Get("http://" + p.cfg.SBIS + "/_sandbox/documents/" + d.ID + "/files/" + url.PathEscape(d.Files[0].Name))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("the file of document %s: %d %v", d.ID, answer.StatusCode, err)
	}
	root := os.Getenv("ACTS_CONTRACTS")
	if root == "" {
		t.Log("NOT CHECKED against the schema of УПД: set ACTS_CONTRACTS to its folder")
		return
	}
	schema := filepath.Join(root, "sbis", "upd", "ON_NSCHFDOPPR_1_997_01_05_03_05.xsd")
	tool, err := exec.LookPath("xmllint")
	if err != nil && os.Getenv("CI") == "true" {
		t.Fatalf("the schema cannot be checked: %v (install libxml2-utils)", err)
	}
	if err != nil {
		t.Logf("NOT CHECKED: xmllint is not installed (libxml2-utils): %v", err)
		return
	}
	file := filepath.Join(t.TempDir(), "act.xml")
	if err := os.WriteFile(file, body, 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), tool, "--noout", "--nonet", "--schema", schema, file).CombinedOutput(); err != nil {
		t.Errorf("document %s: %v\n%s", d.ID, err, out)
	}
}
