package scan

import (
	"errors"
	"path"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"acts24/acts"
)

// The type of a file is determined by its content: a program renamed to .pdf has the first bytes of a program.
func TestSniff(t *testing.T) {
	for name, tt := range map[string]struct {
		head    string
		ending  string // "" for a file that is refused
		message string
	}{
		"a PDF":                          {"%PDF-1.7\n", ".pdf", ""},
		"a photo":                        {"\xff\xd8\xff\xe0\x00\x10JFIF", ".jpg", ""},
		"a scan":                         {"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", ".png", ""},
		"a PDF with an HTML page inside": {"%PDF-1.4\n<html><script>alert(1)</script>", ".pdf", ""},
		"an HTML page with a PDF inside": {"<html><script>alert(1)</script>%PDF-1.4", "", "Нужен PDF"},
		"a program renamed to .pdf":      {"MZ\x90\x00\x03\x00\x00\x00", "", "Нужен PDF"},
		"an office document":             {"PK\x03\x04\x14\x00\x06\x00", "", "Нужен PDF"},
		"an SVG with a script":           {"<svg xmlns='http://www.w3.org/2000/svg'>", "", "Нужен PDF"},
		"a PDF with something before it": {"\n%PDF-1.7", "", "Нужен PDF"},
		"a photo cut short":              {"\xff\xd8", "", "Нужен PDF"},
		"an iPhone photo":                {"\x00\x00\x00\x24ftypheic\x00\x00\x00\x00", "", "HEIC"},
		"an iPhone burst of photos":      {"\x00\x00\x00\x24ftypmsf1\x00\x00\x00\x00", "", "HEIC"},
		"an AVIF":                        {"\x00\x00\x00\x1cftypavif\x00\x00\x00\x00", "", "JPEG"},
		"a video":                        {"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00", "", "Нужен PDF"},
		"nothing":                        {"", "", "Файл пустой"},
	} {
		media, ending, err := Sniff([]byte(tt.head))
		if ending != tt.ending || (media == "") != (ending == "") || (err == nil) != (tt.message == "") {
			t.Errorf("%s is %q, %q, %v; want %q", name, media, ending, err, tt.ending)
		}
		if err != nil && (!errors.Is(err, acts.Invalid) || !strings.Contains(acts.Message(err), tt.message)) {
			t.Errorf("%s: %v; want words about %s", name, err, tt.message)
		}
	}
}

func TestSafeName(t *testing.T) {
	for name, tt := range map[string]struct{ given, want string }{
		"a plain name":                     {"Акт № 5.pdf", "Акт № 5.pdf"},
		"an extension that does not match": {"акт.exe", "акт.pdf"},
		"two extensions":                   {"акт.pdf.exe", "акт.pdf.pdf"},
		"capitals":                         {"SCAN001.PDF", "SCAN001.pdf"},
		"no extension":                     {"скан", "скан.pdf"},
		"a path outside the folder":        {"../../etc/passwd", "passwd.pdf"},
		"a Windows path":                   {`C:\Users\Анна\Акт 5.pdf`, "Акт 5.pdf"},
		"a folder only":                    {"акты/", "Скан.pdf"},
		"quotes":                           {`ООО "Ромашка" 'акт'.pdf`, "ООО Ромашка акт.pdf"},
		"characters of URLs and tags":      {"<b>акт?a=1;b:2|*%.pdf", "bактa=1b2.pdf"},
		"characters that reverse the text": {"акт\u202efdp.exe", "актfdp.pdf"},
		"control characters":               {"акт\r\nX-Header: 1\a.pdf", "актX-Header 1.pdf"},
		"characters that are no letters":   {"\x00\x01\x7f\u200b\ufeff.pdf", "Скан.pdf"},
		"invalid UTF-8":                    {"акт\xff\xfe.pdf", "акт.pdf"},
		"only dots":                        {"....", "Скан.pdf"},
		"a hidden file":                    {".pdf", "Скан.pdf"},
		"dots and spaces around":           {" . акт . .pdf", "акт.pdf"},
		"many spaces":                      {"акт    №   5.pdf", "акт № 5.pdf"},
		"nothing":                          {"", "Скан.pdf"},
		"400 letters":                      {strings.Repeat("я", 400) + ".pdf", strings.Repeat("я", 120) + ".pdf"},
		"cut at a dot":                     {strings.Repeat("я", 119) + "." + "яя.pdf", strings.Repeat("я", 119) + ".pdf"},
	} {
		if got := SafeName(tt.given, ".pdf"); got != tt.want {
			t.Errorf("%s: %q becomes %q; want %q", name, tt.given, got, tt.want)
		}
	}
}

// FuzzSafeName checks that every result is one safe file name of limited length, and that applying SafeName
// twice changes nothing more.
func FuzzSafeName(f *testing.F) {
	for _, seed := range []string{"Акт № 5.pdf", "../../etc/passwd", `C:\a\b`, "акт\u202efdp.exe", "....", "\xff\xfe", `"'<>|:*?%;`, strings.Repeat("я. ", 200)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, given string) {
		got := SafeName(given, ".pdf")
		stem, ok := strings.CutSuffix(got, ".pdf")
		letters := utf8.RuneCountInString(stem)
		if !ok || letters == 0 || letters > 120 || !utf8.ValidString(got) || path.Base(got) != got {
			t.Errorf("%q becomes %q", given, got)
		}
		if strings.ContainsAny(got, `/\"'<>|:*?%;`) || strings.ContainsFunc(got, func(r rune) bool { return !unicode.IsPrint(r) }) {
			t.Errorf("%q becomes %q, which is not harmless", given, got)
		}
		if stem != strings.Trim(stem, ". ") || SafeName(got, ".pdf") != got {
			t.Errorf("%q becomes %q, then %q", given, got, SafeName(got, ".pdf"))
		}
	})
}

// FuzzSniff checks that a file is either accepted with a type and an extension or refused with a message,
// and that only its first bytes count.
func FuzzSniff(f *testing.F) {
	for _, seed := range []string{"%PDF-1.7", "\xff\xd8\xff", "\x89PNG\r\n\x1a\n", "MZ", "", "\x00\x00\x00\x24ftypheic\x00", "<html>%PDF-"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, head []byte) {
		media, ending, err := Sniff(head)
		if (err == nil) != (media != "" && ending != "") || err != nil && (!errors.Is(err, acts.Invalid) || acts.Message(err) == "") {
			t.Errorf("%q is %q, %q, %v", head, media, ending, err)
		}
		more, _, _ := Sniff(append(append([]byte{}, head...), "<html>"...))
		if err == nil && more != media {
			t.Errorf("%q is %s, with a page behind it %s", head, media, more)
		}
	})
}
