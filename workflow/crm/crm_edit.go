package crm

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"acts24/acts"
	"acts24/acts/history"
	"acts24/store"
	"acts24/store/queue"
	"acts24/store/task"
	"acts24/workflow"
)

// itemEdit is an item that a person changed.
type itemEdit struct {
	s    *Service
	tx   store.Tx
	p    store.Portal
	v    workflow.Visit
	id   acts.ActID
	card workflow.ItemCard
}

// fieldEdit is the action for the change of one field.
type fieldEdit struct {
	field string
	do    func(context.Context) error
}

// fieldEdits lists the fields that a person may change, in the order of processing: a move comes last, after the fields
// on which it depends.
func (a itemEdit) fieldEdits() []fieldEdit {
	list := []fieldEdit{
		{"assignedById", a.responsible},
		{a.p.ItemField("note"), a.note},
		{a.p.ItemField("medium"), a.exchange},
		{a.p.ItemField("channel"), a.exchange},
		{a.p.ItemField("participant"), a.exchange},
		{a.p.ItemField("operator"), a.exchange},
		{"parentId2", a.deal},
		{"stageId", a.stage},
	}
	return list
}

func (a itemEdit) value(field string) string { return strings.TrimSpace(a.card.Values[field]) }

func (a itemEdit) act(ctx context.Context) (acts.Act, error) { return a.tx.Acts().Get(ctx, a.id) }

func (a itemEdit) responsible(ctx context.Context) error {
	user, err := strconv.ParseInt(a.value("assignedById"), 10, 64)
	if err != nil || user <= 0 {
		return acts.Errorf(acts.Invalid, "У акта должен быть ответственный.")
	}
	act, err := a.act(ctx)
	if err != nil {
		return err
	}
	return a.s.people.SetResponsible(ctx, a.tx, act, acts.UserID(user), a.v.Event(a.id, "responsible", "Ответственный изменён в CRM"))
}

func (a itemEdit) note(ctx context.Context) error {
	act, err := a.act(ctx)
	if err != nil {
		return err
	}
	if act.Status != acts.StatusRefused && act.Status != acts.StatusAcceptedUnsigned && act.Status != acts.StatusAnnulled {
		return acts.Errorf(acts.Conflict, "Причину пишут у акта с отказом, принятого без подписи или аннулированного.")
	}
	reason := workflow.Clip(a.value(a.p.ItemField("note")), 500)
	if err := a.tx.Acts().SetReason(ctx, a.id, reason); err != nil {
		return err
	}
	return a.recordEvent(ctx, "reason", "Причина указана в CRM", history.Change("Причина / замечания", act.Reason, reason))
}

// exchange applies medium, channel and the EDO data together: they depend on each other.
func (a itemEdit) exchange(ctx context.Context) error {
	act, err := a.act(ctx)
	if err != nil {
		return err
	}
	if err := act.MayEdit(); err != nil {
		return err
	}
	was := act
	if medium := acts.Medium(a.p.OptionName(a.value(a.p.ItemField("medium")))); medium != "" {
		act.Medium = medium
	}
	act.Channel = acts.ChannelEDO
	if act.Medium == acts.MediumPaper {
		if act.Channel = acts.Channel(a.p.OptionName(a.value(a.p.ItemField("channel")))); act.Channel != acts.ChannelEmail {
			act.Channel = acts.ChannelPost
		}
	}
	participant := acts.TrimParticipant(a.value(a.p.ItemField("participant")))
	if participant != act.Buyer.Participant {
		act.Buyer, act.Operator = act.Buyer.WithParticipant(participant, ""), acts.OperatorOf(participant)
		if err := mayTakeParticipant(act.Buyer); err != nil {
			return err
		}
	}
	if err := a.tx.Acts().SetExchange(ctx, act, a.s.now()); err != nil {
		return err
	}
	return a.recordEvent(ctx, "exchange", "Способ обмена изменён в CRM", history.Between(was, act))
}

// mayTakeParticipant refuses an id that needs a confirmation, because the CRM has no form for it.
func mayTakeParticipant(buyer acts.Party) error {
	text := acts.CheckParticipant(buyer.Participant)
	if doubts := buyer.UnconfirmedDoubts(); len(doubts) > 0 {
		text = acts.DoubtMessage(doubts) + " Если он верный, укажите и подтвердите его в форме акта."
	}
	if buyer.Participant == "" || text == "" {
		return nil
	}
	return acts.Errorf(acts.Invalid, "%s", text)
}

func (a itemEdit) deal(ctx context.Context) error {
	act, err := a.act(ctx)
	if err != nil {
		return err
	}
	return a.s.acts.RelinkTx(ctx, a.tx, a.v, act, a.card.Deal, "сделка изменена в карточке акта")
}

// dealGone reports that the item has lost its deal because the deal was deleted, not because a person removed it.
func (a itemEdit) dealGone(ctx context.Context, id acts.DealID) (bool, error) {
	if a.card.Deal != 0 {
		return false, nil
	}
	deal, err := a.tx.Deals().GetWithoutRows(ctx, id)
	return deal.Deleted, err
}

// stage applies a move in the kanban as the action that leads to that status.
func (a itemEdit) stage(ctx context.Context) error {
	act, err := a.act(ctx)
	if err != nil {
		return err
	}
	to := a.p.ItemStatus(a.card.Stage)
	event, byPerson := act.EventTo(to)
	switch {
	case to == act.Status:
		return nil
	case to == "":
		return acts.Errorf(acts.Conflict, "Эта стадия не относится к статусам акта.")
	case a.isUndo(ctx, act, to):
		return a.s.acts.UndoTx(ctx, a.tx, a.v, act, "перенесён в CRM")
	case !byPerson:
		return acts.Errorf(acts.Conflict, "Акт в статусе «%s» нельзя перенести в «%s». Можно: %s.", act.Status.Label(), to.Label(), act.AllowedActions(acts.ActorPerson))
	case event == acts.EventDispatch:
		return a.s.acts.RecordSending(ctx, a.tx, act, acts.Sending{Channel: act.Channel}, a.v.Event(a.id, string(event), ""))
	}
	reason := workflow.Clip(a.value(a.p.ItemField("note")), 500)
	if err := a.s.acts.MarkTx(ctx, a.tx, a.v, act, event, reason); err != nil || event != acts.EventRefusal || reason != "" {
		return err
	}
	e := a.v.Event(a.id, "ask_reason", "Напишите причину отказа в акте: её увидят все, кто с ним работает")
	return a.s.history.RecordEvent(ctx, a.tx, e, act.Deal, true)
}

// isUndo reports whether a move only reverts the last mark of a person.
func (a itemEdit) isUndo(ctx context.Context, act acts.Act, to acts.Status) bool {
	marks, err := a.tx.Acts().Changes(ctx, a.id)
	if err != nil {
		return false
	}
	before, _, err := act.Undo(marks)
	return err == nil && before == to
}

func (a itemEdit) recordEvent(ctx context.Context, kind, text string, changes []acts.Difference) error {
	act, err := a.act(ctx)
	if err != nil {
		return err
	}
	line := a.v.Event(a.id, kind, text)
	line.Changes = changes
	return a.s.history.RecordEvent(ctx, a.tx, line, act.Deal, false)
}

// maxRollbacks is how often within ten minutes changes of one item are rolled back before we stop.
const maxRollbacks = 3

// saveValues stores the present values of the item. Refused changes are written back and the person is notified; after
// three rounds we stop: this may be an edit war with a robot of the portal, which reverts our writes.
func (a itemEdit) saveValues(ctx context.Context, base map[string]string, undone []string) error {
	editWar := false
	if len(undone) > 0 {
		n, err := a.tx.Acts().CountPutBack(ctx, a.id, a.s.now())
		if err != nil {
			return err
		}
		editWar = n > maxRollbacks
	}
	for name, value := range base {
		if name[0] == '=' || a.card.Values[name] == value {
			continue
		}
		base[name] = a.card.Values[name]
		if !editWar {
			delete(base, "="+name)
		}
	}
	if err := a.tx.Acts().SetItem(ctx, a.id, a.card.ID, base); err != nil {
		return err
	}
	if len(undone) == 0 {
		return queue.Enqueue(ctx, a.tx, task.SyncItem(a.id))
	}
	e := a.v.Event(a.id, "put_back", "Изменение в CRM отменено. "+strings.Join(undone, " "))
	if editWar {
		e.Kind, e.Text = "edit_war", fmt.Sprintf("Изменения карточки акта отменялись %d раза подряд, больше мы их не трогаем. Возможно, с приложением спорит робот: проверьте автоматизацию смарт-процесса «Акты»", maxRollbacks)
	}
	act, err := a.act(ctx)
	if err != nil {
		return err
	}
	if !editWar {
		return a.s.history.RecordEvent(ctx, a.tx, e, act.Deal, true)
	}
	return a.s.history.AppendNoticed(ctx, a.tx, e)
}
