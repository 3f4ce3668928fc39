package store

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"acts24/acts"
	"acts24/store/accounts"
	"acts24/store/internal/fragment"
	"acts24/store/internal/pg"
)

// OwnCompany is one set of requisites of our legal entity, with the settings that its documents need.
type OwnCompany struct {
	ID          acts.CompanyID // key of the requisites here
	CRM         acts.CompanyID // company in the CRM
	RequisiteID int64          // in the CRM, 0 when the company has none
	Gone        bool           // the CRM has the requisites no longer
	Party       acts.Party
	Signer      acts.Signer
	Function    acts.Function
	Numbers     string // pattern
	AccountID   int64  // 0 when no SBIS account is connected
	VATGround   string // why its acts are without VAT
	Form        string // of electronic acts: FormUPD or FormPDF
	PaperForm   acts.PaperForm
	Logo        int64 // file of the logo, 0 when there is none

	Certificate string               // thumbprint of the key that signs for it
	Key         accounts.Certificate // its certificate, empty when the account has none with this thumbprint
	Power       acts.PowerOfAttorney // of its signer
	VAT         acts.VATPeriods      // how it works with VAT, and since when
	LineKind    acts.LineKind        // of the rows of its acts, "" by the products of the CRM
	ActType     string               // of a new act: medium and kind, "" by the counterparty
	ActChannel  acts.Channel         // of a new paper act
	Manual      bool                 // numbers are given by hand
	Closed      time.Time            // acts dated before this day are closed, zero when none are
	Account     OwnAccount           // empty when no account is connected
}

// OwnAccount is what our company's documents need of its SBIS account.
type OwnAccount struct {
	Name    string                `json:"name"`
	Problem string                `json:"problem"`
	Signing acts.Signing          `json:"signing"`
	Details *acts.OperatorAccount `json:"details"`
}

// ClosedPeriod returns the closed period of the company.
func (c OwnCompany) ClosedPeriod() acts.ClosedPeriod {
	return acts.ClosedPeriod{Own: c.ID, Before: c.Closed}
}

// CheckRequisites returns Conflict when the requisites are not in the CRM any more: no documents can be made with them.
func (c OwnCompany) CheckRequisites() error {
	if !c.Gone {
		return nil
	}
	return acts.Errorf(acts.Conflict, "Наши реквизиты %s удалены в Битрикс24. Выберите другого исполнителя.", c.Party.Requisites())
}

// The forms of an electronic act.
const (
	FormUPD = "upd" // УПД 5.03
	FormPDF = "pdf" // the print form, not formalised
)

// List lists our legal entities in the portal.
func (s Companies) List(ctx context.Context) ([]OwnCompany, error) {
	companies := []OwnCompany{}
	if err := pg.Select(ctx, s, &companies, fragment.OwnCompanies, nil); err != nil {
		return nil, fmt.Errorf("own companies: %w", err)
	}
	return companies, nil
}

const ownCompany = `
	SELECT ` + fragment.OwnColumns + ` FROM own_companies
	WHERE portal_id = :portal AND id = :id`

// Get reads one of our legal entities.
func (s Companies) Get(ctx context.Context, id acts.CompanyID) (OwnCompany, error) {
	var c OwnCompany
	err := pg.Get(ctx, s, &c, ownCompany, pg.Args{"id": id})
	return c, pg.NotFound(err, "own company", "Такой нашей организации нет в портале.")
}

// mergeOwnCompany assigns to new requisites the id of their company, or the next free one when it is taken.
const mergeOwnCompany = `
	INSERT INTO own_companies (portal_id, id, of_company, requisite_id, party, signer, function)
	SELECT :portal, n.id, CASE n.id WHEN CAST(:crm AS bigint) THEN 0 ELSE CAST(:crm AS bigint) END, :requisite, :party, :signer, :function
	FROM (SELECT CASE
		WHEN CAST(:id AS bigint) <> 0 THEN CAST(:id AS bigint)
		WHEN NOT EXISTS (SELECT FROM own_companies WHERE portal_id = :portal AND id = :crm) THEN CAST(:crm AS bigint)
		ELSE (SELECT max(id) + 1 FROM own_companies WHERE portal_id = :portal) END AS id) n
	ON CONFLICT (portal_id, id) DO UPDATE SET requisite_id = EXCLUDED.requisite_id, gone = false,
		party = EXCLUDED.party || jsonb_build_object('edo', coalesce(own_companies.party ->> 'edo', ''),
			'edo_seen', coalesce(own_companies.party ->> 'edo_seen', ''), 'registered',
			CASE WHEN own_companies.party ->> 'ogrn' = EXCLUDED.party ->> 'ogrn' THEN own_companies.party -> 'registered' END)`

// Merge stores our requisites as the CRM has them, new ones when their ID is 0; our settings are kept.
func (tx CompaniesTx) Merge(ctx context.Context, c OwnCompany) error {
	_, err := pg.Exec(ctx, tx, mergeOwnCompany, pg.Args{"id": c.ID, "crm": int64(cmp.Or(c.CRM, c.ID)), "requisite": c.RequisiteID, "party": pg.AsJSON(c.Party),
		"signer": pg.AsJSON(c.Signer), "function": c.Function})
	if err != nil {
		return fmt.Errorf("merge own company: %w", err)
	}
	return nil
}

const setOwnCompanyGone = `UPDATE own_companies SET gone = true WHERE portal_id = :portal AND id = :id AND NOT gone`

// SetGone stores that the CRM no longer has some of our requisites: their acts stay, no new ones are formed.
func (tx CompaniesTx) SetGone(ctx context.Context, id acts.CompanyID) error {
	if _, err := pg.Exec(ctx, tx, setOwnCompanyGone, pg.Args{"id": id}); err != nil {
		return fmt.Errorf("set own company gone: %w", err)
	}
	return nil
}

const saveOwnCompany = `
	UPDATE own_companies SET party = party || jsonb_build_object('edo', CAST(:participant AS text), 'edo_seen', CAST(:seen AS text),
			'registered', CAST(:registered AS text)), signer = :signer,
		function = :function, numbers = :numbers, account_id = NULLIF(CAST(:account AS bigint), 0),
		vat_ground = :vat_ground, form = :form, paper_form = :paper_form, certificate = :certificate, power = :power, vat_regimes = :regimes,
		act_type = :act_type, act_channel = :act_channel, line_kind = :line_kind, manual_numbers = :manual, closed_before = :closed
	WHERE portal_id = :portal AND id = :id`

// Save stores the settings of our company.
func (tx CompaniesTx) Save(ctx context.Context, c OwnCompany) error {
	return pg.ExecOne(ctx, tx, "save own company", saveOwnCompany, pg.Args{"id": c.ID, "participant": c.Party.Participant, "seen": c.Party.ParticipantSeen, "registered": jsonDay(c.Party.Registered),
		"signer": pg.AsJSON(c.Signer), "function": c.Function, "numbers": c.Numbers, "account": c.AccountID,
		"vat_ground": c.VATGround, "form": c.Form, "paper_form": c.PaperForm, "certificate": c.Certificate, "power": pg.AsJSON(c.Power), "regimes": pg.AsJSON(c.VAT),
		"act_type": c.ActType, "act_channel": c.ActChannel, "line_kind": c.LineKind, "manual": c.Manual, "closed": pg.NullTime(c.Closed)},
		acts.Errorf(acts.NotFound, "Такой нашей организации нет в портале."))
}

const setLogo = `UPDATE own_companies SET logo_id = :file WHERE portal_id = :portal AND id = :id`

// SetLogo stores the file of our company's logo.
func (tx CompaniesTx) SetLogo(ctx context.Context, company acts.CompanyID, file int64) error {
	return pg.ExecOne(ctx, tx, "set logo", setLogo, pg.Args{"id": company, "file": file},
		acts.Errorf(acts.NotFound, "Такой нашей организации нет в портале."))
}

// jsonDay is a day as acts.Party has it in JSON, NULL for none.
func jsonDay(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.Format(time.RFC3339)
}

// ClosedTry is a line of the log of a closed period: what was tried and refused, or that the period was moved.
type ClosedTry struct {
	Own      acts.CompanyID `db:"own_company_id"`
	Act      acts.ActID     `db:"act_id"`
	At       time.Time      `db:"at"`
	User     acts.UserID    `db:"user_id"`
	UserName string         `db:"user_name"`
	Text     string         `db:"text"`
}

const addClosedTry = `
	INSERT INTO closed_tries (portal_id, own_company_id, act_id, at, user_id, user_name, text)
	VALUES (:portal, :own, :act, :at, :user, :name, :text)`

// AddClosedTry adds a line to the log of a closed period.
func (tx PortalsTx) AddClosedTry(ctx context.Context, t ClosedTry) error {
	_, err := pg.Exec(ctx, tx, addClosedTry, pg.Args{"own": t.Own, "act": t.Act, "at": t.At, "user": t.User, "name": t.UserName, "text": t.Text})
	if err != nil {
		return fmt.Errorf("add closed try: %w", err)
	}
	return nil
}

const closedTries = `
	SELECT t.own_company_id, t.act_id, t.at, t.user_id, t.user_name, t.text
	FROM own_companies o CROSS JOIN LATERAL (
		SELECT * FROM closed_tries t WHERE t.portal_id = o.portal_id AND t.own_company_id = o.id ORDER BY t.id DESC LIMIT 10) t
	WHERE o.portal_id = :portal ORDER BY t.id DESC`

// ClosedTries lists the last ten lines of the log of each of our companies, newest first.
func (s Portals) ClosedTries(ctx context.Context) ([]ClosedTry, error) {
	var found []ClosedTry
	if err := pg.Select(ctx, s, &found, closedTries, nil); err != nil {
		return nil, fmt.Errorf("closed tries: %w", err)
	}
	return found, nil
}
