package handlers

import (
	"net/http"
	"strings"

	"acts24/store"
	"acts24/views"
)

// accounts shows the SBIS accounts.
func (s *Server) accounts(w http.ResponseWriter, r *http.Request, v Visit) error {
	return s.renderAccounts(w, r, v, http.StatusOK, "", nil)
}

// renderAccounts draws the SBIS accounts; account is the one that was tried, "0" for a new one.
func (s *Server) renderAccounts(w http.ResponseWriter, r *http.Request, v Visit, status int, account string, tried error) error {
	accounts, err := s.db.Scope(v.Portal).EDOAccounts(r.Context())
	if err != nil {
		return err
	}
	m := views.Accounts{SettingsFrame: settingsFrame(r, v, "/accounts", tried), Tried: account}
	for _, a := range accounts {
		m.Accounts = append(m.Accounts, views.Account{ID: id(a.ID), Name: a.Name, Problem: a.Problem})
	}
	return render(w, r, status, views.AccountsPage(m))
}

func (s *Server) saveAccount(w http.ResponseWriter, r *http.Request, v Visit) error {
	account, err := pathID[int64](r, "account")
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return badForm(err)
	}
	get := func(name string) string { return strings.TrimSpace(r.PostForm.Get(name)) }
	err = s.service.SaveAccount(r.Context(), v, store.EDOAccount{ID: account, Name: get("name"), Login: store.Login{
		AppClientID: get("app_client_id"), AppSecret: get("app_secret"), SecretKey: get("secret_key"), Login: get("login"), Password: get("password")}})
	return settled(w, r, v, "/accounts?done=saved", err, func(status int) error { return s.renderAccounts(w, r, v, status, id(account), err) })
}

func (s *Server) checkAccount(w http.ResponseWriter, r *http.Request, v Visit) error {
	account, err := pathID[int64](r, "account")
	if err != nil {
		return err
	}
	err = s.service.CheckAccount(r.Context(), v, account)
	return settled(w, r, v, "/accounts?done=checked", err, func(status int) error { return s.renderAccounts(w, r, v, status, "", err) })
}
