package rules

import (
	"cmp"
	"fmt"
	"slices"

	"acts24/acts"
	"acts24/acts/automation"
)

func oneItemPerAct(s *State) (broken []string) {
	found := map[string][]int64{}
	for _, i := range s.Items {
		key := fmt.Sprint(i.Portal, " ", i.ActID)
		found[key] = append(found[key], i.ID)
	}
	for _, a := range s.Acts {
		key := fmt.Sprint(a.Portal, " ", a.ID)
		if items := found[key]; len(items) != 1 || items[0] != a.Item {
			broken = append(broken, fmt.Sprintf("act %s is linked to item %d, the portal has %v", Ref{a.Portal, a.ID}, a.Item, items))
		}
		delete(found, key)
	}
	for key, items := range found {
		broken = append(broken, fmt.Sprintf("items %v of portal and act %s belong to no act", items, key))
	}
	return broken
}

func itemMatchesAct(s *State) (broken []string) {
	items := map[Ref]Item{}
	for _, i := range s.Items {
		items[Ref{i.Portal, i.ID}] = i
	}
	for _, a := range s.Acts {
		i, ok := items[Ref{a.Portal, a.Item}]
		if ok && (i.Stage != a.ItemStage || i.Rows != a.Lines) {
			broken = append(broken, fmt.Sprintf("item %d of act %s is in %s with %d rows, want %s with %d", i.ID, Ref{a.Portal, a.ID}, i.Stage, i.Rows, a.ItemStage, a.Lines))
		}
	}
	return broken
}

// notInTimeline holds the kinds of history lines that are not written to the deal's timeline.
var notInTimeline = []string{"reminder", "letter", "task_ended", "wanted_number", "package", "closed", "stage_refused"}

func oneCommentPerEvent(s *State) (broken []string) {
	comments := map[Ref]int{} // by event
	for _, c := range s.Comments {
		switch c.Kind {
		case "event":
			comments[Ref{c.Portal, c.Subject}]++
		case "":
			broken = append(broken, fmt.Sprintf("the database does not have the comment %q of %s of portal %d", c.Text, c.Owner, c.Portal))
		}
	}
	for _, e := range s.Events {
		want := 1
		if slices.Contains(notInTimeline, e.Kind) {
			want = 0
		}
		if n := comments[Ref{e.Portal, e.ID}]; n != want {
			broken = append(broken, fmt.Sprintf("line %s (%s) has %d comments, want %d", Ref{e.Portal, e.ID}, e.Kind, n, want))
		}
	}
	return broken
}

// statusExplained checks that the lines of history lead from the draft to the present status of every act.
func statusExplained(s *State) (broken []string) {
	at := map[Ref]string{}
	for _, e := range s.Events {
		act := Ref{e.Portal, e.Act}
		if e.From == e.To {
			continue
		}
		if was := cmp.Or(at[act], string(acts.StatusDraft)); was != e.From {
			broken = append(broken, s.recordViolation(act, "was %s, line %d changes it from %s", was, e.ID, e.From))
		}
		at[act] = e.To
	}
	for _, a := range s.Acts {
		act := Ref{a.Portal, a.ID}
		if was := cmp.Or(at[act], string(acts.StatusDraft)); was != a.Status {
			broken = append(broken, s.recordViolation(act, "is %s, its history ends with %s", a.Status, was))
		}
	}
	return broken
}

func noDuplicateNotification(s *State) (broken []string) {
	seen := map[Notification]bool{}
	for _, n := range s.Notifications {
		if seen[n] {
			broken = append(broken, fmt.Sprintf("portal %d has another notification with the tag %s", n.Portal, n.Tag))
		}
		seen[n] = true
	}
	return broken
}

// firstStage is the stage at which the deals of the world begin.
const firstStage = "В работе"

// dealInStage derives the stage of a deal from the documents in SBIS and from the actions on paper only.
func dealInStage(s *State) (broken []string) {
	status := s.wantedStatuses()
	ofDeal := map[Ref][]acts.Act{}
	for _, a := range s.Acts {
		deal := Ref{a.Portal, a.Deal}
		ofDeal[deal] = append(ofDeal[deal], acts.Act{Status: status[Ref{a.Portal, a.ID}]})
	}
	revoked := s.dealsWithRevokedActs()
	robotDeals := map[Ref]bool{}
	for _, r := range s.RobotRuns {
		robotDeals[Ref{r.Portal, r.Deal}] = true
	}
	for _, d := range s.Deals {
		deal := Ref{d.Portal, d.ID}
		if revoked[deal] || d.ByTriggers {
			continue
		}
		begin := firstStage
		if robotDeals[deal] {
			begin = acts.StagePreparing.Name()
		}
		want := wantedStage(begin, ofDeal[deal], d.Covered)
		if d.Stage != want {
			broken = append(broken, fmt.Sprintf("deal %s is in «%s», its acts require «%s»", deal, d.Stage, want))
		}
	}
	return broken
}

// wantedStage returns the stage that the acts of a deal require, without acts.TargetStage: a deal whose acts require nothing is where it began.
func wantedStage(begin string, all []acts.Act, covered bool) string {
	sent, done := 0, 0
	for _, a := range all {
		switch a.Status {
		case acts.StatusRefused:
			return acts.StageRemarks.Name()
		case acts.StatusSigned, acts.StatusAcceptedUnsigned:
			done++
			sent++
		case acts.StatusSent:
			sent++
		}
	}
	switch {
	case covered && done == len(all) && done > 0:
		return acts.StageDone.Name()
	case sent > 0:
		return acts.StageSent.Name()
	}
	return begin
}

func withinRowQuantity(s *State) (broken []string) {
	for _, d := range s.Deals {
		if d.Exceeded {
			broken = append(broken, fmt.Sprintf("the acts of deal %s contain more of a row than its quantity", Ref{d.Portal, d.ID}))
		}
	}
	return broken
}

// oneBadgePerDeal checks that the badge of a deal follows from its acts, and that one activity carries it whatever happened.
func oneBadgePerDeal(s *State) (broken []string) {
	status := s.wantedStatuses()
	has := map[Ref]map[acts.Status]bool{}
	for _, a := range s.Acts {
		deal := Ref{a.Portal, a.Deal}
		if has[deal] == nil {
			has[deal] = map[acts.Status]bool{}
		}
		has[deal][status[Ref{a.Portal, a.ID}]] = true
	}
	for _, b := range s.Badges {
		deal, want := Ref{b.Portal, b.Deal}, ""
		switch in := has[Ref{b.Portal, b.Deal}]; {
		case in[acts.StatusRefused]:
			want = automation.BadgeRefused.Value()
		case in[acts.StatusSent], in[acts.StatusAcceptedUnsigned]:
			want = automation.BadgeUnsigned.Value()
		}
		if b.Shown != want || b.Activities > 1 {
			broken = append(broken, fmt.Sprintf("deal %s shows %q by %d activities, its acts require %q", deal, b.Shown, b.Activities, want))
		}
	}
	return broken
}
