package crm

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"acts24/acts"
	"acts24/acts/letters"
	"acts24/store"
	"acts24/workflow"
)

// maxNoticeActs is the largest number of acts that a notice names; the others are in the list that it links to.
const maxNoticeActs = 10

// noticeHeads are the words of a notice about several acts, with the page of their list, by the kind of the lines of history.
var noticeHeads = map[string]struct{ words, page string }{
	string(acts.EventCountersignature): {"Подписано актов: %d", "signed"},
	string(acts.EventRefusal):          {"Отказ подписать, актов: %d", "refused"},
	string(acts.EventAnnulment):        {"Аннулировано актов: %d", "annulled"},
	string(acts.EventOurSignature):     {"Подписано нами актов: %d", "acts"},
	string(acts.EventDispatch):         {"Отправлено актов: %d", "acts"},
	string(acts.EventRecall):           {"Отозвано из СБИС актов: %d", "acts"},
	string(acts.EventDeliveryError):    {"Не передано актов: %d", "failed"},
	"not_signed":                       {"Не подписано в СБИС актов: %d", "ours"},
	"letter_failed":                    {"Не ушли письма, актов: %d", "acts"},
	"annulment_proposed":               {"Контрагенты предлагают аннулировать актов: %d", "acts"},
	"put_back":                         {"Отменены изменения в CRM, актов: %d", "acts"},
	"reminded":                         {"Нужен статус, актов: %d", "theirs"},
}

// prepareNotice prepares the notice about lines of the history of acts. It replaces the one that was sent before the last line joined.
func (s *Service) prepareNotice(ctx context.Context, scope store.Scope, p store.Portal, d *workflow.Delivery) error {
	notice, lines, err := scope.Acts().Notice(ctx, d.Task.Subject)
	if err != nil || len(lines) == 0 {
		return err
	}
	to := notice.User
	if d.Task.Failures > 0 { // the CRM refuses a dismissed person
		if to, err = s.people.Deputy(ctx, p, to); err != nil {
			return err
		}
	}
	known := map[acts.ActID]acts.Act{}
	for _, l := range lines {
		if _, ok := known[l.Act]; ok || len(known) == maxNoticeActs {
			continue
		}
		if known[l.Act], err = scope.Acts().Get(ctx, l.Act); err != nil {
			return err
		}
	}
	d.Effect = &workflow.Effect{Notice: &workflow.NoticeChange{User: to, Tag: workflow.NoticeTag(notice.ID), Text: noticeText(p, notice, lines, known)}}
	return nil
}

// noticeText returns the text of a notice. lines are the newest first, known are the acts that it names.
func noticeText(p store.Portal, n store.Notice, lines []store.ActEvent, known map[acts.ActID]acts.Act) string {
	number := map[acts.ActID]bool{}
	for _, l := range lines {
		number[l.Act] = true
	}
	var texts []string
	named := map[acts.ActID]bool{}
	for _, l := range lines {
		a, ok := known[l.Act]
		if !ok || len(texts) == 2*maxNoticeActs {
			break
		}
		named[l.Act] = true
		texts = append(texts, fmt.Sprintf("[URL=%s]%s[/URL] по сделке %s: %s", workflow.AppLink(p, a.ID), letters.SanitizeBB(a.Title()),
			workflow.Quote(letters.SanitizeBB(a.DealTitle)), letters.SanitizeBB(lineText(p, l))))
	}
	if len(number) == 1 {
		return strings.Join(texts, "\n")
	}
	head, ok := noticeHeads[n.Kind]
	if !ok {
		head.words, head.page = "Новое по актам: %d", "acts"
	}
	first := fmt.Sprintf("[URL=%s&params[user]=%d]"+head.words+"[/URL]", workflow.PageLink(p, head.page), n.User, len(number))
	if more := len(number) - len(named); more > 0 {
		texts = append(texts, fmt.Sprintf("и ещё актов: %d", more))
	}
	return first + "\n" + strings.Join(texts, "\n")
}

// lineText returns the text of a notice about a line of history; a refusal names who has signed it and when.
func lineText(p store.Portal, e store.ActEvent) string {
	if e.Kind == string(acts.EventRefusal) && e.Actor == string(acts.ActorOperator) && e.UserName != "" {
		return strings.TrimRight(e.Text, ".") + ". Отказ подписал: " + e.UserName + ", " + e.At.In(workflow.ZoneOf(p.Zone)).Format("02.01.2006 15:04")
	}
	return e.Text
}

// messageHeads are the words of a notice about several deals, by the kind of its messages.
var messageHeads = map[string]string{
	workflow.MessageQuestionFailed:    "Не ушли вопросы о способе обмена, сделок: %d",
	workflow.MessageNowhereToAsk:      "Некуда отправить вопрос о способе обмена, сделок: %d",
	workflow.MessageNoAnswer:          "Нет ответа о способе обмена, сделок: %d",
	workflow.MessageAnswered:          "Ответы о способе обмена, сделок: %d",
	workflow.MessageAnswerNotApplied:  "Ответы расходятся с актами, сделок: %d",
	workflow.MessageApprovedUnacted:   "Одобрены, а акта нет, сделок: %d",
	workflow.MessageDealStays:         "Не перемещены, сделок: %d",
	workflow.MessageInvitationFailed:  "Не отправлены приглашения к обмену, сделок: %d",
	workflow.MessageInvitationTaken:   "Приглашения к обмену приняты, сделок: %d",
	workflow.MessageInvitationIgnored: "Приглашения к обмену не приняты, сделок: %d",
	workflow.MessageMonthlyStopped:    "Ежемесячные акты выключены, сделок: %d",
	workflow.MessageMonthlyRefused:    "Ежемесячные акты не сформированы, сделок: %d",
}

// prepareDealsNotice prepares the notice about messages of one kind about deals. It replaces the one that was sent before the last message joined.
func (s *Service) prepareDealsNotice(ctx context.Context, scope store.Scope, p store.Portal, d *workflow.Delivery) error {
	notice, err := scope.Acts().NoticeOnly(ctx, d.Task.Subject)
	if err != nil {
		return err
	}
	messages, err := scope.Questions().MessagesOf(ctx, notice.ID)
	if err != nil || len(messages) == 0 {
		return err
	}
	to := notice.User
	if d.Task.Failures > 0 { // the CRM refuses a dismissed person
		if to, err = s.people.Deputy(ctx, p, to); err != nil {
			return err
		}
	}
	titles := map[acts.DealID]string{}
	for _, m := range messages[:min(len(messages), maxNoticeActs)] {
		if _, known := titles[m.Deal]; known {
			continue
		}
		deal, err := scope.Deals().GetWithoutRows(ctx, m.Deal)
		if err != nil {
			return err
		}
		titles[m.Deal] = deal.Title
	}
	d.Effect = &workflow.Effect{Notice: &workflow.NoticeChange{User: to, Tag: workflow.NoticeTag(notice.ID), Text: dealsText(notice.Kind, messages, titles)}}
	return nil
}

// dealsText returns the text of a notice about messages, which are the newest first; those beyond maxNoticeActs are only counted.
func dealsText(kind string, messages []store.Message, titles map[acts.DealID]string) string {
	deals := map[acts.DealID]bool{}
	var texts []string
	for i, m := range messages {
		deals[m.Deal] = true
		if i < maxNoticeActs {
			texts = append(texts, fmt.Sprintf("Сделка [URL=/crm/deal/details/%d/]%s[/URL]: %s", m.Deal, workflow.Quote(letters.SanitizeBB(titles[m.Deal])), letters.SanitizeBB(m.Text)))
		}
	}
	if more := len(messages) - len(texts); more > 0 {
		texts = append(texts, fmt.Sprintf("и ещё сообщений: %d", more))
	}
	if len(deals) > 1 {
		texts = append([]string{fmt.Sprintf(cmp.Or(messageHeads[kind], "Новое по сделкам: %d"), len(deals))}, texts...)
	}
	return strings.Join(texts, "\n")
}
