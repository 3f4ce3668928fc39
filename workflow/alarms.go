package workflow

import (
	"cmp"
	"context"
	"fmt"

	"acts24/store"
)

// prepareAlarm has those who administer told of an incident.
func (s *Service) prepareAlarm(ctx context.Context, scope store.Scope, p store.Portal, d *delivery) error {
	i, err := scope.Incident(ctx, d.task.Subject)
	if err != nil {
		return err
	}
	d.keep = func(ctx context.Context, tx store.Tx, _ Result) error {
		return s.tellAdministrators(ctx, tx, store.Message{Text: alarmText(p, i), Incident: i.ID})
	}
	return nil
}

// alarmText is how an incident stands. A later word replaces the earlier one, and who learns of it when it is over is told once what has
// happened.
func alarmText(p store.Portal, i store.Incident) string {
	who := "Битрикс24"
	if i.Account != store.PortalItself {
		who = "аккаунтом СБИС «" + cmp.Or(plain(i.Name), "без названия") + "»"
	}
	zone := ZoneOf(p.Zone)
	since, why := i.Opened.In(zone).Format("02.01.2006 15:04"), plain(i.Reason)
	link := fmt.Sprintf("[URL=%s]Состояние[/URL]", pageLink(p, "state"))
	if i.Closed == nil {
		return fmt.Sprintf("Акты: нет связи с %s с %s. %s Что делать, сказано на странице %s.", who, since, why, link)
	}
	return fmt.Sprintf("Акты: связь с %s есть снова. Её не было с %s до %s: %s Всё, что ждало, выполняется само. %s",
		who, since, i.Closed.In(zone).Format("02.01.2006 15:04"), why, link)
}
