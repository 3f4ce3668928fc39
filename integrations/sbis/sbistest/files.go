package sbistest

import (
	"archive/zip"
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// linkLifetime is the lifetime of a signed link (docs/contracts/sbis.md, "Reading and files": about a month).
const linkLifetime = 30 * 24 * time.Hour

// linkPaths are the path prefixes of links by kind of file.
var linkPaths = map[string]string{"file": "/disk/api/v1/", "pdf": "/pdfservice/", "archive": "/archive/"}

// link returns a signed link to a file of a document.
func (c *call) link(kind, document, file string) string {
	until := strconv.FormatInt(c.cfg.Now().Add(linkLifetime).Unix(), 10)
	parts := []string{document, file, until}
	return c.base + linkPaths[kind] + strings.Join(append(parts, c.signLink(kind, parts)), "~")
}

func (s *Server) signLink(kind string, parts []string) string {
	mac := hmac.New(sha256.New, s.st.LinkKey)
	mac.Write([]byte(kind + "|" + strings.Join(parts, "|")))
	return hex.EncodeToString(mac.Sum(nil))[:32]
}

// serveLink returns the file of a link to a session of the same account.
func (s *Server) serveLink(w http.ResponseWriter, r *http.Request) {
	c := &call{Server: s, session: sessionOf(r), line: s.trace.begin("GET")}
	defer s.trace.end(c.line)
	if c.plan = s.draw("GET"); !c.before(w) {
		return
	}
	c.applyLatency()
	if !c.authorized() {
		c.line.Status = http.StatusUnauthorized
		send(w, c.line.Status, []byte(`{"error":"Not authorized.","id":-1}`))
		return
	}
	status, kind, data := c.openLink(r.URL.Path)
	if f, ok := c.plan.Find(FaultMaking, FaultMakingOK); ok {
		if status, kind, data = c.making(http.StatusInternalServerError); f.Kind == FaultMakingOK {
			status = http.StatusOK
		}
	}
	c.line.Status = status
	data = c.applyAnswerFaults(r, data)
	w.Header().Set("Content-Type", kind)
	w.WriteHeader(status)
	if n, err := w.Write(data); err != nil {
		return
	} else {
		c.line.Bytes = n
	}
	for filler := make([]byte, 1<<20); status == http.StatusOK && c.padding > 0; c.padding -= len(filler) {
		n, err := w.Write(filler)
		if c.line.Bytes += n; err != nil {
			return
		}
	}
}

// openLink checks the signature of a link and returns the bytes.
func (c *call) openLink(path string) (status int, contentType string, data []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	kind := ""
	for k, prefix := range linkPaths {
		if rest, ok := strings.CutPrefix(path, prefix); ok {
			kind, path = k, rest
		}
	}
	parts := strings.Split(path, "~")
	if len(parts) != 4 || !hmac.Equal([]byte(parts[3]), []byte(c.signLink(kind, parts[:3]))) {
		return http.StatusNotFound, "text/plain", nil
	}
	until, _ := strconv.ParseInt(parts[2], 10, 64)
	d, r := c.ownDocument(parts[0])
	if r != nil || c.cfg.Now().Unix() > until {
		return http.StatusNotFound, "text/plain", nil
	}
	switch kind {
	case "pdf":
		return c.pdf(d)
	case "archive":
		return c.archive(d)
	}
	if data := d.content(parts[1]); data != nil {
		c.padding = c.st.TitleMB << 20
		return http.StatusOK, "application/octet-stream", data
	}
	return http.StatusNotFound, "text/plain", nil
}

// pdf is made at the first request. Until it is ready the answer is an error of the service, under HTTP 500 as well as under
// 200 (docs/contracts/sbis.md, "Reading and files"). It may take long or never be ready, and may be of any size (assumed).
func (c *call) pdf(d *document) (int, string, []byte) {
	d.PDFRequests++
	switch forms := c.st.PrintForms; {
	case !forms.Never && d.PDFRequests > forms.After:
		c.padding = forms.MB << 20
		return http.StatusOK, "application/pdf", printForm(d)
	case d.PDFRequests%2 == 0:
		return c.making(http.StatusOK)
	}
	return c.making(http.StatusInternalServerError)
}

// making is the answer while a file is being made.
func (c *call) making(status int) (int, string, []byte) {
	_, body := answer(0, nil, errMaking)
	return status, "application/json; charset=utf-8", body
}

// archive is not ready at the first request (docs/contracts/sbis.md, "Reading and files").
func (c *call) archive(d *document) (int, string, []byte) {
	if d.ArchiveRequests++; d.ArchiveRequests == 1 {
		return http.StatusInternalServerError, "text/plain; charset=utf-8", []byte("PDF-файлы ещё формируются")
	}
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	for _, f := range d.files() {
		if w, err := z.Create(f.name); err == nil {
			_, _ = w.Write(f.data)
		}
	}
	_ = z.Close()
	return http.StatusOK, "application/zip", buf.Bytes()
}

// namedFile is a file of a document with its name.
type namedFile struct {
	name string
	data []byte
}

// allAttachments returns the attachments of the document and of its events.
func (d *document) allAttachments() []*attachment {
	list := append([]*attachment{}, d.Attachments...)
	for _, e := range d.Events {
		list = append(list, e.Attachments...)
	}
	return list
}

// files returns all files with their signatures, without those of the operators.
func (d *document) files() []namedFile {
	var out []namedFile
	for _, a := range d.allAttachments() {
		if a.Service {
			continue
		}
		out = append(out, namedFile{a.Name, a.Data})
		for _, s := range a.Signatures {
			out = append(out, namedFile{s.Name, s.Data})
		}
	}
	return out
}

// content returns the bytes of an attachment, or of its signature, by id.
func (d *document) content(id string) []byte {
	id, signed := strings.CutSuffix(id, ".sgn")
	for _, a := range d.allAttachments() {
		if a.ID == id && signed && len(a.Signatures) > 0 {
			return a.Signatures[0].Data
		}
		if a.ID == id && !signed {
			return a.Data
		}
	}
	return nil
}
