package handlers

import (
	"acts24/acts"
	"acts24/store"
	"acts24/views"
)

// tellSigners says of every act that waits for our signature in SBIS who must sign it.
func tellSigners(rows []views.ActRow, sheet store.DealSheet) {
	for i, a := range sheet.Acts {
		for _, own := range sheet.Own {
			if own.ID == a.OwnCompany && awaitsUs(a) {
				rows[i].Turn, rows[i].Signs = whoSigns(a, own, own.Account.Signing)
			}
		}
	}
}

// awaitsUs reports whether our signature in SBIS is still to come.
func awaitsUs(a acts.Act) bool {
	return a.Medium == acts.Electronic && a.Status == acts.Draft && (a.Delivery == acts.Queued || a.Delivery == acts.WaitingSignature)
}

// whoSigns says whose move an act is that our signature is still to come under, and who must sign it. What the service could not
// sign is a person's to sign.
func whoSigns(a acts.Act, own store.OwnCompany, way acts.Signing) (turn, signs string) {
	turn = turnOf(a)
	switch {
	case way == acts.SignByService && a.DeliveryNote != "":
		way = acts.SignInCabinet
	case way == acts.SignByService:
		turn = ""
	}
	return turn, acts.WhoSigns(way, a.Signer, own.Key.Certificate)
}

// signingOf is how an act's document gets our signature: as it was handed over, before that as its account is set up now.
func signingOf(sheet store.ActSheet) acts.Signing {
	if sheet.Document != nil && sheet.Document.Live {
		return sheet.Document.Signing
	}
	return sheet.Own.Account.Signing
}
