package rules

import (
	"fmt"
	"strings"

	"acts24/acts"
)

// oneQuestionPerDeal checks that the counterparty of an approved deal with a draft gets one letter, and that of any other deal
// none.
func oneQuestionPerDeal(s *State) (broken []string) {
	letters := map[Ref]int{}
	for _, l := range s.Letters {
		if l.Question != 0 {
			letters[Ref{l.Portal, l.Deal}]++
		}
	}
	for _, deal := range s.AskedDeals {
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

// oneAnswerPerDeal checks that an answer is stored once, however often the form was sent, is shown on the card of
// its deal, and is recorded as given in the form.
func oneAnswerPerDeal(s *State) (broken []string) {
	shown, times := map[Ref]string{}, map[Ref]int{}
	for _, a := range s.Answers {
		if a.Source != "form" {
			broken = append(broken, fmt.Sprintf("the answer of deal %s comes from %s", Ref{a.Portal, a.Deal}, a.Source))
		}
		shown[Ref{a.Portal, a.Deal}] = a.Card
		times[Ref{a.Portal, a.Deal}]++
	}
	for _, deal := range s.AskedDeals {
		if !strings.HasPrefix(shown[deal], acts.ChannelEDO.Label()) || times[deal] != 1 {
			broken = append(broken, fmt.Sprintf("deal %s shows %q and was answered %d times", deal, shown[deal], times[deal]))
		}
	}
	return broken
}

// messagesSentOnce checks that a message about a deal is sent once, to the timeline or to its employee, alone or in a notice with others.
func messagesSentOnce(s *State) (broken []string) {
	sent, checked := map[string]int{}, map[string]bool{}
	for _, c := range s.Comments {
		if c.Kind == "message" {
			sent[fmt.Sprintf("portal %d, comment %d", c.Portal, c.Subject)]++
		}
	}
	for _, n := range s.Notifications {
		if id, ok := strings.CutPrefix(n.Tag, "acts24|message|"); ok {
			sent[fmt.Sprintf("portal %d, notification %s", n.Portal, id)]++
		}
		if id, ok := strings.CutPrefix(n.Tag, "acts24|incident|"); ok {
			sent[fmt.Sprintf("portal %d, incident %s", n.Portal, strings.Replace(id, "|", " to ", 1))]++
		}
	}
	notices := map[string]int{}
	for _, n := range s.Notifications {
		notices[fmt.Sprintf("portal %d, %s", n.Portal, n.Tag)]++
	}
	for _, m := range s.Messages {
		if m.Notice != 0 {
			if n := notices[fmt.Sprintf("portal %d, acts24|notice|%d", m.Portal, m.Notice)]; n != 1 {
				broken = append(broken, fmt.Sprintf("message %d of portal %d is in %d notifications", m.ID, m.Portal, n))
			}
			continue
		}
		medium := "comment"
		if m.User != 0 {
			medium = "notification"
		}
		key := fmt.Sprintf("portal %d, %s %d", m.Portal, medium, m.ID)
		if m.Incident != 0 { // a later message of an incident replaces the earlier one, so several have one notification
			key = fmt.Sprintf("portal %d, incident %d to %d", m.Portal, m.Incident, m.User)
			if sent[key] == 0 && checked[key] {
				continue
			}
			checked[key] = true
		}
		if sent[key] != 1 {
			broken = append(broken, fmt.Sprintf("%s was sent %d times", key, sent[key]))
		}
		delete(sent, key)
	}
	for key := range sent {
		broken = append(broken, key+" was sent, but belongs to no message")
	}
	return broken
}
