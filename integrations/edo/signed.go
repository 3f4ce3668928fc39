package edo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"acts24/acts/signed"
	"acts24/integrations/edo/signature"
	"acts24/integrations/edo/upd"
	"acts24/integrations/sbis"
	"acts24/workflow"
)

// The largest files of a signed document, in bytes, and how many it may have. Real titles have a few hundred kilobytes.
const (
	maxTitle       = 10 << 20
	maxSignature   = 1 << 20
	maxSigned      = 20 << 20 // all titles and signatures together
	maxSignedFiles = 20
)

// Signed fetches the titles of a document with their signatures. The links are requested each time and not kept
// (docs/contracts/sbis.md, "Reading and files").
func (a *Adapter) Signed(ctx context.Context, account workflow.Account, document string) (workflow.SignedDocument, error) {
	client, err := a.client(ctx, account)
	if err != nil {
		return workflow.SignedDocument{}, err
	}
	doc, err := client.ReadDocument(ctx, document)
	if err != nil {
		return workflow.SignedDocument{}, readError(err)
	}
	f := fetcher{client: client}
	for _, one := range titlesOf(*doc) {
		if err := f.fetch(ctx, one, doc.Attachments); err != nil {
			return workflow.SignedDocument{}, err
		}
	}
	if len(f.document.Files) == 0 {
		f.document.Notes = append(f.document.Notes, "СБИС не отдал ни одного файла документа.")
	}
	return f.document, nil
}

// titlesOf returns the files of a document and of its events without service files, each once with all its signatures: the document and an
// event may both list a file, each with a part of its signatures.
func titlesOf(d sbis.Document) []sbis.Attachment {
	lists := [][]sbis.Attachment{d.Attachments}
	for _, e := range d.Events {
		lists = append(lists, e.Attachments)
	}
	var titles []sbis.Attachment
	at := map[string]int{}
	for _, list := range lists {
		for _, one := range list {
			i, seen := at[one.ID]
			switch {
			case one.Service || one.Deleted || one.ID == "":
			case !seen:
				at[one.ID] = len(titles)
				titles = append(titles, one)
			default:
				titles[i].Signatures = joinSignatures(titles[i].Signatures, one.Signatures)
				if titles[i].File.Link == "" {
					titles[i].File = one.File
				}
			}
		}
	}
	return titles
}

// joinSignatures adds the signatures with other names.
func joinSignatures(known, more []sbis.Signature) []sbis.Signature {
	names := map[string]bool{}
	for _, s := range known {
		names[s.File.Name] = true
	}
	for _, s := range more {
		if !names[s.File.Name] {
			known = append(known, s)
		}
	}
	return known
}

// isIncoming reports whether a file or a signature comes from the counterparty.
func isIncoming(direction string) bool {
	return strings.HasPrefix(strings.ToLower(strings.TrimSpace(direction)), "вход")
}

// fetcher fetches the files of one document.
type fetcher struct {
	client   *sbis.Client
	document workflow.SignedDocument
	size     int
}

// fetch fetches one title with its signatures. A buyer's title to another file is left out with a note.
func (f *fetcher) fetch(ctx context.Context, title sbis.Attachment, ours []sbis.Attachment) error {
	part, theirs := signed.PartOurTitle, isIncoming(title.Direction)
	if theirs {
		part = signed.PartTheirTitle
	}
	body, err := f.download(ctx, title.File.Link, maxTitle)
	if err != nil {
		return err
	}
	if note := foreignTitleNote(theirs, body, ours); note != "" {
		f.document.Notes = append(f.document.Notes, note)
		return nil
	}
	f.document.Files = append(f.document.Files, workflow.SignedFile{Part: part, Name: title.File.Name, Body: body})
	signers, _ := upd.Signers(body) // none in a file of another format
	for n, s := range title.Signatures {
		one := workflow.SignedFile{Part: signed.PartOurSignature, Name: s.File.Name}
		if theirs || isIncoming(s.Direction) {
			one.Part = signed.PartTheirSignature
		}
		if one.Name == "" || one.Name == title.File.Name {
			one.Name = title.File.Name + ".sgn"
			if n > 0 {
				one.Name = fmt.Sprintf("%s.%d.sgn", title.File.Name, n+1)
			}
		}
		if one.Body, err = f.download(ctx, s.File.Link, maxSignature); err != nil {
			return err
		}
		one.Signatures = readSignatures(one, title.File.Name, body, signers)
		f.document.Files = append(f.document.Files, one)
	}
	if len(title.Signatures) == 0 {
		f.document.Notes = append(f.document.Notes, "СБИС не отдал подпись к файлу «"+title.File.Name+"».")
	}
	return nil
}

// foreignTitleNote returns why a buyer's title does not belong to our document, "" when it does. Files in other formats are not checked.
func foreignTitleNote(theirs bool, body []byte, ours []sbis.Attachment) string {
	if !theirs {
		return ""
	}
	buyer, err := upd.ReadBuyer(body)
	if err != nil { // a file of another format
		return ""
	}
	for _, a := range ours {
		if buyer.Answers(a.File.Name) {
			return ""
		}
	}
	return "Ответ контрагента относится к другому файлу и в комплект не взят."
}

// download reads a file of at most limit bytes; a file without an address is not ready.
func (f *fetcher) download(ctx context.Context, link string, limit int) ([]byte, error) {
	var body bytes.Buffer
	if err := copyFile(ctx, f.client, link, &body, int64(limit)); err != nil {
		return nil, err
	}
	f.size += body.Len()
	if f.size > maxSigned || len(f.document.Files) >= maxSignedFiles {
		return nil, workflow.ErrTooLarge
	}
	return body.Bytes(), nil
}

// copyFile copies a file of at most limit bytes to w.
func copyFile(ctx context.Context, client *sbis.Client, link string, w io.Writer, limit int64) error {
	if link == "" {
		return workflow.ErrNotReady
	}
	body, err := client.Download(ctx, link)
	if sbis.Temporary(err) {
		return fmt.Errorf("%w: %w", workflow.ErrNotReady, err)
	}
	if err != nil {
		return readError(err)
	}
	defer body.Close()
	switch n, err := io.Copy(w, io.LimitReader(body, limit+1)); {
	case n > limit, errors.Is(err, sbis.ErrTooLarge):
		return workflow.ErrTooLarge
	case err != nil:
		return fmt.Errorf("%w (download: %w)", errUnavailable, err)
	}
	return nil
}

// PrintForm copies the print form that SBIS makes of a document, a PDF. Of several links that of the whole document is preferred.
func (a *Adapter) PrintForm(ctx context.Context, account workflow.Account, document string, w io.Writer, limit int64) error {
	client, err := a.client(ctx, account)
	if err != nil {
		return err
	}
	doc, err := client.ReadDocument(ctx, document)
	if err != nil {
		return readError(err)
	}
	link := doc.PDFLink
	for _, one := range doc.Attachments {
		if link == "" && !one.Service {
			link = one.PDFLink
		}
	}
	checked := &prefixChecker{w: w, want: []byte("%PDF-")}
	err = copyFile(ctx, client, link, checked, limit)
	if errors.Is(err, errNoPDF) || err == nil && len(checked.want) > 0 {
		return workflow.ErrNotReady // SBIS answered with a message instead of a file
	}
	return err
}

var errNoPDF = errors.New("the file is no PDF")

// prefixChecker is a writer that copies to w what begins with the wanted bytes, and returns errNoPDF for anything else.
type prefixChecker struct {
	w    io.Writer
	want []byte // the rest of the beginning that has not come yet
}

// Write compares the beginning and copies.
func (m *prefixChecker) Write(p []byte) (int, error) {
	n := min(len(p), len(m.want))
	if !bytes.Equal(p[:n], m.want[:n]) {
		return 0, errNoPDF
	}
	m.want = m.want[n:]
	return m.w.Write(p)
}

// readSignatures returns the signatures in a detached signature of a title.
func readSignatures(file workflow.SignedFile, of string, body []byte, signers []upd.Signer) []signed.Signature {
	found, err := signature.Read(file.Body)
	if err != nil {
		return []signed.Signature{{Side: file.Part.Signer(), File: file.Name, Of: of, Problem: signatureFault(err)}}
	}
	var list []signed.Signature
	for _, s := range found {
		c := s.Certificate
		one := signed.Signature{Side: file.Part.Signer(), File: file.Name, Of: of, At: s.At, Match: signed.MatchUnchecked, Certificate: signed.Certificate{
			Owner: c.Person(), Position: c.Position, Organization: c.Organization, INN: c.INN, OrgINN: c.OrgINN, OGRN: c.OGRN + c.OGRNIP,
			Issuer: c.Issuer, Serial: c.Serial, From: c.From, To: c.To}}
		if one.Certificate.Owner == "" {
			one.Certificate.Owner = c.CommonName
		}
		if matches, known := s.Covers(body); known {
			one.Match = signed.MatchNo
			if matches {
				one.Match = signed.MatchYes
			}
		}
		if named, ok := signerOf(signers, c); ok {
			one.Power = signed.Power{Number: named.PowerNumber, Issued: named.PowerIssued, System: named.PowerSystem, Paper: named.ByPaper()}
			if one.Certificate.Position == "" {
				one.Certificate.Position = named.Position
			}
		}
		list = append(list, one)
	}
	return list
}

// signerOf returns the signer of a title who owns a certificate; without such a name the only signer.
func signerOf(signers []upd.Signer, c signature.Certificate) (upd.Signer, bool) {
	for _, s := range signers {
		if c.Surname != "" && strings.EqualFold(s.Surname, c.Surname) && strings.EqualFold(strings.TrimSpace(s.Name+" "+s.Patronymic), c.GivenName) {
			return s, true
		}
	}
	if len(signers) == 1 {
		return signers[0], true
	}
	return upd.Signer{}, false
}

// signatureFault returns why a signature cannot be read, for users.
func signatureFault(err error) string {
	switch {
	case errors.Is(err, signature.ErrNoCertificate):
		return "В ней нет сертификата подписанта."
	case errors.Is(err, signature.ErrEmpty), errors.Is(err, signature.ErrNoSigner):
		return "Файл подписи пустой."
	}
	return "Файл не похож на подпись в формате CMS (DER)."
}
