//go:build e2e

package main

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
)

// The signed package opens: its XML passes both schemas, and its PDF shows the signatures. Without cookies the script saves the file.
func TestSignedPackage(t *testing.T) {
	p := ownPlayground(t, playgroundOptions{})
	defer p.proxy.setMode(noCookies)()
	page := newTab(t)
	f, document := p.signedPage(page, 1, false)
	p.postSBIS(t, "documents/"+document+"/sign-by-counterparty", `{"power":"6f1d3e0a-8f0c-4c25-9d3b-2f6a1b7c9d10"}`)
	f.awaitActStatus(signedWord)
	f.await("the signatures", `document.querySelectorAll("[data-testid=signatures] h3").length === 2 && document.querySelector("[data-testid=package-note]") === null`)
	f.await("who signed", `["Исполнитель", "Заказчик", "Петров Пётр Петрович", "6f1d3e0a", "Подпись относится к этому файлу."].every((text) => document.querySelector("[data-testid=signatures]").textContent.includes(text))`)
	body := f.download(t, testid("package"))
	f.takeShots(page, "signatures")
	r, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	schemas, operators, ours, index := 0, "", "", ""
	for _, entry := range r.File {
		in, err := entry.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), "entry")
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
		switch {
		case strings.HasPrefix(entry.Name, "ON_NSCHFDOPPR_") && strings.HasSuffix(entry.Name, ".xml"):
			checkTitle(t, file, "ON_NSCHFDOPPR_1_997_01_05_03_05.xsd")
			schemas++
		case strings.HasPrefix(entry.Name, "ON_NSCHFDOPPOK_") && strings.HasSuffix(entry.Name, ".xml"):
			checkTitle(t, file, "ON_NSCHFDOPPOK_1_997_02_05_03_01.xsd")
			schemas++
		case entry.Name == "Опись.txt":
			index = string(text)
		case strings.HasSuffix(entry.Name, " (СБИС).pdf"):
			operators = pdfText(t, file)
		case strings.HasSuffix(entry.Name, ".pdf"):
			ours = pdfText(t, file)
			if keep := os.Getenv("E2E_SHOTS"); keep != "" {
				_ = os.WriteFile(filepath.Join(keep, "package-"+strings.ReplaceAll(entry.Name, " ", "_")), text, 0o600)
			}
		}
	}
	if schemas != 2 {
		t.Errorf("%d titles, want 2", schemas)
	}
	if operators != "" && !strings.Contains(operators, "SBIS sandbox") {
		t.Errorf("the print form of the operator reads %s", operators)
	}
	for _, want := range []string{"Громов Алексей Петрович", "Петров Пётр Петрович", "6f1d3e0a", "Подпись относится к этому файлу"} {
		if !strings.Contains(index, want) {
			t.Errorf("the index lacks %q: %s", want, index)
		}
		if ours != "" && !strings.Contains(ours, want) {
			t.Errorf("the print form does not show %q beside the signatures: %s", want, ours)
		}
	}
	if ours != "" && !strings.Contains(ours, "Документ подписан электронной подписью") {
		t.Errorf("the print form has no stamp: %s", ours)
	}
}

// checkTitle validates a title against its schema, or without the schemas that it is well-formed.
func checkTitle(t *testing.T, file, schema string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	d := xml.NewDecoder(bytes.NewReader(text))
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) {
		return charmap.Windows1251.NewDecoder().Reader(in), nil
	}
	for {
		if _, err = d.Token(); err != nil {
			break
		}
	}
	if err != io.EOF {
		t.Errorf("%s is not well-formed: %v", schema, err)
	}
	root := os.Getenv("ACTS_CONTRACTS")
	tool, err := exec.LookPath("xmllint")
	if root == "" || err != nil {
		t.Log("NOT CHECKED against the schema: set ACTS_CONTRACTS and install libxml2-utils")
		return
	}
	if out, err := exec.CommandContext(t.Context(), tool, "--noout", "--nonet", "--schema", filepath.Join(root, "sbis", "upd", schema), file).CombinedOutput(); err != nil {
		t.Errorf("%s: %v\n%s", schema, err, out)
	}
}

// pdfText returns the text of a PDF, "" without pdftotext; on the build server it is required.
func pdfText(t *testing.T, file string) string {
	t.Helper()
	tool, err := exec.LookPath("pdftotext")
	if err != nil && os.Getenv("CI") == "true" {
		t.Fatalf("pdftotext of poppler-utils: %v", err)
	}
	if err != nil {
		t.Logf("NOT CHECKED: the texts of PDFs: %v", err)
		return ""
	}
	out, err := exec.CommandContext(t.Context(), tool, file, "-").CombinedOutput()
	if err != nil {
		t.Errorf("pdftotext: %v: %s", err, out)
	}
	return strings.Join(strings.Fields(string(out)), " ")
}
