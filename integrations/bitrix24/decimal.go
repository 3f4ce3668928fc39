package bitrix24

import (
	"github.com/shopspring/decimal"
)

// Amount is an exact decimal: a price, a quantity, a rate. It arrives as a number or a string, an empty value is 0.
type Amount struct{ decimal.Decimal }

// UnmarshalJSON reads every shape of a decimal.
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

// MarshalJSON writes a JSON number with every digit.
func (a Amount) MarshalJSON() ([]byte, error) { return []byte(a.String()), nil }

// OptAmount is an Amount that may be absent: a taxRate of null means "no VAT", 0 means the rate 0 %
// (docs/contracts/bitrix24.md, "Product rows").
type OptAmount struct {
	Amount
	Set bool
}

// Some is an OptAmount that is present.
func Some(a Amount) OptAmount { return OptAmount{a, true} }

// UnmarshalJSON reads every shape of a decimal; an empty value is absent.
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

// parseDecimal refuses what only looks like a decimal: the zeros of 1e999999999 would fill the memory.
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
