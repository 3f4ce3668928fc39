package upd

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
)

const declaration = `<?xml version="1.0" encoding="windows-1251"?>` + "\n"

// maxTitle bounds a title that we read; real ones are a few hundred kilobytes with the seller's signature inside.
const maxTitle = 10 << 20

// quotes are written by name, as other programs of the exchange do (docs/contracts/sbis.md, "УПД: file").
var quotes = strings.NewReplacer("&#34;", "&quot;", "&#39;", "&apos;")

// encode writes the file in windows-1251; letters that it lacks become numeric references.
// They can stand only in values: names of elements and attributes are all within windows-1251.
func encode(f *file) ([]byte, error) {
	text, err := xml.Marshal(f)
	if err != nil {
		return nil, fmt.Errorf("write title: %w", err)
	}
	narrow := encoding.HTMLEscapeUnsupported(charmap.Windows1251.NewEncoder())
	body, err := narrow.String(declaration + quotes.Replace(string(text)))
	if err != nil {
		return nil, fmt.Errorf("write title in windows-1251: %w", err)
	}
	return []byte(body), nil
}

// decode reads a title of either side. A document type is refused unread: titles have none,
// and nothing outside the body is ever looked at.
func decode(body []byte, into any) error {
	if len(body) > maxTitle {
		return fmt.Errorf("title of %d bytes is too large", len(body))
	}
	d := xml.NewDecoder(bytes.NewReader(bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))))
	d.CharsetReader = charset
	if err := xml.NewTokenDecoder(noDoctype{d}).Decode(into); err != nil {
		return fmt.Errorf("read title: %w", err)
	}
	return nil
}

func charset(label string, in io.Reader) (io.Reader, error) {
	switch strings.ToLower(label) {
	case "windows-1251", "cp1251":
		return charmap.Windows1251.NewDecoder().Reader(in), nil
	}
	return nil, fmt.Errorf("encoding %q is not used by titles", label)
}

// noDoctype passes the tokens of a document that has no document type.
type noDoctype struct{ from *xml.Decoder }

// Token returns the next raw token, or an error at a directive such as <!DOCTYPE.
func (p noDoctype) Token() (xml.Token, error) {
	t, err := p.from.RawToken()
	if _, ok := t.(xml.Directive); ok {
		return nil, errors.New("a document type is not allowed")
	}
	return t, err
}
