package bulk

import (
	"archive/zip"
	"bytes"
	"slices"
	"testing"
)

func TestNamesInAnArchiveAreUnique(t *testing.T) {
	var out bytes.Buffer
	a := archive{Writer: zip.NewWriter(&out), taken: map[string]bool{}}
	for _, name := range []string{"Акт 1.pdf", "акт 1.PDF", "Акт 1.pdf", "Акт 2.pdf"} {
		if _, err := a.add(name); err != nil {
			t.Fatal(err)
		}
	}
	a.missing = []string{"Акт 5: нет документа."}
	if err := a.end(); err != nil {
		t.Fatal(err)
	}
	r, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range r.File {
		names = append(names, f.Name)
	}
	if want := []string{"Акт 1.pdf", "акт 1 (2).PDF", "Акт 1 (3).pdf", "Акт 2.pdf", "Не вошли в архив.txt"}; !slices.Equal(names, want) {
		t.Errorf("the names are %q, want %q", names, want)
	}
}
