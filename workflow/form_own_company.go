package workflow

import (
	"time"

	"acts24/acts"
	"acts24/store"
)

// ChangesOwn reports whether the chosen company is not the one for which the form was rendered.
func (f ActForm) ChangesOwn() bool { return f.OwnShown != 0 && f.Own != f.OwnShown }

// ChangeOwn returns the form for the newly chosen company. What depends on the company is replaced: signer,
// authority, usual rate and ground, basis of its last act. What was typed otherwise stays.
func ChangeOwn(details store.DealDetails, typed ActForm, today time.Time) *ActForm {
	before, after := ChosenCompany(details.Own, typed.OwnShown), ChosenCompany(details.Own, typed.Own)
	f := typed
	f.Own, f.OwnShown, f.Number = after.ID, after.ID, ""
	f.signBy(after)
	if f.VATGround == before.VATGround {
		f.VATGround = after.VATGround
	}
	f.Free = make([]FreeLine, len(typed.Free))
	for i, l := range typed.Free {
		if l.Rate == string(usualRate(before, today)) {
			l.Rate = string(usualRate(after, today))
		}
		f.Free[i] = l
	}
	suggested := ActForm{}
	suggested.suggestBasis(details, before.ID)
	if f.sameBasis(suggested) {
		f.suggestBasis(details, after.ID)
	}
	return &f
}

// signBy sets the company's usual signer.
func (f *ActForm) signBy(c store.OwnCompany) {
	f.Signer, f.Position, f.Ground = c.Signer.FullName(), c.Signer.Position, c.Signer.Ground
}

// sameBasis compares the bases of two forms; a date is the same however it is written.
func (f ActForm) sameBasis(other ActForm) bool {
	var faults acts.Faults
	same := ParseDay(&faults, "basis-date", f.BasisDate, false).Equal(ParseDay(&faults, "basis-date", other.BasisDate, false))
	return f.BasisKind == other.BasisKind && f.BasisName == other.BasisName && f.BasisNumber == other.BasisNumber && same && len(faults) == 0
}

// usualRate returns the rate of a line without a product of the CRM.
func usualRate(c store.OwnCompany, date time.Time) acts.Rate {
	regime := c.VAT.On(date)
	if regime == acts.VATUnknown && c.Function == acts.FunctionAct {
		return acts.NoVAT
	}
	return acts.AllowedRates(regime, date)[0]
}
