package store

import (
	"context"
	"fmt"

	"acts24/acts"
	"acts24/store/internal/pg"
)

const nextNumber = `
	INSERT INTO number_counters (portal_id, own_company_id, year, last)
	SELECT :portal, coalesce((SELECT crm_id FROM own_companies WHERE portal_id = :portal AND id = :company), :company), :year, 1
	ON CONFLICT (portal_id, own_company_id, year) DO UPDATE SET last = number_counters.last + 1
	RETURNING last`

// sameCompany lists all requisites of one of our companies: its acts share one sequence of numbers.
const sameCompany = `ARRAY (SELECT o.id FROM own_companies o JOIN own_companies c ON c.portal_id = o.portal_id AND c.crm_id = o.crm_id
	WHERE c.portal_id = :portal AND c.id = :company)`

// numberTaken repeats that the number is not empty: only then PostgreSQL uses the partial index acts_number.
const numberTaken = `
	SELECT count(*) FROM acts
	WHERE portal_id = :portal AND own_company_id = ANY (` + sameCompany + `) AND date_part('year', act_date) = :year AND number = :number AND number <> ''`

// NumberTaken reports whether an act of the company's year has the number.
func (s Acts) NumberTaken(ctx context.Context, company acts.CompanyID, year int, number string) (bool, error) {
	var n int
	if err := pg.Get(ctx, s, &n, numberTaken, pg.Args{"company": company, "year": year, "number": number}); err != nil {
		return false, fmt.Errorf("number taken: %w", err)
	}
	return n > 0, nil
}

const actNumbered = `
	SELECT id FROM acts
	WHERE portal_id = :portal AND own_company_id = ANY (` + sameCompany + `) AND date_part('year', act_date) = :year AND number = :number AND number <> '' LIMIT 1`

// WithNumber finds the act of the company's year that has the number, 0 when none has.
func (s Acts) WithNumber(ctx context.Context, company acts.CompanyID, year int, number string) (acts.ActID, error) {
	return s.actID(ctx, actNumbered, pg.Args{"company": company, "year": year, "number": number})
}

const lastCorrection = `
	SELECT max(correction) FROM acts
	WHERE portal_id = :portal AND own_company_id = :company AND date_part('year', act_date) = :year AND number = :number AND number <> ''`

// LastCorrection returns the highest number of a correction of the document that the company issued in a year under a number, 0 when it has
// none.
func (s Acts) LastCorrection(ctx context.Context, company acts.CompanyID, year int, number string) (int, error) {
	var n int
	if err := pg.Get(ctx, s, &n, lastCorrection, pg.Args{"company": company, "year": year, "number": number}); err != nil {
		return 0, fmt.Errorf("last correction: %w", err)
	}
	return n, nil
}

const lastNumber = `
	SELECT number FROM acts
	WHERE portal_id = :portal AND own_company_id = ANY (` + sameCompany + `) AND date_part('year', act_date) = :year AND number <> '' ORDER BY id DESC LIMIT 1`

// LastNumber returns the number of the company's newest numbered act of a year, "" when there is none.
func (s Acts) LastNumber(ctx context.Context, company acts.CompanyID, year int) (string, error) {
	var number string
	if _, err := pg.Find(ctx, s, &number, lastNumber, pg.Args{"company": company, "year": year}); err != nil {
		return "", fmt.Errorf("last number: %w", err)
	}
	return number, nil
}

const latestNumbered = `
	SELECT number, act_date AS date FROM acts
	WHERE portal_id = :portal AND own_company_id = :company AND number <> '' AND act_date BETWEEN make_date(:year, 1, 1) AND make_date(:year, 12, 31)
	ORDER BY act_date DESC, id DESC LIMIT 1`

// LatestNumbered returns the numbered act of the company's year with the latest date, empty when there is none.
func (s Acts) LatestNumbered(ctx context.Context, company acts.CompanyID, year int) (acts.Numbered, error) {
	var found acts.Numbered
	if _, err := pg.Find(ctx, s, &found, latestNumbered, pg.Args{"company": company, "year": year}); err != nil {
		return found, fmt.Errorf("latest number: %w", err)
	}
	return found, nil
}

const counterOf = `
	SELECT last FROM number_counters WHERE portal_id = :portal AND year = :year
		AND own_company_id = coalesce((SELECT crm_id FROM own_companies WHERE portal_id = :portal AND id = :company), :company)`

// Counter returns the last number that was taken in the company's year; ok is false when none was and nobody has set it.
func (s Acts) Counter(ctx context.Context, company acts.CompanyID, year int) (last int, ok bool, err error) {
	ok, err = pg.Find(ctx, s, &last, counterOf, pg.Args{"company": company, "year": year})
	if err != nil {
		return 0, false, fmt.Errorf("counter of numbers: %w", err)
	}
	return last, ok, nil
}

const raiseCounter = `
	INSERT INTO number_counters (portal_id, own_company_id, year, last)
	SELECT :portal, coalesce((SELECT crm_id FROM own_companies WHERE portal_id = :portal AND id = :company), :company), :year, :last
	ON CONFLICT (portal_id, own_company_id, year) DO UPDATE SET last = EXCLUDED.last WHERE number_counters.last < EXCLUDED.last`

// RaiseCounter makes the next number of the company's year the one after last; raised is false when it is larger already.
func (tx ActsTx) RaiseCounter(ctx context.Context, company acts.CompanyID, year, last int) (raised bool, err error) {
	n, err := pg.Exec(ctx, tx, raiseCounter, pg.Args{"company": company, "year": year, "last": last})
	if err != nil {
		return false, fmt.Errorf("raise counter: %w", err)
	}
	return n > 0, nil
}

const removedIn = `
	SELECT count(*) FROM removals r JOIN portals p ON p.member_id = r.member_id
	WHERE p.id = :portal AND r.clean AND date_part('year', r.removed_at AT TIME ZONE 'Europe/Moscow') = :year`

// RemovedIn reports whether the app was removed from the portal with its data in a year: acts of it that we no longer have may hold numbers.
func (s Acts) RemovedIn(ctx context.Context, year int) (bool, error) {
	var n int
	if err := pg.Get(ctx, s, &n, removedIn, pg.Args{"year": year}); err != nil {
		return false, fmt.Errorf("removals of a year: %w", err)
	}
	return n > 0, nil
}

// NextNumber takes the next number of the company's year; a rolled back transaction leaves no gap.
func (tx ActsTx) NextNumber(ctx context.Context, company acts.CompanyID, year int) (int, error) {
	var n int
	if err := pg.Get(ctx, tx, &n, nextNumber, pg.Args{"company": company, "year": year}); err != nil {
		return 0, fmt.Errorf("next number: %w", err)
	}
	return n, nil
}
