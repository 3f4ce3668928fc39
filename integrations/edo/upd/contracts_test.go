package upd

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"acts24/acts"
)

// contracts returns the folder of schemas and samples (docs/contracts/sbis.md, "Samples").
func contracts(t *testing.T) string {
	t.Helper()
	root := os.Getenv("ACTS_CONTRACTS")
	if root == "" {
		t.Skip("NOT CHECKED against the schemas and samples of УПД: set ACTS_CONTRACTS to their folder")
	}
	folder := filepath.Join(root, "sbis", "upd")
	if _, err := os.Stat(folder); err != nil {
		t.Fatalf("ACTS_CONTRACTS has no schemas of УПД: %v", err)
	}
	return folder
}

// sample returns the only file in the folder of a sample.
func sample(t *testing.T, name string) (path string, body []byte) {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(contracts(t), "samples", name, "*.xml"))
	if err != nil || len(found) != 1 {
		t.Fatalf("sample %s: files %v, %v; want one", name, found, err)
	}
	body, err = os.ReadFile(found[0])
	if err != nil {
		t.Fatal(err)
	}
	return found[0], body
}

// runXMLLint checks the files against the schema of the seller's title in one run and returns the output of xmllint.
func runXMLLint(t *testing.T, files ...string) (string, error) {
	t.Helper()
	schema := filepath.Join(contracts(t), "ON_NSCHFDOPPR_1_997_01_05_03_05.xsd")
	tool, err := exec.LookPath("xmllint")
	if err != nil && os.Getenv("CI") == "true" {
		t.Fatalf("the schema cannot be checked: %v (install libxml2-utils)", err)
	}
	if err != nil {
		t.Skipf("NOT CHECKED: xmllint is not installed (libxml2-utils): %v", err)
	}
	args := append([]string{"--noout", "--nonet", "--schema", schema}, files...)
	out, err := exec.CommandContext(t.Context(), tool, args...).CombinedOutput()
	return string(out), err
}

// Titles of random acts are valid by the schema, and their values are read back.
func TestSellerTitlePassesTheSchema(t *testing.T) {
	r, dir := rand.New(rand.NewPCG(1, 2)), t.TempDir()
	var files []string
	for n := range 500 {
		act, e := randomAct(r), envelope()
		e.GUID = fmt.Sprintf("00000000-0000-0000-0000-%012d", n)
		title, err := SellerTitle(act, e)
		if err != nil {
			t.Fatalf("act %d: %v", n, err)
		}
		expectReadBack(t, act, title)
		path := filepath.Join(dir, title.Name)
		if err := os.WriteFile(path, title.Body, 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, path)
	}
	if out, err := runXMLLint(t, files...); err != nil {
		t.Errorf("the schema rejects titles: %v\n%.3000s", err, rejections(out))
	}
}

// expectReadBack reads the title back: the sums are the act's, the texts are what was typed without the characters that cannot be kept.
func expectReadBack(t *testing.T, act acts.Act, title Title) {
	t.Helper()
	got, err := readSeller(title.Body)
	if err != nil {
		t.Fatalf("readSeller: %v", err)
	}
	if got.Totals != act.Totals || got.Totals != acts.Sum(got.Lines) || len(got.Lines) != len(act.Lines) {
		t.Fatalf("sums of the title: %s in %d lines; of the act: %s in %d", got.Totals, len(got.Lines), act.Totals, len(act.Lines))
	}
	for i, l := range got.Lines {
		want := act.Lines[i]
		if l.Name != clean(want.Name) || l.Totals != want.Totals || l.Rate != want.Rate || !l.Quantity.Equal(want.Quantity) {
			t.Fatalf("line %d = %+v; want %+v", i+1, l, want)
		}
	}
}

// rejections returns the lines of xmllint that are not about valid files.
func rejections(out string) string {
	var bad []string
	for line := range strings.Lines(out) {
		if !strings.HasSuffix(line, " validates\n") {
			bad = append(bad, line)
		}
	}
	return strings.Join(bad, "")
}

// xmllint rejects samples that break the schema, so a title that passes was really checked.
func TestSchemaRejectsInvalidSamples(t *testing.T) {
	for _, name := range []string{"invalid_rate_22_without_percent", "invalid_no_signer_power", "invalid_no_basis_choice"} {
		path, _ := sample(t, name)
		if out, err := runXMLLint(t, path); err == nil {
			t.Errorf("xmllint accepts %s, want a rejection: %s", name, out)
		}
	}
}

func TestSamplesOfSellersAreRead(t *testing.T) {
	for name, want := range map[string]struct {
		function acts.Function
		lines    int
		totals   acts.Totals
	}{
		"dop_ul_ul_bez_nds":          {acts.FunctionAct, 2, acts.Totals{Net: 6500000, Gross: 6500000}},
		"dop_ul_ip_nds22":            {acts.FunctionAct, 1, acts.Totals{Net: 1000000, Tax: 220000, Gross: 1220000}},
		"schfdop_ul_ul_nds22":        {acts.FunctionActAndInvoice, 2, acts.Totals{Net: 2750000, Tax: 495000, Gross: 3245000}},
		"real_edolite_schfdop_goods": {acts.FunctionActAndInvoice, 2, acts.Totals{Net: 1651721, Tax: 363379, Gross: 2015100}},
	} {
		t.Run(name, func(t *testing.T) {
			path, body := sample(t, name)
			got, err := readSeller(body)
			if err != nil || got.Function != want.function || len(got.Lines) != want.lines || got.Totals != want.totals {
				t.Errorf("readSeller = %+v, %v; want %+v", got, err, want)
			}
			if acts.Sum(got.Lines) != got.Totals || filepath.Base(path) != got.File+".xml" {
				t.Errorf("the lines sum to %s, the totals are %s, the file is %s; want equal sums and the file %s", acts.Sum(got.Lines), got.Totals, got.File, filepath.Base(path))
			}
			if err := validate(Title{filepath.Base(path), body}); err != nil {
				t.Errorf("validate = %v, want nil", err)
			}
		})
	}
}

func TestSamplesOfBuyersAreRead(t *testing.T) {
	seller, _ := sample(t, "dop_ul_ul_bez_nds")
	for name, want := range map[string]int{
		"buyer_kod1_accepted": Accepted, "buyer_kod2_discrepancy": AcceptedWithRemarks, "buyer_kod3_refused": Refused,
	} {
		_, body := sample(t, name)
		got, err := ReadBuyer(body)
		if err != nil || got.Code != want || !got.Answers(filepath.Base(seller)) || got.Date.Format(dateLayout) != "02.11.2026" {
			t.Errorf("ReadBuyer(%s) = %+v, %v; want code %d of 02.11.2026 for %s", name, got, err, want, filepath.Base(seller))
		}
	}
	_, body := sample(t, "diadoc_5_02_full_title1")
	if title, err := ReadBuyer(body); err != nil || title.Code != Accepted {
		t.Errorf("ReadBuyer of a title of Diadoc 5.02: code %d, %v; want %d", title.Code, err, Accepted)
	}
	if !bytes.Contains(body, []byte("1251")) {
		t.Error("the sample is not in windows-1251")
	}
}
