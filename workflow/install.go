package workflow

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"acts24/acts"
	"acts24/store"
)

// Install confirms the portal at the token server, keeps its tokens and looks at what an installation would make there; the
// administrator then agrees to it on our page. Where nothing is missing it is over at once. It may run any number of times.
func (s *Service) Install(ctx context.Context, query, form url.Values) (Entry, error) {
	o, err := s.crm.ReadOpening(query, form)
	if err != nil {
		return Entry{}, errNotProven
	}
	who, err := s.crm.Identify(ctx, o)
	if err != nil {
		return Entry{}, err
	}
	entry, err := s.takeOver(ctx, o, who)
	if err != nil {
		return entry, err
	}
	p := entry.Portal
	planned, err := s.crm.Plan(ctx, p)
	if err != nil {
		return entry, err
	}
	kept, err := s.db.Scope(p.ID).Settings(ctx)
	if err != nil {
		return entry, err
	}
	return entry, s.db.InTx(ctx, p.ID, func(tx store.Tx) error {
		if planned.Complete() {
			if err := s.keepInstalled(ctx, tx, planned.Installed); err != nil {
				return err
			}
			return tx.FoundInstall(ctx, entry.user.UserName, s.now())
		}
		return tx.AskInstall(ctx, entry.user.UserName, planOf(planned, kept, who))
	})
}

// takeOver believes an opening that the token server confirms and an administrator made: his tokens become the portal's.
func (s *Service) takeOver(ctx context.Context, o Opening, who Identity) (Entry, error) {
	sight, err := s.crm.Look(ctx, store.Portal{MemberID: who.Member, Endpoint: who.Endpoint, Origin: who.Origin}, who.Access, Object{})
	if err != nil {
		return Entry{}, err
	}
	if !sight.Admin {
		return Entry{}, acts.Errorf(acts.Forbidden, "Установить приложение может только администратор портала.")
	}
	p, err := s.db.SavePortal(ctx, store.Portal{MemberID: who.Member, Endpoint: who.Endpoint, Origin: who.Origin,
		AppCode: who.AppCode, Family: who.Family})
	if err != nil {
		return Entry{}, err
	}
	p.Zone = sight.Zone
	entry := Entry{Portal: p, user: sight}
	err = s.db.InTx(ctx, p.ID, func(tx store.Tx) error {
		if err := tx.SaveTokens(ctx, who.Access, who.Refresh, o.Application); err != nil {
			return err
		}
		if err := errors.Join(tx.AddBudget(ctx), tx.ProbeNow(ctx, store.PortalItself)); err != nil {
			return err
		}
		if err := tx.SetAdmin(ctx, sight.User); err != nil {
			return err
		}
		if err := tx.SetZone(ctx, sight.Zone); err != nil {
			return err
		}
		entry.Visit, err = tx.AddVisit(ctx, store.NewVisit{User: sight.User, UserName: sight.UserName, Admin: true,
			Token: who.Access, TokenFor: o.AccessFor, VisitFor: s.timing.Visit})
		return err
	})
	if err != nil {
		return Entry{}, fmt.Errorf("keep portal: %w", err)
	}
	return entry, nil
}

// neededScopes are the rights without which nothing works, and those whose lack is only said, with what does not work then.
var neededScopes = []struct{ scope, title, without string }{
	{"crm", "CRM", ""},
	{"placement", "Встраивание в карточки и меню", ""},
	{"userfieldconfig", "Поля CRM", ""},
	{"im", "Уведомления", ""},
	{"task", "Задачи", ""},
	{"user_basic", "Сотрудники", ""},
	{"calendar", "Календарь", "Рабочие дни портала не читаются, считаем по производственному календарю России."},
	{"department", "Структура компании", "Напоминания за уволенного сотрудника получит администратор, а не его начальник."},
}

// planOf words what the administrator sees before he agrees.
func planOf(planned Planned, kept store.Settings, who Identity) store.InstallPlan {
	plan := store.InstallPlan{Missing: map[string][]string{}}
	plan.Checks = scopeChecks(who.Scope)
	plan.Checks = append(plan.Checks, store.InstallCheck{Title: "Вы администратор портала", OK: true}, tariffCheck(who))
	for part, made := range planned.Missing {
		plan.Missing[string(part)] = made
	}
	found := mergePipelines(kept.Pipelines, planned.Pipelines)
	for _, d := range lacking(found) {
		row := store.LackingStages{Pipeline: d.Pipeline, Name: (store.Settings{Pipelines: found}).Pipeline(d.Pipeline).Name}
		for _, stage := range d.Missing {
			row.Stages = append(row.Stages, stage.Name())
		}
		plan.Lacking = append(plan.Lacking, row)
	}
	return plan
}

// scopeChecks names the rights that are there in one line, and each that is missing in its own.
func scopeChecks(given []string) (checks []store.InstallCheck) {
	var there []string
	for _, n := range neededScopes {
		c := store.InstallCheck{Title: "Нет права «" + n.title + "» (" + n.scope + ")", Text: n.without}
		switch {
		case slices.Contains(given, n.scope):
			there = append(there, n.scope)
			continue
		case n.without == "":
			c.Text, c.Bars = "Добавьте приложению это право (раздел «Разработчикам» → приложение → «Права») и откройте установку ещё раз.", true
		}
		checks = append(checks, c)
	}
	return append([]store.InstallCheck{{Title: "Права приложения", OK: true, Text: strings.Join(there, ", ")}}, checks...)
}

// tariffCheck: the portal has just answered, so its tariff lets applications in; the app itself may be unpaid.
func tariffCheck(who Identity) store.InstallCheck {
	c := store.InstallCheck{Title: "Тариф портала допускает приложения", OK: !who.Unpaid}
	if who.License != "" {
		c.Title += " (" + who.License + ")"
	}
	if who.Unpaid {
		c.Text, c.Bars = "Оплаченный или пробный период приложения закончился: продлите подписку в Битрикс24.Маркете.", true
	}
	return c
}
