package upd

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/charmap"
)

// buyerTitle returns a small buyer's title with a text before its root and a code of the verdict.
func buyerTitle(before, code string) []byte {
	text := `<?xml version="1.0" encoding="windows-1251"?>` + before + `<Файл ИдФайл="ON_NSCHFDOPPOK_1"><Документ КНД="1115132">` +
		`<ИдИнфПрод ИдФайлИнфПр="ON_NSCHFDOPPR_1"><ЭП>TUlJ</ЭП></ИдИнфПрод><СодФХЖ4><СвПрин ДатаПрин="02.11.2026">` +
		`<КодСодОпер КодИтога="` + code + `"/></СвПрин></СодФХЖ4></Документ></Файл>`
	body, err := charmap.Windows1251.NewEncoder().Bytes([]byte(text))
	if err != nil {
		panic(err)
	}
	return body
}

func TestReadBuyer(t *testing.T) {
	got, err := ReadBuyer(buyerTitle("", "2"))
	want := BuyerTitle{Code: AcceptedWithRemarks, SellerFile: "ON_NSCHFDOPPR_1", Date: time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)}
	if err != nil || got != want {
		t.Errorf("ReadBuyer = %+v, %v; want %+v", got, err, want)
	}
	if !got.Answers("ON_NSCHFDOPPR_1.xml") || got.Answers("ON_NSCHFDOPPR_2.xml") || (BuyerTitle{}).Answers("") {
		t.Errorf("the title answers its file %t and another %t, an empty one answers no file %t; want true, false, false", got.Answers("ON_NSCHFDOPPR_1.xml"),
			got.Answers("ON_NSCHFDOPPR_2.xml"), (BuyerTitle{}).Answers(""))
	}
	body, err := charmap.Windows1251.NewEncoder().Bytes([]byte(`<?xml version="1.0" encoding="windows-1251"?><Файл><Документ КНД="1115132"><ИдИнфПрод ИдФайлИнфПр="ON_NSCHFDOPPR_1"/><СодФХЖ4>` +
		`<СвПрин ДатаПрин="02.11.2026" СодОпер="Нет отчёта"><КодСодОпер КодИтога="2"><РеквДокРасх РеквНаимДок="Акт о расхождениях" РеквНомерДок="1" РеквДатаДок="02.11.2026"/></КодСодОпер>` +
		`</СвПрин></СодФХЖ4></Документ></Файл>`))
	if err != nil {
		t.Fatal(err)
	}
	const remarks = "Нет отчёта. Акт о расхождениях № 1 от 02.11.2026"
	if got, err := ReadBuyer(body); err != nil || got.Remarks != remarks {
		t.Errorf("remarks %q, %v; want %q", got.Remarks, err, remarks)
	}
}

func TestReadBuyerRefuses(t *testing.T) {
	whole := buyerTitle("", "1")
	bomb := `<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>`
	for name, body := range map[string][]byte{
		"nothing":                     nil,
		"a page of HTML":              []byte("<!DOCTYPE html><html><body>502</body></html>"),
		"an archive":                  []byte("PK\x03\x04\x00\x00"),
		"half of a title":             whole[:len(whole)-30],
		"an unknown verdict":          buyerTitle("", "4"),
		"two verdicts in one":         buyerTitle("", "12"),
		"no verdict":                  buyerTitle("", ""),
		"a seller's title":            bytes.Replace(whole, []byte("1115132"), []byte("1115131"), 1),
		"a date that does not exist":  bytes.Replace(whole, []byte("02.11.2026"), []byte("32.11.2026"), 1),
		"an entity that names a file": buyerTitle(`<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>`, "1"),
		"a billion laughs":            buyerTitle(bomb, "&b;"),
		"an undeclared entity":        buyerTitle("", "&x;"),
		"an unsupported encoding":     bytes.Replace(whole, []byte("windows-1251"), []byte("shift_jis"), 1),
		"windows-1251 called UTF-8":   bytes.Replace(whole, []byte("windows-1251"), []byte("utf-8"), 1),
		"elements without end":        append([]byte("<Файл>"), bytes.Repeat([]byte("<a>"), 100_000)...),
		"more than a title may be":    buyerTitle("<!--"+strings.Repeat(" ", maxTitle)+"-->", "1"),
	} {
		if title, err := ReadBuyer(body); err == nil || title.Code != 0 {
			t.Errorf("%s: ReadBuyer = %+v, %v; want an error", name, title, err)
		}
	}
}

func TestReadSellerRefuses(t *testing.T) {
	body := mustBuild(t, validAct()).Body
	for name, change := range map[string][2]string{
		"a buyer's title":            {"1115131", "1115132"},
		"a sum in words":             {"250000.03", "250000.zz"},
		"a date that does not exist": {"\xc4\xe0\xf2\xe0\xc4\xee\xea=\"31.10", "\xc4\xe0\xf2\xe0\xc4\xee\xea=\"32.05"},
		"a quantity in words":        {"=\"2.5\"", "=\"2.s\""},
	} {
		broken := bytes.Replace(body, []byte(change[0]), []byte(change[1]), 1)
		if bytes.Equal(broken, body) {
			t.Errorf("%s: the title has no %q to replace", name, change[0])
		}
		if got, err := readSeller(broken); err == nil {
			t.Errorf("%s: readSeller = %+v, want an error", name, got)
		}
	}
}

func TestClean(t *testing.T) {
	for typed, want := range map[string]string{
		" Ёж\u00a0№ 1 ": "Ёж № 1", "a\x00\x1bb\u0085c\r\nd": "ab c  d", "\u202eтка\u202c": "тка", "\xed\xa0\x80ж\xff": "ж",
		"\ufeff\ufffe\uffff\ufffd": "", "\u200b\u00ad ": "", "😀 ₽": "😀 ₽", "]]>&<\"'": "]]>&<\"'",
	} {
		if got := clean(typed); got != want {
			t.Errorf("clean(%q) = %q; want %q", typed, got, want)
		}
	}
}

func TestCut(t *testing.T) {
	for _, tt := range []struct {
		text  string
		limit int
		want  string
	}{
		{"абвгд", 5, "абвгд"}, {"абвгде", 5, "абвг…"}, {"абв где", 5, "абв…"}, {"😀😀😀", 6, "😀😀😀"}, {"😀😀😀", 5, "😀😀…"}, {"😀😀😀", 4, "😀…"},
	} {
		if got := cut(tt.text, tt.limit); got != tt.want || length(got) > tt.limit {
			t.Errorf("cut(%q, %d) = %q; want %q", tt.text, tt.limit, got, tt.want)
		}
	}
}
