package sbis

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// sessionStub is a service that keeps the valid session and counts logins.
type sessionStub struct {
	*httptest.Server
	mu     sync.Mutex
	valid  string
	logins atomic.Int64
	calls  atomic.Int64
	refuse string // the answer to a login that fails, "" when it succeeds
	dead   bool   // no session is accepted
}

// newSessionStub starts a service without a session.
func newSessionStub(t *testing.T) *sessionStub {
	service := &sessionStub{}
	mux := http.NewServeMux()
	mux.HandleFunc("/auth/service/", service.login)
	mux.HandleFunc("/service/", service.serve)
	service.Server = httptest.NewServer(mux)
	t.Cleanup(service.Close)
	return service
}

func (service *sessionStub) login(w http.ResponseWriter, _ *http.Request) {
	n := service.logins.Add(1)
	if service.refuse != "" {
		w.WriteHeader(http.StatusInternalServerError)
		fmt.Fprint(w, service.refuse)
		return
	}
	service.mu.Lock()
	service.valid = fmt.Sprintf("session-%d", n)
	service.mu.Unlock()
	fmt.Fprintf(w, `{"jsonrpc":"2.0","result":"session-%d","id":0}`, n)
}

func (service *sessionStub) serve(w http.ResponseWriter, r *http.Request) {
	service.calls.Add(1)
	service.mu.Lock()
	valid := service.valid
	service.mu.Unlock()
	if service.dead || valid == "" || r.Header.Get(HeaderSession) != valid {
		w.WriteHeader(http.StatusUnauthorized)
		fmt.Fprint(w, `{"error":"Not authorized.","id":-1}`)
		return
	}
	fmt.Fprint(w, `{"jsonrpc":"2.0","result":{"Пользователь":{"Логин":"robot"}},"id":0}`)
}

// expire ends the valid session.
func (service *sessionStub) expire() {
	service.mu.Lock()
	defer service.mu.Unlock()
	service.valid = "none"
}

func TestSessionIsRenewedOnceAndShared(t *testing.T) {
	service := newSessionStub(t)
	sessions := &memorySessions{}
	c := clientOf(t, service.URL, Login{Login: "robot", Password: "secret"}, sessions)
	callConcurrently := func() {
		var calls sync.WaitGroup
		for range 20 {
			calls.Go(func() {
				if u, err := c.CurrentUser(t.Context()); err != nil || u.Login != "robot" {
					t.Errorf("CurrentUser = %v, %v; want robot", u, err)
				}
			})
		}
		calls.Wait()
	}
	callConcurrently()
	if n := service.logins.Load(); n != 1 {
		t.Errorf("%d logins for concurrent calls, want 1", n)
	}
	service.expire()
	callConcurrently()
	if n := service.logins.Load(); n != 2 {
		t.Errorf("%d logins after one expiry, want 2", n)
	}
}

func TestRefusedNewSessionIsNotRenewedAgain(t *testing.T) {
	service := newSessionStub(t)
	service.dead = true
	c := clientOf(t, service.URL, Login{Login: "robot", Password: "secret"}, &memorySessions{session: Session{HeaderSession, "old"}})
	_, err := c.CurrentUser(t.Context())
	if !IsSession(err) || !NotExecuted(err) {
		t.Errorf("error %v, want a session error", err)
	}
	if service.logins.Load() != 1 || service.calls.Load() != 2 {
		t.Errorf("%d logins and %d calls, want 1 and 2", service.logins.Load(), service.calls.Load())
	}
}

func TestRefusedLoginIsNeverRepeated(t *testing.T) {
	service := newSessionStub(t)
	service.refuse = `{"jsonrpc":"2.0","error":{"code":-32000,"message":"Неверный логин или пароль secret-word"},"id":0}`
	sessions := &memorySessions{}
	c := clientOf(t, service.URL, Login{Login: "robot", Password: "secret-word"}, sessions)
	for range 5 {
		_, err := c.CurrentUser(t.Context())
		if !IsCredentials(err) || !NotExecuted(err) || strings.Contains(err.Error(), "secret-word") {
			t.Errorf("error %v, want a refused login without the password", err)
		}
	}
	if n := service.logins.Load(); n != 1 {
		t.Errorf("%d logins with a wrong password, want 1", n)
	}
	service.refuse = ""
	sessions.refused = nil
	if _, err := c.CurrentUser(t.Context()); err != nil {
		t.Errorf("with other login data: %v, want no error", err)
	}
}

func TestLoginOutcomes(t *testing.T) {
	for name, tt := range map[string]struct {
		status int
		answer string
		login  Login
		kind   func(error) bool
	}{
		"a 401 of the login page is a refusal": {401, `{"error":"Not authorized."}`, Login{Login: "a"}, IsCredentials},
		"SBIS is overloaded":                   {500, `{"error":{"code":-32000,"message":"x","data":{"classid":"{00000000-0000-0000-0000-1aa000001002}"}}}`, Login{Login: "a"}, Temporary},
		"a gateway is busy":                    {429, `<html>`, Login{Login: "a"}, Temporary},
		"a gateway answers with a page":        {502, `<html>`, Login{Login: "a"}, NotExecuted},
		"an empty session is no session":       {200, `{"jsonrpc":"2.0","result":"","id":0}`, Login{Login: "a"}, NotExecuted},
		"keys are withdrawn":                   {403, `{"error":"invalid_client"}`, Login{AppClientID: "a"}, IsCredentials},
		"keys refused with status 200":         {200, `{"error":"invalid_client"}`, Login{AppClientID: "a"}, IsCredentials},
		"keys refused without a body":          {401, ``, Login{AppClientID: "a"}, IsCredentials},
		"too many logins of all accounts":      {429, `{"error":"too_many_requests"}`, Login{AppClientID: "a"}, Temporary},
		"token service is down":                {503, `<html>`, Login{AppClientID: "a"}, NotExecuted},
	} {
		t.Run(name, func(t *testing.T) {
			service := newStub(t, tt.status, []byte(tt.answer))
			_, err := clientOf(t, service.URL, tt.login, &memorySessions{}).CurrentUser(t.Context())
			if err == nil || !tt.kind(err) || isUnclear(err) || service.calls != 1 {
				t.Errorf("error %v after %d calls; want one call and an error of the kind in the table that is not unclear", err, service.calls)
			}
		})
	}
}

func TestSecretsAreNotPrinted(t *testing.T) {
	l, s := Login{Login: "robot", Password: "canary", AppSecret: "canary", SecretKey: "canary"}, Session{HeaderToken, "canary"}
	if text := fmt.Sprintf("%v %+v %#v %s %v %+v %#v", l, l, l, l, s, s, s); strings.Contains(text, "canary") {
		t.Errorf("a secret is printed: %s", text)
	}
}
