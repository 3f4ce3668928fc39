package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"

	"acts24/acts"
	"acts24/acts/letters"
	"acts24/cmd/crashtest/rules"
	"acts24/integrations/bitrix24/bitrix24test"
)

const (
	letterRows   = `SELECT portal_id, id, act_id, purpose, state, deal_id, question_id FROM letters ORDER BY id`
	reminderRows = `
		SELECT portal_id, id, act_id, kind, format('acts24-%s-%s', portal_id, id), due_at <= clock_timestamp() AND NOT paused,
			sent_at IS NOT NULL, closed_at IS NOT NULL, task_id FROM reminders ORDER BY id`
	copyRows = `
		SELECT c.portal_id, c.act_id, c.side, encode(f.sha256, 'hex'), c.crm_file_id FROM act_files c
		JOIN files f ON f.portal_id = c.portal_id AND f.id = c.file_id WHERE c.current ORDER BY f.id`
)

// readQuestions reads the answers of counterparties and the messages about deals.
func (g *collector) readQuestions(ctx context.Context) error {
	f := &g.found
	return errors.Join(
		g.eachRow(ctx, `SELECT portal_id, deal_id, source FROM answers ORDER BY id`, func(row scan) error {
			var a rules.Answer
			err := row(&a.Portal, &a.Deal, &a.Source)
			a.Card, _ = g.harness.world.Portals[a.Portal].Item(bitrix24test.Deal, a.Deal)["ufCrmDealActsExchange"].(string)
			f.Answers = append(f.Answers, a)
			return err
		}),
		readRows(ctx, g, `SELECT portal_id, id, user_id, incident_id, notice_id FROM messages ORDER BY id`, &f.Messages, func(m *rules.Message) (*int, []any) {
			return &m.Portal, []any{&m.ID, &m.User, &m.Incident, &m.Notice}
		}))
}

// readPaper reads letters, reminders and copies of acts.
func (g *collector) readPaper(ctx context.Context) error {
	f := &g.found
	return errors.Join(
		readRows(ctx, g, letterRows, &f.Letters, func(l *rules.Letter) (*int, []any) {
			return &l.Portal, []any{&l.ID, &l.Act, &l.Purpose, &l.State, &l.Deal, &l.Question}
		}),
		readRows(ctx, g, reminderRows, &f.Reminders, func(r *rules.Reminder) (*int, []any) {
			return &r.Portal, []any{&r.ID, &r.Act, &r.Kind, &r.Key, &r.Due, &r.Sent, &r.Closed, &r.Task}
		}),
		readRows(ctx, g, copyRows, &f.Copies, func(c *rules.Copy) (*int, []any) {
			return &c.Portal, []any{&c.Act, &c.Side, &c.Sum, &c.CardFileID}
		}))
}

// countLetters counts how often a portal has sent each letter of the database, and lists those that are not in it.
func (g *collector) countLetters(n int, p *bitrix24test.Portal) {
	origin := map[string]string{}
	for _, a := range p.Activities() {
		origin[fmt.Sprint(a["ID"])] = fmt.Sprint(a["ORIGIN_ID"])
	}
	sent := map[string]int{}
	for _, l := range p.Letters() {
		sent[origin[fmt.Sprint(l.Activity)]]++
	}
	for i, l := range g.found.Letters {
		for _, key := range []string{letters.Key(l.ID), letters.ReminderKey(l.ID, acts.ActID(l.Act))} {
			if l.Portal == n {
				g.found.Letters[i].TimesSent += sent[key]
				delete(sent, key)
			}
		}
	}
	for key, times := range sent {
		g.found.StrayLetters = append(g.found.StrayLetters, fmt.Sprintf("portal %d, key «%s», %d times", n, key, times))
	}
}

// taskCompleted is the status of a completed task in a portal, as bitrix24test has it.
const taskCompleted = "5"

// statusTasksOf returns the tasks of a portal, which are all status tasks.
func statusTasksOf(portal int, p *bitrix24test.Portal) (tasks []rules.StatusTask) {
	for _, t := range p.Tasks() {
		id, _ := strconv.ParseInt(fmt.Sprint(t["id"]), 10, 64) // the fake portal has given it
		tasks = append(tasks, rules.StatusTask{Portal: portal, ID: id, Key: fmt.Sprint(t["xmlId"]), Ended: t["status"] == taskCompleted})
	}
	return tasks
}

// readCardFiles reads the file fields of the items.
func (g *collector) readCardFiles(n int, p *bitrix24test.Portal, itemType int) {
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
				g.found.CardFiles = append(g.found.CardFiles, rules.CardFile{Portal: n, Item: int64(item["id"].(float64)), Side: side[field.Title], ID: id, Sum: sumOf(file.Data)})
			}
		}
	}
}

// sumOf returns the SHA-256 of data in hexadecimal.
func sumOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
