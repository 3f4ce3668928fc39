package crm

import (
	"cmp"
	"context"
	"fmt"

	"acts24/acts/letters"
	"acts24/store"
	"acts24/store/queue"
	"acts24/workflow"
)

// prepareAlarm notifies the administrators of an incident.
func (s *Service) prepareAlarm(ctx context.Context, scope store.Scope, p store.Portal, d *workflow.Delivery) error {
	i, err := scope.Portals().Incident(ctx, d.Task.Subject)
	if err != nil {
		return err
	}
	d.StoreResult = func(ctx context.Context, tx store.Tx, _ workflow.Result) error {
		return s.history.NotifyAdministrators(ctx, tx, store.Message{Text: alarmText(p, i), Incident: i.ID})
	}
	return nil
}

// alarmText describes the present state of an incident. A later message replaces the earlier one; a message sent after
// the end describes the whole incident.
func alarmText(p store.Portal, i store.Incident) string {
	who := "Битрикс24"
	if i.Account != queue.PortalItself {
		who = "аккаунтом СБИС «" + cmp.Or(letters.SanitizeBB(i.Name), "без названия") + "»"
	}
	zone := workflow.ZoneOf(p.Zone)
	since, why := i.Opened.In(zone).Format("02.01.2006 15:04"), letters.SanitizeBB(i.Reason)
	link := fmt.Sprintf("[URL=%s]Состояние[/URL]", workflow.PageLink(p, "state"))
	if i.Closed == nil {
		return fmt.Sprintf("Акты: нет связи с %s с %s. %s Что делать, сказано на странице %s.", who, since, why, link)
	}
	return fmt.Sprintf("Акты: связь с %s есть снова. Её не было с %s до %s: %s Всё, что ждало, выполняется само. %s",
		who, since, i.Closed.In(zone).Format("02.01.2006 15:04"), why, link)
}
