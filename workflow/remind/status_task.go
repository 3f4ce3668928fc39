package remind

import (
	"context"
	"fmt"
	"strings"
	"time"

	"acts24/acts"
	"acts24/acts/history"
	"acts24/acts/letters"
	"acts24/acts/workday"
	"acts24/store"
	"acts24/store/queue"
	"acts24/store/task"
	"acts24/workflow"
)

// ReadTasks fetches which tasks of the CRM were completed and stores it.
func (s *Service) ReadTasks(ctx context.Context, p store.Portal, ids []int64) error {
	ended, err := s.crm.EndedTasks(ctx, p, ids)
	if err != nil {
		return err
	}
	for _, task := range ended {
		if err := s.db.InTx(ctx, p.ID, func(tx store.Tx) error { return s.handleEndedTask(ctx, tx, task) }); err != nil {
			return err
		}
	}
	return nil
}

// endOfDay returns 18:00 of a moment's day, the deadline of tasks.
func endOfDay(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 18, 0, 0, 0, t.Location())
}

// prepareRemind prepares the task of the CRM that requests the status of the act of a processed reminder. An existing task is assigned to the act's
// present responsible; the task of a closed reminder is ended.
func (s *Service) prepareRemind(ctx context.Context, scope store.Scope, p store.Portal, d *workflow.Delivery) error {
	r, err := scope.Reminders().Get(ctx, d.Task.Subject)
	if err != nil {
		return err
	}
	if r.Done || r.Closed && r.Task == 0 && !d.Task.Unclear {
		return nil
	}
	act, err := scope.Acts().Get(ctx, r.Act)
	if err != nil {
		return err
	}
	settings, err := scope.Portals().Settings(ctx)
	if err != nil {
		return err
	}
	to, err := s.people.Addressee(ctx, scope, p, act, d.Task)
	if err != nil {
		return err
	}
	c := workflow.Schedule{Zone: workflow.ZoneOf(p.Zone)}
	end := r.DueAt.In(c.Zone)
	if r.Kind == acts.RemindRemarks {
		end = workday.New(settings.Calendar).After(end, remarksTerm)
	}
	title, text := "Указать статус акта: ", ""
	if r.Kind == acts.RemindRemarks {
		title, text = "Разобрать замечания: ", remarksTaskText(p, act)
	} else {
		text = statusTaskText(p, act, s.waitedText(r, settings.ReminderTerms().Unsigned))
	}
	change := &workflow.TaskChange{ID: r.Task, Key: fmt.Sprintf("acts24-%d-%d", p.ID, r.ID), Ended: r.Closed, Responsible: to, Deal: act.Deal, Item: act.Item,
		Deadline: endOfDay(end), Title: title + letters.SanitizeBB(act.Title()) + ", " + letters.SanitizeBB(act.Buyer.Name), Text: text}
	d.Effect = &workflow.Effect{Task: change}
	d.StoreResult = func(ctx context.Context, tx store.Tx, got workflow.Result) error {
		if err := tx.Reminders().SetTask(ctx, r.ID, got.Task, change.Ended); err != nil || r.Task != 0 || got.Task == 0 || change.Ended {
			return err
		}
		return queue.Enqueue(ctx, tx, task.ReadStatusTask(got.Task)) // a person may have completed it before its id was stored
	}
	return nil
}

// waitedText describes how long the signature has been awaited; a person may have asked before the term is over.
func (s *Service) waitedText(r store.Reminder, days int) string {
	if s.now().Before(r.DueAt) {
		return "Подпись контрагента ещё не получена, срок до " + r.DueOn.Format("02.01.2006") + "."
	}
	return "Прошло " + workflow.Plural(days, "рабочий день", "рабочих дня", "рабочих дней") + ", подпись контрагента не получена."
}

// remarksTerm is the number of working days for settling remarks.
const remarksTerm = 3

// remarksTaskText quotes the remarks with which the counterparty has signed.
func remarksTaskText(p store.Portal, a acts.Act) string {
	return fmt.Sprintf("Контрагент подписал %s по сделке %s с замечаниями:\n\n%s\n\nЧто сделать: договоритесь с контрагентом, при необходимости предложите аннулирование и сформируйте новый акт "+
		"([URL=%s]открыть акт[/URL]). Завершите задачу, когда замечания сняты.",
		letters.SanitizeBB(strings.Replace(a.Title(), "Акт", "акт", 1)), workflow.Quote(letters.SanitizeBB(a.DealTitle)), letters.SanitizeBB(a.Remarks), p.Origin+workflow.AppLink(p, a.ID))
}

// statusTaskText describes what happened and what can be done.
func statusTaskText(p store.Portal, a acts.Act, waited string) string {
	link := func(words string) string {
		return fmt.Sprintf("[URL=%s]%s[/URL]", p.Origin+workflow.AppLink(p, a.ID), words)
	}
	way := "направлен " + a.SentAt.In(workflow.ZoneOf(p.Zone)).Format("02.01.2006")
	if a.Track != "" {
		way += ", отправление " + letters.SanitizeBB(a.Track)
	}
	return fmt.Sprintf("%s по сделке %s %s. %s\n\n"+
		"Что сделать:\n— подпись есть: %s и загрузите подписанный экземпляр (электронный акт подписывают в СБИС, его статус придёт сам);\n"+
		"— работа принята, но подписывать не будут: %s и отметьте «Принят, но не подписан»;\n— отказ: отметьте его с причиной.\n\n"+
		"Задача закроется сама, когда у акта появится новый статус.",
		letters.SanitizeBB(a.Title()), workflow.Quote(letters.SanitizeBB(a.DealTitle)), way, waited, link("откройте акт"), link("откройте акт"))
}

// remindHeads are the words of a notice with several reminders, with the page of their list.
var remindHeads = map[acts.ReminderKind]struct{ words, page string }{
	acts.RemindOurSignature: {"Ждут нашей подписи в СБИС актов: %d", "ours"},
	acts.RemindInvitation:   {"Не приняты приглашения к обмену, актов: %d", "acts"},
	acts.RemindAccepted:     {"Приняты, но не подписаны, актов: %d", "theirs"},
	acts.RemindAnnulment:    {"Нет ответа на предложение аннулировать актов: %d", "acts"},
}

// maxNamed is the largest number of acts that a notice names.
const maxNamed = 10

// prepareNotice prepares the notice with reminders of one kind, without those that are not needed any more. It replaces the one that was sent before
// the last reminder joined.
func (s *Service) prepareNotice(ctx context.Context, scope store.Scope, p store.Portal, d *workflow.Delivery) error {
	notice, err := scope.Acts().NoticeOnly(ctx, d.Task.Subject)
	if err != nil {
		return err
	}
	reminders, err := scope.Reminders().OfNotice(ctx, notice.ID)
	if err != nil {
		return err
	}
	var texts []string
	var kind acts.ReminderKind
	for _, r := range reminders {
		act, err := scope.Acts().Get(ctx, r.Act)
		if err != nil {
			return err
		}
		if act.Awaits() == r.Kind {
			texts, kind = append(texts, remindText(p, act, r)), r.Kind
		}
	}
	if len(texts) == 0 {
		return nil
	}
	to := notice.User
	if d.Task.Failures > 0 { // the CRM refuses a dismissed person
		if to, err = s.people.Deputy(ctx, p, to); err != nil {
			return err
		}
	}
	d.Effect = &workflow.Effect{Notice: &workflow.NoticeChange{User: to, Tag: workflow.NoticeTag(notice.ID), Text: remindersText(p, kind, to, texts)}}
	return nil
}

// remindersText returns the text of a notice with the texts of its reminders.
func remindersText(p store.Portal, kind acts.ReminderKind, to acts.UserID, texts []string) string {
	if len(texts) == 1 {
		return texts[0]
	}
	head := remindHeads[kind]
	lines := []string{fmt.Sprintf("[URL=%s&params[user]=%d]"+head.words+"[/URL]", workflow.PageLink(p, head.page), to, len(texts))}
	lines = append(lines, texts[:min(len(texts), maxNamed)]...)
	if more := len(texts) - maxNamed; more > 0 {
		lines = append(lines, fmt.Sprintf("и ещё актов: %d", more))
	}
	return strings.Join(lines, "\n")
}

func remindText(p store.Portal, a acts.Act, r store.Reminder) string {
	what := map[acts.ReminderKind]string{
		acts.RemindOurSignature: "документ ждёт нашей подписи в СБИС с " + r.Since.In(workflow.ZoneOf(p.Zone)).Format("02.01.2006") + ". Подпишите его в кабинете или отзовите.",
		acts.RemindInvitation: "контрагент до сих пор не принял приглашение к обмену. Позвоните ему, укажите другой идентификатор ЭДО, " +
			"переделайте акт в бумажный или аннулируйте его.",
		acts.RemindAccepted:  "акт принят, но не подписан с " + r.Since.In(workflow.ZoneOf(p.Zone)).Format("02.01.2006") + ". Попросите подпись ещё раз.",
		acts.RemindAnnulment: annulmentReminder(p, a),
	}[r.Kind]
	return fmt.Sprintf("[URL=%s]%s[/URL] по сделке %s: %s", workflow.AppLink(p, a.ID), letters.SanitizeBB(a.Title()), workflow.Quote(letters.SanitizeBB(a.DealTitle)), what)
}

// annulmentReminder describes whose answer to a proposal is missing and what can be done.
func annulmentReminder(p store.Portal, a acts.Act) string {
	since := a.Annulment.ProposedAt.In(workflow.ZoneOf(p.Zone)).Format("02.01.2006")
	if a.Annulment.Proposed == acts.SideTheirs {
		return "контрагент с " + since + " ждёт ответа на предложение аннулировать акт. Согласитесь или отклоните его на странице акта."
	}
	return "контрагент не ответил на предложение аннулировать акт от " + since + ". Напомните ему или отзовите предложение на странице акта."
}

// handleEndedTask records that a person completed the task of a reminder without setting the status of the act: the
// term starts again.
func (s *Service) handleEndedTask(ctx context.Context, tx store.Tx, task int64) error {
	r, ok, err := tx.Reminders().OfTask(ctx, task)
	if err != nil || !ok {
		return err
	}
	act, err := tx.Acts().Lock(ctx, r.Act)
	if err != nil {
		return err
	}
	if r, err = tx.Reminders().Get(ctx, r.ID); err != nil || r.Done { // it may have been closed while we waited for the act
		return err
	}
	if err := tx.Reminders().SetTask(ctx, r.ID, task, true); err != nil || r.Closed {
		return err
	}
	if err := tx.Reminders().Close(ctx, r.ID, s.now()); err != nil {
		return err
	}
	if r.Kind == acts.RemindRemarks && act.Remarks != "" {
		return s.settleRemarks(ctx, tx, act)
	}
	if act.Awaits() != r.Kind {
		return nil
	}
	e := store.ActEvent{Act: r.Act, Actor: string(acts.ActorPerson), Source: history.SourceCRM, Kind: "task_ended",
		Text: "Задача «Указать статус акта» закрыта без статуса, срок отсчитывается заново"}
	if err := s.history.Append(ctx, tx, e); err != nil {
		return err
	}
	c, err := s.calendar.ScheduleOf(ctx, tx)
	if err != nil {
		return err
	}
	return c.AddReminder(ctx, tx, store.Reminder{Act: r.Act, Kind: r.Kind, Since: s.now()})
}

// settleRemarks records that the remarks with which the counterparty has signed are settled; the deal follows.
func (s *Service) settleRemarks(ctx context.Context, tx store.Tx, act acts.Act) error {
	if err := tx.Acts().SetRemarks(ctx, act.ID, ""); err != nil {
		return err
	}
	e := store.ActEvent{Act: act.ID, Actor: string(acts.ActorPerson), Source: history.SourceCRM, Kind: "remarks_settled",
		Text: "Замечания контрагента сняты: задача завершена", Changes: []acts.Difference{{What: "Замечания", Was: act.Remarks, Is: "нет"}}}
	if err := s.history.RecordEvent(ctx, tx, e, act.Deal, false); err != nil {
		return err
	}
	if err := queue.Enqueue(ctx, tx, task.MoveDeal(act.Deal)); err != nil {
		return err
	}
	return s.calendar.UpdateReminders(ctx, tx, act.ID)
}
