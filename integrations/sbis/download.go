package sbis

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// MaxFile is the largest file that Download gives.
const MaxFile = 100 << 20

// ErrTooLarge ends the reading of a file beyond MaxFile.
var ErrTooLarge = errors.New("sbis: file is larger than 100 MiB")

const downloadMethod = "GET"

// fileHosts maps an allowed host to the scheme it is reached by.
type fileHosts map[string]string

func (h fileHosts) add(host, scheme string) { h[strings.ToLower(host)] = scheme }

// allows tells whether a link may be followed with our session: only to the configured
// hosts and, over https, to those of sbis.ru and saby.ru (contract 1.1, 2.4).
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
// with ErrTooLarge at MaxFile. The bound of the client covers the whole transfer.
func (c *Client) Download(ctx context.Context, link string) (io.ReadCloser, error) {
	u, err := url.Parse(strings.TrimSpace(link))
	if err != nil || link == "" || !c.hosts.allows(u) {
		return nil, notAsked(downloadMethod, "the link does not lead to SBIS")
	}
	ctx, cancel := context.WithTimeout(ctx, c.bound)
	var file io.ReadCloser
	err = c.withSession(ctx, func(s Session) error {
		body, err := c.fetch(ctx, u.String(), s)
		file = body
		return c.conceal(err, s)
	})
	if err != nil {
		cancel()
		return nil, err
	}
	return &download{body: file, left: MaxFile, cancel: cancel}, nil
}

// fetch gets one link; anything but 200 is an Error without the text of the answer.
func (c *Client) fetch(ctx context.Context, link string, s Session) (io.ReadCloser, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, link, nil)
	if err != nil {
		return nil, failed(downloadMethod, 0, neverSent{errors.New("the link is not an address")})
	}
	resp, err := c.send(req, s)
	if err != nil {
		return nil, failed(downloadMethod, 0, err)
	}
	if resp.StatusCode == http.StatusOK {
		return resp.Body, nil
	}
	defer resp.Body.Close()
	return nil, noFile(resp)
}

// noFile sorts the answers that bring no file. An archive or a PDF still in the making is
// HTTP 500 with a sentence about it (contract 2.4).
func noFile(resp *http.Response) error {
	e := &Error{Method: downloadMethod, Status: resp.StatusCode}
	switch resp.StatusCode {
	case http.StatusUnauthorized:
		e.kind = session
	case http.StatusNotFound, http.StatusGone:
		e.kind = notFound
	case http.StatusInternalServerError:
		start, _ := io.ReadAll(io.LimitReader(resp.Body, 4096))
		if bytes.Contains(bytes.ToLower(start), []byte("формируются")) {
			e.kind = temporary
		}
	}
	return e
}

// download is the body of a file with its limit.
type download struct {
	body   io.ReadCloser
	left   int64
	cancel context.CancelFunc
}

// Read gives the next bytes of the file.
func (d *download) Read(p []byte) (int, error) {
	n, err := d.body.Read(p)
	if d.left -= int64(n); d.left < 0 {
		return 0, ErrTooLarge
	}
	return n, err
}

// Close ends the transfer.
func (d *download) Close() error {
	d.cancel()
	return d.body.Close()
}
