package bitrix24

import (
	"github.com/shopspring/decimal"
)

// Amount is an exact decimal: a price, a quantity, a rate. It is decoded from a number or a string; an empty value is 0.
type Amount struct{ decimal.Decimal }

// UnmarshalJSON reads every format of a decimal.
func (a *Amount) UnmarshalJSON(data []byte) error {
	text, err := scalar(data)
	if err != nil {
		return err
	}
	if text == "" {
		a.Decimal = decimal.Decimal{}
		return nil
	}
	a.Decimal, err = parseDecimal(text)
	return err
}

// MarshalJSON writes a JSON number with all digits.
func (a Amount) MarshalJSON() ([]byte, error) { return []byte(a.String()), nil }

// OptAmount is an Amount that may be missing: a taxRate of null means "no VAT", 0 means the rate 0 %
// (docs/contracts/bitrix24.md, "Product rows").
type OptAmount struct {
	Amount
	Set bool
}

// Some returns an OptAmount with a value.
func Some(a Amount) OptAmount { return OptAmount{a, true} }

// UnmarshalJSON reads every format of a decimal; an empty value means a missing one.
func (a *OptAmount) UnmarshalJSON(data []byte) error {
	a.Set = !isEmpty(data)
	return a.Amount.UnmarshalJSON(data)
}

// MarshalJSON writes the number or null.
func (a OptAmount) MarshalJSON() ([]byte, error) {
	if !a.Set {
		return []byte("null"), nil
	}
	return a.Amount.MarshalJSON()
}

// parseDecimal refuses huge exponents: the zeros of 1e999999999 would fill the memory.
func parseDecimal(text string) (decimal.Decimal, error) {
	if len(text) > 60 {
		return decimal.Decimal{}, errShape
	}
	d, err := decimal.NewFromString(text)
	if err != nil || d.Exponent() > 30 || d.Exponent() < -60 {
		return decimal.Decimal{}, errShape
	}
	return d, nil
}
