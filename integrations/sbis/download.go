package sbis

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// MaxFile is the size of the largest file that Download reads.
const MaxFile = 100 << 20

// ErrTooLarge means that a file is larger than MaxFile.
var ErrTooLarge = errors.New("sbis: file is larger than 100 MiB")

const downloadMethod = "GET"

// fileHosts maps an allowed host to its scheme.
type fileHosts map[string]string

func (h fileHosts) add(host, scheme string) { h[strings.ToLower(host)] = scheme }

// allows reports whether a link may be opened with our session: at the configured hosts and, over https, at those of sbis.ru and saby.ru
// (docs/contracts/sbis.md, "Addresses" and "Reading and files").
func (h fileHosts) allows(u *url.URL) bool {
	if u.User != nil || u.Opaque != "" {
		return false
	}
	host := strings.ToLower(u.Host)
	if scheme, known := h[host]; known {
		return u.Scheme == scheme
	}
	if u.Scheme != "https" {
		return false
	}
	return host == "sbis.ru" || host == "saby.ru" ||
		strings.HasSuffix(host, ".sbis.ru") || strings.HasSuffix(host, ".saby.ru")
}

// Download opens the file behind a link for reading; the caller closes it. Reading stops
// with ErrTooLarge at MaxFile. The timeout of the client includes the whole transfer.
func (c *Client) Download(ctx context.Context, link string) (io.ReadCloser, error) {
	u, err := url.Parse(strings.TrimSpace(link))
	if err != nil || link == "" || !c.hosts.allows(u) {
		return nil, invalidRequest(downloadMethod, "the link does not lead to SBIS")
	}
	var file *limitedBody
	err = c.withSession(ctx, func(s Session) error {
		bounded, cancel := context.WithTimeout(ctx, c.timeout)
		body, err := c.fetch(bounded, u.String(), s)
		if err != nil {
			cancel()
			return c.redact(err, s)
		}
		file = &limitedBody{body: body, left: MaxFile, cancel: cancel}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return file, nil
}

// fetch requests a link; a status other than 200 is an Error without the text of the answer.
func (c *Client) fetch(ctx context.Context, link string, s Session) (io.ReadCloser, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, link, nil)
	if err != nil {
		return nil, transportError(downloadMethod, 0, neverSent{errors.New("the link is not an address")})
	}
	resp, err := c.send(req, s)
	if err != nil {
		return nil, transportError(downloadMethod, 0, err)
	}
	body := &peekedBody{Reader: bufio.NewReaderSize(resp.Body, maxMessageLength), body: resp.Body}
	start, _ := body.Peek(maxMessageLength) // a shorter file ends it with io.EOF
	if resp.StatusCode == http.StatusOK && !isErrorAnswer(start) {
		return body, nil
	}
	defer resp.Body.Close()
	return nil, downloadError(resp.StatusCode, start)
}

// maxMessageLength is the largest size of an error message instead of a file.
const maxMessageLength = 4096

// peekedBody is a body whose beginning has been read.
type peekedBody struct {
	*bufio.Reader
	body io.Closer
}

// Close ends the transfer.
func (p *peekedBody) Close() error { return p.body.Close() }

// isErrorAnswer reports whether an answer with HTTP 200 is an error of the service or a page of a gateway: our files begin neither with a
// brace nor with a tag of HTML.
func isErrorAnswer(start []byte) bool {
	text := strings.ToLower(string(bytes.TrimSpace(start)))
	return strings.HasPrefix(text, "{") || strings.HasPrefix(text, "<html") || strings.HasPrefix(text, "<!doctype html")
}

// downloadError returns the error of an answer without a file. While an archive or a PDF is being made, the answer is HTTP 500 with a message, or
// an error of the service, possibly under HTTP 200 (docs/contracts/sbis.md, "Reading and files").
func downloadError(status int, start []byte) error {
	e := &Error{Method: downloadMethod, Status: status}
	switch {
	case status == http.StatusUnauthorized:
		e.kind = session
		return e
	case status == http.StatusNotFound, status == http.StatusGone:
		e.kind = notFound
		return e
	case bytes.Contains(bytes.ToLower(start), []byte("формируется")), bytes.Contains(bytes.ToLower(start), []byte("формируются")):
		e.kind = temporary
		return e
	}
	var refusal *Error
	if err := readAnswer(downloadMethod, status, start, nil); errors.As(err, &refusal) && refusal.Code != 0 {
		return refusal
	}
	return e
}

// limitedBody is the body of a file with its limit.
type limitedBody struct {
	body   io.ReadCloser
	left   int64
	cancel context.CancelFunc
}

// Read returns ErrTooLarge after the limit.
func (d *limitedBody) Read(p []byte) (int, error) {
	n, err := d.body.Read(p)
	if d.left -= int64(n); d.left < 0 {
		return 0, ErrTooLarge
	}
	return n, err
}

// Close ends the transfer.
func (d *limitedBody) Close() error {
	d.cancel()
	return d.body.Close()
}
