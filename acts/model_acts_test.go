package acts

import (
	"errors"
	"slices"
	"strconv"
)

// live does something to one act: a person, the operator, one of our own calls, or the clock.
func (m *model) live(a *modelAct) {
	switch k := m.pick(10); {
	case a.Delivery.callPending() && k < 4:
		m.call(a)
	case a.Annulment.IsQueued() && k < 4:
		m.callStep(a)
	case a.doc != nil && k < 4:
		m.operate(a)
		if m.pick(2) == 0 {
			m.report(a)
		}
	case a.doc != nil && k == 4:
		m.report(a)
	case k == 5:
		m.content(a)
	case k == 6:
		m.requestStep(a)
	case k == 7:
		m.undo(a)
	case k == 8 && m.pick(4) == 0:
		m.mark(a, allEvents[m.pick(len(allEvents))], ActorClock)
	default:
		m.person(a)
	}
}

// change applies a change of the status, and reports it when the table of the design does not contain it.
func (m *model) change(a *modelAct, to Status, e Event, by Actor) {
	want, ok := promised(a.Act, e, by)
	if !ok || want != to {
		m.breaks("act %d: %s by %s changes %s to %s, the table does not have it", a.ID, e, by, a.Status, to)
	}
	m.logf("act %d: %s by %s: %s → %s", a.ID, e, by, a.Status, to)
	if from := a.Status; from != to {
		a.changes = append(a.changes, Change{From: from, To: to, By: by})
		a.Status, a.MarkedByPerson = to, by == ActorPerson
	}
	if m.stale = m.stale || to == StatusAnnulled; to == StatusSent {
		a.SentAt = m.now
	}
	if e == EventAnnulment && a.Corrects != 0 {
		m.release(m.acts[a.Corrects-1])
	}
}

// release makes a refused act count again after its correction was annulled, if the deal has enough left for it.
func (m *model) release(old *modelAct) {
	before := m.excess()
	by := old.ReplacedBy
	if old.ReplacedBy = 0; m.excess().GreaterThan(before) {
		old.ReplacedBy = by
	}
	m.logf("act %d is released: %v", old.ID, old.ReplacedBy == 0)
}

// mark applies an event; what is refused changes nothing.
func (m *model) mark(a *modelAct, e Event, by Actor) {
	to, err := a.Apply(e, by)
	if err == nil {
		m.change(a, to, e, by)
		return
	}
	if to != a.Status || !errors.Is(err, Conflict) || Message(err) == "" {
		m.breaks("act %d: %s by %s = %s, %v", a.ID, e, by, to, err)
	}
}

// person marks something, hands the document over or takes it back, as the buttons of the page allow.
func (m *model) person(a *modelAct) {
	if a.MayHandOver() == nil && m.pick(3) > 0 {
		m.logf("act %d is handed over", a.ID)
		a.Delivery = DeliveryQueued
		return
	}
	e := allEvents[m.pick(len(allEvents))]
	if may := a.AllowedEvents(ActorPerson); len(may) > 0 && m.pick(4) > 0 {
		e = may[m.pick(len(may))]
	}
	switch e {
	case EventRecall:
		if a.MayTakeBack() == nil {
			m.logf("act %d is taken back", a.ID)
			a.Delivery = DeliveryWithdrawing
		}
	case EventAnnulment:
		later, err := a.MayAnnul()
		switch {
		case err != nil:
		case later:
			m.logf("act %d is taken back, to be annulled", a.ID)
			a.AnnulAfter, a.Delivery = "лишний", DeliveryWithdrawing
		default:
			m.mark(a, e, ActorPerson)
		}
	default:
		m.mark(a, e, ActorPerson)
	}
}

// undo reverts the last mark, and checks that it leads to the status before it.
func (m *model) undo(a *modelAct) {
	before, by, err := a.Undo(a.changes)
	if err != nil {
		if a.undoable() {
			m.breaks("act %d: a mark cannot be undone: %v", a.ID, err)
		}
		return
	}
	way := effective(a.changes)
	if last := way[len(way)-1]; last.By != ActorPerson || last.From != before || last.To != a.Status {
		m.breaks("act %d: undo of %+v leads to %s", a.ID, last, before)
	}
	m.logf("act %d: the mark is undone: %s → %s", a.ID, a.Status, before)
	a.changes = append(a.changes, Change{From: a.Status, To: before, By: ActorPerson, Undo: true})
	a.Status, a.MarkedByPerson = before, by == ActorPerson
}

// content edits a draft, corrects a refused act, or copies an annulled one.
func (m *model) content(a *modelAct) {
	switch {
	case a.MayEdit() == nil:
		lines := a.Lines
		a.Lines = nil
		if a.Lines = m.takes(m.rows()); len(a.Lines) == 0 {
			a.Lines = lines
		}
		m.stale = true
		m.logf("act %d is edited:%s", a.ID, lineList(a.Lines))
	case a.MayCorrect() == nil && len(m.acts) < 8:
		lines := a.Lines
		a.Lines = nil
		next := &modelAct{Act: Act{ID: ActID(len(m.acts) + 1), Status: StatusDraft, Medium: a.Medium, Corrects: a.ID, Lines: m.takes(m.rows())}}
		if a.Lines = lines; len(next.Lines) == 0 {
			return
		}
		a.ReplacedBy = next.ID
		m.logf("act %d is corrected by act %d:%s", a.ID, next.ID, lineList(next.Lines))
		m.acts, m.stale = append(m.acts, next), true
	}
}

// call makes our pending call to the operator, which may be refused.
func (m *model) call(a *modelAct) {
	refused := m.pick(4) == 0
	if a.Delivery == DeliveryQueued {
		if a.Delivery = DeliveryFailed; !refused {
			a.Delivery, a.doc = DeliveryWaitingSignature, &modelDocument{DocumentState: DocumentState{Phase: PhaseDraft, Name: "Документ редактируется"}}
		}
		m.logf("act %d is written: %q", a.ID, a.Delivery)
		return
	}
	if a.doc != nil && !a.doc.Unsigned() { // it cannot be deleted any more
		refused = true
	}
	if a.Delivery = DeliveryWaitingSignature; !refused {
		a.Delivery, a.doc = DeliveryNone, nil
	}
	m.logf("act %d is withdrawn: %q", a.ID, a.Delivery)
	if annul := a.AnnulAfter != "" && !refused; annul {
		a.AnnulAfter = ""
		m.mark(a, EventAnnulment, ActorPerson)
	}
	a.AnnulAfter = ""
}

// requestStep requests a step of a recall or an annulment, or gives one up.
func (m *model) requestStep(a *modelAct) {
	steps := []AnnulmentStep{StepRecall, StepPropose, StepAgree, StepDecline, StepWithdraw}
	n, first := &a.Annulment, m.pick(len(steps))
	way := steps[first]
	for i := range steps { // one that is possible, if any
		if s := steps[(first+i)%len(steps)]; a.MayStep(s) == nil {
			way = s
			break
		}
	}
	switch {
	case a.MayForget() == nil && m.pick(3) == 0:
		m.logf("act %d: %s is given up", a.ID, n.Step)
		if n.Executed && (n.Step == StepWithdraw || n.Step == StepDecline) {
			n.Proposed, n.Reason = "", ""
		}
		n.Step, n.Why, n.Manual, n.Executed = NoStep, "", false, false
	case a.MayStep(way) == nil:
		m.logf("act %d: %s is requested", a.ID, way)
		n.Step, n.Why, n.At, n.Manual, n.Executed, n.Declined = way, "ошибка", m.now, false, false, ""
	}
}

// callStep carries the requested step out, or leaves it to a person.
func (m *model) callStep(a *modelAct) {
	if a.doc == nil {
		a.Annulment.Manual = true
		return
	}
	m.report(a)
	if !a.Annulment.IsQueued() || a.doc == nil {
		return
	}
	if m.pick(2) == 0 {
		m.logf("act %d: %s is left to a person", a.ID, a.Annulment.Step)
		a.Annulment.Manual = true
		return
	}
	a.doc.does(a.Annulment.Step)
	m.logf("act %d: %s is executed", a.ID, a.Annulment.Step)
	if m.pick(2) == 0 {
		a.Annulment.Executed = true
		return
	}
	m.report(a)
}

// does executes our step at the operator.
func (d *modelDocument) does(s AnnulmentStep) {
	switch s {
	case StepRecall:
		d.to(PhaseCancelled)
		d.Recalled = true
	case StepPropose:
		d.news(AnnulmentProposedByUs)
	case StepAgree:
		d.to(PhaseCancelled)
	case StepDecline:
		d.news(AnnulmentDeclined)
	case StepWithdraw:
		d.news(AnnulmentWithdrawn)
	}
}

func (d *modelDocument) to(p DocumentPhase) { d.Phase = p; d.events++ }

func (d *modelDocument) news(k AnnulmentEventKind) {
	d.events++
	d.Annulment = append(slices.Clip(d.Annulment), AnnulmentEvent{Event: strconv.Itoa(d.events), Kind: k})
}

// operate lets our signer, the counterparty or somebody in the account do something to the document (docs/contracts/sbis.md).
func (m *model) operate(a *modelAct) {
	d := a.doc
	switch d.Phase {
	case PhaseDraft, PhaseWaitingSignature:
		switch m.pick(6) {
		case 0:
			d.to(PhaseWaitingSignature)
		case 1:
			d.to(PhaseCancelled)
			d.Deleted = true
		case 2:
			if d.to(PhaseRefused); m.pick(2) == 0 {
				d.Phase, d.Returned = PhaseDraft, true
			}
		case 3:
			d.to(PhaseWaitingConnection)
			d.Dispatched = true
		default:
			d.to(PhaseSent)
			d.Dispatched = true
		}
	case PhaseWaitingConnection, PhaseSent, PhaseDelivered:
		m.answer(d)
	case PhaseDecided:
		if d.Verdict == VerdictPending {
			d.Verdict = []Verdict{VerdictAccepted, VerdictRemarks, VerdictRefused}[m.pick(3)]
			break
		}
		open := len(d.Annulment) > 0 && (d.Annulment[len(d.Annulment)-1].Kind == AnnulmentProposedByUs || d.Annulment[len(d.Annulment)-1].Kind == AnnulmentProposedByThem)
		switch k := m.pick(3); {
		case !open:
			d.news([]AnnulmentEventKind{AnnulmentProposedByUs, AnnulmentProposedByThem}[m.pick(2)])
		case k == 0:
			d.to(PhaseCancelled)
		default:
			d.news([]AnnulmentEventKind{AnnulmentDeclined, AnnulmentWithdrawn}[m.pick(2)])
		}
	}
	m.logf("the document of act %d is in phase %d, verdict %d, deleted %v, %d news", a.ID, d.Phase, d.Verdict, d.Deleted, len(d.Annulment))
}

// answer lets the counterparty, or the delivery, decide about a document that was sent.
func (m *model) answer(d *modelDocument) {
	switch m.pick(9) {
	case 0:
		d.to(PhaseSent)
	case 1:
		d.to(PhaseFailed)
	case 2:
		d.to(PhaseCancelled)
		d.Recalled = true
	case 3:
		d.to(PhaseRefused)
	case 4:
		d.to(PhaseDecided)
		d.Verdict = []Verdict{VerdictPending, VerdictRefused, VerdictRemarks, VerdictNone}[m.pick(4)]
	case 5, 6:
		d.to(PhaseDelivered)
	default:
		d.to(PhaseDecided)
		d.Verdict = VerdictAccepted
	}
}

// report applies the present state of a document to its act. The same report a second time changes nothing.
func (m *model) report(a *modelAct) {
	if a.doc == nil {
		return
	}
	r, was := a.doc.DocumentState, a.Act
	m.apply(a, r)
	m.follows(was, a.Act, r)
	if once := a.Act; a.doc != nil {
		lines := len(a.changes)
		m.apply(a, r)
		if a.Status != once.Status || a.Delivery != once.Delivery || a.Annulment != once.Annulment || len(a.changes) != lines {
			m.breaks("act %d: the same report again leads from %s %q to %s %q", a.ID, once.Status, once.Delivery, a.Status, a.Delivery)
		}
	}
}

func (m *model) apply(a *modelAct, r DocumentState) {
	out := a.Interpret(r)
	a.Annulment, _ = a.FollowAnnulment(r, m.now)
	for _, e := range out.Events {
		to, err := a.Apply(e, ActorOperator)
		switch {
		case err == nil:
			m.change(a, to, e, ActorOperator)
		case e == EventCountersignature && a.Status == StatusSigned, e == EventRefusal && a.Status == StatusRefused:
			a.MarkedByPerson = false // SBIS confirms the mark
		}
	}
	if a.Status == StatusSigned && r.Verdict == VerdictRemarks && slices.Contains(out.Events, EventCountersignature) {
		a.Remarks = "Нет отчёта"
	}
	if a.Delivery = out.Delivery; out.Over {
		a.doc = nil
	}
	if annul := a.AnnulAfter != "" && out.Over; a.Delivery != DeliveryWithdrawing {
		if a.AnnulAfter = ""; annul {
			m.mark(a, EventAnnulment, ActorPerson)
		}
	}
}
