package main

import (
	"fmt"
	"slices"

	"acts24/acts"
)

// liveDocuments returns the existing documents in SBIS by act.
func (s *state) liveDocuments() map[ref][]document {
	of := map[string]ref{}
	for _, a := range s.Attempts {
		of[a.ID] = ref{a.Portal, a.Act}
	}
	live := map[ref][]document{}
	for _, d := range s.Documents {
		if act, ok := of[d.ID]; ok && d.live() {
			live[act] = append(live[act], d)
		}
	}
	return live
}

func oneDocument(s *state) (broken []string) {
	live, annulled := s.liveDocuments(), s.annulledActs()
	for _, a := range s.Acts {
		want := 1
		if _, ok := annulled[ref{a.Portal, a.ID}]; ok || !acts.Delivery(a.Delivery).WithOperator() {
			want = 0
		}
		if got := len(live[ref{a.Portal, a.ID}]); got != want {
			broken = append(broken, s.violation(ref{a.Portal, a.ID}, "(%s, delivery %q) has %d live documents, want %d", a.Status, a.Delivery, got, want))
		}
	}
	return broken
}

func noUnknownDocument(s *state) (broken []string) {
	for _, d := range s.Documents {
		if !slices.ContainsFunc(s.Attempts, func(a attempt) bool { return a.ID == d.ID && a.Portal == d.Portal }) {
			broken = append(broken, fmt.Sprintf("document %s of portal %d belongs to no act", d.ID, d.Portal))
		}
	}
	numbers := map[string]ref{}
	live := s.liveDocuments()
	for _, a := range s.Acts {
		for _, d := range live[ref{a.Portal, a.ID}] {
			key := fmt.Sprint(d.Portal, " ", d.Number)
			if other, taken := numbers[key]; taken && other != (ref{a.Portal, a.ID}) || d.Number != a.Number {
				broken = append(broken, fmt.Sprintf("document %s of act %s has number %q, the act has %q", d.ID, ref{a.Portal, a.ID}, d.Number, a.Number))
			}
			numbers[key] = ref{a.Portal, a.ID}
		}
	}
	return broken
}

// statusOf maps the state of a document to the required status of its act.
var statusOf = map[int]acts.Status{0: acts.StatusDraft, 23: acts.StatusDraft, 3: acts.StatusSent, 4: acts.StatusSent, 7: acts.StatusSigned, 9: acts.StatusRefused}

func statusFollows(s *state) (broken []string) {
	live := s.liveDocuments()
	paper := s.onPaper()
	annulled := s.annulledActs()
	for _, a := range s.Acts {
		if _, ok := paper[ref{a.Portal, a.ID}]; ok {
			continue
		}
		want := acts.StatusDraft
		if status, ok := annulled[ref{a.Portal, a.ID}]; ok {
			want = status
		}
		for _, d := range live[ref{a.Portal, a.ID}] {
			want = statusOf[d.State]
		}
		if a.Status != string(want) {
			broken = append(broken, s.violation(ref{a.Portal, a.ID}, "is %s, its document requires %s", a.Status, want))
		}
	}
	return broken
}

func noFailedHandOver(s *state) (broken []string) {
	for _, e := range s.Events {
		if e.Kind == "delivery_error" {
			broken = append(broken, s.violation(ref{e.Portal, e.Act}, "hand-over failed: %s", e.Text))
		}
	}
	return broken
}
