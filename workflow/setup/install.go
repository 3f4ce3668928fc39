package setup

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"acts24/acts"
	"acts24/store"
	"acts24/store/people"
	"acts24/store/queue"
	"acts24/workflow"
)

// Install confirms the portal at the token server, stores its tokens and reads what an installation would create there;
// the administrator then agrees on our page. Where nothing is missing it is finished at once. It may run any number of
// times.
func (s *Service) Install(ctx context.Context, query, form url.Values) (VisitStart, error) {
	o, err := s.crm.ParsePlacementCall(query, form)
	if err != nil {
		return VisitStart{}, errNotProven
	}
	who, err := s.crm.Identify(ctx, o)
	if err != nil {
		return VisitStart{}, err
	}
	entry, err := s.adoptPortal(ctx, o, who)
	if err != nil {
		return entry, err
	}
	p := entry.Portal
	planned, err := s.crm.Plan(ctx, p)
	checks := append(scopeChecks(planned.Scope, o.Scope), store.InstallCheck{Title: "Вы администратор портала", OK: true}, tariffCheck(who))
	if barred := slices.ContainsFunc(checks, func(c store.InstallCheck) bool { return c.Required }); err != nil && !barred {
		return entry, err
	} else if err != nil {
		return entry, s.db.InTx(ctx, p.ID, func(tx store.Tx) error {
			return tx.Installs().Request(ctx, entry.viewer.UserName, store.InstallPlan{Checks: checks})
		})
	}
	kept, err := s.db.Scope(p.ID).Portals().Settings(ctx)
	if err != nil {
		return entry, err
	}
	return entry, s.db.InTx(ctx, p.ID, func(tx store.Tx) error {
		if planned.Complete() {
			if err := s.saveInstalled(ctx, tx, planned.Installed); err != nil {
				return err
			}
			return tx.Installs().SetComplete(ctx, entry.viewer.UserName, s.now())
		}
		return tx.Installs().Request(ctx, entry.viewer.UserName, planOf(planned, kept, checks))
	})
}

// adoptPortal accepts a placement call that the token server confirms and an administrator made: his tokens become the
// portal's.
func (s *Service) adoptPortal(ctx context.Context, o workflow.PlacementCall, who workflow.Identity) (VisitStart, error) {
	sight, err := s.crm.FetchViewer(ctx, store.Portal{MemberID: who.Member, Endpoint: who.Endpoint, Origin: who.Origin}, who.Access, workflow.Object{})
	if err != nil {
		return VisitStart{}, err
	}
	if !sight.Admin {
		return VisitStart{}, acts.Errorf(acts.Forbidden, "Установить приложение может только администратор портала.")
	}
	p, err := s.db.SavePortal(ctx, store.Portal{MemberID: who.Member, Endpoint: who.Endpoint, Origin: who.Origin,
		AppCode: who.AppCode, Family: who.Family})
	if err != nil {
		return VisitStart{}, err
	}
	p.Zone = sight.Zone
	entry := VisitStart{Portal: p, viewer: sight}
	err = s.db.InTx(ctx, p.ID, func(tx store.Tx) error {
		if err := tx.Portals().SaveTokens(ctx, who.Access, who.Refresh, o.Application); err != nil {
			return err
		}
		if err := errors.Join(queue.AddBudget(ctx, tx), queue.ProbeNow(ctx, tx, queue.PortalItself)); err != nil {
			return err
		}
		if err := tx.Portals().SetAdmin(ctx, sight.User); err != nil {
			return err
		}
		if err := tx.Portals().SetZone(ctx, sight.Zone); err != nil {
			return err
		}
		entry.Visit, err = tx.Visits().Add(ctx, people.NewVisit{User: sight.User, UserName: sight.UserName, Admin: true,
			Token: who.Access, TokenFor: o.AccessLifetime, VisitFor: s.timing.Visit})
		return err
	})
	if err != nil {
		return VisitStart{}, fmt.Errorf("save portal: %w", err)
	}
	return entry, nil
}

// neededScopes lists the required rights, and the optional ones with what does not work without them. A wider right is
// sufficient too (apidocs.bitrix24.ru/api-reference/user/user-get.html).
var neededScopes = []struct{ scope, wider, title, without string }{
	{"crm", "", "CRM", ""},
	{"placement", "", "Встраивание в карточки и меню", ""},
	{"userfieldconfig", "", "Поля CRM", ""},
	{"im", "", "Уведомления", ""},
	{"task", "", "Задачи", ""},
	{"user_basic", "user", "Сотрудники", ""},
	{"calendar", "", "Календарь", "Рабочие дни портала не читаются, считаем по производственному календарю России."},
	{"bizproc", "", "Бизнес-процессы", "Роботов приложения в автоматизации сделок не будет. Всё остальное, в том числе триггеры, работает."},
	{"department", "", "Структура компании", "Напоминания за уволенного сотрудника получит администратор, а не его начальник."},
}

// planOf describes the plan for the administrator.
func planOf(planned workflow.Planned, kept store.Settings, checks []store.InstallCheck) store.InstallPlan {
	plan := store.InstallPlan{Checks: checks, Missing: map[string][]string{}}
	for part, made := range planned.Missing {
		plan.Missing[string(part)] = made
	}
	found := mergePipelines(kept.Pipelines, planned.Pipelines)
	for _, d := range missingStages(found) {
		row := store.MissingStages{Pipeline: d.Pipeline, Name: (store.Settings{Pipelines: found}).Pipeline(d.Pipeline).Name}
		for _, stage := range d.Missing {
			row.Stages = append(row.Stages, stage.Name())
		}
		plan.Stages = append(plan.Stages, row)
	}
	return plan
}

// scopeChecks lists the granted rights in one line, and each missing one in its own: as the portal answers, otherwise
// as its page posted. Unknown rights prevent nothing: a missing one causes an error when it is needed.
func scopeChecks(granted, posted []string) (checks []store.InstallCheck) {
	given := granted
	if !listsRights(given) {
		given = posted
	}
	if !listsRights(given) {
		return []store.InstallCheck{{Title: "Права приложения не удалось узнать",
			Text: "Проверьте, что приложению даны права: " + neededNames() + "."}}
	}
	var there []string
	for _, n := range neededScopes {
		c := store.InstallCheck{Title: "Нет права «" + n.title + "» (" + n.scope + ")", Text: n.without}
		switch {
		case slices.Contains(given, n.scope):
			there = append(there, n.scope)
			continue
		case n.wider != "" && slices.Contains(given, n.wider):
			there = append(there, n.wider)
			continue
		case n.without == "":
			c.Text, c.Required = "Добавьте приложению это право (раздел «Разработчикам» → приложение → «Права») и откройте установку ещё раз.", true
		}
		checks = append(checks, c)
	}
	return append([]store.InstallCheck{{Title: "Права приложения", OK: true, Text: strings.Join(there, ", ")}}, checks...)
}

// listsRights reports whether a list contains rights: for a local application the token server returns only "app".
func listsRights(list []string) bool {
	return len(list) > 0 && !slices.Equal(list, []string{"app"})
}

func neededNames() string {
	var names []string
	for _, n := range neededScopes {
		names = append(names, n.scope)
	}
	return strings.Join(names, ", ")
}

// tariffCheck reports whether the app is paid. The tariff allows applications: the portal has just answered.
func tariffCheck(who workflow.Identity) store.InstallCheck {
	c := store.InstallCheck{Title: "Тариф портала допускает приложения", OK: !who.Unpaid}
	if who.License != "" {
		c.Title += " (" + who.License + ")"
	}
	if who.Unpaid {
		c.Text, c.Required = "Оплаченный или пробный период приложения закончился: продлите подписку в Битрикс24.Маркете.", true
	}
	return c
}
