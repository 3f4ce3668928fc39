package main

import (
	"cmp"
	"fmt"
	"slices"

	"acts24/acts"
)

func oneItem(s *state) (broken []string) {
	found := map[string][]int64{}
	for _, i := range s.Items {
		key := fmt.Sprint(i.Portal, " ", i.ActID)
		found[key] = append(found[key], i.ID)
	}
	for _, a := range s.Acts {
		key := fmt.Sprint(a.Portal, " ", a.ID)
		if items := found[key]; len(items) != 1 || items[0] != a.Item {
			broken = append(broken, fmt.Sprintf("act %s is linked to item %d, the portal has %v", ref{a.Portal, a.ID}, a.Item, items))
		}
		delete(found, key)
	}
	for key, items := range found {
		broken = append(broken, fmt.Sprintf("items %v of portal and act %s belong to no act", items, key))
	}
	return broken
}

func itemMatchesAct(s *state) (broken []string) {
	items := map[ref]item{}
	for _, i := range s.Items {
		items[ref{i.Portal, i.ID}] = i
	}
	for _, a := range s.Acts {
		i, ok := items[ref{a.Portal, a.Item}]
		if ok && (i.Stage != a.ItemStage || i.Rows != a.Lines) {
			broken = append(broken, fmt.Sprintf("item %d of act %s is in %s with %d rows, want %s with %d", i.ID, ref{a.Portal, a.ID}, i.Stage, i.Rows, a.ItemStage, a.Lines))
		}
	}
	return broken
}

// notInTimeline holds the kinds of history lines that are not written to the deal's timeline.
var notInTimeline = []string{"reminder", "letter", "task_ended", "wanted_number", "package", "closed", "stage_refused"}

func oneComment(s *state) (broken []string) {
	said := map[ref]int{}
	for _, c := range s.Comments {
		switch c.Kind {
		case "event":
			said[ref{c.Portal, c.Subject}]++
		case "":
			broken = append(broken, fmt.Sprintf("portal %d: the comment %q is nobody's", c.Portal, c.Text))
		}
	}
	for _, e := range s.Events {
		want := 1
		if slices.Contains(notInTimeline, e.Kind) {
			want = 0
		}
		if n := said[ref{e.Portal, e.ID}]; n != want {
			broken = append(broken, fmt.Sprintf("line %s (%s) has %d comments", ref{e.Portal, e.ID}, e.Kind, n))
		}
	}
	return broken
}

// statusExplained checks that the lines of history lead from the draft to the present status of every act.
func statusExplained(s *state) (broken []string) {
	at := map[ref]string{}
	for _, e := range s.Events {
		act := ref{e.Portal, e.Act}
		if e.From == e.To {
			continue
		}
		if was := cmp.Or(at[act], string(acts.StatusDraft)); was != e.From {
			broken = append(broken, s.recordViolation(act, "was %s, line %d changes it from %s", was, e.ID, e.From))
		}
		at[act] = e.To
	}
	for _, a := range s.Acts {
		act := ref{a.Portal, a.ID}
		if was := cmp.Or(at[act], string(acts.StatusDraft)); was != a.Status {
			broken = append(broken, s.recordViolation(act, "is %s, its history ends with %s", a.Status, was))
		}
	}
	return broken
}

func oneNotice(s *state) (broken []string) {
	seen := map[notification]bool{}
	for _, n := range s.Notifications {
		if seen[n] {
			broken = append(broken, fmt.Sprintf("portal %d, %s", n.Portal, n.Tag))
		}
		seen[n] = true
	}
	return broken
}

// firstStage is the first stage of the furnished deals.
const firstStage = "В работе"

// dealInStage derives the stage of a deal from the documents in SBIS and from the actions on paper only.
func dealInStage(s *state) (broken []string) {
	live := s.liveDocuments()
	paper := s.onPaper()
	ofDeal := map[ref][]acts.Act{}
	for _, a := range s.Acts {
		is := acts.Act{Status: acts.StatusDraft}
		for _, d := range live[ref{a.Portal, a.ID}] {
			is.Status = statusOf[d.State]
		}
		if status, ok := paper[ref{a.Portal, a.ID}]; ok {
			is.Status = status
		}
		ofDeal[ref{a.Portal, a.Deal}] = append(ofDeal[ref{a.Portal, a.Deal}], is)
	}
	revoked := s.dealsWithRevokedActs()
	byRobots := map[ref]bool{}
	for _, r := range s.RobotRuns {
		byRobots[ref{r.Portal, r.Deal}] = true
	}
	for _, d := range s.Deals {
		deal := ref{d.Portal, d.ID}
		if revoked[deal] || d.ByTriggers {
			continue
		}
		begin := firstStage
		if byRobots[deal] {
			begin = acts.StagePreparing.Name()
		}
		want := wantedStage(begin, ofDeal[deal], d.Covered)
		if d.Stage != want {
			broken = append(broken, fmt.Sprintf("deal %s is in «%s», its acts require «%s»", deal, d.Stage, want))
		}
	}
	return broken
}

// wantedStage is the rule of stages, written independently of acts.TargetStage: a deal whose acts require nothing is where it began.
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

func withinRowQuantity(s *state) (broken []string) {
	for _, d := range s.Deals {
		if d.Exceeded {
			broken = append(broken, "deal "+ref{d.Portal, d.ID}.String())
		}
	}
	return broken
}
