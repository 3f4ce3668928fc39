package handlers_test

import (
	"net/http"
	"testing"

	"acts24/cmd/app/apptest"
)

// After an hour the visitor's portal token expires although his visit does not. Where the token is needed,
// the page requests a new one and nothing is done meanwhile; elsewhere the visit is enough.
func TestTheTokenIsOverBeforeTheVisit(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	admin := s.AdminAtMenu()
	s.Exec(`UPDATE visits SET token_until = clock_timestamp() - interval '1 second', admin_asked = clock_timestamp() - interval '6 minutes'`)
	p, err := admin.Get("/p/1/settings/companies")
	if doc := s.Page(p, err, http.StatusUnauthorized); doc.Find("[data-reenter]").Length() != 1 {
		t.Errorf("the page does not ask for a new token: %s", doc.Text())
	}
	p, err = admin.Post("/p/1/settings/companies/1", apptest.OurCompanyForm("numbers", "{N}/7"))
	s.Page(p, err, http.StatusUnauthorized)
	if n := s.Count(`own_companies WHERE numbers = '{N}/7'`); n != 0 {
		t.Error("the settings were saved by a person who is not confirmed as an administrator of the portal")
	}
	p, err = admin.Get("/p/1/acts")
	s.Page(p, err, http.StatusOK)
	s.Exec(`UPDATE visits SET admin_asked = clock_timestamp() - interval '11 minutes'`) // now the portal has to be asked about him
	p, err = admin.Get("/p/1/acts")
	if doc := s.Page(p, err, http.StatusUnauthorized); doc.Find("[data-reenter]").Length() != 1 {
		t.Errorf("the list does not ask for a new token: %s", doc.Text())
	}

	other := apptest.NewVisitor(s.Portal, s.Portal.Admin(), s.AppURL)
	p, err = other.Open("DEFAULT", "/placement/menu", 0)
	s.Page(p, err, http.StatusOK)
	s.Portal.ExpireTokens() // only the portal notices it
	s.Exec(`UPDATE visits SET admin_asked = clock_timestamp() - interval '10 minutes'`)
	p, err = other.Get("/p/1/settings/companies")
	s.Page(p, err, http.StatusUnauthorized)
}
