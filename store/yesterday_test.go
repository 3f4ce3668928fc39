package store_test

import (
	"strings"
	"testing"

	"acts24/acts"
)

// yesterday are the statements of the release before migration 5: they name its columns and no newer ones.
var yesterday = []string{
	`INSERT INTO portals (member_id, endpoint, origin, app_code, family) VALUES ('old', 'https://old/rest/', 'https://old', 'acts', '')`,
	`INSERT INTO own_companies (portal_id, id, requisite_id, party, signer, function) VALUES ($1, 2, 0, '{}', '{}', 'ДОП')`,
	`INSERT INTO deals (portal_id, id, title, category_id, stage_id, final, company_id, contact_id, own_company_id, responsible_id,
		amount, currency, operator, participant, buyer) VALUES ($1, 8, 'Сделка', 0, 'NEW', false, 5, 0, 0, 2, 0, 'RUB', '', '', '{}')`,
	`INSERT INTO acts (portal_id, form_key, deal_id, own_company_id, company_id, contact_id, medium, party_kind, channel, function,
		act_date, period_from, period_to, net, tax, gross, operator, seller, buyer, basis, signer, comment, responsible_id, created_by, created_at)
		VALUES ($1, gen_random_uuid(), 8, 2, 5, 0, 'electronic', 'company', 'edo', 'ДОП', '2026-11-23', NULL, NULL, 100, 22, 122, '', '{}', '{}', '{}', '{}', '', 2, 2, '2026-11-23')`,
	`INSERT INTO people (portal_id, user_id, sees) VALUES ($1, 2, '{2}')`,
	`UPDATE acts SET status = 'signed_by_us', marked_by_person = false, sent_at = NULL WHERE portal_id = $1 AND status = 'draft'`,
	`UPDATE deals SET stage_id = 'X', final = false, last_set = 'X', last_for = 3, stage_note = '' WHERE portal_id = $1 AND id = 8`,
}

// Yesterday's program works on today's schema while the replicas are replaced one by one.
func TestYesterdaysProgramWorks(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	for _, query := range yesterday {
		var values []any
		if strings.Contains(query, "$1") {
			values = append(values, p)
		}
		if n := asPortal(t, db, p, query, values...); n != 1 {
			t.Errorf("%s: %d rows", query, n)
		}
	}
	list, err := db.Scope(p).ActsOfDeal(ctx, 8)
	if err != nil || len(list) != 1 {
		t.Fatalf("today's program reads %d acts of yesterday's, %v", len(list), err)
	}
	if a := list[0]; a.Status != acts.SignedByUs || a.Reason != "" || a.Track != "" || a.Corrects != 0 || a.ItemGone || !a.ScanOn.IsZero() {
		t.Errorf("yesterday's act is %+v", a)
	}
	if own, err := db.Scope(p).OwnCompany(ctx, 2); err != nil || own.Form != "upd" || own.Logo != 0 {
		t.Errorf("yesterday's company is %+v, %v", own, err)
	}
	if d, err := db.Scope(p).Deal(ctx, 8); err != nil || d.Forced || !d.UpdatedAt.IsZero() {
		t.Errorf("yesterday's deal is %+v, %v", d, err)
	}
}

// A column added to a table of the first release must not ask yesterday's program for a value.
func TestNewColumnsHaveDefaults(t *testing.T) {
	db := open(t)
	rows, err := db.SQL().QueryContext(ctx, `SELECT table_name || '.' || column_name FROM information_schema.columns
		WHERE table_schema = 'public' AND table_name IN ('portals', 'own_companies', 'deals', 'acts', 'people')
			AND is_nullable = 'NO' AND column_default IS NULL AND is_identity = 'NO' ORDER BY 1`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	all := strings.Join(yesterday, "\n")
	for rows.Next() {
		var column string
		if err := rows.Scan(&column); err != nil {
			t.Fatal(err)
		}
		if _, name, _ := strings.Cut(column, "."); !strings.Contains(all, name) {
			t.Errorf("%s has no default, yesterday's program gives it no value", column)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}
