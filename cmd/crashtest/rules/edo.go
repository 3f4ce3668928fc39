package rules

import (
	"cmp"
	"fmt"
	"slices"

	"acts24/acts"
	"acts24/integrations/sbis"
)

// actsByDocument returns the acts by the ids of their documents.
func (s *State) actsByDocument() map[string]Ref {
	byDocument := map[string]Ref{}
	for _, a := range s.Attempts {
		byDocument[a.ID] = Ref{a.Portal, a.Act}
	}
	return byDocument
}

// dealsByAct returns the ids of the deals by act.
func (s *State) dealsByAct() map[Ref]int64 {
	deals := map[Ref]int64{}
	for _, a := range s.Acts {
		deals[Ref{a.Portal, a.ID}] = a.Deal
	}
	return deals
}

// liveDocuments returns the live documents in SBIS by act.
func (s *State) liveDocuments() map[Ref][]Document {
	of := s.actsByDocument()
	live := map[Ref][]Document{}
	for _, d := range s.Documents {
		if act, ok := of[d.ID]; ok && d.isLive() {
			live[act] = append(live[act], d)
		}
	}
	return live
}

func oneLiveDocument(s *State) (broken []string) {
	live, annulled := s.liveDocuments(), s.annulledActs()
	for _, a := range s.Acts {
		want := 1
		if _, ok := annulled[Ref{a.Portal, a.ID}]; ok || !acts.Delivery(a.Delivery).WithOperator() {
			want = 0
		}
		if got := len(live[Ref{a.Portal, a.ID}]); got != want {
			broken = append(broken, s.recordViolation(Ref{a.Portal, a.ID}, "(%s, delivery %q) has %d live documents, want %d", a.Status, a.Delivery, got, want))
		}
	}
	return broken
}

func noUnknownDocument(s *State) (broken []string) {
	for _, d := range s.Documents {
		if !slices.ContainsFunc(s.Attempts, func(a Attempt) bool { return a.ID == d.ID && a.Portal == d.Portal }) {
			broken = append(broken, fmt.Sprintf("document %s of portal %d belongs to no act", d.ID, d.Portal))
		}
	}
	return append(broken, s.foreignNumbers()...)
}

// foreignNumbers returns the live documents that have another number than their act, or the number of another document.
func (s *State) foreignNumbers() (broken []string) {
	numbers := map[string]Ref{}
	live := s.liveDocuments()
	for _, a := range s.Acts {
		for _, d := range live[Ref{a.Portal, a.ID}] {
			act, key := Ref{a.Portal, a.ID}, fmt.Sprint(d.Portal, " ", d.Number)
			if d.Number != a.Number {
				broken = append(broken, fmt.Sprintf("document %s of act %s has number %q, the act has %q", d.ID, act, d.Number, a.Number))
			} else if other, taken := numbers[key]; taken && other != act {
				broken = append(broken, fmt.Sprintf("document %s of act %s has number %q, which a document of act %s has too", d.ID, act, d.Number, other))
			}
			numbers[key] = act
		}
	}
	return broken
}

// statusOfState maps the state of a document to the required status of its act.
var statusOfState = map[int]acts.Status{
	sbis.StateDraft: acts.StatusDraft, sbis.StateWaitingSignature: acts.StatusDraft, sbis.StateSent: acts.StatusSent, sbis.StateDelivered: acts.StatusSent,
	sbis.StateCompleted: acts.StatusSigned, sbis.StateRejected: acts.StatusRefused,
}

// wantedStatuses derives the statuses of acts from the documents in SBIS and from the actions on paper only.
func (s *State) wantedStatuses() map[Ref]acts.Status {
	live, paper, annulled := s.liveDocuments(), s.paperStatuses(), s.annulledActs()
	want := map[Ref]acts.Status{}
	for _, a := range s.Acts {
		act := Ref{a.Portal, a.ID}
		want[act] = cmp.Or(annulled[act], acts.StatusDraft)
		for _, d := range live[act] {
			want[act] = statusOfState[d.State]
		}
		want[act] = cmp.Or(paper[act], want[act])
	}
	return want
}

func statusFollowsDocument(s *State) (broken []string) {
	want, paper := s.wantedStatuses(), s.paperStatuses()
	for _, a := range s.Acts {
		act := Ref{a.Portal, a.ID}
		if paper[act] == "" && a.Status != string(want[act]) {
			broken = append(broken, s.recordViolation(act, "is %s, its document requires %s", a.Status, want[act]))
		}
	}
	return broken
}

func noFailedHandOver(s *State) (broken []string) {
	for _, e := range s.Events {
		if e.Kind == "delivery_error" {
			broken = append(broken, s.recordViolation(Ref{e.Portal, e.Act}, "hand-over failed: %s", e.Text))
		}
	}
	return broken
}

// annulledActs returns the acts whose document was annulled by both parties, with the status that the act has then: a refused act stays refused, so
// that it can be corrected.
func (s *State) annulledActs() map[Ref]acts.Status {
	of := s.actsByDocument()
	annulled := map[Ref]acts.Status{}
	for _, d := range s.Documents {
		if act, ok := of[d.ID]; ok && d.Annulled {
			annulled[act] = acts.StatusAnnulled
			if d.Refused {
				annulled[act] = acts.StatusRefused
			}
		}
	}
	return annulled
}

// dealsWithRevokedActs returns the deals with an act that was recalled or annulled. They stay where they were, since a deal is not moved back.
func (s *State) dealsWithRevokedActs() map[Ref]bool {
	of, dealOf, deals := s.actsByDocument(), s.dealsByAct(), map[Ref]bool{}
	for _, d := range s.Documents {
		if act, ok := of[d.ID]; ok && (d.OurRequests > 0 || d.Annulled) {
			deals[Ref{d.Portal, dealOf[act]}] = true
		}
	}
	return deals
}

// withdrawnOnce checks that we did not recall a document, or propose to annul it, twice, and that no proposal was answered twice.
func withdrawnOnce(s *State) (broken []string) {
	of := s.actsByDocument()
	for _, d := range s.Documents {
		if d.OurRequests > 1 {
			broken = append(broken, s.recordViolation(of[d.ID], "has document %s, which was recalled or annulled %d times", d.ID, d.OurRequests))
		}
		if d.Answers > d.Proposals {
			broken = append(broken, s.recordViolation(of[d.ID], "has document %s, whose %d proposals were answered %d times", d.ID, d.Proposals, d.Answers))
		}
	}
	return broken
}

// signedAsConfigured checks that documents signed by the service were sent, others submitted to our signer, and
// nothing was sent twice.
func signedAsConfigured(s *State) (broken []string) {
	of := s.actsByDocument()
	for _, d := range s.Documents {
		if d.Sendings > 1 {
			broken = append(broken, s.recordViolation(of[d.ID], "has document %s, which was sent %d times", d.ID, d.Sendings))
		}
		if !d.SignedByHand && d.isLive() && d.State == sbis.StateDraft && d.Comment == "" {
			broken = append(broken, s.recordViolation(of[d.ID], "has document %s, which was left unsigned in SBIS", d.ID))
		}
	}
	return broken
}

// packageFetched checks that the files of every document about which the counterparty has decided were fetched to the end; copiesStoredOnce checks
// that each is stored once.
func packageFetched(s *State) (broken []string) {
	live := s.liveDocuments()
	for _, a := range s.Attempts {
		for _, d := range live[Ref{a.Portal, a.Act}] {
			if a.Live && d.ID == a.ID && (d.State == sbis.StateCompleted || d.State == sbis.StateRejected) && a.Package != "complete" {
				broken = append(broken, s.recordViolation(Ref{a.Portal, a.Act}, "has document %s, whose signed files are %q", a.ID, a.Package))
			}
		}
	}
	return broken
}
