package list_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"acts24/acts"
	"acts24/acts/report"
	"acts24/store"
	"acts24/store/list"
	"acts24/store/people"
)

// In a portal with thousands of names a common text is compared act by act; the result is the same, and another portal's names are not
// read.
func TestSearchOfALargePortal(t *testing.T) {
	db := open(t)
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 1))
	mine, theirs := portal(t, db, "a"), portal(t, db, "b")
	made := addRandomActs(t, db, mine, r, 60)
	addRandomActs(t, db, theirs, r, 20)
	for _, p := range []acts.PortalID{mine, theirs} {
		asPortal(t, db, p, `INSERT INTO act_names (portal_id, kind, id, folded) SELECT $1, 'deal', 100000 + n, 'поставка прочего ' || n FROM generate_series(1, 2100) n`, p)
	}
	for _, text := range []string{"елоч", "ЁЛОЧ", "100%_", "этап_1", `край\б`, "770000000", "А-1", "по", "ос", "1", "нет такого", "поставка 1", "'; --", "%%%", "___", "7700000001 ООО", "прочего 7", "прочего", "поставка", "поставк", "7700000001", "7799999999",
		strings.Repeat("я", 100)} {
		f := list.ActFilter{Text: text}
		if got, want := walk(t, db, mine, f), naive(f, made); !slices.Equal(got, want) {
			t.Errorf("seed %d, %q: %d acts, want %d\n%v\n%v", seed, text, len(got), len(want), got, want)
		}
	}
}

// A text that many names contain may occur in no new act at all.
func TestSearchOfACommonTextInAnOldAct(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	d := deal(1)
	inTx(t, db, p, func(tx store.Tx) error { return tx.Deals().Save(ctx, d) })
	old, other := draft(d, "1"), draft(d, "1")
	old.Date, old.Company, old.Buyer = today.AddDate(-5, 0, 0), 10, acts.Party{Name: "ООО «Ёлочка»", INN: "7700000001"}
	other.Date, other.Company, other.Buyer = today, 11, acts.Party{Name: "АО «Вектор»", INN: "7700000002"}
	want := addAct(t, db, p, old)
	addAct(t, db, p, other)
	asPortal(t, db, p, `INSERT INTO act_names (portal_id, kind, id, folded) SELECT $1, 'company', 1000 + n, 'ооо елочка ' || n FROM generate_series(1, 1100) n`, p)
	asPortal(t, db, p, `INSERT INTO acts (portal_id, form_key, deal_id, own_company_id, company_id, medium, party_kind, channel, function, status, act_date,
			net, tax, gross, seller, buyer, basis, signer, responsible_id, created_by, created_at)
		SELECT portal_id, gen_random_uuid(), deal_id, own_company_id, company_id, medium, party_kind, channel, function, status, act_date,
			net, tax, gross, seller, buyer, basis, signer, responsible_id, created_by, created_at
		FROM acts, generate_series(1, 2100) WHERE portal_id = $1 AND company_id = 11`, p)
	asOwner(t, db, `ANALYZE`)
	if got := walk(t, db, p, list.ActFilter{Text: "ёлочк"}); !slices.Equal(got, []acts.ActID{want}) {
		t.Errorf("found are %v, want %d", got, want)
	}
	if got := exported(t, db, p, list.ActFilter{Text: "ёлочк"}); !slices.Equal(got, []acts.ActID{want}) {
		t.Errorf("in a table are %v, want %d", got, want)
	}
}

// A whole INN finds its owner's acts and nothing that only mentions it; one that nobody has is a text like any other.
func TestSearchByWholeINN(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	var made []acts.ActID
	for i, title := range []string{"Монтаж", "Возврат 7700000001 и 7700000009"} {
		d := deal(acts.DealID(i + 1))
		d.Title = title
		inTx(t, db, p, func(tx store.Tx) error { return tx.Deals().Save(ctx, d) })
		a := draft(d, "1")
		a.Company, a.Buyer = acts.CompanyID(10+i), acts.Party{Name: "ООО «Ёлка»", INN: fmt.Sprint(7700000001 + i)}
		made = append(made, addAct(t, db, p, a))
	}
	asPortal(t, db, p, `UPDATE acts SET status = 'sent', sent_at = '2026-11-20' WHERE portal_id = $1`, p)
	for text, want := range map[string]acts.ActID{"7700000001": made[0], "7700000009": made[1], "7700000002": made[1]} {
		if got := walk(t, db, p, list.ActFilter{Text: text}); !slices.Equal(got, []acts.ActID{want}) {
			t.Errorf("%s: %v, want %d", text, got, want)
		}
		waiting, err := list.Registry(ctx, db.Scope(p), list.ActFilter{Text: text, Waiting: report.AnySpan}, list.Page{}, 2, today)
		if err != nil || len(waiting.Acts) != 1 || waiting.Acts[0].ID != want || waiting.Found.Number != 1 {
			t.Errorf("%s among what waits: %d acts, %d counted, %v; want %d", text, len(waiting.Acts), waiting.Found.Number, err, want)
		}
	}
}

// When a text is in more names than are looked up one by one, the acts are read in turn, with the same result.
func TestRegistryWithManyNames(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	var want []acts.ActID
	for i := range acts.DealID(220) {
		d := deal(i + 1)
		d.Title = fmt.Sprintf("Ремонт %d", i)
		inTx(t, db, p, func(tx store.Tx) error { return tx.Deals().Save(ctx, d) })
		if i%4 == 0 {
			a := draft(d, "1")
			a.Buyer.Name = "Ромашка"
			want = append([]acts.ActID{addAct(t, db, p, a)}, want...)
		}
	}
	if got := walk(t, db, p, list.ActFilter{Text: "ремонт"}); !slices.Equal(got, want) {
		t.Errorf("%d acts of many deals, want %d", len(got), len(want))
	}
	if got := walk(t, db, p, list.ActFilter{Text: "РОМАШ", Company: 5}); !slices.Equal(got, want) {
		t.Errorf("%d acts of one company, want %d", len(got), len(want))
	}
}

// A company is found by a part of its name or INN, under the name of its last act, and only by those who see an act of it.
func TestCompaniesByName(t *testing.T) {
	db := open(t)
	p, other := portal(t, db, "a"), portal(t, db, "b")
	d := deal(1)
	for _, at := range []acts.PortalID{p, other} {
		inTx(t, db, at, func(tx store.Tx) error { return tx.Deals().Save(ctx, d) })
	}
	for i, name := range []string{"ООО «Ёлочка»", "АО «Вектор»", "ООО «Ёлочка плюс»", "ООО «100 %»"} {
		a := draft(d, "1")
		a.Date, a.Company, a.Responsible, a.Buyer = today, acts.CompanyID(10+i), acts.UserID(1+i), acts.Party{Name: name, INN: fmt.Sprintf("770000000%d", i)}
		addAct(t, db, p, a)
	}
	renamed := draft(d, "1")
	renamed.Date, renamed.Company, renamed.Responsible, renamed.Buyer = today.AddDate(0, 0, 1), 10, 1, acts.Party{Name: "ООО «Ель»", INN: "7700000000"}
	addAct(t, db, p, renamed)
	for _, tt := range []struct {
		at         acts.PortalID
		visibility people.Visibility
		text       string
		want       string
	}{
		{p, nil, "елочк", "ООО «Ель», ООО «Ёлочка плюс»"}, {p, nil, "7700000001", "АО «Вектор»"}, {p, nil, "%", "ООО «100 %»"}, {p, nil, "_", ""},
		{p, people.Visibility{3}, "елочк", "ООО «Ёлочка плюс»"}, {p, people.Visibility{}, "елочк", ""}, {other, nil, "елочк", ""},
	} {
		found, more, err := list.Companies(ctx, db.Scope(tt.at), tt.visibility, tt.text)
		var names []string
		for _, c := range found {
			names = append(names, c.Name)
		}
		if got := strings.Join(names, ", "); err != nil || more || got != tt.want {
			t.Errorf("%q in portal %d seen by %v: %q, %v, %v; want %q", tt.text, tt.at, tt.visibility, got, more, err, tt.want)
		}
	}
	asPortal(t, db, p, `INSERT INTO acts (portal_id, form_key, deal_id, own_company_id, company_id, medium, party_kind, channel, function, status, act_date,
			net, tax, gross, seller, buyer, basis, signer, responsible_id, created_by, created_at)
		SELECT portal_id, gen_random_uuid(), deal_id, own_company_id, 100 + n, medium, party_kind, channel, function, status, act_date,
			net, tax, gross, seller, jsonb_set(buyer, '{name}', to_jsonb('Ромашка ' || n)), basis, signer, responsible_id, created_by, created_at
		FROM acts, generate_series(1, 21) n WHERE portal_id = $1 AND company_id = 11`, p)
	if found, more, err := list.Companies(ctx, db.Scope(p), nil, "ромашка"); err != nil || !more || len(found) != list.MaxCompanies {
		t.Errorf("%d companies, more: %v, %v", len(found), more, err)
	}
}
