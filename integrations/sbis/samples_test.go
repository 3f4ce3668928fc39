package sbis

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
)

// sample is one recorded exchange (docs/contracts/sbis.md, "Samples").
type sample struct {
	Method string
	HTTP   struct {
		URL     string
		Headers map[string]string
		Status  int
	}
	Request  json.RawMessage
	Response json.RawMessage
	Note     string
}

// samplesDir returns the folder of the samples; without it the test is skipped with the reason.
func samplesDir(t testing.TB) string {
	root := os.Getenv("ACTS_CONTRACTS")
	if root == "" {
		t.Skip("NOT COMPARED with recorded samples: set ACTS_CONTRACTS to their folder")
	}
	dir := filepath.Join(root, "sbis")
	if _, err := os.Stat(dir); err != nil {
		t.Fatalf("ACTS_CONTRACTS has no samples of SBIS: %v", err)
	}
	return dir
}

// readSample returns a recorded exchange by its folder and name.
func readSample(t testing.TB, dir, name string) sample {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(dir, name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var s sample
	if err := json.Unmarshal(raw, &s); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return s
}

// body returns the body of the answer: a JSON string stands for a body that is not JSON.
func (s sample) body() []byte {
	var text string
	if json.Unmarshal(s.Response, &text) == nil {
		return []byte(text)
	}
	return s.Response
}

// stub is a service that gives every call the same answer and stores the request.
type stub struct {
	*httptest.Server
	status  int
	answer  []byte
	request []byte
	path    string
	headers http.Header
	calls   int
}

// newStub starts a service with one answer.
func newStub(t testing.TB, status int, answer []byte) *stub {
	s := &stub{status: status, answer: answer}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.request, s.path, s.headers = readBody(t, r), r.URL.RequestURI(), r.Header
		s.calls++
		w.WriteHeader(s.status)
		_, _ = w.Write(s.answer)
	}))
	t.Cleanup(s.Close)
	return s
}

// readBody returns the body of a request.
func readBody(t testing.TB, r *http.Request) []byte {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Errorf("the body of a request: %v", err)
	}
	return body
}

// fixedSession is a source that holds one session and cannot get another.
type fixedSession struct{ s Session }

func (f fixedSession) Session(context.Context) (Session, error) { return f.s, nil }

func (f fixedSession) Renew(context.Context, string, func(context.Context) (Session, error)) (Session, error) {
	return f.s, nil
}

// sampleSession is the session that the samples carry.
var sampleSession = fixedSession{Session{HeaderSession, "00000003-00000004-00bc-0000000000000000"}}

// clientOf returns a client whose three addresses are those of a server.
func clientOf(t testing.TB, base string, login Login, sessions SessionSource) *Client {
	t.Helper()
	c, err := New(Config{
		HTTP:    &http.Client{Transport: http.DefaultTransport},
		AuthURL: base + "/auth/service/", ServiceURL: base + "/service/?srv=1", OAuthURL: base + "/oauth/service/",
		Login: login, Sessions: sessions,
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}
