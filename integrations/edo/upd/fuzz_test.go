package upd

import (
	"testing"

	"acts24/acts"
)

// FuzzVerdict: whatever comes instead of a title is read or refused, and a verdict is 1, 2 or 3.
func FuzzVerdict(f *testing.F) {
	for _, seed := range [][]byte{
		buyers("", "1"), buyers("", "3"), buyers("<!-- -->", "2"), buyers("<!DOCTYPE a>", "1"), buyers("", "&x;"), nil,
		[]byte(`{"error":"not found"}`), []byte("\xef\xbb\xbf<Файл/>"),
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		title, err := ReadBuyer(body)
		if (err == nil) != (title.Code >= Accepted && title.Code <= Refused) {
			t.Errorf("ReadBuyer = %+v, %v", title, err)
		}
	})
}

// FuzzSellerTitle: any text in any field gives a valid title or a message.
func FuzzSellerTitle(f *testing.F) {
	for _, text := range nasty {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		act := ready()
		act.Number, act.Basis.Name, act.Basis.Number = text, text, text
		act.Seller.Name, act.Buyer.Address, act.Signer.Middle, act.Signer.Position = text, text, text, text
		act.Lines[0].Name, act.Lines[0].Unit.Name = text, text
		title, err := SellerTitle(act, envelope())
		if err != nil {
			if acts.Message(err) == "" {
				t.Fatalf("SellerTitle: %v", err)
			}
			return
		}
		got, err := ReadSeller(title.Body)
		if err != nil || got.Number != clean(text) || got.Lines[0].Name != clean(text) || got.Totals != act.Totals {
			t.Errorf("ReadSeller = %+v, %v", got, err)
		}
	})
}
