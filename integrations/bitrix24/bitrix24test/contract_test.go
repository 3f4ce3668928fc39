package bitrix24test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// contracts is the folder of the full method descriptions; it is no part of the project.
func contracts(t *testing.T) string {
	t.Helper()
	for _, dir := range []string{os.Getenv("ACTS_CONTRACTS"), "../../../../shared/contracts"} {
		if dir == "" {
			continue
		}
		if info, err := os.Stat(filepath.Join(dir, "bitrix24")); err == nil && info.IsDir() {
			return filepath.Join(dir, "bitrix24")
		}
	}
	t.Skip("NOT COMPARED with the descriptions of Bitrix24: set ACTS_CONTRACTS to their folder")
	return ""
}

// specParam is a parameter in a description.
type specParam struct {
	Name     string `json:"name"`
	Base     string `json:"base"`
	Required any    `json:"required"` // true, false, or "unknown" where the page is silent
}

func TestEveryMethodIsDone(t *testing.T) {
	for name := range Contract {
		if methods[name] == nil {
			t.Errorf("%s is in the table and does nothing", name)
		}
	}
	for name := range methods {
		if _, ok := Contract[name]; !ok {
			t.Errorf("%s is not in the table", name)
		}
	}
}

func TestContractAgreesWithTheDescriptions(t *testing.T) {
	dir := contracts(t)
	compared := 0
	for name, m := range Contract {
		raw, err := os.ReadFile(filepath.Join(dir, "spec", name+".json"))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		var spec struct {
			Params []specParam                `json:"params"`
			Defs   map[string]json.RawMessage `json:"defs"`
		}
		if err := json.Unmarshal(raw, &spec); err != nil {
			t.Fatal(err)
		}
		compared++
		compareParams(t, name, m, spec.Params)
		compareFields(t, name, m, spec.Defs)
	}
	if compared < 50 {
		t.Errorf("only %d methods compared", compared)
	}
}

// loose are types that the descriptions print wrongly; the samples show the right ones.
var loose = map[string]string{"user.get FILTER": "object"}

func compareParams(t *testing.T, name string, m Method, spec []specParam) {
	known := map[string]bool{}
	for _, s := range spec {
		if s.Name == "result" || s.Name == "time" { // rows of the answer that slipped in
			continue
		}
		known[s.Name] = true
		kind, ours := m.Params[s.Name]
		if !ours {
			t.Errorf("%s: parameter %s is missing", name, s.Name)
			continue
		}
		want := strings.Replace(s.Base, "int", "integer", 1)
		want = strings.Replace(want, "integereger", "integer", 1)
		if better, ok := loose[name+" "+s.Name]; ok {
			want = better
		}
		if strings.TrimSuffix(kind, "!") != want {
			t.Errorf("%s: %s is %s, described as %s", name, s.Name, kind, want)
		}
		if strings.HasSuffix(kind, "!") && s.Required == false {
			t.Errorf("%s: %s is not described as required", name, s.Name)
		}
	}
	for p := range m.Params {
		if !known[p] {
			t.Errorf("%s: parameter %s is not described", name, p)
		}
	}
}

func compareFields(t *testing.T, name string, m Method, defs map[string]json.RawMessage) {
	if m.Fields == nil {
		return
	}
	for _, def := range []string{"fieldsFields", "fieldFields", "productRowsFields"} {
		var spec struct {
			Fields []specParam `json:"fields"`
		}
		if raw, ok := defs[def]; !ok || json.Unmarshal(raw, &spec) != nil {
			continue
		}
		for _, f := range spec.Fields {
			if _, ok := m.Fields[f.Name]; !ok {
				t.Errorf("%s: field %s is missing", name, f.Name)
			}
		}
	}
}

// sample is one recorded exchange.
type sample struct {
	Method   string `json:"method"`
	Request  any    `json:"request"`
	Response any    `json:"response"`
}

func samples(t *testing.T, dir, name string) map[string]sample {
	t.Helper()
	out := map[string]sample{}
	files, err := filepath.Glob(filepath.Join(dir, name, "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var s sample
		if err := json.Unmarshal(raw, &s); err != nil {
			t.Fatal(err)
		}
		out[filepath.Base(file)] = s
	}
	return out
}

func TestRecordedRequestsAreAcceptable(t *testing.T) {
	dir := contracts(t)
	checked := 0
	for name, m := range Contract {
		for file, s := range samples(t, dir, name) {
			request := fields(s.Request)
			if strings.HasPrefix(file, "v3-") || s.Request == nil || slices.Contains([]string{"http"}, text(request["http"])) {
				continue // another protocol, or an answer only
			}
			delete(request, "auth")
			checked++
			if _, err := m.Check(request); err != nil {
				t.Errorf("%s/%s: %v", name, file, err)
			}
		}
	}
	if checked < 20 {
		t.Errorf("only %d requests checked", checked)
	}
}
