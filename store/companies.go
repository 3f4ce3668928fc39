package store

import (
	"context"
	"fmt"
	"time"

	"acts24/acts"
)

// OwnCompany is a legal entity of ours with what its documents need.
type OwnCompany struct {
	ID          acts.CompanyID
	RequisiteID int64
	Party       acts.Party
	Signer      acts.Signer
	Function    acts.Function
	Numbers     string // pattern
	AccountID   int64  // 0 when no SBIS account is connected
	VATGround   string // why its acts are without VAT
	Form        string // of electronic acts: FormUPD or FormPDF
	Logo        int64  // file of the logo, 0 when there is none
}

// The forms of an electronic act.
const (
	FormUPD = "upd" // УПД 5.03
	FormPDF = "pdf" // the print form, not formalised
)

type ownCompanyRow struct {
	ID          int64              `db:"id" json:"id"`
	RequisiteID int64              `db:"requisite_id" json:"requisite_id"`
	Party       jsonb[acts.Party]  `db:"party" json:"party"`
	Signer      jsonb[acts.Signer] `db:"signer" json:"signer"`
	Function    string             `db:"function" json:"function"`
	Numbers     string             `db:"numbers" json:"numbers"`
	AccountID   *int64             `db:"account_id" json:"account_id"`
	VATGround   string             `db:"vat_ground" json:"vat_ground"`
	Form        string             `db:"form" json:"form"`
	Logo        *int64             `db:"logo_id" json:"logo_id"`
}

func (r ownCompanyRow) company() OwnCompany {
	c := OwnCompany{ID: acts.CompanyID(r.ID), RequisiteID: r.RequisiteID, Party: r.Party.V, Signer: r.Signer.V,
		Function: acts.Function(r.Function), Numbers: r.Numbers, VATGround: r.VATGround, Form: r.Form}
	if r.Logo != nil {
		c.Logo = *r.Logo
	}
	if r.AccountID != nil {
		c.AccountID = *r.AccountID
	}
	return c
}

const ownColumns = `id, requisite_id, party, signer, function, numbers, account_id, vat_ground, form, logo_id`

const ownCompanies = `
	SELECT ` + ownColumns + ` FROM own_companies
	WHERE portal_id = :portal ORDER BY id`

// OwnCompanies lists our legal entities in the portal.
func (s Scope) OwnCompanies(ctx context.Context) ([]OwnCompany, error) {
	var rows []ownCompanyRow
	if err := s.list(ctx, &rows, ownCompanies, nil); err != nil {
		return nil, fmt.Errorf("own companies: %w", err)
	}
	companies := make([]OwnCompany, len(rows))
	for i, r := range rows {
		companies[i] = r.company()
	}
	return companies, nil
}

const ownCompany = `
	SELECT ` + ownColumns + ` FROM own_companies
	WHERE portal_id = :portal AND id = :id`

// OwnCompany reads one of our legal entities.
func (s Scope) OwnCompany(ctx context.Context, id acts.CompanyID) (OwnCompany, error) {
	var row ownCompanyRow
	err := s.get(ctx, &row, ownCompany, args{"id": int64(id)})
	return row.company(), missing(err, "own company", "Такой нашей организации нет в портале.")
}

const mergeOwnCompany = `
	INSERT INTO own_companies (portal_id, id, requisite_id, party, signer, function)
	VALUES (:portal, :id, :requisite, :party, :signer, :function)
	ON CONFLICT (portal_id, id) DO UPDATE SET requisite_id = EXCLUDED.requisite_id,
		party = EXCLUDED.party || jsonb_build_object('edo', coalesce(own_companies.party ->> 'edo', ''))`

// MergeOwnCompany takes over what the CRM says of our company; what our settings say stays.
func (tx Tx) MergeOwnCompany(ctx context.Context, c OwnCompany) error {
	_, err := tx.exec(ctx, mergeOwnCompany, args{"id": int64(c.ID), "requisite": c.RequisiteID, "party": asJSON(c.Party),
		"signer": asJSON(c.Signer), "function": string(c.Function)})
	if err != nil {
		return fmt.Errorf("merge own company: %w", err)
	}
	return nil
}

const saveOwnCompany = `
	UPDATE own_companies SET party = party || jsonb_build_object('edo', CAST(:participant AS text)), signer = :signer,
		function = :function, numbers = :numbers, account_id = NULLIF(CAST(:account AS bigint), 0),
		vat_ground = :vat_ground, form = :form
	WHERE portal_id = :portal AND id = :id`

// SaveOwnCompany keeps what the settings page says of our company.
func (tx Tx) SaveOwnCompany(ctx context.Context, c OwnCompany) error {
	return tx.one(ctx, "save own company", saveOwnCompany, args{"id": int64(c.ID), "participant": c.Party.Participant,
		"signer": asJSON(c.Signer), "function": string(c.Function), "numbers": c.Numbers, "account": c.AccountID,
		"vat_ground": c.VATGround, "form": c.Form},
		acts.Errorf(acts.NotFound, "Такой нашей организации нет в портале."))
}

const addFeed = `
	INSERT INTO feeds (portal_id, own_company_id, since) VALUES (:portal, :company, :since)
	ON CONFLICT (portal_id, own_company_id) DO UPDATE SET next_at = clock_timestamp(), problem = '', failures = 0`

// AddFeed starts (or wakes) following one of our companies at SBIS.
func (tx Tx) AddFeed(ctx context.Context, company acts.CompanyID, since time.Time) error {
	if _, err := tx.exec(ctx, addFeed, args{"company": int64(company), "since": since}); err != nil {
		return fmt.Errorf("add feed: %w", err)
	}
	return nil
}

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

// NextNumber takes the next number of the company's year; a rolled back transaction leaves no gap.
func (tx Tx) NextNumber(ctx context.Context, company acts.CompanyID, year int) (int, error) {
	var n int
	if err := tx.get(ctx, &n, nextNumber, args{"company": int64(company), "year": year}); err != nil {
		return 0, fmt.Errorf("next number: %w", err)
	}
	return n, nil
}
