package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"acts24/acts"
	"acts24/cmd/crashtest/rules"
	"acts24/integrations/bitrix24/bitrix24test"
)

// readPortal reads what a portal has: items, letters, tasks, files, badges, comments and notifications.
func (g *collector) readPortal(ctx context.Context, n int, p *bitrix24test.Portal) error {
	var itemType int
	err := g.harness.db.QueryRowContext(ctx, `SELECT entity_type_id FROM portals WHERE member_id = $1`, p.MemberID()).Scan(&itemType)
	if err != nil {
		return err
	}
	for _, f := range p.Items(itemType) {
		act, ours := strings.CutPrefix(fmt.Sprint(f["xmlId"]), "acts24-")
		if !ours {
			continue
		}
		id := int64(f["id"].(float64))
		g.found.Items = append(g.found.Items, rules.Item{Portal: n, ID: id, ActID: act, Stage: fmt.Sprint(f["stageId"]), Rows: len(p.Rows(itemType, id))})
	}
	g.countLetters(n, p)
	g.found.StatusTasks = append(g.found.StatusTasks, statusTasksOf(n, p)...)
	g.readCardFiles(n, p, itemType)
	g.readBadges(n, p)
	for _, c := range p.Timeline() {
		ours := g.ourComments[rules.Ref{Portal: n, ID: c.ID}]
		g.found.Comments = append(g.found.Comments, rules.Comment{Portal: n, Owner: c.Owner, Text: c.Text, Kind: ours.Kind, Subject: ours.Subject})
	}
	for _, m := range p.Notifications() {
		g.found.Notifications = append(g.found.Notifications, rules.Notification{Portal: n, Tag: m.Tag})
	}
	return nil
}

// readSBIS reads the documents in SBIS.
func (g *collector) readSBIS() {
	portals := g.harness.portalsByLogin()
	for _, listed := range g.harness.world.SBIS.Documents() {
		d, _ := g.harness.world.SBIS.Document(listed.ID) // with its events
		found := rules.Document{Portal: portals[d.Account], ID: d.ID, Number: d.Number, State: d.State, Deleted: d.Deleted, Comment: d.Comment}
		found.SignedByHand = signingOf(found.Portal) == acts.SigningManual
		for _, e := range d.Events {
			switch e.Name {
			case "Отправка":
				found.Sendings++
			case "Отзыв документа":
				found.OurRequests++
				found.OurRecalls++
			case "Отправка соглашения об аннулировании":
				found.OurRequests++
				found.Proposals++
			case "Получение соглашения об аннулировании":
				found.Proposals++
			case "Отказ в аннулировании":
				found.Answers++
			case "Уведомление об уточнении":
				found.Refused = true
			case "Документ аннулирован":
				found.Annulled = true
				found.Answers++
			}
			found.Events = append(found.Events, fmt.Sprintf("%s %s by %q: «%s» %s", e.At.UTC().Format("15:04:05.000"), e.Name, e.Performer, e.State, e.Comment))
		}
		g.found.Documents = append(g.found.Documents, found)
	}
}

// disallowedCall describes what the specification does not allow in a call, "" for an allowed one. The fake portal distinguishes the
// fields of every entity type (item-fields.json, its own tests), silently ignores unknown ones like the real
// portal, and refuses unknown methods, arguments and filters.
func disallowedCall(line bitrix24test.Line) string {
	switch {
	case line.Fault != "":
		return ""
	case len(line.Ignored) > 0:
		return line.Method + " ignores " + strings.Join(line.Ignored, ", ")
	case line.Error == "INVALID_ARG_VALUE" || line.Error == "ERROR_ARGUMENT" || line.Error == "ERROR_METHOD_NOT_FOUND":
		return line.Method + " refused with " + line.Error
	}
	return ""
}

// countRefusedCalls counts calls that the portals do not accept, and refusals because of limits.
func (g *collector) countRefusedCalls() {
	g.found.LimitRefusals, g.found.DisallowedCalls = map[string]int{}, map[string]int{}
	for _, line := range g.harness.world.Cloud.Trace().Lines() {
		if what := disallowedCall(line); what != "" {
			g.found.DisallowedCalls[what]++
		}
		if line.Fault == "" && (line.Error == "QUERY_LIMIT_EXCEEDED" || line.Error == "OPERATION_TIME_LIMIT") {
			g.found.LimitRefusals[line.Error]++
		}
	}
	for _, line := range g.harness.world.SBIS.Trace().Lines() {
		if line.Status == http.StatusTooManyRequests {
			g.found.LimitRefusals["СБИС 429"]++
		}
	}
}

// readBadges reads the badges of the deals of a portal.
func (g *collector) readBadges(n int, p *bitrix24test.Portal) {
	carriers := map[string]int{}
	for _, a := range p.Activities() {
		carriers[fmt.Sprint(a["ORIGIN_ID"])]++
	}
	for _, d := range g.found.Deals {
		if d.Portal != n {
			continue
		}
		shown, _ := p.Automation.BadgeOf(d.ID)
		g.found.Badges = append(g.found.Badges, rules.Badge{Portal: n, Deal: d.ID, Shown: shown.Value, Activities: carriers[fmt.Sprintf("acts24-badge-%d", d.ID)]})
	}
}
