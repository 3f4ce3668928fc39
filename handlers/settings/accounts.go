package settings

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"acts24/acts"
	"acts24/handlers/web"
	"acts24/store/accounts"
	"acts24/views"
)

// accountAttempt is a refused form of an account: the id of the account (0 for a new one), the form and its values as typed, of which secrets are
// not sent back.
type accountAttempt struct {
	account int64
	form    string
	typed   url.Values
	err     error
}

// accounts handles GET /p/{portal}/settings/accounts: the SBIS accounts.
func (h *Handler) accounts(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	return h.renderAccounts(w, r, v, http.StatusOK, accountAttempt{account: -1})
}

// renderAccounts renders the SBIS accounts from stored data; it does not call SBIS.
func (h *Handler) renderAccounts(w http.ResponseWriter, r *http.Request, v web.Visit, status int, try accountAttempt) error {
	scope := h.DB.Scope(v.Portal)
	accounts, err := scope.Accounts().List(r.Context())
	if err != nil {
		return err
	}
	own, err := scope.Companies().List(r.Context())
	if err != nil {
		return err
	}
	certificates, err := scope.Accounts().Certificates(r.Context())
	if err != nil {
		return err
	}
	m := views.Accounts{SettingsFrame: settingsFrame(r, v, "/accounts", try.err), RefusedAccount: web.ID(try.account), RefusedForm: try.form, New: views.AccountLogin{ID: "0"}}
	today := h.Now().In(web.Zone(v))
	for _, a := range accounts {
		m.Accounts = append(m.Accounts, accountView(a, own, certificates, today))
	}
	if try.form == "login" {
		keepLogin(&m, try)
	}
	return web.Render(w, r, status, views.AccountsPage(m))
}

// keepLogin restores typed values of the login; secrets are not sent back.
func keepLogin(m *views.Accounts, try accountAttempt) {
	typed := views.AccountLogin{ID: web.ID(try.account), Name: try.typed.Get("name"), ClientID: try.typed.Get("app_client_id"), Login: try.typed.Get("login"), ByPassword: try.typed.Get("way") == "password"}
	if try.account == 0 {
		m.New = typed
	}
	for i, a := range m.Accounts {
		if a.ID == typed.ID {
			m.Accounts[i].Login = typed
		}
	}
}

// hiddenLoginFields are the fields of the login that are hidden when a way to log in is chosen.
var hiddenLoginFields = map[string][]string{"keys": {"login", "password"}, "password": {"app_client_id", "app_secret", "secret_key"}}

// saveAccount handles POST /p/{portal}/settings/accounts/{account}: stores the login of an account and checks it with SBIS at once.
func (h *Handler) saveAccount(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	return h.onAccount(w, r, v, "login", "checked", func(account int64) (int64, error) {
		hidden := hiddenLoginFields[r.PostForm.Get("way")]
		get := func(name string) string {
			if slices.Contains(hidden, name) { // a browser sends fields that are not shown
				return ""
			}
			return strings.TrimSpace(r.PostForm.Get(name))
		}
		kept, err := h.Service.Setup.SaveAccount(r.Context(), v, accounts.Account{ID: account, Name: get("name"), Login: accounts.Login{
			AppClientID: get("app_client_id"), AppSecret: get("app_secret"), SecretKey: get("secret_key"), Login: get("login"), Password: get("password")}})
		if kept != 0 {
			account = kept
		}
		return account, err
	})
}

// onAccount runs an action on the account in the URL and redirects, or shows the accounts with the error.
func (h *Handler) onAccount(w http.ResponseWriter, r *http.Request, v web.Visit, form, done string, do func(account int64) (int64, error)) error {
	account, err := web.PathID[int64](r, "account")
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return web.BadForm(err)
	}
	tried, err := do(account)
	return redirectOrRetry(w, r, v, "/accounts?done="+done, err, func(status int) error {
		return h.renderAccounts(w, r, v, status, accountAttempt{account: tried, form: form, typed: r.PostForm, err: err})
	})
}

// checkAccount handles POST /p/{portal}/settings/accounts/{account}/check: reads the organisations and certificates of an account from
// SBIS.
func (h *Handler) checkAccount(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	return h.onAccount(w, r, v, "check", "checked", func(account int64) (int64, error) {
		return account, h.Service.Setup.CheckAccount(r.Context(), v, account)
	})
}

// dropAccount handles POST /p/{portal}/settings/accounts/{account}/drop: disconnects an account.
func (h *Handler) dropAccount(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	return h.onAccount(w, r, v, "drop", "dropped", func(account int64) (int64, error) {
		return account, h.Service.Setup.DisconnectAccount(r.Context(), v, account)
	})
}

// setSigning handles POST /p/{portal}/settings/accounts/{account}/signing: stores how documents of an account are signed.
func (h *Handler) setSigning(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	return h.onAccount(w, r, v, "signing", "saved", func(account int64) (int64, error) {
		return account, h.Service.Setup.SetSigning(r.Context(), v, account, acts.Signing(r.PostForm.Get("signing")))
	})
}

// askCode handles POST /p/{portal}/settings/accounts/{account}/code: requests a code by SMS for the owner of a certificate.
func (h *Handler) askCode(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	return h.onAccount(w, r, v, r.FormValue("thumbprint"), "code", func(account int64) (int64, error) {
		return account, h.Service.Setup.AskActivationCode(r.Context(), v, account, r.PostForm.Get("thumbprint"))
	})
}

// activate handles POST /p/{portal}/settings/accounts/{account}/activate: activates a certificate with the code.
func (h *Handler) activate(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	return h.onAccount(w, r, v, r.FormValue("thumbprint"), "activated", func(account int64) (int64, error) {
		return account, h.Service.Setup.Activate(r.Context(), v, account, r.PostForm.Get("thumbprint"), r.PostForm.Get("code"))
	})
}
