//go:build e2e

package main

import (
	"fmt"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"testing"

	"acts24/integrations/bitrix24/bitrix24test"
)

// When the portal does not answer our calls, the tab shows it, and its button works when the portal answers again.
func TestDeadPortal(t *testing.T) {
	p := ownPlayground(t, playgroundOptions{})
	page, deal := newTab(t), int64(6)
	p.awaitQuiet(t)
	if err := p.portal.Fault(bitrix24test.Fault{Kind: bitrix24test.FaultDown}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.portal.ClearFaults)
	page.open(p.portalURL("/crm/deal/details/%d/?tab=acts", deal))
	f := page.frame("http://" + p.cfg.App)
	f.awaitText("message", "Нет связи")
	f.awaitText("retry", "Повторить")
	f.awaitFrameHeight(page)
	page.shot("message-no-connection")
	f.click("retry")
	f.awaitEnabled("retry")
	f.awaitText("message", "не отвечает")
	p.portal.ClearFaults()
	f.click("retry")
	f.awaitText("deal-tab")
}

// When the app cannot be reached as a form is sent, typed values are kept, and the form can be sent when the app is back.
func TestAppIsAway(t *testing.T) {
	p := ownPlayground(t, playgroundOptions{})
	for name, mode := range map[string]proxyMode{"nobody answers": closeConnections, "a page of the balancer": badGateway} {
		t.Run(name, func(t *testing.T) {
			page, deal := newTab(t), int64(7)
			rows := p.rowsOf(deal)
			f := p.dealTab(page, deal)
			quantity := fmt.Sprintf("product-%d-quantity", rows[0])
			f.write(quantity, "0,25")
			before := f.eval(`document.querySelectorAll("#acts tbody tr").length`)
			back := p.proxy.setMode(mode)
			t.Cleanup(back)
			f.click("create-act")
			f.await("the reason", `document.querySelector("#messages [role=alert]")?.textContent.includes("Введённое сохранено")`)
			if got := f.eval(find(quantity) + ".value"); got != "0,25" {
				t.Errorf("the quantity is %q after the failure", got)
			}
			back()
			f.awaitEnabled("create-act")
			f.click("create-act")
			f.await("one more act", fmt.Sprintf(`document.querySelectorAll("#acts tbody tr").length === %s + 1`, before))
			f.await("its message is gone", `!document.querySelector("#messages [role=alert]")`)
			page.await("the person is led back up to it", `scrollY < 400`)
		})
	}
}

// awaitEnabled waits until the action of a button has finished.
func (b *tab) awaitEnabled(button string) {
	b.t.Helper()
	b.await(button+" can be pressed again", fmt.Sprintf(`%s && !%s.matches("[aria-busy]")`, find(button), find(button)))
}

// A refused form is shown again with the reason at its field, and F5 shows the tab again.
func TestWrongInput(t *testing.T) {
	p := sharedPlayground(t)
	page, deal := newTab(t), int64(9)
	rows := p.rowsOf(deal)
	f := p.dealTab(page, deal)
	f.write(fmt.Sprintf("product-%d-quantity", rows[0]), "1000")
	f.click("create-act")
	f.awaitText(fmt.Sprintf("fault-quantity-%d", rows[0]))
	if got := f.eval(find(fmt.Sprintf("product-%d-quantity", rows[0])) + ".value"); got != "1000" {
		t.Errorf("the quantity is %q after the refusal", got)
	}
	page.shot("form-with-errors")
	f.reload()
	f.awaitText("deal-tab")
	f.await("the form as the deal fills it", `!document.querySelector(".fault")`)
}

// appProxy is a proxy at the public address of the app: it records requests, can remove cookies, or closes connections.
type appProxy struct {
	reverse *httputil.ReverseProxy
	calls   func() int64 // number of HTTP calls that the portal has received

	mu       sync.Mutex
	mode     proxyMode
	received []proxiedRequest
}

// proxyMode is what the proxy does with requests.
type proxyMode int

const (
	passAll          proxyMode = iota
	noCookies                  // Cookie and Set-Cookie are removed
	badGateway                 // requests are answered with status 502
	closeConnections           // connections are closed without a response
)

// proxiedRequest is a request that the proxy has received.
type proxiedRequest struct {
	Method, URI, Mode string
	Visit, Cookie     bool
	Status            int
	Calls             int64 // HTTP calls to the portal before the response
}

func newAppProxy(behind string, calls func() int64) *appProxy {
	to := &url.URL{Scheme: "http", Host: behind}
	p := &appProxy{calls: calls}
	p.reverse = &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(to)
			r.Out.Host = r.In.Host
		},
		ModifyResponse: func(r *http.Response) error {
			if p.currentMode() == noCookies {
				r.Header.Del("Set-Cookie")
			}
			return nil
		},
	}
	return p
}

func (p *appProxy) currentMode() proxyMode {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.mode
}

// setMode changes the mode and returns a function that restores the old one.
func (p *appProxy) setMode(to proxyMode) (back func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	was := p.mode
	p.mode = to
	return func() { p.setMode(was) }
}

func (p *appProxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	seen := proxiedRequest{Method: r.Method, URI: r.URL.RequestURI(), Mode: r.Header.Get("Sec-Fetch-Mode"),
		Visit: r.Header.Get("X-Acts-Visit") != "", Cookie: strings.Contains(r.Header.Get("Cookie"), "__Host-acts-")}
	watched := &statusWatch{ResponseWriter: w, status: http.StatusOK}
	before := p.calls()
	defer func() {
		seen.Status, seen.Calls = watched.status, p.calls()-before
		p.mu.Lock()
		defer p.mu.Unlock()
		p.received = append(p.received, seen)
	}()
	switch p.currentMode() {
	case closeConnections:
		watched.status = 0
		panic(http.ErrAbortHandler)
	case badGateway:
		http.Error(watched, "<html><body>502 Bad Gateway</body></html>", http.StatusBadGateway)
		return
	case noCookies:
		r.Header.Del("Cookie")
	}
	p.reverse.ServeHTTP(watched, r)
}

// requests returns the requests since clearRequests with the method, "" for any, whose URL contains part.
func (p *appProxy) requests(method, part string) []proxiedRequest {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []proxiedRequest
	for _, r := range p.received {
		if (method == "" || r.Method == method) && strings.Contains(r.URI, part) {
			out = append(out, r)
		}
	}
	return out
}

// clearRequests removes the requests so far.
func (p *appProxy) clearRequests() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.received = nil
}

// statusWatch records the status of the response.
type statusWatch struct {
	http.ResponseWriter
	status int
}

// WriteHeader records and sends the status.
func (w *statusWatch) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap gives http.ResponseController access, so that the proxy can flush.
func (w *statusWatch) Unwrap() http.ResponseWriter { return w.ResponseWriter }
