package main

import (
	"fmt"
	"strings"

	"acts24/acts"
	"acts24/acts/automation"
	"acts24/integrations/bitrix24/bitrix24test"
)

// badgeRow is what the kanban shows of a deal, and the number of our activities that can carry it.
type badgeRow struct {
	Portal     int
	Deal       int64
	Shown      string
	Activities int
}

// badges reads the badges of the deals of a portal.
func (g *collector) badges(n int, p *bitrix24test.Portal) {
	carriers := map[string]int{}
	for _, a := range p.Activities() {
		carriers[fmt.Sprint(a["ORIGIN_ID"])]++
	}
	for _, d := range g.found.Deals {
		if d.Portal != n {
			continue
		}
		shown, _ := p.Automation.BadgeOf(d.ID)
		g.found.Badges = append(g.found.Badges, badgeRow{n, d.ID, shown.Value, carriers[fmt.Sprintf("acts24-badge-%d", d.ID)]})
	}
}

// oneBadge checks that the badge of a deal follows from its acts, and that one activity carries it whatever happened.
func oneBadge(s *state) (broken []string) {
	status := s.wantedStatuses()
	has := map[ref]map[acts.Status]bool{}
	for _, a := range s.Acts {
		deal := ref{a.Portal, a.Deal}
		if has[deal] == nil {
			has[deal] = map[acts.Status]bool{}
		}
		has[deal][status[ref{a.Portal, a.ID}]] = true
	}
	for _, b := range s.Badges {
		deal, want := ref{b.Portal, b.Deal}, ""
		switch in := has[ref{b.Portal, b.Deal}]; {
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

// packageFetched checks that the files of every document about which the counterparty has decided were fetched to the end; oneCopy checks that each
// is stored once.
func packageFetched(s *state) (broken []string) {
	live := s.liveDocuments()
	for _, a := range s.Attempts {
		for _, d := range live[ref{a.Portal, a.Act}] {
			if a.Live && d.ID == a.ID && (d.State == 7 || d.State == 9) && a.Package != "complete" {
				broken = append(broken, s.recordViolation(ref{a.Portal, a.Act}, "has document %s, whose signed files are %q", a.ID, a.Package))
			}
		}
	}
	return broken
}

// oneReminderLetter checks that an act has as many reminder letters as lines of its history report, at most one for each reminder that became due, and
// that none is to come after an answer. How often each letter was sent is checked by oneLetter.
func oneReminderLetter(s *state) (broken []string) {
	letters, lines, due := map[ref]int{}, map[ref]int{}, map[ref]int{}
	for _, l := range s.Letters {
		if l.Purpose == "reminder" {
			letters[ref{l.Portal, l.Act}]++
		}
	}
	for _, e := range s.Events {
		if e.Kind == "letter" && strings.HasPrefix(e.Text, "Напоминание контрагенту") {
			lines[ref{e.Portal, e.Act}]++
		}
	}
	status := s.statuses()
	for _, r := range s.Reminders {
		act := ref{r.Portal, r.Act}
		if r.Kind != string(acts.RemindCounterparty) {
			continue
		}
		if r.Sent {
			due[act]++
		}
		if waits := status[act] == string(acts.StatusSent) || status[act] == string(acts.StatusAcceptedUnsigned); !waits && !r.Closed {
			broken = append(broken, fmt.Sprintf("act %s (%s) has a letter to come", act, status[act]))
		}
	}
	for _, a := range s.Acts {
		act := ref{a.Portal, a.ID}
		if letters[act] != lines[act] || letters[act] > due[act] {
			broken = append(broken, fmt.Sprintf("act %s has %d reminder letters, %d lines about them, %d due reminders", act, letters[act], lines[act], due[act]))
		}
	}
	return broken
}
