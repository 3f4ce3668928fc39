package crm

import (
	"context"
	"fmt"
	"strings"

	"acts24/acts"
	"acts24/integrations/bitrix24"
	"acts24/store"
)

// pipelines reads the deal pipelines with their stages.
func (i *installer) pipelines(ctx context.Context) error {
	categories, err := i.client.Categories(ctx, bitrix24.DealType)
	if err != nil {
		return fmt.Errorf("deal pipelines: %w", err)
	}
	for _, c := range categories {
		statuses, err := i.client.Statuses(ctx, bitrix24.StageEntity(bitrix24.DealType, c.ID))
		if err != nil {
			return fmt.Errorf("stages of pipeline %d: %w", c.ID, err)
		}
		p := store.Pipeline{ID: int64(c.ID), Name: string(c.Name)}
		for _, s := range statuses {
			p.Stages = append(p.Stages, store.DealStage{ID: string(s.StatusID), Name: string(s.Name), Semantics: string(s.Semantics)})
		}
		i.made.Pipelines = append(i.made.Pipelines, p)
	}
	return nil
}

// companies reads our own legal entities with their requisites.
func (i *installer) companies(ctx context.Context) error {
	query := bitrix24.ItemQuery{Type: bitrix24.CompanyType, Select: []string{"id", "title", "isMyCompany"}, Filter: bitrix24.Params{"=isMyCompany": "Y"}}
	for page, err := range bitrix24.Walk[bitrix24.Company](ctx, i.client, query, 0) {
		if err != nil {
			return fmt.Errorf("own companies: %w", err)
		}
		for _, c := range page {
			if err := i.company(ctx, c); err != nil {
				return err
			}
		}
	}
	return nil
}

func (i *installer) company(ctx context.Context, c bitrix24.Company) error {
	reqs, err := i.client.Requisites(ctx, bitrix24.CompanyType, c.ID)
	if err != nil {
		return fmt.Errorf("requisites of company %d: %w", c.ID, err)
	}
	own := store.OwnCompany{ID: acts.CompanyID(c.ID), Function: acts.ActOnly, Party: acts.Party{Kind: acts.Company, Name: string(c.Title), NoPreset: true}}
	if len(reqs) > 0 {
		r := reqs[0]
		addresses, err := i.client.Addresses(ctx, r.ID)
		if err != nil {
			return fmt.Errorf("addresses of requisite %d: %w", r.ID, err)
		}
		own.RequisiteID, own.Party = int64(r.ID), partyOf(string(c.Title), r, addresses)
		own.Signer = signerOf(own.Party, r)
	}
	i.made.Companies = append(i.made.Companies, own)
	return nil
}

func signerOf(p acts.Party, r bitrix24.Requisite) acts.Signer {
	if p.Kind == acts.Person {
		return acts.Signer{Last: p.LastName, First: p.FirstName, Middle: p.MiddleName, Position: "Индивидуальный предприниматель"}
	}
	s := acts.ParseSigner(first(tidy(r.CEOName), tidy(r.Director)))
	s.Position, s.Ground = first(tidy(r.CEOPost), "Генеральный директор"), first(tidy(r.BaseDoc), "Устав")
	return s
}

// handlers binds our places and events, and takes away bindings of ours that are no longer wanted.
func (i *installer) handlers(ctx context.Context) error {
	if err := i.placements(ctx); err != nil {
		return err
	}
	return i.events(ctx)
}

func (i *installer) placements(ctx context.Context) error {
	want := []bitrix24.PlacementDraft{
		{Code: bitrix24.DealTabPlace, Handler: i.public + "/placement/deal", Title: "Акты"},
		{Code: bitrix24.CompanyTabPlace, Handler: i.public + "/placement/company", Title: "Акты"},
		{Code: bitrix24.ContactTabPlace, Handler: i.public + "/placement/contact", Title: "Акты"},
		{Code: bitrix24.ItemTabPlace(i.itemType()), Handler: i.public + "/placement/act", Title: "Документ акта"},
		{Code: bitrix24.LeftMenuPlace, Handler: i.public + "/placement/menu", Title: "Реестр актов"},
		{Code: bitrix24.AppURIPlace, Handler: i.public + "/placement/link", Title: "Акты"},
	}
	have, err := i.client.Placements(ctx)
	if err != nil {
		return fmt.Errorf("placements: %w", err)
	}
	bound := map[string]bool{}
	for _, p := range have {
		bound[string(p.Code)+" "+string(p.Handler)] = true
	}
	for _, w := range want {
		if bound[w.Code+" "+w.Handler] {
			delete(bound, w.Code+" "+w.Handler)
			continue
		}
		if err := i.client.BindPlacement(ctx, w); err != nil && !bitrix24.IsDuplicateHandler(err) {
			return fmt.Errorf("bind %s: %w", w.Code, err)
		}
		i.did("подключено место %s", w.Code)
	}
	for stale := range bound {
		code, handler, _ := strings.Cut(stale, " ")
		if err := i.client.UnbindPlacement(ctx, code, handler); err != nil {
			return fmt.Errorf("unbind %s: %w", code, err)
		}
		i.did("отключено место %s", code)
	}
	return nil
}

var wantedEvents = []string{
	bitrix24.EventDealAdd, bitrix24.EventDealUpdate, bitrix24.EventDealDelete, bitrix24.EventDealMove,
	bitrix24.EventItemAdd, bitrix24.EventItemUpdate, bitrix24.EventItemDelete, bitrix24.EventCompany, bitrix24.EventContact,
	bitrix24.EventUninstall,
}

func (i *installer) events(ctx context.Context) error {
	have, err := i.client.Events(ctx)
	if err != nil {
		return fmt.Errorf("events: %w", err)
	}
	handler := i.public + "/events"
	bound := map[string]bool{}
	for _, e := range have {
		if string(e.Handler) == handler {
			bound[strings.ToUpper(string(e.Event))] = true
		}
	}
	for _, event := range wantedEvents {
		if bound[event] {
			continue
		}
		if err := i.client.BindEvent(ctx, event, handler); err != nil {
			return fmt.Errorf("bind %s: %w", event, err)
		}
		i.did("подписка на %s", event)
	}
	return nil
}
