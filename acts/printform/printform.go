// Package printform draws the print form of an act: a PDF that people print, sign and keep.
// The same act always gives the same bytes.
package printform

import (
	"bytes"
	"fmt"
	"time"

	"acts24/acts"
)

// Form is what a print form is made of.
type Form struct {
	Act  acts.Act
	Logo []byte // PNG or JPEG of our company; one that cannot be used is left out
}

// PDF is the document «Акт о выполненных работах (оказанных услугах)», A4.
// It holds what 402-ФЗ art. 9 requires and what customers expect (contracts/sbis.md 6).
func PDF(f Form) ([]byte, error) {
	s := newSheet()
	f.describe(s)
	s.turn()
	drawLogo(s, f.Logo)
	drawHead(s, f.Act)
	drawBody(s, f.Act)
	s.number(caption(f.Act))
	var out bytes.Buffer
	if err := s.pdf.Output(&out); err != nil {
		return nil, fmt.Errorf("print form of act %d: %w", f.Act.ID, err)
	}
	return out.Bytes(), nil
}

// describe fills the properties of the file; its times are the date of the act, for nothing here has a clock.
func (f Form) describe(s *sheet) {
	made := time.Unix(0, 0).UTC()
	if !f.Act.Date.IsZero() {
		y, m, d := f.Act.Date.Date()
		made = time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	}
	s.pdf.SetCreationDate(made)
	s.pdf.SetModificationDate(made)
	s.pdf.SetTitle(printable(caption(f.Act)), true)
	s.pdf.SetAuthor(printable(f.Act.Seller.FullName()), true)
	s.pdf.SetSubject(acts.DocumentName, true)
	s.pdf.SetProducer("acts24", true)
	s.pdf.SetLang("ru-RU")
}
