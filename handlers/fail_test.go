package handlers

import (
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// A lean page is the same page: a browser reads the same tree out of it.
func TestLean(t *testing.T) {
	page := `<!doctype html><html lang="ru"><head><title>a</title></head><body><table><caption>b</caption><thead><tr><th>c</th><th>d</th></tr></thead>` +
		`<tbody><tr><td>&lt;/td&gt; <b>e</b></td><td></td></tr><tr><td>f <table><tbody><tr><td>g</td></tr></tbody></table></td><td>h</td></tr></tbody></table>` +
		`<select><option value="1">i</option><option>j</option></select><p>k</p></body></html>`
	slim := string(lean([]byte(page)))
	if want := strings.NewReplacer("</td>", "", "</tr>", "", "</th>", "", "</option>", "").Replace(page); slim != want {
		t.Errorf("%s", slim)
	}
	if tree(t, page) != tree(t, slim) {
		t.Errorf("%s\nis read as\n%s", slim, tree(t, slim))
	}
	for _, text := range []string{"", "<", "</", "x</t", "</td", "a</td>"} {
		if got, want := string(lean([]byte(text))), strings.ReplaceAll(text, "</td>", ""); got != want {
			t.Errorf("%q became %q", text, got)
		}
	}
}

func tree(t *testing.T, page string) string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	var out strings.Builder
	if err == nil {
		err = html.Render(&out, root)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.String()
}
