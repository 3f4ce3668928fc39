package handlers

import (
	"net/http"
	"net/url"
	"strings"

	"acts24/acts"
	"acts24/store"
	"acts24/views"
)

// accountTry is the form of an account that was not taken: the account, "0" for a new one, the form, and what may be shown again.
type accountTry struct {
	account int64
	form    string
	typed   url.Values
	err     error
}

// accounts shows the SBIS accounts.
func (s *Server) accounts(w http.ResponseWriter, r *http.Request, v Visit) error {
	return s.renderAccounts(w, r, v, http.StatusOK, accountTry{account: -1})
}

// renderAccounts draws the SBIS accounts with what SBIS said of them last; nothing is asked of SBIS here.
func (s *Server) renderAccounts(w http.ResponseWriter, r *http.Request, v Visit, status int, try accountTry) error {
	scope := s.db.Scope(v.Portal)
	accounts, err := scope.EDOAccounts(r.Context())
	if err != nil {
		return err
	}
	own, err := scope.OwnCompanies(r.Context())
	if err != nil {
		return err
	}
	certificates, err := scope.Certificates(r.Context())
	if err != nil {
		return err
	}
	m := views.Accounts{SettingsFrame: settingsFrame(r, v, "/accounts", try.err), Tried: id(try.account), Form: try.form, New: views.AccountLogin{ID: "0"}}
	today := s.now().In(zoneOf(v))
	for _, a := range accounts {
		m.Accounts = append(m.Accounts, accountView(a, own, certificates, today))
	}
	if try.form == "login" {
		keepLogin(&m, try)
	}
	return render(w, r, status, views.AccountsPage(m))
}

// keepLogin shows again what was typed of a way in; secrets are not sent back.
func keepLogin(m *views.Accounts, try accountTry) {
	typed := views.AccountLogin{ID: id(try.account), Name: try.typed.Get("name"), ClientID: try.typed.Get("app_client_id"), Login: try.typed.Get("login")}
	if try.account == 0 {
		m.New = typed
	}
	for i, a := range m.Accounts {
		if a.ID == typed.ID {
			m.Accounts[i].Login = typed
		}
	}
}

// saveAccount keeps the way into an account and has SBIS asked at once whether it is accepted.
func (s *Server) saveAccount(w http.ResponseWriter, r *http.Request, v Visit) error {
	return s.onAccount(w, r, v, "login", "checked", func(account int64) (int64, error) {
		get := func(name string) string { return strings.TrimSpace(r.PostForm.Get(name)) }
		kept, err := s.service.SaveAccount(r.Context(), v, store.EDOAccount{ID: account, Name: get("name"), Login: store.Login{
			AppClientID: get("app_client_id"), AppSecret: get("app_secret"), SecretKey: get("secret_key"), Login: get("login"), Password: get("password")}})
		if kept != 0 {
			account = kept
		}
		return account, err
	})
}

// onAccount runs what a person asked of an account, then shows the accounts, with the reason when it was not done.
func (s *Server) onAccount(w http.ResponseWriter, r *http.Request, v Visit, form, done string, do func(account int64) (int64, error)) error {
	account, err := pathID[int64](r, "account")
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return badForm(err)
	}
	tried, err := do(account)
	return settled(w, r, v, "/accounts?done="+done, err, func(status int) error {
		return s.renderAccounts(w, r, v, status, accountTry{account: tried, form: form, typed: r.PostForm, err: err})
	})
}

// checkAccount asks SBIS of an account: its organisations and certificates.
func (s *Server) checkAccount(w http.ResponseWriter, r *http.Request, v Visit) error {
	return s.onAccount(w, r, v, "check", "checked", func(account int64) (int64, error) {
		return account, s.service.CheckAccount(r.Context(), v, account)
	})
}

// dropAccount disconnects an account.
func (s *Server) dropAccount(w http.ResponseWriter, r *http.Request, v Visit) error {
	return s.onAccount(w, r, v, "drop", "dropped", func(account int64) (int64, error) {
		return account, s.service.DisconnectAccount(r.Context(), v, account)
	})
}

// setSigning keeps how the documents of an account are signed.
func (s *Server) setSigning(w http.ResponseWriter, r *http.Request, v Visit) error {
	return s.onAccount(w, r, v, "signing", "saved", func(account int64) (int64, error) {
		return account, s.service.SetSigning(r.Context(), v, account, acts.Signing(r.PostForm.Get("signing")))
	})
}

// askCode has SBIS send the owner of a certificate a code.
func (s *Server) askCode(w http.ResponseWriter, r *http.Request, v Visit) error {
	return s.onAccount(w, r, v, r.FormValue("thumbprint"), "code", func(account int64) (int64, error) {
		return account, s.service.AskActivationCode(r.Context(), v, account, r.PostForm.Get("thumbprint"))
	})
}

// activate activates a certificate by the code.
func (s *Server) activate(w http.ResponseWriter, r *http.Request, v Visit) error {
	return s.onAccount(w, r, v, r.FormValue("thumbprint"), "activated", func(account int64) (int64, error) {
		return account, s.service.Activate(r.Context(), v, account, r.PostForm.Get("thumbprint"), r.PostForm.Get("code"))
	})
}
