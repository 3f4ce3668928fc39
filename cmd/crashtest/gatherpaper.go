package main

import (
	"context"
	"fmt"
	"strconv"

	"acts24/acts"
	"acts24/acts/letters"
	"acts24/integrations/bitrix24/bitrix24test"
)

const (
	letterRows   = `SELECT portal_id, id, act_id, purpose, state, deal_id, question_id FROM letters ORDER BY id`
	reminderRows = `
		SELECT portal_id, id, act_id, kind, format('acts24-%s-%s', portal_id, id), due_at <= clock_timestamp() AND NOT paused,
			sent_at IS NOT NULL, closed_at IS NOT NULL, task_done, task_id FROM reminders ORDER BY id`
	copyRows = `
		SELECT c.portal_id, c.act_id, c.side, encode(f.sha256, 'hex'), c.crm_file_id FROM act_files c
		JOIN files f ON f.portal_id = c.portal_id AND f.id = c.file_id WHERE c.current ORDER BY f.id`
)

// asking reads the questions to counterparties and their answers.
func (g *collector) asking(ctx context.Context) error {
	f := &g.found
	return firstError(
		g.each(ctx, `SELECT portal_id, deal_id, source FROM answers ORDER BY id`, func(row scan) error {
			var a answerRow
			err := row(&a.Portal, &a.Deal, &a.Source)
			a.Card, _ = g.harness.world.Portals[a.Portal].Item(bitrix24test.Deal, a.Deal)["ufCrmDealActsExchange"].(string)
			f.Answers = append(f.Answers, a)
			return err
		}),
		g.each(ctx, `SELECT portal_id, id, user_id, incident_id FROM messages ORDER BY id`, func(row scan) error {
			var m sentMessage
			err := row(&m.Portal, &m.ID, &m.User, &m.Incident)
			f.Messages = append(f.Messages, m)
			return err
		}))
}

// paper reads the data of paper acts.
func (g *collector) paper(ctx context.Context) error {
	f := &g.found
	return firstError(
		g.each(ctx, letterRows, func(row scan) error {
			var l letterRow
			err := row(&l.Portal, &l.ID, &l.Act, &l.Purpose, &l.State, &l.Deal, &l.Question)
			f.Letters = append(f.Letters, l)
			return err
		}),
		g.each(ctx, reminderRows, func(row scan) error {
			var r reminder
			err := row(&r.Portal, &r.ID, &r.Act, &r.Kind, &r.Key, &r.Due, &r.Sent, &r.Closed, &r.Ended, &r.Task)
			f.Reminders = append(f.Reminders, r)
			return err
		}),
		g.each(ctx, copyRows, func(row scan) error {
			var c copyRow
			err := row(&c.Portal, &c.Act, &c.Side, &c.Sum, &c.InCard)
			f.Copies = append(f.Copies, c)
			return err
		}))
}

// mail counts how often every letter was sent.
func (g *collector) mail(n int, p *bitrix24test.Portal) {
	origin := map[string]string{}
	for _, a := range p.Activities() {
		origin[fmt.Sprint(a["ID"])] = fmt.Sprint(a["ORIGIN_ID"])
	}
	went := map[string]int{}
	for _, l := range p.Letters() {
		went[origin[fmt.Sprint(l.Activity)]]++
	}
	for i, l := range g.found.Letters {
		for _, key := range []string{letters.Key(l.ID), letters.ReminderKey(l.ID, acts.ActID(l.Act))} {
			if l.Portal == n {
				g.found.Letters[i].Went += went[key]
				delete(went, key)
			}
		}
	}
	for key, times := range went {
		g.found.StrayLetters = append(g.found.StrayLetters, fmt.Sprintf("portal %d, key «%s», %d times", n, key, times))
	}
}

// taskCompleted is the status of a completed task in a portal, as bitrix24test has it.
const taskCompleted = "5"

// statusTasksOf returns the tasks of a portal, which are all status tasks.
func statusTasksOf(portal int, p *bitrix24test.Portal) (tasks []statusTask) {
	for _, t := range p.Tasks() {
		id, _ := strconv.ParseInt(fmt.Sprint(t["id"]), 10, 64) // the fake portal has given it
		tasks = append(tasks, statusTask{portal, id, fmt.Sprint(t["xmlId"]), t["status"] == taskCompleted})
	}
	return tasks
}

// cards reads the file fields of the items.
func (g *collector) cards(n int, p *bitrix24test.Portal, itemType int) {
	side := map[string]acts.Side{acts.SideOurs.Label(): acts.SideOurs, acts.SideTheirs.Label(): acts.SideTheirs, acts.SideSigned.Label(): acts.SideSigned}
	for _, field := range p.ItemFields(itemType) {
		if side[field.Title] == "" {
			continue
		}
		for _, item := range p.Items(itemType) {
			files, _ := item[field.Name].([]any)
			for _, f := range files {
				link, _ := f.(map[string]any)
				number, _ := link["id"].(float64)
				id := int64(number)
				file, _ := p.File(id)
				g.found.CardFiles = append(g.found.CardFiles, cardFile{n, int64(item["id"].(float64)), side[field.Title], id, sumOf(file.Data)})
			}
		}
	}
}
