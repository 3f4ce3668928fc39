package app_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"acts24/cmd/app/apptest"
)

// The sample of nginx serves two replicas: pages keep their headers, folded headers are refused, tokens stay out of its log, and a replica that stops is not noticed.
func TestNginxSample(t *testing.T) {
	if _, err := exec.LookPath("nginx"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("nginx is missing")
		}
		t.Skip("nginx is missing")
	}
	t.Parallel()
	s := apptest.Start(t, 1)
	s.HandOver(s.Deal(1)) // opens the app
	first, second := listen(t), listen(t)
	_, stopFirst := s.Serve(s.Clock, first)
	_, stopSecond := s.Serve(s.Clock, second)
	defer stopSecond()
	address, dir := startNginx(t, first.Addr().String(), second.Addr().String())
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
	request := func(method, path string, body io.Reader) *http.Response {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), method, "https://"+address+path, body)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Cookie", s.Manager.Cookies("/"))
		answer, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, answer.Body)
		answer.Body.Close()
		return answer
	}
	page := request(http.MethodGet, "/p/1/acts?q=секретное", nil)
	if page.StatusCode != http.StatusOK || page.Header.Get("X-Frame-Options") != "" || !strings.Contains(page.Header.Get("Content-Security-Policy"), "frame-ancestors 'self' "+s.Portal.URL()) {
		t.Errorf("a page answers %d with %v", page.StatusCode, page.Header)
	}
	if answer := request(http.MethodPost, "/p/1/acts/1/files", bytes.NewReader(make([]byte, 103<<20))); answer.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("a body of 103 MB answers %d", answer.StatusCode)
	}
	request(http.MethodPost, "/placement/deal?AUTH_ID=secret-token&member_id=x", strings.NewReader(""))
	request(http.MethodGet, "/f/secret-link", nil)
	folded, err := tls.Dial("tcp", address, &tls.Config{InsecureSkipVerify: true})
	if err != nil {
		t.Fatal(err)
	}
	defer folded.Close()
	if _, err := io.WriteString(folded, "GET /healthz HTTP/1.1\r\nHost: acts.example.ru\r\nX-Note: one\r\n two\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	if answer, err := http.ReadResponse(bufio.NewReader(folded), nil); err != nil || answer.StatusCode != http.StatusBadRequest {
		t.Errorf("a header in two lines: %v, %v", answer, err)
	}
	stopFirst()
	for i := range 40 {
		if answer := request(http.MethodGet, "/p/1/acts", nil); answer.StatusCode != http.StatusOK {
			t.Fatalf("page %d after a replica has stopped answers %d", i, answer.StatusCode)
		}
	}
	log, err := os.ReadFile(filepath.Join(dir, "access.log"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(log, []byte(`"POST /placement/deal" `)) || !bytes.Contains(log, []byte(`"GET /f/-" `)) {
		t.Errorf("the log lacks requests:\n%s", log)
	}
	for _, secret := range []string{"secret", "q=", "?"} {
		if bytes.Contains(log, []byte(secret)) {
			t.Errorf("the log contains %q:\n%s", secret, log)
		}
	}
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// startNginx runs nginx with the sample, whose addresses, certificate and log are replaced, and returns its address and folder.
func startNginx(t *testing.T, first, second string) (address, dir string) {
	t.Helper()
	sample, err := os.ReadFile("../../deploy/nginx.conf")
	if err != nil {
		t.Fatal(err)
	}
	address, dir = apptest.FreeAddress(t), t.TempDir()
	text := string(sample)
	for _, change := range [][2]string{{"127.0.0.1:8080", first}, {"127.0.0.1:8081", second}, {"listen 443 ssl", "listen " + address + " ssl"},
		{"/etc/ssl/acts24.crt", dir + "/crt"}, {"/etc/ssl/acts24.key", dir + "/key"}, {"/var/log/nginx/acts24.log", dir + "/access.log"}} {
		if strings.Count(text, change[0]) != 1 {
			t.Fatalf("%q is not once in the sample", change[0])
		}
		text = strings.Replace(text, change[0], change[1], 1)
	}
	crt, key := certificate(t)
	conf := fmt.Sprintf("daemon off; pid %[1]s/pid; error_log %[1]s/error.log;\nevents {}\nhttp {\nclient_body_temp_path %[1]s/body; proxy_temp_path %[1]s/proxy; fastcgi_temp_path %[1]s/f; uwsgi_temp_path %[1]s/u; scgi_temp_path %[1]s/s;\n%[2]s}\n", dir, text)
	if os.Geteuid() == 0 {
		conf = "user root;\n" + conf
	}
	for name, content := range map[string][]byte{"crt": crt, "key": key, "nginx.conf": []byte(conf)} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var printed bytes.Buffer
	cmd := exec.Command("nginx", "-p", dir, "-c", filepath.Join(dir, "nginx.conf"))
	cmd.Stderr = &printed
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended, cancel := context.WithCancelCause(context.Background())
	go func() { cancel(fmt.Errorf("nginx ended: %w", cmd.Wait())) }()
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		<-ended.Done()
	})
	for ended.Err() == nil {
		conn, err := net.DialTimeout("tcp", address, time.Second)
		if err == nil {
			conn.Close()
			return address, dir
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("%v\n%s", context.Cause(ended), &printed)
	return "", ""
}

// certificate makes a certificate for a test, signed by itself.
func certificate(t *testing.T) (crt, key []byte) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: raw})
}
