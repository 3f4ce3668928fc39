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

	Certificate string       // thumbprint of the key that signs for it
	Key         Certificate  // what is known of it, empty when the account has none such
	Power       acts.Power   // of its signer
	VAT         acts.VATMode // how it works with VAT
	ActType     string       // of a new act: medium and kind, "" by the counterparty
	ActChannel  acts.Channel // of a new paper act
	Manual      bool         // numbers are given by hand
	Closed      time.Time    // acts dated before this day are closed, zero when none are
	Account     OwnAccount   // empty when no account is connected
}

// OwnAccount is what our company's documents need of its SBIS account.
type OwnAccount struct {
	Name    string        `json:"name"`
	Problem string        `json:"problem"`
	Signing acts.Signing  `json:"signing"`
	Cabinet *acts.Cabinet `json:"cabinet"`
}

// Period is how far the company's acts are closed.
func (c OwnCompany) Period() acts.Period { return acts.Period{Own: c.ID, Before: c.Closed} }

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

	Certificate string                 `db:"certificate" json:"certificate"`
	Power       jsonb[acts.Power]      `db:"power" json:"power"`
	VAT         string                 `db:"vat" json:"vat"`
	ActType     string                 `db:"act_type" json:"act_type"`
	ActChannel  string                 `db:"act_channel" json:"act_channel"`
	Manual      bool                   `db:"manual_numbers" json:"manual_numbers"`
	Closed      *string                `db:"closed_before" json:"closed_before"`
	Account     jsonb[*OwnAccount]     `db:"account" json:"account"`
	Key         jsonb[*certificateRow] `db:"key" json:"key"`
}

func (r ownCompanyRow) company() OwnCompany {
	c := OwnCompany{ID: acts.CompanyID(r.ID), RequisiteID: r.RequisiteID, Party: r.Party.V, Signer: r.Signer.V,
		Function: acts.Function(r.Function), Numbers: r.Numbers, VATGround: r.VATGround, Form: r.Form, Certificate: r.Certificate, Power: r.Power.V,
		VAT: acts.VATMode(r.VAT), ActType: r.ActType, ActChannel: acts.Channel(r.ActChannel), Manual: r.Manual, Closed: readDay(r.Closed)}
	if r.Account.V != nil {
		c.Account = *r.Account.V
	}
	if r.Key.V != nil {
		c.Key = r.Key.V.certificate()
	}
	if r.Logo != nil {
		c.Logo = *r.Logo
	}
	if r.AccountID != nil {
		c.AccountID = *r.AccountID
	}
	return c
}

// ownColumns are those of own_companies under its own name, with what the documents of a company need of its account.
const ownColumns = `id, requisite_id, party, signer, function, numbers, account_id, vat_ground, form, logo_id, certificate, power, vat,
	act_type, act_channel, manual_numbers, to_char(closed_before, 'YYYY-MM-DD') AS closed_before,
	(SELECT jsonb_build_object('name', e.name, 'problem', e.problem, 'signing', e.signing, 'cabinet', e.cabinet) FROM edo_accounts e
		WHERE e.portal_id = :portal AND e.id = own_companies.account_id) AS account,
	(SELECT to_jsonb(c) FROM certificates c WHERE c.portal_id = :portal AND c.account_id = own_companies.account_id
		AND c.thumbprint = own_companies.certificate) AS key`

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
		vat_ground = :vat_ground, form = :form, certificate = :certificate, power = :power, vat = :vat,
		act_type = :act_type, act_channel = :act_channel, manual_numbers = :manual, closed_before = :closed
	WHERE portal_id = :portal AND id = :id`

// SaveOwnCompany keeps what the settings page says of our company.
func (tx Tx) SaveOwnCompany(ctx context.Context, c OwnCompany) error {
	return tx.one(ctx, "save own company", saveOwnCompany, args{"id": int64(c.ID), "participant": c.Party.Participant,
		"signer": asJSON(c.Signer), "function": string(c.Function), "numbers": c.Numbers, "account": c.AccountID,
		"vat_ground": c.VATGround, "form": c.Form, "certificate": c.Certificate, "power": asJSON(c.Power), "vat": string(c.VAT),
		"act_type": c.ActType, "act_channel": string(c.ActChannel), "manual": c.Manual, "closed": orNull(c.Closed)},
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
