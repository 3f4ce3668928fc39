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

// countedFile returns a file that counts how often it is opened.
func countedFile(name, content string, opened *int) FileBody {
	return FileBody{Name: name, Size: int64(len(content)), Open: func() (io.ReadCloser, error) {
		*opened++
		return io.NopCloser(strings.NewReader(content)), nil
	}}
}

func TestFilesAreSentInsideTheCall(t *testing.T) {
	opened, long := 0, strings.Repeat("0123456789", chunk/4)
	a, b, empty := countedFile(`а"кт<1>.pdf`, "раз", &opened), countedFile("б.pdf", long, &opened), countedFile("пусто.txt", "", &opened)
	p := newStubPortal(t, respondResult(`{"item":{"id":5}}`))
	_, err := p.client(t).UpdateItem(context.Background(), 1030, 5, Params{
		"title": "file-0 \"<&>", "ufCrm7One": a, "ufCrm7Many": []any{KeepFile(7), b, empty},
	})
	if err != nil || opened != 3 {
		t.Fatalf("files opened %d times, %v; want each of 3 once", opened, err)
	}
	var sent struct{ Fields map[string]json.RawMessage }
	if err := json.Unmarshal([]byte(p.received()[0].Raw), &sent); err != nil {
		t.Fatalf("the body is not JSON: %v", err)
	}
	encoded := func(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }
	for name, want := range map[string]any{
		"title": "file-0 \"<&>", "ufCrm7One": []string{`а"кт<1>.pdf`, encoded("раз")},
		"ufCrm7Many": []any{map[string]int{"id": 7}, []string{"б.pdf", encoded(long)}, []string{"пусто.txt", ""}},
	} {
		if text, err := plainJSON(want); err != nil || !bytes.Equal(sent.Fields[name], text) {
			t.Errorf("%s is %.80s, want %.80s", name, sent.Fields[name], text)
		}
	}
	if got := p.received()[0].Body["auth"]; got != "user-token" {
		t.Errorf("auth is %v, want user-token", got)
	}
}

func TestFilesAreOpenedAgainForARepeatedCall(t *testing.T) {
	opened := 0
	p := newStubPortal(t, respond(401, expiredBody), respondResult(`3165`))
	draft := EmailDraft{OwnerType: DealType, OwnerID: 5, Files: []FileBody{countedFile("акт.pdf", "содержимое", &opened)}}
	id, err := p.client(t, withTokens(&renewableTokens{})).AddEmail(context.Background(), draft)
	if err != nil || id != 3165 || opened != 2 {
		t.Fatalf("AddEmail = %v, %v; the file was opened %d times, want 2", id, err, opened)
	}
	first, second := p.received()[0].Raw, p.received()[1].Raw
	if !strings.Contains(second, `"FILES":[{"fileData":["акт.pdf","0YHQvtC00LXRgNC20LjQvNC+0LU="]}]`) ||
		strings.Replace(first, "token-1", "token-2", 1) != second {
		t.Errorf("sent %s\nthen %s\nwant the same with the file and token-2", first, second)
	}
}

func TestCallsWithBrokenFilesAreNotExecuted(t *testing.T) {
	failure := errors.New("the disk is gone")
	short, long := countedFile("a", "12", new(int)), countedFile("a", "12", new(int))
	short.Size, long.Size = 5, 1
	for name, tt := range map[string]struct {
		file  FileBody
		cause error
	}{
		"cannot be opened": {FileBody{"a", 2, func() (io.ReadCloser, error) { return nil, failure }}, failure},
		"cannot be read":   {FileBody{"a", 2, func() (io.ReadCloser, error) { return io.NopCloser(failingReader{failure}), nil }}, failure},
		"too short":        {short, ErrFileSize},
		"too long":         {long, ErrFileSize},
		"without a source": {FileBody{Name: "a", Size: 2}, errParameter},
		"a negative size":  {FileBody{"a", -1, long.Open}, errParameter},
	} {
		t.Run(name, func(t *testing.T) {
			p := newStubPortal(t, respondResult(`{"item":{"id":5}}`))
			_, err := p.client(t).UpdateItem(context.Background(), 1030, 5, Params{"file": tt.file})
			if !NotExecuted(err) || !errors.Is(err, tt.cause) {
				t.Errorf("error %v; want %v, not executed", err, tt.cause)
			}
			for _, call := range p.received() {
				if json.Valid([]byte(call.Raw)) {
					t.Errorf("a complete call was sent: %s", call.Raw)
				}
			}
		})
	}
}

type failingReader struct{ err error }

func (r failingReader) Read([]byte) (int, error) { return 0, r.err }

func TestBatchesRefuseFiles(t *testing.T) {
	p := newStubPortal(t, respondResult(`{}`))
	file := countedFile("a", "1", new(int))
	for _, cmd := range []Command{UpdateItem(2, 5, Params{"f": file}), AddEmail(EmailDraft{Files: []FileBody{file}})} {
		if _, err := p.client(t).Batch(context.Background(), []Command{cmd.As("a")}, true); !NotExecuted(err) || !errors.Is(err, errParameter) {
			t.Errorf("a batch of %s with a file: %v, want errParameter, not executed", cmd.Method, err)
		}
	}
}

// zeroReader returns so many zero bytes without holding them in memory.
type zeroReader struct{ left int }

func (z *zeroReader) Read(p []byte) (int, error) {
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
	p := newStubPortal(t)
	// The stub itself would keep the body in memory.
	p.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		length = r.ContentLength
		read, _ = io.Copy(io.Discard, r.Body)
		respondResult(`{"item":{"id":5}}`)(w, r)
	})
	c := p.client(t)
	file := FileBody{"акт.pdf", size, func() (io.ReadCloser, error) { return io.NopCloser(&zeroReader{size}), nil }}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := c.UpdateItem(context.Background(), 1030, 5, Params{"f": file}); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > 2<<20 {
		t.Errorf("a file of %d bytes took %d bytes of memory, want at most 2 MiB", size, used)
	}
	if read != length || read < size*4/3 {
		t.Errorf("received %d bytes of a body declared as %d; want all of them, with the file in base64", read, length)
	}
}
