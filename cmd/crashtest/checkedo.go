package main

import (
	"cmp"
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
		if act, ok := of[d.ID]; ok && d.isLive() {
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
			broken = append(broken, s.recordViolation(ref{a.Portal, a.ID}, "(%s, delivery %q) has %d live documents, want %d", a.Status, a.Delivery, got, want))
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

// wantedStatuses derives the statuses of acts from the documents in SBIS and from the actions on paper only.
func (s *state) wantedStatuses() map[ref]acts.Status {
	live, paper, annulled := s.liveDocuments(), s.onPaper(), s.annulledActs()
	want := map[ref]acts.Status{}
	for _, a := range s.Acts {
		act := ref{a.Portal, a.ID}
		want[act] = cmp.Or(annulled[act], acts.StatusDraft)
		for _, d := range live[act] {
			want[act] = statusOf[d.State]
		}
		want[act] = cmp.Or(paper[act], want[act])
	}
	return want
}

func statusFollows(s *state) (broken []string) {
	want, paper := s.wantedStatuses(), s.onPaper()
	for _, a := range s.Acts {
		act := ref{a.Portal, a.ID}
		if paper[act] == "" && a.Status != string(want[act]) {
			broken = append(broken, s.recordViolation(act, "is %s, its document requires %s", a.Status, want[act]))
		}
	}
	return broken
}

func noFailedHandOver(s *state) (broken []string) {
	for _, e := range s.Events {
		if e.Kind == "delivery_error" {
			broken = append(broken, s.recordViolation(ref{e.Portal, e.Act}, "hand-over failed: %s", e.Text))
		}
	}
	return broken
}
