package bitrix24

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// fileAt returns a file with a download address at the portal.
func fileAt(p *stubPortal) File {
	return File{ID: 7, URLMachine: p.URL + "/rest/crm.controller.item.getFile.json?auth=user-token&token=crm%7Cabc"}
}

// respondFile answers with a PDF file.
func respondFile(content, disposition string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/pdf")
		w.Header().Set("Content-Disposition", disposition)
		_, _ = io.WriteString(w, content)
	}
}

func TestDownload(t *testing.T) {
	for disposition, wantName := range map[string]string{
		`attachment; filename="act.pdf"`: "act.pdf", `attachment; filename*=utf-8''%D0%90%D0%BA%D1%82.pdf`: "Акт.pdf",
		`attachment; filename="x.pdf"; filename*=utf-8''%D0%90%D0%BA%D1%82.pdf`: "Акт.pdf", ``: "", `attachment`: "",
		`attachment; filename="../../etc/passwd"`: "passwd", `attachment; filename="C:\\dir\\a.pdf"`: "a.pdf", `;;`: "",
	} {
		p, budget := newStubPortal(t, respondFile("содержимое", disposition)), &recordingBudget{}
		d, err := p.client(t, withBudget(budget)).Download(context.Background(), fileAt(p), 20)
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(d)
		if err != nil || d.Close() != nil || string(content) != "содержимое" || d.Name != wantName || d.Type != "application/pdf" || d.Size != 20 {
			t.Errorf("%s: content %q, name %q, type %q, size %d, %v; want the name %q and 20 bytes of PDF", disposition, content, d.Name, d.Type, d.Size, err, wantName)
		}
		if !slices.Equal(budget.taken, []string{fileMethod}) {
			t.Errorf("taken %v, want %s once", budget.taken, fileMethod)
		}
	}
}

func TestDownloadRefuses(t *testing.T) {
	tooLarge := func(err error) bool { return errors.Is(err, ErrTooLarge) }
	for name, tt := range map[string]struct {
		answer http.HandlerFunc
		is     func(error) bool
	}{
		"an expired token":    {respond(401, expiredBody), IsExpired},
		"no right":            {respond(403, `{"error":"ACCESS_DENIED"}`), IsAccessDenied},
		"a limit":             {respond(503, `{"error":"QUERY_LIMIT_EXCEEDED"}`), IsLimit},
		"too large by header": {respondFile(strings.Repeat("x", 100), ""), tooLarge},
		"too large, chunked":  {func(w http.ResponseWriter, _ *http.Request) { writeSpaces(w, 1000) }, tooLarge},
		"HTML":                {respond(502, `<html>`), func(err error) bool { return errors.Is(err, ErrUnreadable) }},
		"a redirect":          {redirect(302, "https://evil.example/x"), func(err error) bool { return RedirectHost(err) == "evil.example" }},
		"broken off":          {closeAfter("HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\nabc"), func(err error) bool { return errors.Is(err, io.ErrUnexpectedEOF) }},
	} {
		t.Run(name, func(t *testing.T) {
			p := newStubPortal(t, tt.answer)
			d, err := p.client(t).Download(context.Background(), fileAt(p), 50)
			if err == nil {
				_, err = io.ReadAll(d)
				_ = d.Close()
			}
			if !tt.is(err) || strings.Contains(err.Error(), "user-token") || strings.Contains(err.Error(), "crm|") {
				t.Errorf("error %v is of another kind or holds a token", err)
			}
		})
	}
}

func TestDownloadRefusesOtherAddresses(t *testing.T) {
	p := newStubPortal(t, respondFile("x", ""))
	for _, address := range []string{
		"", "https://evil.example/rest/f?auth=user-token", "http://evil.example/f", "http://127.0.0.1:1/f", "//evil.example/f", p.URL + "@evil.example/f", "file:///etc/passwd",
		strings.Replace(p.URL, "http://", "http://user@", 1), strings.Replace(p.URL, "http:", "https:", 1), "http:opaque",
	} {
		_, err := p.client(t).Download(context.Background(), File{ID: 7, URLMachine: address}, 50)
		if !NotExecuted(err) || !errors.Is(err, ErrBadAddress) {
			t.Errorf("Download of %q: error %v, want ErrBadAddress, not executed", address, err)
		}
	}
	if len(p.received()) != 0 {
		t.Errorf("%d requests were sent, want none", len(p.received()))
	}
}
