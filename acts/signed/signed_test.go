package signed

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"acts24/acts"
)

func example() Signature {
	at := time.Date(2026, 11, 3, 9, 0, 11, 0, time.UTC)
	return Signature{Side: acts.SideTheirs, File: "a.xml.sgn", Of: "a.xml", At: at, Match: MatchYes, Certificate: Certificate{Owner: "Ёлкин Иван Иванович",
		Position: "Директор", Organization: "ООО «Заказчик»", OrgINN: "7802020205", Issuer: "АО УЦ", Serial: "01D9", From: at.AddDate(0, -1, 0), To: at.AddDate(1, 0, 0)}}
}

func TestCheck(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(*Signature)
		want   string
		wrong  bool
	}{
		"its file":              {func(*Signature) {}, "относится к этому файлу.", false},
		"another file":          {func(s *Signature) { s.Match = MatchNo }, "подписан другой файл", true},
		"an unknown hash":       {func(s *Signature) { s.Match = MatchUnchecked }, "Не проверено", false},
		"not readable":          {func(s *Signature) { s.Problem = "Файл подписи пустой." }, "не прочитана. Файл подписи пустой.", true},
		"an old certificate":    {func(s *Signature) { s.Certificate.To = s.At.Add(-time.Hour) }, "в этот день не действовал", true},
		"a certificate not yet": {func(s *Signature) { s.Certificate.From = s.At.Add(time.Hour) }, "в этот день не действовал", true},
		"no time":               {func(s *Signature) { s.At = time.Time{} }, "относится к этому файлу.", false},
	} {
		s := example()
		tt.change(&s)
		if got := s.Check(); !strings.Contains(got, tt.want) || s.Wrong() != tt.wrong {
			t.Errorf("%s: %q, wrong %t", name, got, s.Wrong())
		}
	}
}

func TestFacts(t *testing.T) {
	s := example()
	s.Power = Power{Number: "n-1", Issued: "12.01.2026", System: "https://m4d.nalog.gov.ru/"}
	var text []string
	for _, f := range s.Facts() {
		text = append(text, f.Name+" = "+f.Value)
	}
	got := strings.Join(text, "\n")
	for _, want := range []string{"Подписал = Ёлкин Иван Иванович, Директор", "Организация = ООО «Заказчик», ИНН 7802020205", "Подписано = 03.11.2026 12:00 (МСК)",
		"Сертификат = 01D9", "Действует = с 03.10.2026 по 03.11.2027", "Доверенность (МЧД) = n-1, от 12.01.2026, https://m4d.nalog.gov.ru/"} {
		if !strings.Contains(got, want) {
			t.Errorf("the facts lack %q:\n%s", want, got)
		}
	}
	s.Power = Power{Number: "7", Paper: true}
	if f := s.Facts(); f[6].Name != "Доверенность на бумаге" {
		t.Errorf("a power of attorney on paper is %v", f[6])
	}
}

// The archive begins with an index that names its files and the signatures, readable in any editor of Windows.
func TestArchive(t *testing.T) {
	text := func(s string) func(io.Writer) error {
		return func(w io.Writer) error { _, err := io.WriteString(w, s); return err }
	}
	a := Archive{Title: "Акт № 5 от 31.10.2026", Seller: "ООО «Мы»", Buyer: "ООО «Заказчик»", Status: "Подписан", Note: "СБИС не подготовил печатную форму.",
		Signatures: []Signature{example()}, Files: []File{{PartTheirTitle, "a.xml", text("<x/>")}, {PartTheirSignature, "a.xml.sgn", text("cms")}, {"", "УПД.pdf", text("%PDF")}}}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	if err := a.Write(z.Create); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil || len(r.File) != 4 || r.File[0].Name != IndexName {
		t.Fatalf("%d entries, %v", len(r.File), err)
	}
	in, err := r.File[0].Open()
	if err != nil {
		t.Fatal(err)
	}
	index, err := io.ReadAll(in)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"\ufeffАкт № 5 от 31.10.2026\r\n", "Чего нет: СБИС не подготовил", "a.xml – ответ заказчика", "УПД.pdf – печатная форма с отметками", "Сертификат: 01D9", Unchecked} {
		if !strings.Contains(string(index), want) {
			t.Errorf("the index lacks %q:\n%s", want, index)
		}
	}
}
