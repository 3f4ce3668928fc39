package workflow

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"acts24/acts"
	"acts24/store"
)

// asking is one item that a person changed.
type asking struct {
	s    *Service
	tx   store.Tx
	p    store.Portal
	v    Visit
	id   acts.ActID
	card ItemCard
}

// request is what a change of one field asks for.
type request struct {
	field string
	do    func(context.Context) error
}

// requests are the fields that a person may change, in the order in which they are answered: a move comes last, when
// what it needs is there.
func (a asking) requests() []request {
	list := []request{
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

func (a asking) value(field string) string { return strings.TrimSpace(a.card.Values[field]) }

func (a asking) act(ctx context.Context) (acts.Act, error) { return a.tx.Act(ctx, a.id) }

func (a asking) responsible(ctx context.Context) error {
	user, err := strconv.ParseInt(a.value("assignedById"), 10, 64)
	if err != nil || user <= 0 {
		return acts.Errorf(acts.Invalid, "У акта должен быть ответственный.")
	}
	act, err := a.act(ctx)
	if err != nil {
		return err
	}
	return a.s.giveTo(ctx, a.tx, act, acts.UserID(user), a.v.event(a.id, "responsible", "Ответственный изменён в CRM"))
}

func (a asking) note(ctx context.Context) error {
	act, err := a.act(ctx)
	if err != nil {
		return err
	}
	if act.Status != acts.StatusRefused && act.Status != acts.AcceptedUnsigned && act.Status != acts.Annulled {
		return acts.Errorf(acts.Conflict, "Причину пишут у акта с отказом, принятого без подписи или аннулированного.")
	}
	reason := clip(a.value(a.p.ItemField("note")), 500)
	if err := a.tx.SetReason(ctx, a.id, reason); err != nil {
		return err
	}
	return a.tell(ctx, "reason", withReason("Причина указана в CRM", reason))
}

// exchange takes medium, channel and the EDO data together: they make sense only so.
func (a asking) exchange(ctx context.Context) error {
	act, err := a.act(ctx)
	if err != nil {
		return err
	}
	if err := act.MayEdit(); err != nil {
		return err
	}
	if medium := acts.Medium(a.p.OptionName(a.value(a.p.ItemField("medium")))); medium != "" {
		act.Medium = medium
	}
	act.Channel = acts.ByEDO
	if act.Medium == acts.Paper {
		if act.Channel = acts.Channel(a.p.OptionName(a.value(a.p.ItemField("channel")))); act.Channel != acts.ByEmail {
			act.Channel = acts.ByPost
		}
	}
	participant := acts.NormalizeParticipant(a.value(a.p.ItemField("participant")))
	if participant != "" && participant != act.Buyer.Participant {
		if text := acts.CheckParticipant(participant); text != "" {
			return acts.Errorf(acts.Invalid, "Идентификатор ЭДО: %s", text)
		}
	}
	act.Buyer.Participant, act.Operator = participant, acts.OperatorOf(participant)
	if err := a.tx.SetExchange(ctx, act, a.s.now()); err != nil {
		return err
	}
	return a.tell(ctx, "exchange", "Способ обмена изменён в CRM: "+strings.ToLower(act.Medium.Label())+", "+strings.ToLower(act.Channel.Label()))
}

func (a asking) deal(ctx context.Context) error {
	act, err := a.act(ctx)
	if err != nil {
		return err
	}
	return a.s.relink(ctx, a.tx, a.v, act, a.card.Deal, "сделка изменена в карточке акта")
}

// stage takes a move in the kanban for the click that means the same.
func (a asking) stage(ctx context.Context) error {
	act, err := a.act(ctx)
	if err != nil {
		return err
	}
	to := a.p.ItemStatus(a.card.Stage)
	event, byPerson := act.Road(to)
	switch {
	case to == act.Status:
		return nil
	case to == "":
		return acts.Errorf(acts.Conflict, "Эта стадия не относится к статусам акта.")
	case a.isUndo(ctx, act, to):
		return a.s.undo(ctx, a.tx, a.v, act, "перенесён в CRM")
	case !byPerson:
		return acts.Errorf(acts.Conflict, "Акт в статусе «%s» нельзя перенести в «%s». Можно: %s.", act.Status.Label(), to.Label(), act.WaysOut(acts.ByPerson))
	case event == acts.Dispatch:
		return a.s.sent(ctx, a.tx, act, acts.Sending{Channel: act.Channel}, a.v.event(a.id, string(event), ""))
	}
	reason := clip(a.value(a.p.ItemField("note")), 500)
	if err := a.s.mark(ctx, a.tx, a.v, act, event, reason); err != nil || event != acts.Refusal || reason != "" {
		return err
	}
	e := a.v.event(a.id, "ask_reason", "Напишите причину отказа в акте: её увидят все, кто с ним работает")
	return a.s.tell(ctx, a.tx, e, act.Deal, true)
}

// isUndo reports whether a move only takes the last mark of a person back.
func (a asking) isUndo(ctx context.Context, act acts.Act, to acts.Status) bool {
	history, err := a.tx.ChangesOfAct(ctx, a.id)
	if err != nil {
		return false
	}
	before, _, err := act.Undo(history)
	return err == nil && before == to
}

func (a asking) tell(ctx context.Context, kind, text string) error {
	act, err := a.act(ctx)
	if err != nil {
		return err
	}
	return a.s.tell(ctx, a.tx, a.v.event(a.id, kind, text), act.Deal, false)
}

// rounds is how often within ten minutes we undo changes of one item before we leave it to a person.
const rounds = 3

// settle keeps what the item holds now. What could not be done is written back and the person told why; after three
// rounds we give in: a robot of the portal may be fighting us.
func (a asking) settle(ctx context.Context, base map[string]string, undone []string) error {
	fight := false
	if len(undone) > 0 {
		n, err := a.tx.PutBack(ctx, a.id, a.s.now())
		if err != nil {
			return err
		}
		fight = n > rounds
	}
	for name, value := range base {
		if name[0] == '=' || a.card.Values[name] == value {
			continue
		}
		base[name] = a.card.Values[name]
		if !fight {
			delete(base, "="+name)
		}
	}
	if err := a.tx.SetItem(ctx, a.id, a.card.ID, base); err != nil {
		return err
	}
	if len(undone) == 0 {
		return a.tx.Enqueue(ctx, TaskItem, int64(a.id))
	}
	e := a.v.event(a.id, "put_back", "Изменение в CRM отменено. "+strings.Join(undone, " "))
	if fight {
		e.Kind, e.Text = "fight", fmt.Sprintf("Изменения карточки акта отменялись %d раза подряд, больше мы их не трогаем. Возможно, с приложением спорит робот: проверьте автоматизацию смарт-процесса «Акты»", rounds)
	}
	act, err := a.act(ctx)
	if err != nil {
		return err
	}
	if !fight {
		return a.s.tell(ctx, a.tx, e, act.Deal, true)
	}
	id, err := a.tx.AddEvent(ctx, a.s.at(e))
	if err != nil {
		return err
	}
	return a.tx.Enqueue(ctx, TaskNotify, id)
}
