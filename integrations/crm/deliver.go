package crm

import (
	"context"
	"fmt"
	"slices"

	"acts24/acts"
	"acts24/integrations/bitrix24"
	"acts24/integrations/bitrix24/robots"
	"acts24/store"
	"acts24/workflow"
)

// commandCount returns the largest number of commands that an effect needs: an item is written with its product rows.
func commandCount(e workflow.Effect) int {
	if e.Item != nil || e.Fields != nil {
		return 2
	}
	return 1
}

// batchSize returns how many of the effects fit into one batch.
func batchSize(effects []workflow.Effect) int {
	left := bitrix24.MaxBatch
	for n, e := range effects {
		if left -= commandCount(e); left < 0 {
			return n
		}
	}
	return len(effects)
}

// Deliver writes effects in as few calls as possible: one batch that reads, if necessary, and one that writes.
func (a *Adapter) Deliver(ctx context.Context, p store.Portal, effects []workflow.Effect, checkLease func(context.Context) error) []workflow.Result {
	results := make([]workflow.Result, 0, len(effects))
	for len(effects) > 0 {
		n := batchSize(effects)
		results = append(results, a.deliver(ctx, p, effects[:n], checkLease)...)
		effects = effects[n:]
	}
	return results
}

func (a *Adapter) deliver(ctx context.Context, p store.Portal, effects []workflow.Effect, checkLease func(context.Context) error) []workflow.Result {
	d := newDelivery(p, effects)
	client, err := a.asPortal(p, checkLease)
	if err != nil {
		return d.failRest(err)
	}
	if !a.cfg.Patient && slices.ContainsFunc(effects, isMove) {
		d.postponeMoves(a.budget(p, background).check(ctx, updateMethod))
	}
	return d.run(ctx, client, checkLease)
}

// updateMethod is the method that moves a deal.
const updateMethod = "crm.item.update"

func isMove(e workflow.Effect) bool { return e.Stage != nil }

// postponeMoves finishes moves of deals with the error of a limit that forbids to write them, so that they are not
// read either.
func (d *delivery) postponeMoves(err error) {
	for i, e := range d.effects {
		if err != nil && isMove(e) {
			d.finish(i, workflow.Result{Err: err})
		}
	}
}

// run sends the batch that reads, then the batch that writes what is still needed.
func (d *delivery) run(ctx context.Context, client *bitrix24.Client, checkLease func(context.Context) error) []workflow.Result {
	if lookups := d.lookups(); len(lookups) > 0 {
		res, err := client.Batch(ctx, lookups, false)
		if err != nil {
			return d.failRest(readError(err))
		}
		d.applyLookups(ctx, client, res)
	}
	writes := d.writeCommands()
	if len(writes) == 0 {
		return d.results
	}
	if err := checkLease(ctx); err != nil {
		return d.failRest(err)
	}
	res, err := client.Batch(ctx, writes, false)
	if err != nil {
		return d.failRest(writeError(err))
	}
	d.applyWrites(res)
	return d.results
}

// delivery is the delivery of effects that fit into one batch.
type delivery struct {
	portal   store.Portal
	effects  []workflow.Effect
	results  []workflow.Result
	finished []bool        // its result is final
	notes    []bitrix24.ID // comments that were found to be notes of this delivery
}

func newDelivery(p store.Portal, effects []workflow.Effect) *delivery {
	return &delivery{portal: p, effects: effects, results: make([]workflow.Result, len(effects)), finished: make([]bool, len(effects))}
}

// failRest sets the error of every unfinished effect.
func (d *delivery) failRest(err error) []workflow.Result {
	for i := range d.results {
		if !d.finished[i] {
			d.results[i].Err = err
		}
	}
	return d.results
}

func (d *delivery) finish(i int, r workflow.Result) {
	d.results[i], d.finished[i] = r, true
}

// key returns the key of a command of effect i: what is "look", "do", "rows" or "party".
func key(what string, i int) string { return fmt.Sprintf("%s%d", what, i) }

// lookups returns the reading commands: the stage of a deal, and what an unclear attempt may have created.
func (d *delivery) lookups() []bitrix24.Command {
	var commands []bitrix24.Command
	for i, e := range d.effects {
		switch {
		case d.finished[i]:
		case e.Stage != nil:
			commands = append(commands, bitrix24.GetItem(bitrix24.DealType, bitrix24.ID(e.Stage.Deal)).As(key("look", i)))
		case e.Item != nil && e.Item.Act.Item == 0 && e.Unclear:
			commands = append(commands, bitrix24.ListItems(bitrix24.ItemQuery{Type: d.itemType(), Select: []string{"*"},
				Filter: bitrix24.Params{"=xmlId": itemKey(e.Item.Act)}}).As(key("look", i)))
		case e.Note != nil && e.Unclear:
			commands = append(commands, bitrix24.ListComments(bitrix24.DealType, bitrix24.ID(e.Note.Deal), 0).As(key("look", i)))
		case e.Badge != nil && needsBadgeLookup(e):
			commands = append(commands, bitrix24.ListCards(bitrix24.DealType, bitrix24.ID(e.Badge.Deal)).As(key("look", i)))
		case e.Task != nil && needsTaskLookup(e):
			commands = append(commands, bitrix24.ListTasks(tasksOf(e.Task)).As(key("look", i)))
		}
	}
	return commands
}

func (d *delivery) applyLookups(ctx context.Context, client *bitrix24.Client, res *bitrix24.BatchResult) {
	for i, e := range d.effects {
		switch {
		case d.finished[i]:
		case e.Stage != nil:
			d.applyDealLookup(res, i, e.Stage)
		case e.Item != nil && e.Item.Act.Item == 0 && e.Unclear:
			d.applyItemLookup(res, i, e.Item)
		case e.Note != nil && e.Unclear:
			d.applyCommentLookup(ctx, client, res, i, e.Note)
		case e.Badge != nil && needsBadgeLookup(e):
			d.applyBadgeLookup(res, i, e.Badge)
		case e.Task != nil && needsTaskLookup(e):
			d.applyTaskLookup(ctx, client, res, i, e.Task)
		}
	}
}

func (d *delivery) applyDealLookup(res *bitrix24.BatchResult, i int, change *workflow.StageChange) {
	var got bitrix24.ItemResult[bitrix24.Deal]
	if err := res.Get(key("look", i), &got); err != nil {
		d.finish(i, workflow.Result{Err: readError(err)})
		return
	}
	r := workflow.Result{Stage: string(got.Item.StageID), Final: got.Item.StageSemantics == "S" || got.Item.StageSemantics == "F"}
	to := change.Decide(r.Stage, r.Final)
	if to == "" {
		d.finish(i, r)
		return
	}
	r.Moved, r.Stage, r.DealRead = true, to, got.Item.UpdatedTime.Time
	d.results[i] = r
}

func (d *delivery) applyItemLookup(res *bitrix24.BatchResult, i int, change *workflow.ItemChange) {
	var got bitrix24.ItemsResult[bitrix24.Item]
	if err := res.Get(key("look", i), &got); err != nil {
		d.finish(i, workflow.Result{Err: readError(err)})
		return
	}
	if len(got.Items) > 0 { // it was created, so it is updated
		change.Act.Item = acts.ItemID(got.Items[0].ID)
		change.Base = nil
	}
}

// writeCommands returns the changing commands of all unfinished effects.
func (d *delivery) writeCommands() []bitrix24.Command {
	var all []bitrix24.Command
	for i, e := range d.effects {
		if d.finished[i] {
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
		case e.Badge != nil:
			c, needed := badgeCommand(e.Badge)
			if !needed {
				d.finish(i, workflow.Result{})
				continue
			}
			commands = append(commands, c.As(key("do", i)))
		case e.Robot != nil:
			commands = append(commands, robots.SendResult(e.Robot.Token, e.Robot.Values, e.Robot.Text).As(key("do", i)))
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

// sendable returns the commands of an effect. When one of them cannot be encoded, it finishes the effect with the error and returns none, so that
// the other effects are still sent.
func (d *delivery) sendable(i int, commands []bitrix24.Command) []bitrix24.Command {
	for _, c := range commands {
		if err := c.Check(); err != nil {
			d.finish(i, workflow.Result{Err: writeError(err)})
			return nil
		}
	}
	return commands
}

// movedDeal returns the deal as the portal has it after a move, nil when the move has failed or the answer has no time.
func (d *delivery) movedDeal(res *bitrix24.BatchResult, i int) *store.DealSummary {
	var got bitrix24.ItemResult[bitrix24.Deal]
	if res.Get(key("do", i), &got) != nil || got.Item.UpdatedTime.IsZero() {
		return nil
	}
	return &dealSummaries(d.portal, []bitrix24.Deal{got.Item})[0]
}

func (d *delivery) applyWrites(res *bitrix24.BatchResult) {
	for i, e := range d.effects {
		if d.finished[i] {
			continue
		}
		switch {
		case e.Item != nil:
			d.results[i] = d.itemResult(res, i, e.Item)
			continue
		case e.Badge != nil:
			d.results[i] = d.badgeResult(res, i, e.Badge)
			continue
		case e.Task != nil:
			d.results[i] = d.taskResult(res, i, e.Task)
			continue
		case e.Fields != nil:
			d.results[i].Err = d.fieldsError(res, i, e.Fields)
			continue
		case e.Note != nil:
			d.results[i] = d.noteResult(res, i)
			continue
		case e.Stage != nil:
			d.results[i].DealMoved = d.movedDeal(res, i)
		}
		d.results[i].Err = writeError(res.Err(key("do", i)))
	}
}
