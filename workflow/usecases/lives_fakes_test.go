package usecases_test

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"acts24/acts"
	"acts24/acts/signed"
	"acts24/store"
	"acts24/store/people"
	"acts24/workflow"
)

// livesCRM is a CRM in memory: deals with rows and stages, and every effect that is delivered.
type livesCRM struct {
	workflow.CRM
	deals  map[acts.DealID]*store.Deal
	nextID int64
	ended  map[int64]bool // status tasks
	tasks  map[string]int64
	files  map[acts.ItemID]map[acts.Side][]int64
}

func (c *livesCRM) id() int64 { c.nextID++; return c.nextID }

// Deals returns deals as the CRM has them.
func (c *livesCRM) Deals(_ context.Context, _ store.Portal, ids []acts.DealID) (cards []workflow.DealCard, _ error) {
	for _, id := range ids {
		if d := c.deals[id]; d != nil {
			card := workflow.DealCard{Deal: *d}
			card.Rows = slices.Clone(d.Rows)
			cards = append(cards, card)
		}
	}
	return cards, nil
}

// DealsForPage is Deals.
func (c *livesCRM) DealsForPage(ctx context.Context, p store.Portal, ids []acts.DealID) ([]workflow.DealCard, error) {
	return c.Deals(ctx, p, ids)
}

// Users returns employees.
func (c *livesCRM) Users(_ context.Context, _ store.Portal, ids []acts.UserID) (list []people.User, _ error) {
	for _, id := range ids {
		list = append(list, people.User{ID: id, Name: "Иванова", Active: true})
	}
	return list, nil
}

// Deliver executes effects.
func (c *livesCRM) Deliver(ctx context.Context, _ store.Portal, effects []workflow.Effect, hold func(context.Context) error) []workflow.Result {
	results := make([]workflow.Result, len(effects))
	for i, e := range effects {
		if results[i].Err = hold(ctx); results[i].Err == nil {
			results[i] = c.deliver(e)
		}
	}
	return results
}

func (c *livesCRM) deliver(e workflow.Effect) workflow.Result {
	switch {
	case e.Item != nil:
		item := e.Item.Act.Item
		if item == 0 {
			item = acts.ItemID(c.id())
		}
		return workflow.Result{Item: item, Base: map[string]string{workflow.RowsMark: "1"}}
	case e.Note != nil:
		return workflow.Result{Note: c.id()}
	case e.Stage != nil:
		d := c.deals[e.Stage.Deal]
		r := workflow.Result{Stage: d.StageID, Final: d.Final}
		if to := e.Stage.Decide(d.StageID, d.Final); to != "" {
			d.StageID, d.Final, r.Moved = to, to == "D", true
		}
		return r
	case e.Task != nil:
		if e.Task.ID == 0 && !e.Task.Ended {
			if c.tasks[e.Task.Key] == 0 {
				c.tasks[e.Task.Key] = c.id()
			}
			return workflow.Result{Task: c.tasks[e.Task.Key]}
		}
		c.ended[e.Task.ID] = c.ended[e.Task.ID] || e.Task.Ended
		return workflow.Result{Task: e.Task.ID}
	case e.Badge != nil:
		if e.Badge.Activity == 0 {
			return workflow.Result{Activity: c.id()}
		}
		return workflow.Result{Activity: e.Badge.Activity}
	}
	return workflow.Result{}
}

// EndedTasks returns the tasks that have ended.
func (c *livesCRM) EndedTasks(_ context.Context, _ store.Portal, ids []int64) ([]int64, error) {
	return slices.DeleteFunc(slices.Clone(ids), func(id int64) bool { return !c.ended[id] }), nil
}

// Items returns items with their files.
func (c *livesCRM) Items(_ context.Context, _ store.Portal, ids []acts.ItemID) (list []workflow.ItemCard, _ error) {
	for _, id := range ids {
		list = append(list, workflow.ItemCard{ID: id, Files: c.files[id]})
	}
	return list, nil
}

// WriteFiles replaces a file field of an item.
func (c *livesCRM) WriteFiles(_ context.Context, _ store.Portal, item acts.ItemID, side acts.Side, keep []int64, files []workflow.Attachment, _ func(context.Context) error) (added []int64, _ error) {
	for range files {
		added = append(added, c.id())
	}
	if c.files[item] == nil {
		c.files[item] = map[acts.Side][]int64{}
	}
	c.files[item][side] = slices.Concat(keep, added)
	return added, nil
}

// SendLetter sends an e-mail.
func (c *livesCRM) SendLetter(context.Context, store.Portal, workflow.Letter, bool, func(context.Context) error) (int64, error) {
	return c.id(), nil
}

// livesEDO is an operator in memory. Its documents move as people move them; answers of ours are lost now and then.
type livesEDO struct {
	workflow.EDO
	documents map[string]*livesDocument
	lines     []workflow.Report
	moment    time.Time
	offers    bool        // it executes steps of an annulment on request
	loses     func() bool // the answer to a call that was executed
}

type livesDocument struct {
	acts.DocumentState
	act    acts.ActID
	id     string
	events []string
}

// happens moves a document, one second after the event before.
func (o *livesEDO) happens(d *livesDocument) {
	o.moment = o.moment.Add(time.Second)
	event := "event-" + strconv.Itoa(len(o.lines)+1)
	d.events = append(d.events, event)
	r := o.report(d)
	r.Whole, r.Events = false, nil
	o.lines = append(o.lines, r)
}

func (o *livesEDO) report(d *livesDocument) workflow.Report {
	r := workflow.Report{DocumentState: d.DocumentState, Document: d.id, Whole: true, Events: slices.Clone(d.events), EventAt: o.moment}
	r.Annulment = slices.Clone(d.Annulment)
	if len(d.events) > 0 {
		r.Event = d.events[len(d.events)-1]
	}
	if o.offers {
		r.Offers = map[acts.AnnulmentStep]workflow.Offer{}
		for _, s := range []acts.AnnulmentStep{acts.StepRecall, acts.StepPropose, acts.StepAgree, acts.StepDecline, acts.StepWithdraw} {
			r.Offers[s] = workflow.Offer{Step: workflow.Step{Action: string(s)}}
		}
	}
	return r
}

// Title returns some bytes.
func (o *livesEDO) Title(acts.Act, string, time.Time) (string, []byte, error) {
	return "ON_NSCHFDOPPR_1.xml", []byte("<Файл/>"), nil
}

// TitleFaults refuses nothing.
func (o *livesEDO) TitleFaults(acts.Act, time.Time) ([]acts.DocumentFault, error) { return nil, nil }

// Write writes a draft.
func (o *livesEDO) Write(_ context.Context, _ workflow.Account, w workflow.Document) (workflow.Report, error) {
	d := o.documents[w.ID]
	if d != nil && (d.Deleted || !d.Unsigned()) {
		return workflow.Report{}, acts.Errorf(acts.Refused, "Документ изменить нельзя.")
	}
	if d == nil {
		d = &livesDocument{id: w.ID, act: w.Act.ID, DocumentState: acts.DocumentState{Phase: acts.PhaseDraft, Name: "Документ редактируется"}}
		o.documents[w.ID] = d
		o.happens(d)
	}
	return o.report(d), o.lost()
}

func (o *livesEDO) lost() error {
	if o.loses() {
		return workflow.ErrUnclear
	}
	return nil
}

// Read returns a document.
func (o *livesEDO) Read(_ context.Context, _ workflow.Account, id string) (workflow.Report, error) {
	d := o.documents[id]
	if d == nil || d.Deleted {
		return workflow.Report{}, acts.Errorf(acts.NotFound, "Документа нет в СБИС.")
	}
	return o.report(d), nil
}

// Delete deletes a draft.
func (o *livesEDO) Delete(_ context.Context, _ workflow.Account, id string) error {
	d := o.documents[id]
	switch {
	case d == nil || d.Deleted:
		return nil
	case !d.Unsigned():
		return acts.Errorf(acts.Refused, "Документ удалить нельзя.")
	}
	d.Phase, d.Name, d.Deleted = acts.PhaseCancelled, "Удален", true
	o.happens(d)
	return o.lost()
}

// Annul executes a step.
func (o *livesEDO) Annul(_ context.Context, _ workflow.Account, id string, by workflow.Offer, comment, _ string) (workflow.Report, error) {
	d := o.documents[id]
	if err := d.annuls(o, acts.AnnulmentStep(by.Step.Action), comment); err != nil {
		return workflow.Report{}, err
	}
	return o.report(d), o.lost()
}

// annuls executes a step of ours that fits the state of the document.
func (d *livesDocument) annuls(o *livesEDO, s acts.AnnulmentStep, comment string) error {
	way := d.Phase == acts.PhaseWaitingConnection || d.Phase == acts.PhaseSent || d.Phase == acts.PhaseDelivered
	both := d.Phase == acts.PhaseDecided && d.Verdict != acts.VerdictPending && d.Verdict != acts.VerdictRefused
	open := acts.AnnulmentEventKind("")
	if n := len(d.Annulment); n > 0 {
		open = d.Annulment[n-1].Kind
	}
	switch {
	case s == acts.StepRecall && way:
		d.Phase, d.Name, d.Recalled = acts.PhaseCancelled, "Отозван мной", true
	case s == acts.StepPropose && both && open != acts.AnnulmentProposedByUs && open != acts.AnnulmentProposedByThem:
		d.tell(acts.AnnulmentProposedByUs, comment, len(o.lines))
	case s == acts.StepAgree && both && open == acts.AnnulmentProposedByThem:
		d.Phase, d.Name = acts.PhaseCancelled, "Аннулирован"
	case s == acts.StepDecline && both && open == acts.AnnulmentProposedByThem:
		d.tell(acts.AnnulmentDeclined, comment, len(o.lines))
	case s == acts.StepWithdraw && both && open == acts.AnnulmentProposedByUs:
		d.tell(acts.AnnulmentWithdrawn, comment, len(o.lines))
	default:
		return acts.Errorf(acts.Refused, "Действие недоступно.")
	}
	o.happens(d)
	return nil
}

func (d *livesDocument) tell(k acts.AnnulmentEventKind, comment string, lines int) {
	d.Annulment = append(d.Annulment, acts.AnnulmentEvent{Event: fmt.Sprint("event-", lines+1), Kind: k, Comment: comment})
}

// Changes reports the events after a position, one by one.
func (o *livesEDO) Changes(ctx context.Context, _ workflow.Account, _ acts.Party, from workflow.Position, apply func(context.Context, []workflow.Report, workflow.Position) error) error {
	after, _ := strconv.Atoi(trimEvent(from.EventID))
	for _, line := range o.lines[after:] {
		if err := apply(ctx, []workflow.Report{line}, workflow.Position{EventID: line.Event, EventAt: "x"}); err != nil {
			return err
		}
	}
	return nil
}

func trimEvent(id string) string { return id[min(len("event-"), len(id)):] }

// Signed returns a title of both parties.
func (o *livesEDO) Signed(context.Context, workflow.Account, string) (workflow.SignedDocument, error) {
	return workflow.SignedDocument{Files: []workflow.SignedFile{{Part: signed.PartOurTitle, Name: "ON_NSCHFDOPPR_1.xml", Body: []byte("<Файл/>")}}}, nil
}

// PrintForm writes a PDF.
func (o *livesEDO) PrintForm(_ context.Context, _ workflow.Account, _ string, w io.Writer, _ int64) error {
	_, err := w.Write([]byte("%PDF-1.4"))
	return err
}

// Lookup finds nobody.
func (o *livesEDO) Lookup(context.Context, workflow.Account, acts.Party) (acts.Connection, error) {
	return acts.Connection{Asked: true}, nil
}
