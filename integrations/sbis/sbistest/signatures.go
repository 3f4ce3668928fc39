package sbistest

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"acts24/integrations/sbis/sbistest/cms"
)

// signatureOf returns the detached signature of a file by a person of a party. Whoever signs by a power of attorney has a personal certificate
// without the organisation (docs/contracts/sbis.md, "Certificates").
func (s *Server) signatureOf(a *attachment, o Organization, by Person, position, power string) signature {
	owner := cms.Owner{Surname: by.Surname, GivenName: strings.TrimSpace(by.Name + " " + by.Patronymic), CommonName: by.Full(), SNILS: "11223344595", INN: "500100732259"}
	switch {
	case power != "":
	case o.KPP == "":
		owner.INN = o.INN
	default:
		owner.CommonName, owner.Organization, owner.OrgINN, owner.OGRN, owner.Position = o.Name, o.Name, o.INN, "1027700132195", position
	}
	now := s.cfg.Now().In(moscow)
	from := time.Date(now.Year(), now.Month()-1, 1, 9, 0, 0, 0, moscow)
	certificate := cms.Certificate{Owner: owner, From: from, To: from.AddDate(1, 3, 0)}
	return signature{Name: a.Name + ".sgn", Incoming: a.Incoming, Power: power, Data: certificate.Sign(a.Data, now, cms.Hash256)}
}

// printForms are the settings of print forms.
type printForms struct {
	After int  `json:"after"` // requests that are answered «not ready», by default 2
	Never bool `json:"never,omitempty"`
	MB    int  `json:"mb,omitempty"` // size of a print form in megabytes
}

// SetPrintForms sets after how many requests the print form of a document is ready and how many megabytes it has, 0 for a small one.
// never means that it never becomes ready.
func (s *Server) SetPrintForms(after int, never bool, mb int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.st.PrintForms = printForms{After: after, Never: never, MB: mb}
	s.changed()
}

// PadTitles makes every title and signature of a document this many megabytes larger.
func (s *Server) PadTitles(mb int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.st.TitleMB = mb
	s.changed()
}

// printForm is a small PDF with one page. Its fonts are Latin: the text names the document by its id.
func printForm(d *document) []byte {
	text := fmt.Sprintf("BT /F1 12 Tf 60 780 Td (SBIS sandbox: print form of document %s) Tj 0 -20 Td (state %d, signed by both parties as shown in the account) Tj ET", d.ID, d.State.Code)
	objects := []string{
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(text), text),
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
	}
	var out bytes.Buffer
	out.WriteString("%PDF-1.4\n")
	var places []int
	for i, o := range objects {
		places = append(places, out.Len())
		fmt.Fprintf(&out, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, at := range places {
		fmt.Fprintf(&out, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&out, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, start)
	return out.Bytes()
}
