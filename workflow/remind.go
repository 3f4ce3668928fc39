package workflow

import (
	"context"
	"fmt"

	"acts24/acts"
	"acts24/store"
)

// prepareRemind brings the CRM into line with a reminder that was fired: a task that asks for the status of the act, or
// a notification. A task whose reminder is closed is ended.
func (s *Service) prepareRemind(ctx context.Context, scope store.Scope, p store.Portal, d *delivery) error {
	r, err := scope.Reminder(ctx, d.task.Subject)
	if err != nil {
		return err
	}
	if r.Kind.Asks() {
		return s.prepareStatusTask(ctx, scope, p, d, r)
	}
	act, err := scope.Act(ctx, r.Act)
	if err != nil || act.Awaits() != r.Kind {
		return err
	}
	to, err := s.addressee(ctx, scope, p, act, d.task)
	if err != nil {
		return err
	}
	d.effect = &Effect{Notice: &NoticeWish{User: to, Tag: fmt.Sprintf("acts24|remind|%d", r.ID), Text: remindText(p, act, r)}}
	return nil
}

func (s *Service) prepareStatusTask(ctx context.Context, scope store.Scope, p store.Portal, d *delivery, r store.Reminder) error {
	if r.Done || r.Closed && r.Task == 0 && !d.task.Unclear {
		return nil
	}
	act, err := scope.Act(ctx, r.Act)
	if err != nil {
		return err
	}
	settings, err := scope.Settings(ctx)
	if err != nil {
		return err
	}
	to, err := s.addressee(ctx, scope, p, act, d.task)
	if err != nil {
		return err
	}
	c := clock{zone: ZoneOf(p.Zone)}
	end := r.DueAt.In(c.zone)
	wish := &TaskWish{ID: r.Task, Key: fmt.Sprintf("acts24-%d-%d", p.ID, r.ID), Ended: r.Closed, Responsible: to, Deal: act.Deal, Item: act.Item,
		Deadline: endOfDay(end), Title: "Указать статус акта: " + plain(act.Title()) + ", " + plain(act.Buyer.Name),
		Text: statusTaskText(p, act, s.waited(r, settings.Remind().Unsigned))}
	d.effect = &Effect{Task: wish}
	d.keep = func(ctx context.Context, tx store.Tx, got Result) error {
		return tx.SetReminderTask(ctx, r.ID, got.Task, wish.Ended)
	}
	return nil
}

// waited says how long the signature is awaited; a person may have asked before the term is over.
func (s *Service) waited(r store.Reminder, days int) string {
	if s.now().Before(r.DueAt) {
		return "Подпись контрагента ещё не получена, срок до " + r.DueOn.Format("02.01.2006") + "."
	}
	return fmt.Sprintf("Прошло %d рабочих дней, подпись контрагента не получена.", days)
}

// statusTaskText says what happened and the ways out.
func statusTaskText(p store.Portal, a acts.Act, waited string) string {
	link := func(words string) string { return fmt.Sprintf("[URL=%s]%s[/URL]", p.Origin+appLink(p, a.ID), words) }
	way := "направлен " + a.SentAt.In(ZoneOf(p.Zone)).Format("02.01.2006")
	if a.Track != "" {
		way += ", отправление " + plain(a.Track)
	}
	return fmt.Sprintf("%s по сделке «%s» %s. %s\n\n"+
		"Что сделать:\n— подпись есть: %s и загрузите подписанный экземпляр (электронный акт подписывают в СБИС, его статус придёт сам);\n"+
		"— работа принята, но подписывать не будут: %s и отметьте «Принят без подписи»;\n— отказ: отметьте его с причиной.\n\n"+
		"Задача закроется сама, когда у акта появится новый статус.",
		plain(a.Title()), plain(a.DealTitle), way, waited, link("откройте акт"), link("откройте акт"))
}

func remindText(p store.Portal, a acts.Act, r store.Reminder) string {
	what := map[acts.ReminderKind]string{
		acts.RemindOurSignature: "документ ждёт нашей подписи в СБИС с " + r.Since.In(ZoneOf(p.Zone)).Format("02.01.2006") + ". Подпишите его в кабинете или отзовите.",
		acts.RemindInvitation: "контрагент до сих пор не принял приглашение к обмену. Позвоните ему, укажите другой идентификатор ЭДО, " +
			"переделайте акт в бумажный или аннулируйте его.",
		acts.RemindAccepted: "акт принят, но не подписан с " + r.Since.In(ZoneOf(p.Zone)).Format("02.01.2006") + ". Попросите подпись ещё раз.",
	}[r.Kind]
	return fmt.Sprintf("[URL=%s]%s[/URL] по сделке «%s»: %s", appLink(p, a.ID), plain(a.Title()), plain(a.DealTitle), what)
}
