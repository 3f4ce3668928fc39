package printform

import (
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"acts24/acts"
)

// writePDF writes the document to a file and returns its name.
func writePDF(t *testing.T, f Form) (file string) {
	t.Helper()
	pdf, err := PDF(f)
	if err != nil {
		t.Fatal(err)
	}
	file = filepath.Join(t.TempDir(), "act.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// needPoppler skips the test when poppler is not installed; in CI it fails.
func needPoppler(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("pdftotext"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("pdftotext is not installed: poppler-utils is missing")
		}
		t.Skip("NOT CHECKED: the texts of documents: pdftotext (poppler-utils) is not installed")
	}
}

// read returns the output of pdftotext for the document.
func read(t *testing.T, file string, options ...string) string {
	t.Helper()
	out, err := exec.Command("pdftotext", append(options, file, "-")...).CombinedOutput()
	if err != nil {
		t.Fatalf("pdftotext: %v: %s", err, out)
	}
	return strings.ReplaceAll(string(out), string(nbsp), " ")
}

// readColumn returns the text inside a vertical strip of the pages.
func readColumn(t *testing.T, file string, c column) string {
	t.Helper()
	const points = 72 / 25.4
	height := fmt.Sprintf("%.0f", bottom*points) // without the page number
	return read(t, file, "-layout", "-x", fmt.Sprint(int(c.x*points)-1), "-y", "0", "-W", fmt.Sprint(int(c.w*points)+3), "-H", height)
}

// withoutSpaces removes all white space.
func withoutSpaces(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, text)
}

// word is a word on a page with its corners in points.
type word struct {
	XMin float64 `xml:"xMin,attr"`
	YMin float64 `xml:"yMin,attr"`
	XMax float64 `xml:"xMax,attr"`
	YMax float64 `xml:"yMax,attr"`
	Text string  `xml:",chardata"`
}

// words returns the words of every page.
func words(t *testing.T, file string) (pages [][]word) {
	t.Helper()
	decoder := xml.NewDecoder(strings.NewReader(read(t, file, "-bbox")))
	decoder.Strict, decoder.Entity = false, xml.HTMLEntity
	for {
		token, err := decoder.Token()
		if err == io.EOF {
			return pages
		}
		if err != nil {
			t.Fatal(err)
		}
		start, ok := token.(xml.StartElement)
		switch {
		case ok && start.Name.Local == "page":
			pages = append(pages, nil)
		case ok && start.Name.Local == "word":
			var w word
			if err := decoder.DecodeElement(&w, &start); err != nil {
				t.Fatal(err)
			}
			pages[len(pages)-1] = append(pages[len(pages)-1], w)
		}
	}
}

// columnOfNames returns the column in which the names of the lines are drawn.
func columnOfNames(a acts.Act) column { return newTable(newSheet(), a).name }
