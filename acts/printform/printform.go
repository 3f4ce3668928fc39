// Package printform draws the print form of an act as a PDF. Equal acts give equal bytes.
package printform

import (
	"time"

	"acts24/acts"
	"acts24/acts/papercode"
	"acts24/acts/signed"
)

// Form is the input of a print form.
type Form struct {
	Act  acts.Act
	Logo []byte // PNG or JPEG of our company; an unusable one is left out

	Signatures []signed.Signature // of the electronic document, in a stamp below the act
}

// PDF returns the document «Акт о выполненных работах (оказанных услугах)» in A4. It contains what 402-ФЗ
// art. 9 requires and what customers expect (docs/contracts/sbis.md, "Paper act").
func PDF(f Form) ([]byte, error) {
	s := newSheet()
	f.describe(s)
	f.draw(s)
	return output(s, caption(f.Act))
}

// draw draws the pages of the act.
func (f Form) draw(s *sheet) {
	s.newPage()
	s.drawBarcode(papercode.Of(f.Act), right, codeTop, codeHeight)
	drawLogo(s, f.Logo)
	drawHead(s, f.Act)
	drawBody(s, f.Act)
	stampOn(s).drawStamp(caption(f.Act), f.Signatures)
	s.drawFooters(caption(f.Act))
}

// describe sets the metadata of the file. Its times are the date of the act, because the output depends on the act only.
func (f Form) describe(s *sheet) {
	setMetadata(s, f.Act.Date, caption(f.Act), f.Act.Seller.FullName(), acts.DocumentName)
}

func setMetadata(s *sheet, date time.Time, title, author, subject string) {
	made := time.Unix(0, 0).UTC()
	if !date.IsZero() {
		made = day(date.Date())
	}
	s.pdf.SetCreationDate(made)
	s.pdf.SetModificationDate(made)
	s.pdf.SetTitle(printable(title), true)
	s.pdf.SetAuthor(printable(author), true)
	s.pdf.SetSubject(subject, true)
	s.pdf.SetProducer("acts24", true)
	s.pdf.SetLang("ru-RU")
}
