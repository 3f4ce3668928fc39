package signed

import (
	"fmt"
	"io"
	"strings"
)

// File is a file of an archive.
type File struct {
	Part Part // "" for one that we made
	Name string
	Copy func(io.Writer) error
}

// Archive is the content of the archive of one act: its files and the values of its index.
type Archive struct {
	Title      string // «Акт № 12 от 25.11.2026»
	Seller     string
	Buyer      string
	Status     string
	Note       string // what is missing, "" when nothing is
	Signatures []Signature
	Files      []File
}

// IndexName is the name of the index of an archive.
const IndexName = "Опись.txt"

// Write adds the files and the index to an archive; add creates the file of a name.
func (a Archive) Write(add func(name string) (io.Writer, error)) error {
	files := append([]File{{Name: IndexName, Copy: func(w io.Writer) error {
		_, err := io.WriteString(w, "\ufeff"+strings.ReplaceAll(a.Index(), "\n", "\r\n"))
		return err
	}}}, a.Files...)
	for _, f := range files {
		w, err := add(f.Name)
		if err != nil {
			return err
		}
		if err := f.Copy(w); err != nil {
			return fmt.Errorf("write %s: %w", f.Name, err)
		}
	}
	return nil
}

// Index returns the index as people read it.
func (a Archive) Index() string {
	var b strings.Builder
	line := func(name, value string) {
		if value != "" {
			b.WriteString(name + ": " + value + "\n")
		}
	}
	b.WriteString(a.Title + "\n\n")
	line("Исполнитель", a.Seller)
	line("Заказчик", a.Buyer)
	line("Статус", a.Status)
	line("Чего нет", a.Note)
	b.WriteString("\nФайлы\n")
	for _, f := range a.Files {
		what := f.Part.Label()
		if f.Part == "" {
			what = "печатная форма с отметками о подписях"
		}
		b.WriteString("  " + f.Name + " – " + what + "\n")
	}
	b.WriteString("\nПодписи\n")
	if len(a.Signatures) == 0 {
		b.WriteString("  нет\n")
	}
	for _, s := range a.Signatures {
		b.WriteString("\n")
		line("  "+s.Role(), s.Of)
		for _, f := range s.Facts() {
			line("  "+f.Name, f.Value)
		}
	}
	return b.String() + "\n" + Unchecked + "\n"
}

// Fact is one thing that is known about a signature, with its name as users read it.
type Fact struct{ Name, Value string }

// Facts lists what users read about a signature; facts that are not known are left out.
func (s Signature) Facts() (list []Fact) {
	c := s.Certificate
	power := "Доверенность (МЧД)"
	if s.Power.Paper {
		power = "Доверенность на бумаге"
	}
	for _, f := range []Fact{{"Подписал", s.Who()}, {"Организация", s.OnBehalfOf()}, {"Подписано", s.Moment()}, {"Сертификат", c.Serial},
		{"Выдан", c.Issuer}, {"Действует", c.Validity()}, {power, s.Power.Text()}, {"Проверка", s.Check()}} {
		if f.Value != "" {
			list = append(list, f)
		}
	}
	return list
}
