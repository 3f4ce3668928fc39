// Package fragment holds the parts of statements that store and its sub-packages share.
package fragment

import "acts24/store/internal/pg"

// Visible returns the condition that the visitor may see what the employee of this column is responsible for. Every list has it.
func Visible(responsible string) string {
	return `(CAST(:visibility AS bigint[]) IS NULL OR ` + responsible + ` = ANY (CAST(:visibility AS bigint[])))`
}

// ListPreferences reads how the visitor wants to see lists of acts, as one jsonb that is empty before he has chosen.
const ListPreferences = `SELECT coalesce((SELECT jsonb_build_object('Columns', h.columns, 'PageSize', h.page_size, 'Compact', h.compact)
	FROM list_preferences h WHERE h.portal_id = :portal AND h.user_id = :me), '{}') AS look`

// Settings reads the rules of the portal.
const Settings = `SELECT data FROM settings WHERE portal_id = :portal`

// OwnColumns are the columns of own_companies, used without an alias, and the data of its account that documents need. In a named
// query a colon is doubled.
const OwnColumns = `id, crm_id AS crm, gone, requisite_id, party, signer, function, numbers, account_id, vat_ground, form, paper_form, logo_id AS logo, certificate, power,
	vat_regimes AS vat, act_type, act_channel, line_kind, manual_numbers AS manual, closed_before AS closed,
	(SELECT jsonb_build_object('name', e.name, 'problem', e.problem, 'signing', e.signing, 'details', e.details) FROM edo_accounts e
		WHERE e.portal_id = :portal AND e.id = own_companies.account_id) AS account,
	(SELECT jsonb_build_object('thumbprint', c.thumbprint, 'owner', c.owner, 'inn', c.inn, 'position', c.position, 'keyType', c.key_type,
		'from', to_char(c.valid_from, 'YYYY-MM-DD"T00::00::00Z"'), 'to', to_char(c.valid_to, 'YYYY-MM-DD"T00::00::00Z"'), 'activated', c.activated,
		'account', c.account_id) FROM certificates c WHERE c.portal_id = :portal AND c.account_id = own_companies.account_id
		AND c.thumbprint = own_companies.certificate) AS key`

// OwnCompanies lists our legal entities in the portal.
const OwnCompanies = `
	SELECT ` + OwnColumns + ` FROM own_companies
	WHERE portal_id = :portal ORDER BY id`

// AnswerColumns are the fields of store.Answer.
const AnswerColumns = `id, deal_id AS deal, source, channel, party_kind, operator, participant, participant_seen AS seen, email, address, contact, phone, comment,
	consent, company_id, contact_id, user_name, at`

// Answers reads the last answers of a counterparty in all deals.
func Answers(column, party string) string {
	return pg.Rows(`SELECT ` + AnswerColumns + `, (SELECT CASE WHEN ` + Visible("d.responsible_id") + ` THEN d.title ELSE '' END FROM deals d
			WHERE d.portal_id = :portal AND d.id = n.deal_id) AS deal_title
		FROM answers n WHERE n.portal_id = :portal AND n.` + column + ` <> 0 AND n.` + column + ` = ` + party + ` ORDER BY n.id DESC LIMIT 10`)
}

// SavedFilters reads the filters that the visitor sees, his own first.
const SavedFilters = `SELECT f.id, f.name, f.query, f.shared, f.user_id AS owner, coalesce(u.name, '') AS owner_name, coalesce(NOT u.active, false) AS owner_left
	FROM saved_filters f LEFT JOIN users u ON u.portal_id = :portal AND u.id = f.user_id
	WHERE f.portal_id = :portal AND (f.user_id = :me OR f.shared) ORDER BY f.user_id <> :me, lower(f.name), f.id`
