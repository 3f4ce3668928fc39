package crm

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"acts24/acts"
	"acts24/acts/automation"
	"acts24/integrations/bitrix24"
	"acts24/integrations/bitrix24/robots"
	"acts24/store"
	"acts24/workflow"
)

// noAdminToken is the problem of a portal whose token belongs to somebody who is no administrator, for the state page.
const noAdminToken = "Ключ портала принадлежит сотруднику без прав администратора: %s не зарегистрированы. Администратор должен открыть приложение в Битрикс24."

// planAutomation plans what is missing of our automation, and describes what the portal does not allow.
func (i *installer) planAutomation(res results) {
	i.planBadges(res)
	i.planRobots(res)
	i.planTriggers(res)
}

// planBadges plans the missing badges. A code that another app has taken is not changed: the badges are then not used.
func (i *installer) planBadges(res results) {
	var known bitrix24.BadgesResult
	if err := res.get("badges", &known); err != nil {
		i.recordUnreadable(err, "значки на канбане")
		return
	}
	a := &i.made.Automation
	for _, b := range automation.Badges {
		ours := bitrix24.Badge{Code: bitrix24.Text(b), Title: automation.BadgeTitle, Value: bitrix24.Text(b.Value()), Type: bitrix24.Text(b.Color())}
		at := slices.IndexFunc(known.Badges, func(k bitrix24.Badge) bool { return k.Code == ours.Code })
		switch {
		case at < 0:
			i.planCommand(workflow.PartAutomation, bitrix24.AddBadge(ours), "значок «%s»", b.Value())
		case known.Badges[at] != ours:
			a.Problems = append(a.Problems, fmt.Sprintf("Код значка %s занят другим приложением (значок «%s»): значки на канбане не показываются. "+
				"Удалите тот значок и откройте приложение ещё раз.", b, known.Badges[at].Value))
			delete(i.plan, workflow.PartAutomation)
			delete(i.planText, workflow.PartAutomation)
			return
		}
	}
	a.Badges = true
}

// planRobots plans the missing robots, and the update of robots that were registered with other texts or another address: the portal returns
// only their codes. Their calls carry the token of the administrator who opened the app last; a change of him is no news for people.
func (i *installer) planRobots(res results) {
	a := &i.made.Automation
	var known bitrix24.List[bitrix24.Text]
	if err := res.get("robots", &known); hasNoScope(err) {
		a.NoRight = true
		return
	} else if err != nil {
		i.recordUnreadable(err, "роботы")
		return
	}
	a.Robots, a.RobotsDigest, a.RobotsUser = true, i.robotsDigest(), i.portal.Automation.V.RobotsUser
	for _, r := range automation.Robots {
		d := robots.Draft{Code: r.Code, Name: r.Name, About: r.About, Handler: i.robotHandler(), User: bitrix24.ID(i.portal.Admin)}
		for _, p := range r.Properties {
			d.Properties = append(d.Properties, robots.Property(p))
		}
		for _, p := range automation.Results {
			d.Returns = append(d.Returns, robots.Property(p))
		}
		if !slices.Contains(known, bitrix24.Text(r.Code)) {
			i.planCommand(workflow.PartAutomation, robots.Add(d), "робот «%s»", r.Name)
		} else if i.portal.Automation.V.RobotsDigest != a.RobotsDigest {
			i.planCommand(workflow.PartAutomation, robots.Update(d), "робот «%s»", r.Name)
		} else if a.RobotsUser != i.portal.Admin {
			i.robotUsers = append(i.robotUsers, robots.Update(d).As(fmt.Sprintf("u%d", len(i.robotUsers))))
		}
	}
}

func (i *installer) robotHandler() string { return i.public + "/robots" }

// robotsDigest returns a digest of the texts and the address with which the robots are registered.
func (i *installer) robotsDigest() string {
	sum := sha256.Sum256(fmt.Append(nil, i.robotHandler(), automation.Robots, automation.Results))
	return hex.EncodeToString(sum[:8])
}

// hasNoScope reports whether the app lacks the right to a method.
func hasNoScope(err error) bool {
	var refusal *bitrix24.Error
	return errors.As(err, &refusal) && strings.EqualFold(refusal.Code, "insufficient_scope")
}

// planTriggers plans the missing and renamed triggers.
func (i *installer) planTriggers(res results) {
	var known bitrix24.List[bitrix24.Trigger]
	if err := res.get("triggers", &known); err != nil {
		i.recordUnreadable(err, "триггеры")
		return
	}
	i.made.Automation.Triggers = true
	for _, t := range automation.Triggers {
		ours := bitrix24.Trigger{Code: bitrix24.Text(t), Name: bitrix24.Text(t.Name())}
		if !slices.Contains(known, ours) {
			i.planCommand(workflow.PartAutomation, bitrix24.AddTrigger(string(t), t.Name()), "триггер «%s»", t.Name())
		}
	}
}

// recordUnreadable records why a part of the automation cannot be read.
func (i *installer) recordUnreadable(err error, what string) {
	a, text := &i.made.Automation, "Битрикс24 не дал прочитать "+what+" приложения."
	if bitrix24.IsAccessDenied(err) {
		a.NoAdmin, text = true, fmt.Sprintf(noAdminToken, what)
	}
	a.Problems = append(a.Problems, text)
}

// writeAutomation registers what is missing. A refusal is a problem for the state page and does not stop the installation.
func (i *installer) writeAutomation(ctx context.Context) error {
	plan, texts := i.plan[workflow.PartAutomation], i.planText[workflow.PartAutomation]
	if len(plan)+len(i.robotUsers) == 0 {
		return nil
	}
	res, err := i.run(ctx, singleGroups(slices.Concat(plan, i.robotUsers)...)...)
	if err != nil {
		return err
	}
	var made []string
	for n, c := range plan {
		err := res.get(c.Key, nil)
		switch {
		case err == nil:
			made = append(made, texts[n])
		case robots.IsDuplicate(err): // another installer was faster
		case !bitrix24.Refused(err):
			return fmt.Errorf("%s: %w", c.Method, err)
		default:
			i.recordRefusal(c.Method, err, texts[n])
		}
	}
	i.planText[workflow.PartAutomation] = made
	for _, c := range i.robotUsers {
		if err := res.get(c.Key, nil); err != nil && !bitrix24.Refused(err) {
			return fmt.Errorf("%s: %w", c.Method, err)
		} else if err != nil {
			i.recordRefusal(c.Method, err, "роботов")
			break
		}
	}
	if a := &i.made.Automation; a.Robots {
		a.RobotsUser = i.portal.Admin
	}
	return nil
}

// recordRefusal records what the portal did not register.
func (i *installer) recordRefusal(method string, err error, what string) {
	a := &i.made.Automation
	a.NoAdmin = a.NoAdmin || bitrix24.IsAccessDenied(err)
	switch {
	case strings.HasPrefix(method, "bizproc.robot."):
		a.Robots, a.RobotsDigest = false, ""
	case strings.HasPrefix(method, "crm.automation.trigger."):
		a.Triggers = false
	default:
		a.Badges = false
	}
	var refusal *bitrix24.Error
	text := "Битрикс24 не зарегистрировал " + what
	if errors.As(err, &refusal) && refusal.Text != "" {
		text += " (" + stripTags(refusal.Text) + ")"
	}
	a.Problems = append(a.Problems, text+". Когда администратор откроет приложение, попытка повторится.")
}

// needsBadgeLookup reports whether our activity must be searched: an earlier attempt may have created it.
func needsBadgeLookup(e workflow.Effect) bool { return e.Badge.Activity == 0 && e.Unclear }

// applyBadgeLookup finds the activity of an unclear creation by our key.
func (d *delivery) applyBadgeLookup(res *bitrix24.BatchResult, i int, change *workflow.BadgeChange) {
	var found bitrix24.List[bitrix24.Activity]
	if err := res.Get(key("look", i), &found); err != nil {
		d.finish(i, workflow.Result{Err: readError(err)})
		return
	}
	for _, a := range found {
		if a.OriginatorID == originator && string(a.OriginID) == change.Key {
			change.Activity = int64(a.ID)
			return
		}
	}
}

// badgeCommand returns the command that creates or updates the activity, and false for a badge that was never shown and needs none.
func badgeCommand(w *workflow.BadgeChange) (bitrix24.Command, bool) {
	draft := bitrix24.CardDraft{OwnerType: bitrix24.DealType, OwnerID: bitrix24.ID(w.Deal), Title: automation.BadgeTitle + ": подписаны", Text: w.Text,
		Badge: string(w.Badge), Completed: w.Badge == "", Responsible: bitrix24.ID(w.Responsible), Originator: originator, Origin: w.Key}
	if w.Badge != "" {
		draft.Title = automation.BadgeTitle + ": " + w.Badge.Value()
	}
	if w.Activity != 0 {
		return bitrix24.UpdateCard(bitrix24.ID(w.Activity), draft), true
	}
	return bitrix24.AddCard(draft), w.Badge != ""
}

// badgeResult returns the id of the activity. After a person has deleted it, the result makes the next attempt
// create another if a badge is to be shown.
func (d *delivery) badgeResult(res *bitrix24.BatchResult, i int, w *workflow.BadgeChange) workflow.Result {
	var got bitrix24.CardResult
	err := res.Get(key("do", i), &got)
	switch {
	case err == nil:
		return workflow.Result{Activity: int64(got.Activity.ID)}
	case w.Activity != 0 && bitrix24.IsNotFound(err) && w.Badge == "":
		return workflow.Result{}
	case w.Activity != 0 && bitrix24.IsNotFound(err):
		return workflow.Result{Gone: true}
	}
	return workflow.Result{Err: writeError(err)}
}

// ParseRobotCall decodes the call of a robot that a portal posted; nothing in it is verified.
func (a *Adapter) ParseRobotCall(form url.Values) (workflow.RobotCall, error) {
	c, err := robots.DecodeCall(form)
	if err != nil {
		return workflow.RobotCall{}, err
	}
	return workflow.RobotCall{Member: c.Auth.MemberID, Application: c.Auth.ApplicationToken, Access: c.Auth.AccessToken, Token: c.Token, Robot: c.Code,
		Deal: acts.DealID(c.Deal), Properties: c.Properties}, nil
}

// LastMove returns the id of the newest entry in the history of a deal's stages, 0 when there is none.
func (a *Adapter) LastMove(ctx context.Context, p store.Portal, deal acts.DealID) (int64, error) {
	client, err := a.asPortal(p, nil)
	if err != nil {
		return 0, err
	}
	var moves bitrix24.StageMovesResult
	if err := client.Run(ctx, bitrix24.ListStageMoves(bitrix24.DealType, bitrix24.ID(deal)), &moves); err != nil || len(moves.Items) == 0 {
		return 0, readError(err)
	}
	return int64(moves.Items[0].ID), nil
}

// RunTrigger executes a trigger of ours for a deal. It is sent in a batch, where the portal's refusal of one trigger does not count as a failure of
// the portal.
func (a *Adapter) RunTrigger(ctx context.Context, p store.Portal, t automation.Trigger, deal acts.DealID, checkLease func(context.Context) error) error {
	client, err := a.asPortal(p, checkLease)
	if err != nil {
		return err
	}
	if err := checkLease(ctx); err != nil {
		return err
	}
	res, err := client.Batch(ctx, []bitrix24.Command{bitrix24.ExecuteTrigger(string(t), bitrix24.DealType, bitrix24.ID(deal)).As("do")}, false)
	if err != nil {
		return writeError(err)
	}
	return writeError(res.Err("do"))
}
