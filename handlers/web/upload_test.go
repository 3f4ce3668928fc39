package web

import (
	"bytes"
	"fmt"
	"io"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
)

// parts is the body of a form that never ends: tiny files or fields.
func parts(head, content string) io.Reader {
	return &endless{part: []byte("--b\r\nContent-Disposition: form-data; " + head + "\r\n\r\n" + content + "\r\n")}
}

type endless struct {
	part []byte
	read int
}

func (e *endless) Read(p []byte) (n int, err error) {
	for n < len(p) {
		n += copy(p[n:], e.part[(e.read+n)%len(e.part):])
	}
	e.read += n
	return n, nil
}

// Reading of a form with countless parts stops early, and no more temporary files exist than an act may have copies.
func TestCountlessParts(t *testing.T) {
	for name, body := range map[string]io.Reader{
		"files":         parts(`name="file"; filename="a"`, "%PDF-"),
		"refused files": parts(`name="file"; filename="a"`, "x"),
		"fields":        parts(`name="a"`, "x"),
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			t.Setenv("TMPDIR", dir)
			r := httptest.NewRequest("POST", "/", body)
			r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
			files, _, drop, err := ReadUploads(r, "ours")
			if err == nil || len(files) > 0 || !strings.Contains(Message(err), "не больше 20 файлов") {
				t.Errorf("%d files, %v; want a fault", len(files), err)
			}
			if n := count(t, dir); n > 20 {
				t.Errorf("%d temporary files", n)
			}
			drop()
			if n := count(t, dir); n != 0 {
				t.Errorf("%d temporary files are left", n)
			}
			if n := body.(*endless).read; n > 64<<10 {
				t.Errorf("%d bytes were read", n)
			}
		})
	}
}

// The temporary files of a form are closed while they wait, and can be opened again.
func TestUploadsAreClosed(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	var body bytes.Buffer
	for i := range 20 {
		fmt.Fprintf(&body, "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"%d.pdf\"\r\n\r\n%%PDF-%d\r\n", i, i)
	}
	body.WriteString("--b--\r\n")
	before := count(t, "/proc/self/fd")
	r := httptest.NewRequest("POST", "/", &body)
	r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
	files, _, drop, err := ReadUploads(r, "ours")
	defer drop()
	if err != nil || len(files) != 20 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	if n := count(t, "/proc/self/fd"); n > before+5 {
		t.Errorf("%d files are open; %d before", n, before)
	}
	one, err := files[19].Open()
	if err != nil {
		t.Fatal(err)
	}
	defer one.Close()
	if text, err := io.ReadAll(one); string(text) != "%PDF-19" {
		t.Errorf("the last file: %q, %v", text, err)
	}
}

func count(t *testing.T, dir string) int {
	t.Helper()
	found, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	return len(found)
}
