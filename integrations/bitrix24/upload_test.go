package bitrix24

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
)

// fileOf is a file whose opened readers are counted.
func fileOf(name, content string, opened *int) FileBody {
	return FileBody{Name: name, Size: int64(len(content)), Open: func() (io.ReadCloser, error) {
		*opened++
		return io.NopCloser(strings.NewReader(content)), nil
	}}
}

func TestFilesTravelInsideTheCall(t *testing.T) {
	opened, long := 0, strings.Repeat("0123456789", chunk/4)
	a, b, empty := fileOf(`а"кт<1>.pdf`, "раз", &opened), fileOf("б.pdf", long, &opened), fileOf("пусто.txt", "", &opened)
	p := newStubPortal(t, ok(`{"item":{"id":5}}`))
	_, err := p.client(t).UpdateItem(context.Background(), 1030, 5, Params{
		"title": "file-0 \"<&>", "ufCrm7One": a, "ufCrm7Many": []any{KeepFile(7), b, empty},
	})
	if err != nil || opened != 3 {
		t.Fatalf("opened %d, %v", opened, err)
	}
	var sent struct{ Fields map[string]json.RawMessage }
	if err := json.Unmarshal([]byte(p.received()[0].Raw), &sent); err != nil {
		t.Fatalf("not JSON: %v", err)
	}
	code := func(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }
	for name, want := range map[string]any{
		"title": "file-0 \"<&>", "ufCrm7One": []string{`а"кт<1>.pdf`, code("раз")},
		"ufCrm7Many": []any{map[string]int{"id": 7}, []string{"б.pdf", code(long)}, []string{"пусто.txt", ""}},
	} {
		if text, _ := plainJSON(want); !bytes.Equal(sent.Fields[name], text) {
			t.Errorf("%s is %.80s", name, sent.Fields[name])
		}
	}
	if p.received()[0].Body["auth"] != "user-token" {
		t.Error("the token is lost")
	}
}

func TestFilesAreOpenedAgain(t *testing.T) {
	opened := 0
	p := newStubPortal(t, respond(401, expiredBody), ok(`3165`))
	draft := EmailDraft{OwnerType: DealType, OwnerID: 5, Files: []FileBody{fileOf("акт.pdf", "содержимое", &opened)}}
	id, err := p.client(t, &renewing{}).AddEmail(context.Background(), draft)
	if err != nil || id != 3165 || opened != 2 {
		t.Fatalf("AddEmail = %v, %v; opened %d times", id, err, opened)
	}
	first, second := p.received()[0].Raw, p.received()[1].Raw
	if !strings.Contains(second, `"FILES":[{"fileData":["акт.pdf","0YHQvtC00LXRgNC20LjQvNC+0LU="]}]`) ||
		strings.Replace(first, "token-1", "token-2", 1) != second {
		t.Errorf("sent %s", second)
	}
}

func TestFilesThatBreak(t *testing.T) {
	failure := errors.New("the disk is gone")
	short, long := fileOf("a", "12", new(int)), fileOf("a", "12", new(int))
	short.Size, long.Size = 5, 1
	for name, tt := range map[string]struct {
		file  FileBody
		cause error
	}{
		"not to be opened": {FileBody{"a", 2, func() (io.ReadCloser, error) { return nil, failure }}, failure},
		"not to be read":   {FileBody{"a", 2, func() (io.ReadCloser, error) { return io.NopCloser(broken{failure}), nil }}, failure},
		"too short":        {short, ErrFileSize},
		"too long":         {long, ErrFileSize},
		"without a source": {FileBody{Name: "a", Size: 2}, errParameter},
		"a negative size":  {FileBody{"a", -1, long.Open}, errParameter},
	} {
		t.Run(name, func(t *testing.T) {
			p := newStubPortal(t, ok(`{"item":{"id":5}}`))
			_, err := p.client(t).UpdateItem(context.Background(), 1030, 5, Params{"file": tt.file})
			if !NotExecuted(err) || !errors.Is(err, tt.cause) {
				t.Errorf("error %v; want %v, not executed", err, tt.cause)
			}
			for _, a := range p.received() {
				if json.Valid([]byte(a.Raw)) {
					t.Errorf("a whole call has left: %s", a.Raw)
				}
			}
		})
	}
}

type broken struct{ err error }

func (b broken) Read([]byte) (int, error) { return 0, b.err }

func TestFilesStayOutOfBatches(t *testing.T) {
	p := newStubPortal(t, ok(`{}`))
	file := fileOf("a", "1", new(int))
	for _, cmd := range []Command{UpdateItem(2, 5, Params{"f": file}), AddEmail(EmailDraft{Files: []FileBody{file}})} {
		if _, err := p.client(t).Batch(context.Background(), []Command{cmd.As("a")}, true); !NotExecuted(err) || !errors.Is(err, errParameter) {
			t.Errorf("a batch with a file: %v", err)
		}
	}
}

// zeros is a file of 20 MB that takes no memory itself.
type zeros struct{ left int }

func (z *zeros) Read(p []byte) (int, error) {
	if z.left == 0 {
		return 0, io.EOF
	}
	n := min(len(p), z.left)
	clear(p[:n])
	z.left -= n
	return n, nil
}

func TestLargeFilesTakeLittleMemory(t *testing.T) {
	const size = 20 << 20
	var length, read int64
	p := newStubPortal(t, ok(`true`))
	p.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		length = r.ContentLength
		read, _ = io.Copy(io.Discard, r.Body)
		ok(`{"item":{"id":5}}`)(w, r)
	})
	c := p.client(t)
	file := FileBody{"акт.pdf", size, func() (io.ReadCloser, error) { return io.NopCloser(&zeros{size}), nil }}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := c.UpdateItem(context.Background(), 1030, 5, Params{"f": file}); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > 2<<20 {
		t.Errorf("a file of %d bytes took %d bytes of memory", size, used)
	}
	if read != length || read < size*4/3 {
		t.Errorf("sent %d of %d bytes", read, length)
	}
}
