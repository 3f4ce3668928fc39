package store

import (
	"context"
	"fmt"

	"acts24/acts"
)

const nextNumber = `
	INSERT INTO number_counters (portal_id, own_company_id, year, last) VALUES (:portal, :company, :year, 1)
	ON CONFLICT (portal_id, own_company_id, year) DO UPDATE SET last = number_counters.last + 1
	RETURNING last`

// numberTaken says that the number is not empty, lest the index that holds numbers apart is passed over.
const numberTaken = `
	SELECT count(*) FROM acts
	WHERE portal_id = :portal AND own_company_id = :company AND date_part('year', act_date) = :year AND number = :number AND number <> ''`

// NumberTaken reports whether an act of the company's year has the number.
func (s Scope) NumberTaken(ctx context.Context, company acts.CompanyID, year int, number string) (bool, error) {
	var n int
	if err := s.get(ctx, &n, numberTaken, args{"company": int64(company), "year": year, "number": number}); err != nil {
		return false, fmt.Errorf("number taken: %w", err)
	}
	return n > 0, nil
}

const actNumbered = `
	SELECT id FROM acts
	WHERE portal_id = :portal AND own_company_id = :company AND date_part('year', act_date) = :year AND number = :number AND number <> '' LIMIT 1`

// ActNumbered finds the act of the company's year that has the number, 0 when none has.
func (s Scope) ActNumbered(ctx context.Context, company acts.CompanyID, year int, number string) (acts.ActID, error) {
	return s.actID(ctx, actNumbered, args{"company": int64(company), "year": year, "number": number})
}

const lastNumber = `
	SELECT number FROM acts
	WHERE portal_id = :portal AND own_company_id = :company AND date_part('year', act_date) = :year AND number <> '' ORDER BY id DESC LIMIT 1`

// LastNumber is the number of the company's newest numbered act of a year, "" when there is none.
func (s Scope) LastNumber(ctx context.Context, company acts.CompanyID, year int) (string, error) {
	var found []string
	if err := s.list(ctx, &found, lastNumber, args{"company": int64(company), "year": year}); err != nil {
		return "", fmt.Errorf("last number: %w", err)
	}
	if len(found) == 0 {
		return "", nil
	}
	return found[0], nil
}

// NextNumber takes the next number of the company's year; a rolled back transaction leaves no gap.
func (tx Tx) NextNumber(ctx context.Context, company acts.CompanyID, year int) (int, error) {
	var n int
	if err := tx.get(ctx, &n, nextNumber, args{"company": int64(company), "year": year}); err != nil {
		return 0, fmt.Errorf("next number: %w", err)
	}
	return n, nil
}
