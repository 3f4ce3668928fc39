package upd

import (
	"testing"

	"acts24/acts"
)

// FuzzVerdict reads any bytes as a buyer's title: they are refused or have the code 1, 2 or 3.
func FuzzVerdict(f *testing.F) {
	for _, seed := range [][]byte{
		buyerTitle("", "1"), buyerTitle("", "3"), buyerTitle("<!-- -->", "2"), buyerTitle("<!DOCTYPE a>", "1"), buyerTitle("", "&x;"), nil,
		[]byte(`{"error":"not found"}`), []byte("\xef\xbb\xbf<Файл/>"),
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		title, err := ReadBuyer(body)
		if (err == nil) != (title.Code >= Accepted && title.Code <= Refused) {
			t.Errorf("ReadBuyer = %+v, %v; want a code from 1 to 3 or an error", title, err)
		}
	})
}

// FuzzSellerTitle puts any text into the fields of an act: it gives a title that is read back or a message.
func FuzzSellerTitle(f *testing.F) {
	for _, text := range hostileLineNames {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		act := validAct()
		act.Number, act.Basis.Name, act.Basis.Number = text, text, text
		act.Seller.Name, act.Buyer.Address, act.Signer.Middle, act.Signer.Position = text, text, text, text
		act.Lines[0].Name, act.Lines[0].Unit.Name = text, text
		title, err := SellerTitle(act, envelope())
		if err != nil {
			if acts.Message(err) == "" {
				t.Fatalf("SellerTitle: %v, want a message for the user", err)
			}
			return
		}
		got, err := readSeller(title.Body)
		if err != nil || got.Number != clean(text) || got.Lines[0].Name != clean(text) || got.Totals != act.Totals {
			t.Errorf("readSeller = %+v, %v; want the number and the line %q with the totals %s", got, err, clean(text), act.Totals)
		}
	})
}
