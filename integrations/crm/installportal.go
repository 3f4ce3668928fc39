package crm

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"acts24/acts"
	"acts24/integrations/bitrix24"
	"acts24/store"
	"acts24/workflow"
)

// readPipelines reads the deal pipelines with their stages.
func (i *installer) readPipelines(res results) error {
	for _, c := range i.categories {
		var statuses bitrix24.List[bitrix24.Status]
		if err := res.get("stages"+c.ID.String(), &statuses); err != nil {
			return fmt.Errorf("stages of pipeline %d: %w", c.ID, err)
		}
		i.dealStages[int64(c.ID)] = statuses
		p := store.Pipeline{ID: int64(c.ID), Name: string(c.Name)}
		for _, s := range statuses {
			p.Stages = append(p.Stages, store.DealStage{ID: string(s.StatusID), Name: string(s.Name), Semantics: string(s.Semantics)})
		}
		i.made.Pipelines = append(i.made.Pipelines, p)
	}
	return nil
}

// readCompanies reads our own legal entities, one entry per requisite.
func (i *installer) readCompanies(ctx context.Context, res results) error {
	requisites := map[bitrix24.ID][]bitrix24.Requisite{}
	var ids []any
	for _, c := range i.own {
		reqs, err := allRows(res, "req"+c.ID.String(), plainRows[bitrix24.Requisite])
		if err != nil {
			return fmt.Errorf("requisites of company %d: %w", c.ID, err)
		}
		sortByDefault(reqs)
		requisites[c.ID] = reqs
		for _, r := range reqs {
			ids = append(ids, int64(r.ID))
		}
	}
	addresses, banks, err := i.requisiteParts(ctx, ids)
	if err != nil {
		return err
	}
	for _, c := range i.own {
		if len(requisites[c.ID]) == 0 {
			i.made.Companies = append(i.made.Companies, store.OwnCompany{CRM: acts.CompanyID(c.ID), Function: acts.FunctionAct,
				Party: acts.Party{Kind: acts.PartyCompany, Name: string(c.Title), NoPreset: true}})
		}
		for _, r := range requisites[c.ID] {
			own := store.OwnCompany{CRM: acts.CompanyID(c.ID), RequisiteID: int64(r.ID), Function: acts.FunctionAct,
				Party: partyOf(string(c.Title), r, addresses[r.ID], i.presets).WithBank(bankOf(banks[r.ID], 0))}
			own.Signer = signerOf(own.Party, r)
			i.made.Companies = append(i.made.Companies, own)
		}
	}
	return nil
}

// requisiteParts reads the addresses and bank accounts of requisites, by requisite id.
func (i *installer) requisiteParts(ctx context.Context, ids []any) (map[bitrix24.ID][]bitrix24.Address, map[bitrix24.ID][]bitrix24.BankDetail, error) {
	if len(ids) == 0 {
		return nil, nil, nil
	}
	res, err := i.run(ctx, singleGroups(bitrix24.AddressesOf(ids...).As("addresses"), bitrix24.BankDetailsOf(ids...).As("banks"))...)
	if err != nil {
		return nil, nil, err
	}
	addresses, err := allRows(res, "addresses", plainRows[bitrix24.Address])
	if err != nil {
		return nil, nil, fmt.Errorf("addresses of our companies: %w", err)
	}
	banks, err := allRows(res, "banks", plainRows[bitrix24.BankDetail])
	if err != nil {
		return nil, nil, fmt.Errorf("bank details of our companies: %w", err)
	}
	addressesOf, banksOf := map[bitrix24.ID][]bitrix24.Address{}, map[bitrix24.ID][]bitrix24.BankDetail{}
	for _, a := range addresses {
		addressesOf[a.EntityID] = append(addressesOf[a.EntityID], a)
	}
	for _, b := range banks {
		banksOf[b.EntityID] = append(banksOf[b.EntityID], b)
	}
	return addressesOf, banksOf, nil
}

func plainRows[T any](page bitrix24.List[T]) []T { return page }

func signerOf(p acts.Party, r bitrix24.Requisite) acts.Signer {
	if p.Kind == acts.PartyPerson {
		return acts.Signer{Last: p.LastName, First: p.FirstName, Middle: p.MiddleName, Position: "Индивидуальный предприниматель"}
	}
	s := acts.ParseSigner(first(tidy(r.CEOName), tidy(r.Director)))
	s.Position, s.Ground = first(tidy(r.CEOPost), "Генеральный директор"), first(tidy(r.BaseDoc), "Устав")
	return s
}

// planPlacements plans the missing placements and the removal of obsolete ones.
func (i *installer) planPlacements() {
	want := []bitrix24.PlacementDraft{
		{Code: bitrix24.DealTabPlace, Handler: i.public + "/placement/deal", Title: "Акты"},
		{Code: bitrix24.CompanyTabPlace, Handler: i.public + "/placement/company", Title: "Акты"},
		{Code: bitrix24.ContactTabPlace, Handler: i.public + "/placement/contact", Title: "Акты"},
		{Code: bitrix24.ItemTabPlace(i.itemType()), Handler: i.public + "/placement/act", Title: "Документ акта"},
		{Code: bitrix24.LeftMenuPlace, Handler: i.public + "/placement/menu", Title: "Реестр актов"},
		{Code: bitrix24.LeftMenuPlace, Handler: i.public + "/placement/deals", Title: "Сделки без актов"},
		{Code: bitrix24.AnalyticsMenuPlace, Handler: i.public + "/placement/report", Title: "Отчёт по актам"},
		{Code: bitrix24.DealMenuPlace, Handler: i.public + "/placement/deal", Title: "Акты"},
		{Code: bitrix24.AppURIPlace, Handler: i.public + "/placement/link", Title: "Акты"},
	}
	wanted := map[string]bool{}
	for _, w := range want {
		wanted[w.Code+" "+w.Handler] = true
	}
	bound := map[string]bool{}
	for _, p := range i.placements {
		code, handler := string(p.Code), string(p.Handler)
		bound[code+" "+handler] = true
		if !wanted[code+" "+handler] {
			i.planCommand(workflow.PartPlaces, bitrix24.UnbindPlacement(code, handler), "лишнее место %s убрано", code)
		}
	}
	for _, w := range want {
		if !bound[w.Code+" "+w.Handler] {
			i.planCommand(workflow.PartPlaces, bitrix24.BindPlacement(w), "%s", placeName(w))
		}
	}
}

// placeName returns the Russian name of a placement.
func placeName(d bitrix24.PlacementDraft) string {
	where := map[string]string{bitrix24.DealTabPlace: "вкладка «%s» сделки", bitrix24.CompanyTabPlace: "вкладка «%s» компании",
		bitrix24.ContactTabPlace: "вкладка «%s» контакта", bitrix24.LeftMenuPlace: "пункт меню «%s»",
		bitrix24.AnalyticsMenuPlace: "пункт «%s» в CRM-аналитике", bitrix24.DealMenuPlace: "пункт «%s» в меню сделки в списке",
		bitrix24.AppURIPlace: "ссылки на акты из уведомлений «%s»"}[d.Code]
	return fmt.Sprintf(cmp.Or(where, "вкладка «%s» акта"), d.Title)
}

var wantedEvents = []string{
	bitrix24.EventDealAdd, bitrix24.EventDealUpdate, bitrix24.EventDealDelete, bitrix24.EventDealMove,
	bitrix24.EventItemAdd, bitrix24.EventItemUpdate, bitrix24.EventItemDelete, bitrix24.EventCompany, bitrix24.EventContact,
	bitrix24.EventTaskUpdated, bitrix24.EventTaskDeleted, bitrix24.EventUpdate, bitrix24.EventUninstall,
}

// eventNames are the Russian names of the events.
var eventNames = map[string]string{
	bitrix24.EventDealAdd: "создание сделки", bitrix24.EventDealUpdate: "изменение сделки", bitrix24.EventDealDelete: "удаление сделки",
	bitrix24.EventDealMove: "смена воронки сделки", bitrix24.EventItemAdd: "создание карточки акта", bitrix24.EventItemUpdate: "изменение карточки акта",
	bitrix24.EventItemDelete: "удаление карточки акта", bitrix24.EventCompany: "изменение компании", bitrix24.EventContact: "изменение контакта",
	bitrix24.EventTaskUpdated: "изменение задачи", bitrix24.EventTaskDeleted: "удаление задачи", bitrix24.EventUpdate: "обновление приложения",
	bitrix24.EventUninstall: "удаление приложения",
}

// planEvents plans the missing event subscriptions.
func (i *installer) planEvents() {
	handler, bound := i.public+"/events", map[string]bool{}
	for _, e := range i.events {
		if string(e.Handler) == handler {
			bound[strings.ToUpper(string(e.Event))] = true
		}
	}
	for _, event := range wantedEvents {
		if !bound[event] {
			i.planCommand(workflow.PartEvents, bitrix24.BindEvent(event, handler), "событие «%s»", eventNames[event])
		}
	}
}
