package stories_test

import (
	"bytes"
	"compress/gzip"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"testing"

	"acts24/static"
	"acts24/views/stories"
)

var component = regexp.MustCompile(`(?m)^templ ([A-Z]\w*)\(`)

// Every page of views has stories.
func TestEveryPageHasAStory(t *testing.T) {
	covered := map[string]bool{}
	for _, s := range stories.All() {
		covered[s.Page] = true
	}
	files, err := fs.Glob(os.DirFS(".."), "*.templ")
	if err != nil || len(files) == 0 {
		t.Fatalf("no templates: %v", err)
	}
	for _, file := range files {
		text, err := os.ReadFile("../" + file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range component.FindAllStringSubmatch(string(text), -1) {
			if !covered[m[1]] {
				t.Errorf("%s of views/%s has no story in views/stories", m[1], file)
			}
		}
	}
}

func TestStoriesHaveNamesOfTheirOwn(t *testing.T) {
	var names []string
	for _, s := range stories.All() {
		if slices.Contains(names, s.Name()) {
			t.Errorf("two stories are called %s", s.Name())
		}
		names = append(names, s.Name())
	}
}

// maxPage is the size of a page at its first opening in bytes, compressed, with its stylesheets and scripts.
const maxPage = 60_000

var asset = regexp.MustCompile(`<(?:script|link)\b[^>]*?(?:src|href)="([^"]*)"`)

func TestPagesAreLight(t *testing.T) {
	files := map[string]int{}
	heaviest, most := "", 0
	for _, s := range stories.All() {
		var page bytes.Buffer
		if err := s.Render("").Render(t.Context(), &page); err != nil {
			t.Fatalf("%s: %v", s.Name(), err)
		}
		size := compressed(t, page.Bytes())
		for _, m := range asset.FindAllStringSubmatch(page.String(), -1) {
			if _, seen := files[m[1]]; !seen {
				name := path.Base(m[1])
				body, err := static.FS.ReadFile(name)
				if err != nil || static.Path(name) != m[1] {
					t.Fatalf("%s loads %s: %v", s.Name(), m[1], err)
				}
				files[m[1]] = compressed(t, body)
			}
			size += files[m[1]]
		}
		if size > most {
			heaviest, most = s.Name(), size
		}
		if size > maxPage {
			t.Errorf("%s weighs %d bytes compressed, want at most %d", s.Name(), size, maxPage)
		}
	}
	t.Logf("the heaviest page is %s, %d bytes compressed", heaviest, most)
}

func compressed(t *testing.T, body []byte) int {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	if _, err := z.Write(body); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Len()
}
