// Package printform draws the print form of an act as a PDF. Equal acts give equal bytes.
package printform

import (
	"bytes"
	"fmt"
	"time"

	"acts24/acts"
)

// Form is the input of a print form.
type Form struct {
	Act  acts.Act
	Logo []byte // PNG or JPEG of our company; an unusable one is left out
}

// PDF returns the document «Акт о выполненных работах (оказанных услугах)» in A4. It contains what 402-ФЗ
// art. 9 requires and what customers expect (docs/contracts/sbis.md, "Paper act").
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

// describe sets the metadata of the file. Its times are the date of the act, because the output depends on the act only.
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
