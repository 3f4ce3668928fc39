package bitrix24

import (
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"path"
	"strings"
)

// fileMethod is the method name of downloads in budgets and errors.
const fileMethod = "crm.controller.item.getFile"

// Download is an open file of a CRM field. The caller closes it.
type Download struct {
	io.ReadCloser
	Name string // as the portal names it, "" when it does not
	Type string // Content-Type, "" when the portal does not send it
	Size int64  // -1 when it is not known in advance
}

// Download opens a file of a CRM field by its URLMachine, which is valid as long as the access token that read the item: when IsExpired
// is true for the error, read the item again (docs/contracts/bitrix24.md, "Files"). The address contains the token, so requests go to
// the portal's own host only and redirects are not followed. Reading more than limit bytes ends with ErrTooLarge. The timeout runs until
// the file is closed.
func (c *Client) Download(ctx context.Context, f File, limit int64) (*Download, error) {
	address, err := c.ownFile(f)
	if err != nil {
		return nil, notSent(fileMethod, err)
	}
	if err := c.budget.Take(ctx, fileMethod); err != nil {
		return nil, notSent(fileMethod, err)
	}
	d, err := c.wire.get(ctx, address, limit)
	c.reportFile(ctx, err, address.Query().Get("auth"))
	return d, err
}

// reportFile removes the token of the address from an error and reports a limit to the budget.
func (c *Client) reportFile(ctx context.Context, err error, token string) {
	redactIn(err, token)
	req := request{method: fileMethod, runs: []string{fileMethod}}
	if usage := req.report(nil, err); len(usage) > 0 {
		c.budget.Report(ctx, usage)
	}
}

// ownFile returns the address of a file, or an error when its host is not that of the portal.
func (c *Client) ownFile(f File) (*url.URL, error) {
	own, err := url.Parse(c.endpoint)
	if err != nil {
		return nil, ErrBadAddress
	}
	u, err := url.Parse(f.URLMachine)
	if err != nil || u.User != nil || u.Opaque != "" || u.Scheme != own.Scheme || !SameHost(u.Host, own.Host) {
		return nil, ErrBadAddress
	}
	u.Fragment = ""
	return u, nil
}

// get opens a file; every status other than 200 is decoded as the answer of a method.
func (w wire) get(ctx context.Context, address *url.URL, limit int64) (*Download, error) {
	ctx, cancel := context.WithTimeout(ctx, w.timeout)
	var conn connWatch
	req, err := http.NewRequestWithContext(conn.watch(ctx), http.MethodGet, address.String(), nil)
	if err != nil {
		cancel()
		return nil, notSent(fileMethod, ErrBadAddress)
	}
	req.Header.Set("User-Agent", userAgent)
	resp, err := w.transport.RoundTrip(req)
	if err != nil {
		cancel()
		return nil, &Error{Method: fileMethod, refused: conn.neverConnected(err), cause: withoutAnswer(err)}
	}
	d := &Download{Name: fileName(resp.Header), Type: resp.Header.Get("Content-Type"), Size: resp.ContentLength}
	d.ReadCloser = &limitedBody{body: resp.Body, left: limit, end: cancel}
	if resp.StatusCode == http.StatusOK && d.Size <= limit {
		return d, nil
	}
	defer func() { _ = d.Close() }()
	return nil, downloadError(resp, limit)
}

// downloadError returns the error of a download: the file is too large, or the error in the answer.
func downloadError(resp *http.Response, limit int64) error {
	if resp.StatusCode == http.StatusOK && resp.ContentLength > limit {
		return &Error{Method: fileMethod, Status: resp.StatusCode, cause: ErrTooLarge}
	}
	r, err := readReply(fileMethod, resp)
	if err != nil {
		return err
	}
	if _, err := readAnswer(fileMethod, r); err != nil {
		var e *Error
		if errors.As(err, &e) {
			e.resetAt = max(e.resetAt, retryAfter(resp.Header))
		}
		return err
	}
	return &Error{Method: fileMethod, Status: resp.StatusCode, cause: ErrUnreadable}
}

// limitedBody reads at most a number of bytes and cancels the context of the request when it is closed.
type limitedBody struct {
	body io.ReadCloser
	left int64
	end  context.CancelFunc
}

// Read returns ErrTooLarge when there are more bytes than allowed.
func (b *limitedBody) Read(p []byte) (int, error) {
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.body.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, &Error{Method: fileMethod, Status: http.StatusOK, cause: ErrTooLarge}
	}
	if err != nil && !errors.Is(err, io.EOF) {
		err = &Error{Method: fileMethod, Status: http.StatusOK, cause: withoutAnswer(err)}
	}
	return n, err
}

// Close ends the request.
func (b *limitedBody) Close() error {
	defer b.end()
	return b.body.Close()
}

// fileName returns the file name in Content-Disposition without its folders, on one line.
func fileName(h http.Header) string {
	_, params, err := mime.ParseMediaType(h.Get("Content-Disposition"))
	if err != nil {
		return ""
	}
	name := tidy(path.Base(strings.ReplaceAll(params["filename"], `\`, "/")), 255)
	if name == "." || name == "/" || name == ".." {
		return ""
	}
	return name
}
