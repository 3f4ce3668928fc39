package bitrix24

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// contracts returns the folder of real payloads (docs/contracts/bitrix24.md, "Descriptions and samples").
func contracts(t testing.TB) string {
	t.Helper()
	root := os.Getenv("ACTS_CONTRACTS")
	if root == "" {
		t.Skip("NOT CHECKED against real payloads: set ACTS_CONTRACTS to their folder")
	}
	dir := filepath.Join(root, "bitrix24")
	if _, err := os.Stat(dir); err != nil {
		t.Fatalf("ACTS_CONTRACTS has no payloads of Bitrix24: %v", err)
	}
	return dir
}

// sample is one recorded exchange: a call with its answer, or a POST of a portal.
type sample struct {
	Method   string
	Request  json.RawMessage
	Response json.RawMessage
	Status   int `json:"http_status"`
}

func readSample(t testing.TB, path string) sample {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var s sample
	if err := json.Unmarshal(data, &s); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return s
}

// eachSample runs a test for the selected samples, by names such as crm.item.get/ok; selecting none is an error.
func eachSample(t *testing.T, wanted func(name string, s sample) bool, visit func(t *testing.T, name string, s sample)) {
	t.Helper()
	dir, visited := contracts(t), 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		name, _ := filepath.Rel(dir, path)
		name = filepath.ToSlash(strings.TrimSuffix(name, ".json"))
		if err != nil || d.IsDir() || strings.HasPrefix(name, "spec/") {
			return err
		}
		if s := readSample(t, path); wanted(name, s) {
			visited++
			t.Run(name, func(t *testing.T) { visit(t, name, s) })
		}
		return nil
	})
	if err != nil || visited == 0 {
		t.Fatalf("%d samples visited, %v; want at least one", visited, err)
	}
}

// requireSamples fails the test when one of the named samples does not exist.
func requireSamples(t *testing.T, names []string) {
	t.Helper()
	for _, name := range names {
		if _, err := os.Stat(filepath.Join(contracts(t), name+".json")); err != nil {
			t.Errorf("the expectations name a sample that does not exist: %v", err)
		}
	}
}
