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

// maxTitle is the largest title that we read; real ones have a few hundred kilobytes with the seller's signature.
const maxTitle = 10 << 20

// quotes writes quotation marks as named entities, as other programs do (docs/contracts/sbis.md, "УПД: file").
var quotes = strings.NewReplacer("&#34;", "&quot;", "&#39;", "&apos;")

// encode returns the file in windows-1251. Letters outside it become numeric references, which are possible only in values: all names of
// elements and attributes are within windows-1251.
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

// decode reads a title of either party. A document type is an error: titles have none, and external entities must not be read.
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
