package crm

import (
	"context"
	"fmt"
	"strings"

	"acts24/acts"
	"acts24/integrations/bitrix24"
	"acts24/store"
	"acts24/workflow"
)

// cost is how many commands of a batch an effect takes at most: an item comes with its product rows.
func cost(e workflow.Effect) int {
	if e.Item != nil || e.Fields != nil {
		return 2
	}
	return 1
}

// load is how many of the effects one batch carries.
func load(effects []workflow.Effect) int {
	room := bitrix24.MaxBatch
	for n, e := range effects {
		if room -= cost(e); room < 0 {
			return n
		}
	}
	return len(effects)
}

// Deliver writes effects in as few calls as it can: one batch to look where a look is needed, one to write.
func (a *Adapter) Deliver(ctx context.Context, p store.Portal, effects []workflow.Effect, hold func(context.Context) error) []workflow.Result {
	results := make([]workflow.Result, 0, len(effects))
	for len(effects) > 0 {
		n := load(effects)
		results = append(results, a.deliver(ctx, p, effects[:n], hold)...)
		effects = effects[n:]
	}
	return results
}

func (a *Adapter) deliver(ctx context.Context, p store.Portal, effects []workflow.Effect, hold func(context.Context) error) []workflow.Result {
	d := &dispatch{portal: p, effects: effects, results: make([]workflow.Result, len(effects)), settled: make([]bool, len(effects))}
	client, err := a.asPortal(p, hold)
	if err != nil {
		return d.all(err)
	}
	if looks := d.looks(); len(looks) > 0 {
		res, err := client.Batch(ctx, looks, false)
		if err != nil {
			return d.all(reading(err))
		}
		d.saw(ctx, client, res)
	}
	writes := d.writes()
	if len(writes) == 0 {
		return d.results
	}
	if err := hold(ctx); err != nil {
		return d.all(err)
	}
	res, err := client.Batch(ctx, writes, false)
	if err != nil {
		return d.all(writing(err))
	}
	d.wrote(res)
	return d.results
}

// dispatch is one round of effects on its way.
type dispatch struct {
	portal  store.Portal
	effects []workflow.Effect
	results []workflow.Result
	settled []bool // nothing is to be written for it any more
}

// all gives every effect that is still open the same error.
func (d *dispatch) all(err error) []workflow.Result {
	for i := range d.results {
		if !d.settled[i] {
			d.results[i].Err = err
		}
	}
	return d.results
}

func (d *dispatch) settle(i int, r workflow.Result) {
	d.results[i], d.settled[i] = r, true
}

func key(what string, i int) string { return fmt.Sprintf("%s%d", what, i) }

// looks are the reading commands: where a deal stands, and whether an unclear creation has happened.
func (d *dispatch) looks() []bitrix24.Command {
	var commands []bitrix24.Command
	for i, e := range d.effects {
		switch {
		case e.Stage != nil:
			commands = append(commands, bitrix24.GetItem(bitrix24.DealType, bitrix24.ID(e.Stage.Deal)).As(key("look", i)))
		case e.Item != nil && e.Item.Act.Item == 0 && e.Unclear:
			commands = append(commands, bitrix24.ListItems(bitrix24.ItemQuery{Type: d.itemType(), Select: []string{"*"},
				Filter: bitrix24.Params{"=xmlId": itemKey(e.Item.Act)}}).As(key("look", i)))
		case e.Note != nil && e.Unclear:
			commands = append(commands, bitrix24.ListComments(bitrix24.DealType, bitrix24.ID(e.Note.Deal)).As(key("look", i)))
		case e.Task != nil && looksForTask(e):
			commands = append(commands, bitrix24.ListTasks(tasksOf(e.Task)).As(key("look", i)))
		}
	}
	return commands
}

func (d *dispatch) saw(ctx context.Context, client *bitrix24.Client, res *bitrix24.BatchResult) {
	for i, e := range d.effects {
		switch {
		case e.Stage != nil:
			d.sawDeal(res, i, e.Stage)
		case e.Item != nil && e.Item.Act.Item == 0 && e.Unclear:
			d.sawItems(res, i, e.Item)
		case e.Note != nil && e.Unclear:
			d.sawComments(res, i, e.Note)
		case e.Task != nil && looksForTask(e):
			d.sawTasks(ctx, client, res, i, e.Task)
		}
	}
}

func (d *dispatch) sawDeal(res *bitrix24.BatchResult, i int, wish *workflow.StageChange) {
	var got bitrix24.ItemResult[bitrix24.Deal]
	if err := res.Get(key("look", i), &got); err != nil {
		d.settle(i, workflow.Result{Err: reading(err)})
		return
	}
	r := workflow.Result{Stage: string(got.Item.StageID), Final: got.Item.StageSemantics == "S" || got.Item.StageSemantics == "F"}
	to := wish.Decide(r.Stage, r.Final)
	if to == "" {
		d.settle(i, r)
		return
	}
	r.Moved, r.Stage = true, to
	d.results[i] = r
}

func (d *dispatch) sawItems(res *bitrix24.BatchResult, i int, wish *workflow.ItemChange) {
	var got bitrix24.ItemsResult[bitrix24.Item]
	if err := res.Get(key("look", i), &got); err != nil {
		d.settle(i, workflow.Result{Err: reading(err)})
		return
	}
	if len(got.Items) > 0 { // it was created: from now on it is updated
		wish.Act.Item = acts.ItemID(got.Items[0].ID)
		wish.Base = nil
	}
}

func (d *dispatch) sawComments(res *bitrix24.BatchResult, i int, wish *workflow.NoteChange) {
	var comments bitrix24.List[bitrix24.Comment]
	if err := res.Get(key("look", i), &comments); err != nil {
		d.settle(i, workflow.Result{Err: reading(err)})
		return
	}
	for _, c := range comments {
		if strings.HasSuffix(strip(string(c.Text)), wish.Mark) {
			d.settle(i, workflow.Result{})
			return
		}
	}
}

// writes are the changing commands of all effects that still need one.
func (d *dispatch) writes() []bitrix24.Command {
	var all []bitrix24.Command
	for i, e := range d.effects {
		if d.settled[i] {
			continue
		}
		var commands []bitrix24.Command
		switch {
		case e.Item != nil:
			commands = d.itemCommands(i, e.Item)
		case e.Note != nil:
			commands = append(commands, bitrix24.AddComment(bitrix24.CommentDraft{Type: bitrix24.DealType, ID: bitrix24.ID(e.Note.Deal), Text: e.Note.Text}).As(key("do", i)))
		case e.Notice != nil:
			commands = append(commands, bitrix24.NotifySystem(bitrix24.Notice{UserID: bitrix24.ID(e.Notice.User), Message: e.Notice.Text, Tag: e.Notice.Tag}).As(key("do", i)))
		case e.Stage != nil:
			commands = append(commands, bitrix24.UpdateItem(bitrix24.DealType, bitrix24.ID(e.Stage.Deal),
				bitrix24.Params{"stageId": d.results[i].Stage}).As(key("do", i)))
		case e.Task != nil:
			commands = append(commands, d.taskCommand(e.Task).As(key("do", i)))
		case e.Fields != nil:
			commands = d.fieldCommands(i, e.Fields)
		case e.Orphan != nil:
			commands = append(commands, bitrix24.UpdateItem(d.itemType(), bitrix24.ID(e.Orphan.Item),
				bitrix24.Params{"stageId": d.portal.ItemStage(e.Orphan.Status)}).As(key("do", i)))
		}
		all = append(all, d.sendable(i, commands)...)
	}
	return all
}

// sendable settles an effect that cannot be written at all, so that it holds no other up.
func (d *dispatch) sendable(i int, commands []bitrix24.Command) []bitrix24.Command {
	for _, c := range commands {
		if err := c.Check(); err != nil {
			d.settle(i, workflow.Result{Err: writing(err)})
			return nil
		}
	}
	return commands
}

func (d *dispatch) wrote(res *bitrix24.BatchResult) {
	for i, e := range d.effects {
		if d.settled[i] {
			continue
		}
		switch {
		case e.Item != nil:
			d.results[i] = d.wroteItem(res, i, e.Item)
			continue
		case e.Task != nil:
			d.results[i] = d.wroteTask(res, i, e.Task)
			continue
		case e.Fields != nil:
			d.results[i].Err = d.wroteFields(res, i, e.Fields)
			continue
		}
		d.results[i].Err = writing(res.Err(key("do", i)))
	}
}
