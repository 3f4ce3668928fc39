package views

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// browserTexts matches attributes that make a browser show texts in its own language. A file field is allowed in one component, which hides it.
var browserTexts = regexp.MustCompile(`type="(date|datetime-local|month|week|time|email|number|url|color)"|\srequired[\s/>?]|\spattern=|\sminlength=|\s(min|max)=`)

func TestNoTextsOfTheBrowser(t *testing.T) {
	files, err := filepath.Glob("*.templ")
	if err != nil || len(files) < 20 {
		t.Fatalf("%d components, %v", len(files), err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(string(text), "\n") {
			if browserTexts.MatchString(line) && !strings.Contains(line, "<progress") {
				t.Errorf("%s:%d: %s", name, i+1, strings.TrimSpace(line))
			}
			if strings.Contains(line, `type="file"`) && name != "field.templ" {
				t.Errorf("%s:%d: a file field beside fileField: %s", name, i+1, strings.TrimSpace(line))
			}
		}
	}
}

func TestTypedDate(t *testing.T) {
	for text, want := range map[string]string{"2026-12-05": "05.12.2026", "05.12.2026": "05.12.2026", "": "", "2026-13-05": "2026-13-05", "завтра": "завтра"} {
		if got := TypedDate(text); got != want {
			t.Errorf("%q is shown as %q, want %q", text, got, want)
		}
	}
}

func TestDateField(t *testing.T) {
	var page strings.Builder
	f := DateField{Name: "on", Label: "Дата отправки", Value: "2026-12-05", MaxDay: "2026-12-31", TestID: "send-on", Fault: "Эта дата ещё не наступила."}
	if err := dateField(f).Render(t.Context(), &page); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`value="05.12.2026"`, `placeholder="дд.мм.гггг"`, `data-max="2026-12-31"`, `data-testid="send-on"`, `aria-invalid="true"`, `aria-describedby="fault-on"`, `id="fault-on"`} {
		if !strings.Contains(page.String(), want) {
			t.Errorf("%s is missing in %s", want, page.String())
		}
	}
}

// A message stands at its field once; the summary links to it by the label of the field. A message without a field stands in the summary.
func TestSummaryOfMistakes(t *testing.T) {
	const atField, lost = "Укажите номера актов.", "Такого поля на странице нет."
	m := Originals{Fault: atField}
	m.FormFaults = []FormFault{{"numbers", atField}, {"elsewhere", lost}}
	var page strings.Builder
	if err := OriginalsPage(m).Render(t.Context(), &page); err != nil {
		t.Fatal(err)
	}
	html := page.String()
	if strings.Count(html, atField) != 1 || strings.Count(html, lost) != 1 {
		t.Errorf("the messages stand %d and %d times", strings.Count(html, atField), strings.Count(html, lost))
	}
	for _, want := range []string{`<a href="#fault-numbers">Номера актов</a>`, `id="fault-numbers"`, `aria-describedby="fault-numbers"`} {
		if !strings.Contains(html, want) {
			t.Errorf("%s is missing in %s", want, html)
		}
	}
}
