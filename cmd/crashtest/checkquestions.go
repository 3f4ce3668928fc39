package main

import (
	"fmt"
	"strings"

	"acts24/acts"
)

// answerRow is an answer in the database; Card is what the deal's card shows of it.
type answerRow struct {
	Portal int
	Deal   int64
	Source string
	Card   string
}

// sentMessage is a message about a deal that must be sent; User is the recipient, 0 for the timeline.
type sentMessage struct {
	Portal   int
	ID, User int64
	Incident int64 // 0 when it belongs to no incident
}

// oneQuestion checks that the counterparty of an approved deal with a draft gets one letter, and that of any other deal
// none.
func oneQuestion(s *state) (broken []string) {
	letters := map[ref]int{}
	for _, l := range s.Letters {
		if l.Question != 0 {
			letters[ref{l.Portal, l.Deal}]++
		}
	}
	for _, a := range s.AskedDeals {
		deal := ref{a.Portal, a.Deal}
		if got := letters[deal]; got != 1 {
			broken = append(broken, fmt.Sprintf("the counterparty of deal %s got %d letters, want 1", deal, got))
		}
		delete(letters, deal)
	}
	for deal := range letters {
		broken = append(broken, fmt.Sprintf("the counterparty of deal %s was asked although nobody approved it", deal))
	}
	return broken
}

// oneAnswer checks that an answer is stored once, however often the form was sent, is shown on the card of
// its deal, and is recorded as given in the form.
func oneAnswer(s *state) (broken []string) {
	shown, times := map[ref]string{}, map[ref]int{}
	for _, a := range s.Answers {
		if a.Source != "form" {
			broken = append(broken, fmt.Sprintf("the answer of deal %s comes from %s", ref{a.Portal, a.Deal}, a.Source))
		}
		shown[ref{a.Portal, a.Deal}] = a.Card
		times[ref{a.Portal, a.Deal}]++
	}
	for _, a := range s.AskedDeals {
		deal := ref{a.Portal, a.Deal}
		if !strings.HasPrefix(shown[deal], acts.ChannelEDO.Label()) || times[deal] != 1 {
			broken = append(broken, fmt.Sprintf("deal %s shows %q and was answered %d times", deal, shown[deal], times[deal]))
		}
	}
	return broken
}

// oneMessage checks that a message about a deal is sent once, to the timeline or to its employee.
func oneMessage(s *state) (broken []string) {
	sent, known := map[string]int{}, map[string]bool{}
	for _, c := range s.Comments {
		if c.Kind == "message" {
			sent[fmt.Sprintf("portal %d, comment %d", c.Portal, c.Subject)]++
		}
	}
	for _, n := range s.Notifications {
		if id, ok := strings.CutPrefix(n.Tag, "acts24|message|"); ok {
			sent[fmt.Sprintf("portal %d, notice %s", n.Portal, id)]++
		}
		if id, ok := strings.CutPrefix(n.Tag, "acts24|incident|"); ok {
			sent[fmt.Sprintf("portal %d, incident %s", n.Portal, strings.Replace(id, "|", " to ", 1))]++
		}
	}
	for _, m := range s.Messages {
		way := "comment"
		if m.User != 0 {
			way = "notice"
		}
		key := fmt.Sprintf("portal %d, %s %d", m.Portal, way, m.ID)
		if m.Incident != 0 { // a later message replaces the earlier one
			key = fmt.Sprintf("portal %d, incident %d to %d", m.Portal, m.Incident, m.User)
			if sent[key] == 0 && known[key] {
				continue
			}
			known[key] = true
		}
		if sent[key] != 1 {
			broken = append(broken, fmt.Sprintf("%s was sent %d times", key, sent[key]))
		}
		delete(sent, key)
	}
	for key := range sent {
		broken = append(broken, key+" is nobody's")
	}
	return broken
}
