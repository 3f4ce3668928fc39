package upd

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"

	"acts24/acts"
	"acts24/acts/signed"
)

// The content of a title is read as it was written, whatever the act is.
func TestContent(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 30))
	compared := 0
	for n := range 300 {
		act := randomAct(r)
		act.Signer.Power = pick(r, acts.PowerOfAttorney{}, acts.PowerOfAttorney{ID: "dd52c3d2-405b-7fca-b0a3-0a2e5abb45f3", Issued: january15})
		title, err := SellerTitle(act, envelope())
		if err != nil {
			continue // a random text that is empty after its cleaning
		}
		want := signed.Content{Function: act.Function, From: act.From, To: act.To, Payments: act.Payments, StateContract: act.StateContract,
			Basis:  acts.Basis{Name: clean(act.Basis.Name), Number: clean(act.Basis.Number), Date: act.Basis.Date, None: act.Basis.Label() == ""},
			Signer: acts.Signer{Last: clean(act.Signer.Last), First: clean(act.Signer.First), Middle: clean(act.Signer.Middle), Position: clean(act.Signer.Position), Power: act.Signer.Power}}
		if want.Signer.Position == "" {
			want.Signer.Position = "Индивидуальный предприниматель" // of a sole proprietor
		}
		if got, err := Content(title.Body); err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("title %d: %v\n%+v\nwant\n%+v", n, err, got, want)
		}
		compared++
	}
	if compared < 200 {
		t.Errorf("only %d of 300 acts have a title to compare, want at least 200", compared)
	}
}

// A part of a title that an act cannot hold stays empty and is named in Unclear; a title that cannot be read is an error.
func TestUnclearContent(t *testing.T) {
	text, err := charmap.Windows1251.NewDecoder().Bytes(mustBuild(t, validAct()).Body)
	if err != nil {
		t.Fatal(err)
	}
	title := strings.Replace(string(text), "windows-1251", "utf-8", 1)
	basis := title[strings.Index(title, "<ОснПер") : strings.Index(title, "</ОснПер>")+len("</ОснПер>")]
	signer := title[strings.Index(title, "<Подписант") : strings.Index(title, "</Подписант>")+len("</Подписант>")]
	for name, tt := range map[string]struct {
		body    string
		unclear []string
		failed  bool
	}{
		"two bases":     {strings.Replace(title, basis, basis+basis, 1), []string{signed.ContentBasis}, false},
		"no basis":      {strings.Replace(title, basis, "", 1), []string{signed.ContentBasis}, false},
		"two signers":   {strings.Replace(title, signer, signer+signer, 1), []string{signed.ContentSigner}, false},
		"no signer":     {strings.Replace(title, signer, "", 1), []string{signed.ContentSigner}, false},
		"a wrong date":  {strings.Replace(title, `РеквДатаДок="15.01.2026"`, `РеквДатаДок="2026-01-15"`, 1), nil, true},
		"another title": {strings.Replace(title, `КНД="1115131"`, `КНД="1115132"`, 1), nil, true},
		"half a title":  {title[:len(title)/2], nil, true},
		"no title":      {"%PDF-1.7", nil, true},
	} {
		got, err := Content([]byte(tt.body))
		if (err != nil) != tt.failed || !slices.Equal(got.Unclear, tt.unclear) {
			t.Errorf("%s: unclear %v, %v; want %v, failed %t", name, got.Unclear, err, tt.unclear, tt.failed)
		}
	}
}
