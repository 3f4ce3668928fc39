package sbis

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// A file is downloaded with the session; other answers are errors whose kind distinguishes a temporary failure from a final one, and whose text does not contain the signed link.
func TestDownload(t *testing.T) {
	content := bytes.Repeat([]byte("акт "), 1000)
	mux := http.NewServeMux()
	mux.HandleFunc("/file", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get(HeaderSession) != sampleSession.s.Value {
			t.Error("the file is requested without the session")
		}
		_, _ = w.Write(content)
	})
	mux.HandleFunc("/pending-text", func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "PDF-файлы ещё формируются", http.StatusInternalServerError)
	})
	pending := `{"jsonrpc":"2.0","error":{"code":-32000,"message":"Документ формируется","details":"","type":"error","data":{"classid":"{00000000-0000-0000-0000-1AA0000F1002}"}},"id":0}`
	mux.HandleFunc("/pending-500", func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, pending, http.StatusInternalServerError)
	})
	mux.HandleFunc("/pending-200", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, pending) })
	mux.HandleFunc("/pending-class-200", func(w http.ResponseWriter, _ *http.Request) { // the words change, the class stays
		_, _ = io.WriteString(w, strings.Replace(pending, "Документ формируется", "Подождите", 1))
	})
	mux.HandleFunc("/refused-200", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"jsonrpc":"2.0","error":{"code":-32000,"message":"Нет прав на документ","details":"","type":"error","data":null},"id":0}`)
	})
	mux.HandleFunc("/page-200", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "<html><body>Сервис временно недоступен")
	})
	mux.HandleFunc("/broken", func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "oops", http.StatusInternalServerError) })
	mux.HandleFunc("/moved", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://canary.example/", http.StatusFound)
	})
	server := httptest.NewServer(mux)
	defer server.Close()
	c := clientOf(t, server.URL, Login{}, sampleSession)

	file, err := c.Download(t.Context(), server.URL+"/file")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(file); err != nil || !bytes.Equal(got, content) {
		t.Errorf("downloaded %d bytes, %v; want the %d bytes of the file", len(got), err, len(content))
	}
	_ = file.Close()

	for path, isKind := range map[string]func(error) bool{
		"/pending-text": Temporary, "/pending-500": Temporary, "/pending-200": Temporary, "/pending-class-200": Temporary,
		"/refused-200": IsRefused, "/page-200": isUnclear, "/broken": isUnclear, "/moved": isUnclear, "/missing": IsNotFound,
	} {
		_, err := c.Download(t.Context(), server.URL+path+"?signature=canary")
		if err == nil || !isKind(err) || strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: error %v, of the expected kind %t; want true and no canary in it", path, err, err != nil && isKind(err))
		}
	}
}

func TestDownloadStopsAtLimit(t *testing.T) {
	d := &limitedBody{body: io.NopCloser(strings.NewReader("0123456789")), left: 5, cancel: func() {}}
	if _, err := io.ReadAll(d); !errors.Is(err, ErrTooLarge) {
		t.Errorf("error %v, want ErrTooLarge", err)
	}
}

// Files are downloaded only from the vendor's hosts and the configured service: the session travels with the request.
func TestLinkHosts(t *testing.T) {
	hosts, err := allowHosts(Config{AuthURL: "https://online.sbis.ru/auth/", ServiceURL: "http://127.0.0.1:8001/service", OAuthURL: "https://online.sbis.ru/oauth/"})
	if err != nil {
		t.Fatal(err)
	}
	for link, want := range map[string]bool{
		"https://disk.sbis.ru/disk/api/v1/EXAMPLE/file": true,
		"https://Disk.Saby.RU/x":                        true,
		"https://sbis.ru/x":                             true,
		"http://127.0.0.1:8001/files/1":                 true,
		"http://127.0.0.1:5432/":                        false,
		"http://disk.sbis.ru/x":                         false,
		"https://disk.sbis.ru:8443/x":                   false,
		"https://evilsbis.ru/x":                         false,
		"https://sbis.ru.evil.example/x":                false,
		"https://sbis.ru@evil.example/x":                false,
		"https://user@disk.sbis.ru/x":                   false,
		"https://evil.example/#.sbis.ru":                false,
		"https://evil.example\\@sbis.ru/":               false,
		"http://169.254.169.254/latest":                 false,
		"file:///etc/passwd":                            false,
		"//disk.sbis.ru/x":                              false,
		"/disk/x":                                       false,
	} {
		u, err := url.Parse(link)
		if got := err == nil && hosts.allows(u); got != want {
			t.Errorf("%s: allowed %v, want %v", link, got, want)
		}
	}
}
