package apptest

import (
	"net/http"
	"net/url"
	"time"

	"acts24/integrations/sbis/sbistest"
)

// Documents returns the existing documents of SBIS.
func (s *Site) Documents() []sbistest.DocumentView { return s.SBIS.Documents() }

// LastDocument returns the newest document in SBIS.
func (s *Site) LastDocument() sbistest.DocumentView {
	s.T.Helper()
	all := s.Documents()
	if len(all) == 0 {
		s.T.Fatal("there is no document in SBIS")
	}
	return all[len(all)-1]
}

// MoveDocument performs what a party does with a document in SBIS.
func (s *Site) MoveDocument(document string, move sbistest.Move) {
	s.T.Helper()
	if err := s.SBIS.PerformMove(document, sbistest.MoveRequest{Move: move}); err != nil {
		s.T.Fatal(err)
	}
}

// OurThumbprint and OtherThumbprint are thumbprints of certificates of our director.
const (
	OurThumbprint   = "9F1C0A6B3E5D47A2B8C4D1E0F2A3B4C5D6E7F809"
	OtherThumbprint = "1A1C0A6B3E5D47A2B8C4D1E0F2A3B4C5D6E7F801"
)

// director is the director of our company.
var director = sbistest.Person{Surname: "Иванов", Name: "Иван", Patronymic: "Иванович"}

// ServerCertificate returns a certificate of our company's director whose key SBIS stores.
func ServerCertificate(thumbprint string, days int) sbistest.Certificate {
	now := time.Now()
	return sbistest.Certificate{Thumbprint: thumbprint, Owner: director, INN: Own.INN, Position: "Генеральный директор",
		From: now.AddDate(-1, 0, 0), Until: now.AddDate(0, 0, days), KeyType: "Серверный", Activated: true}
}

// SetSigning adds certificates to the account and sets the way of signing, with the key for our company.
func (s *Site) SetSigning(way, key string, certificates ...sbistest.Certificate) *Visitor {
	s.T.Helper()
	a := Account(0)
	a.Certificates = certificates
	s.SBIS.AddAccount(a)
	admin := s.AdminAtMenu()
	for _, step := range []struct {
		path string
		form url.Values
	}{
		{"/p/1/settings/accounts/1/check", nil},
		{"/p/1/settings/companies/1", OurCompanyForm("certificate", key)},
		{"/p/1/settings/accounts/1/signing", url.Values{"signing": {way}}},
	} {
		p, err := admin.Post(step.path, step.form)
		s.Page(p, err, http.StatusOK)
	}
	return admin
}

// ExecutedActions returns how often SBIS was called to execute an action of a document, such as to send it.
func (s *Site) ExecutedActions() int {
	return s.SBIS.Trace().Count("СБИС.ВыполнитьДействие")
}

// OurCompanyForm returns the form of our company with changes.
func OurCompanyForm(change ...string) url.Values {
	c := OurCompany
	f := url.Values{"account": {"1"}, "participant": {c.Participant}, "signer": {c.Signer}, "position": {c.Position}, "ground": {c.Ground},
		"function": {c.Function}, "numbers": {"{N}"}}
	for i := 0; i+1 < len(change); i += 2 {
		f.Set(change[i], change[i+1])
	}
	return f
}

// SaveOurCompany saves the settings of our company with some of them changed.
func (s *Site) SaveOurCompany(pairs ...string) {
	s.T.Helper()
	p, err := s.AdminAtMenu().Post("/p/1/settings/companies/1", OurCompanyForm(pairs...))
	s.Page(p, err, http.StatusOK)
}
