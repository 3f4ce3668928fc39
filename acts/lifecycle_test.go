package acts

import (
	"errors"
	"strings"
	"testing"
)

func electronic(s Status) Act { return Act{Medium: MediumElectronic, Status: s} }
func paper(s Status) Act      { return Act{Medium: MediumPaper, Status: s} }

func marked(a Act) Act { a.MarkedByPerson = true; return a }

func TestApply(t *testing.T) {
	for name, tt := range map[string]struct {
		act   Act
		event Event
		by    Actor
		to    Status
		err   error
	}{
		"the operator reports our signature":                       {electronic(StatusDraft), EventOurSignature, ActorOperator, StatusSignedByUs, nil},
		"a person cannot sign in SBIS for us":                      {electronic(StatusDraft), EventOurSignature, ActorPerson, StatusDraft, Conflict},
		"a signed paper copy is uploaded":                          {paper(StatusDraft), EventOurSignature, ActorPerson, StatusSignedByUs, nil},
		"the operator sends the act":                               {electronic(StatusSignedByUs), EventDispatch, ActorOperator, StatusSent, nil},
		"a person cannot send an electronic act":                   {electronic(StatusSignedByUs), EventDispatch, ActorPerson, StatusSignedByUs, Conflict},
		"a lost letter is sent again":                              {paper(StatusSent), EventRedispatch, ActorPerson, StatusSent, nil},
		"the delivery fails":                                       {electronic(StatusSent), EventDeliveryError, ActorOperator, StatusDraft, nil},
		"the counterparty signs in its SBIS account":               {electronic(StatusSent), EventCountersignature, ActorOperator, StatusSigned, nil},
		"a person cannot sign for the counterparty":                {electronic(StatusSent), EventCountersignature, ActorPerson, StatusSent, Conflict},
		"a manager marks that the act is accepted":                 {electronic(StatusSent), EventAcceptUnsigned, ActorPerson, StatusAcceptedUnsigned, nil},
		"a manager marks a signature after an acceptance":          {electronic(StatusAcceptedUnsigned), EventCountersignature, ActorPerson, StatusSigned, nil},
		"our signature is recalled in SBIS only":                   {electronic(StatusSignedByUs), EventRecall, ActorPerson, StatusSignedByUs, Conflict},
		"a deadline cannot refuse an act":                          {electronic(StatusSent), EventRefusal, ActorClock, StatusSent, Conflict},
		"the signature arrives after a refusal":                    {electronic(StatusAcceptedUnsigned), EventCountersignature, ActorOperator, StatusSigned, nil},
		"a manager marks a refusal":                                {electronic(StatusSent), EventRefusal, ActorPerson, StatusRefused, nil},
		"the operator reports a refusal":                           {electronic(StatusSent), EventRefusal, ActorOperator, StatusRefused, nil},
		"SBIS does not overrule its own refusal":                   {electronic(StatusRefused), EventCountersignature, ActorOperator, StatusRefused, Conflict},
		"SBIS overrules a person's mark":                           {marked(electronic(StatusRefused)), EventCountersignature, ActorOperator, StatusSigned, nil},
		"a late refusal changes nothing":                           {paper(StatusSigned), EventRefusal, ActorPerson, StatusSigned, Conflict},
		"a signed electronic act is annulled by both parties only": {electronic(StatusSigned), EventAnnulment, ActorPerson, StatusSigned, Conflict},
		"both parties agreed to annul":                             {electronic(StatusSigned), EventAnnulment, ActorOperator, StatusAnnulled, nil},
		"a draft is annulled":                                      {electronic(StatusDraft), EventAnnulment, ActorPerson, StatusAnnulled, nil},
		"an annulled act stays annulled":                           {electronic(StatusAnnulled), EventCountersignature, ActorOperator, StatusAnnulled, Conflict},
		"our signer refused: the act is a draft again":             {electronic(StatusSignedByUs), EventRecall, ActorOperator, StatusDraft, nil},
	} {
		t.Run(name, func(t *testing.T) {
			if to, err := tt.act.Apply(tt.event, tt.by); to != tt.to || !errors.Is(err, tt.err) {
				t.Errorf("Apply(%s, %s) = %s, %v; want %s, %v", tt.event, tt.by, to, err, tt.to, tt.err)
			}
		})
	}
}

func TestLabelsAreComplete(t *testing.T) {
	for _, s := range Statuses {
		if s.Label() == "" {
			t.Errorf("status %s has no label", s)
		}
	}
	for _, e := range allEvents {
		if e.Label() == "" {
			t.Errorf("event %s has no label", e)
		}
	}
}

// Labels of who may cause an event.
const (
	nobody   = "–"
	manager  = "manager"
	sbis     = "SBIS"
	either   = "SBIS or manager"
	overMark = "SBIS over a person's mark, or manager" // SBIS cannot overrule its own refusal
)

// written lists the specified changes of status, independently of transitions.
var written = []struct {
	from              Status
	event             Event
	to                Status
	paper, electronic string
}{
	{"draft", "recall", "draft", nobody, either},
	{"draft", "delivery_error", "draft", nobody, sbis},
	{"draft", "our_signature", "signed_by_us", manager, sbis},
	{"signed_by_us", "return_to_draft", "draft", manager, nobody},
	{"signed_by_us", "recall", "draft", nobody, sbis},
	{"signed_by_us", "delivery_error", "draft", nobody, sbis}, // SBIS may report state 6 directly after our signature
	{"signed_by_us", "dispatch", "sent", manager, sbis},
	{"sent", "redispatch", "sent", manager, nobody},
	{"sent", "delivery_error", "draft", nobody, sbis},
	{"sent", "recall", "draft", nobody, sbis},
	{"sent", "countersignature", "signed", manager, sbis},
	{"sent", "accept_unsigned", "accepted_unsigned", manager, manager},
	{"sent", "refusal", "refused", manager, either},
	{"accepted_unsigned", "countersignature", "signed", manager, either},
	{"accepted_unsigned", "refusal", "refused", manager, either},
	{"refused", "countersignature", "signed", manager, overMark},
	{"refused", "accept_unsigned", "accepted_unsigned", manager, manager},
	{"draft", "annulment", "annulled", manager, manager},
	{"signed_by_us", "annulment", "annulled", manager, manager},
	{"sent", "annulment", "annulled", manager, manager},
	{"accepted_unsigned", "annulment", "annulled", manager, manager},
	{"refused", "annulment", "annulled", manager, manager},
	{"signed", "annulment", "annulled", manager, sbis}, // both parties have agreed
}

// promised returns the status that written gives; ok is false for a pair that is not in written.
func promised(a Act, e Event, by Actor) (to Status, ok bool) {
	for _, row := range written {
		if row.from != a.Status || row.event != e {
			continue
		}
		who := row.paper
		if a.Medium == MediumElectronic {
			who = row.electronic
		}
		switch by {
		case ActorPerson:
			if a.Status == StatusRefused && a.Replaced() && e != EventAnnulment { // the corrected act replaces this one
				return row.to, false
			}
			return row.to, who == manager || who == either || who == overMark
		case ActorOperator:
			return row.to, who == sbis || who == either || who == overMark && a.MarkedByPerson
		}
	}
	return a.Status, false
}

var (
	allEvents = []Event{EventOurSignature, EventReturnToDraft, EventDispatch, EventRedispatch, EventDeliveryError, EventRecall, EventCountersignature, EventAcceptUnsigned, EventRefusal, EventAnnulment}
	allActors = []Actor{ActorPerson, ActorOperator, ActorClock}
)

// everyAct returns acts of both media in every status, set by SBIS and by a person, replaced and not replaced.
func everyAct() []Act {
	var list []Act
	for _, s := range Statuses {
		for _, a := range []Act{paper(s), electronic(s)} {
			list = append(list, a, marked(a), replaced(a), replaced(marked(a)))
		}
	}
	return list
}

func replaced(a Act) Act { a.ReplacedBy = 9; return a }

// Every change in written is possible; every other pair of status and event is a conflict that names the allowed actions.
func TestLifeIsAsWritten(t *testing.T) {
	happened := map[[3]string]bool{}
	for _, a := range everyAct() {
		for _, e := range allEvents {
			for _, by := range allActors {
				want, ok := promised(a, e, by)
				to, err := a.Apply(e, by)
				switch {
				case ok && (to != want || err != nil):
					t.Errorf("%s act in %s, %s by %s = %s, %v; the table shows %s", a.Medium, a.Status, e, by, to, err, want)
				case ok:
					happened[[3]string{string(a.Status), string(e)}] = true
				case to != a.Status || !errors.Is(err, Conflict):
					t.Errorf("%s act in %s, %s by %s = %s, %v; the table does not have it", a.Medium, a.Status, e, by, to, err)
				default:
					mustAdvise(t, a, Message(err))
				}
			}
		}
	}
	if len(happened) != len(written) {
		t.Errorf("%d rows of the table happen, it has %d", len(happened), len(written))
	}
}

// mustAdvise checks that a conflict names the status of the act and the allowed actions.
func mustAdvise(t *testing.T, a Act, sentence string) {
	t.Helper()
	where, ways, ok := strings.Cut(sentence, " Можно: ")
	if !ok || len(ways) < 5 || !strings.HasSuffix(ways, ".") || where != "Акт в статусе «"+a.Status.Label()+"»." {
		t.Errorf("%s act in %s: the conflict shows %q", a.Medium, a.Status, sentence)
	}
}

// Allowed returns exactly the events that Apply accepts.
func TestAllowedIsWhatHappens(t *testing.T) {
	for _, a := range everyAct() {
		for _, by := range allActors {
			allowed := map[Event]int{}
			for _, e := range a.AllowedEvents(by) {
				allowed[e]++
			}
			for _, e := range allEvents {
				_, err := a.Apply(e, by)
				if (err == nil) != (allowed[e] == 1) {
					t.Errorf("%s act in %s, marked %v: %s by %s is listed %d times, Apply: %v", a.Medium, a.Status, a.MarkedByPerson, e, by, allowed[e], err)
				}
			}
		}
	}
}

// exits maps the words of conflicts to checks that a manager can perform the action without the counterparty.
var exits = []struct {
	words string
	may   func(Act) bool
}{
	{"передать в СБИС", func(a Act) bool { return a.MayHandOver() == nil }},
	{"отозвать", func(a Act) bool { return a.MayTakeBack() == nil }},
	{"подписать с нашей стороны", func(a Act) bool { return a.Status == StatusDraft && a.MayUpload(SideOurs) == nil }},
	{"вернуть в подготовку", happens(EventReturnToDraft)},
	{"направить заявителю", func(a Act) bool { return a.SendEvent() == EventDispatch && a.MaySend() == nil }},
	{"направить повторно", func(a Act) bool { return a.SendEvent() == EventRedispatch && a.MaySend() == nil }},
	{"отметить подписание контрагентом", happens(EventCountersignature)},
	{"принять без подписи", happens(EventAcceptUnsigned)},
	{"отметить отказ", happens(EventRefusal)},
	{"отменить отметку", func(a Act) bool { return a.MayUndo() == nil }},
	{"сформировать исправленный акт", func(a Act) bool { return a.MayCorrect() == nil }},
	{"аннулировать", func(a Act) bool { _, err := a.MayAnnul(); return err == nil }},
	{"отозвать документ", func(a Act) bool { return a.MayRecall() == nil }},
	{"предложить аннулирование", func(a Act) bool { return a.MayPropose() == nil }},
	{"создать копию", func(a Act) bool { return a.MayCopy() == nil }},
}

func happens(e Event) func(Act) bool {
	return func(a Act) bool { _, err := a.Apply(e, ActorPerson); return err == nil }
}

// possibleInSBIS maps the advice of conflicts that refer to SBIS to the states in which it is correct.
var possibleInSBIS = map[string]func(Act) bool{
	"дождаться ответа СБИС":   func(a Act) bool { return a.Delivery == DeliveryQueued || a.Delivery == DeliveryWithdrawing },
	"открыть документ в СБИС": func(a Act) bool { return a.Delivery.WithOperator() || a.Status == StatusSigned },
}

// actually reports whether a combination can occur: a paper act has no document in SBIS, and an electronic
// act that we have signed has one.
func actually(a Act) bool {
	if a.Medium == MediumPaper {
		return a.Delivery == DeliveryNone
	}
	return a.Status != StatusSignedByUs || a.Delivery.WithOperator()
}

// Every status but annulled has an action that a manager can perform alone, an annulled act offers a copy,
// and every action named by a conflict is allowed.
func TestNoDeadEnds(t *testing.T) {
	for _, a := range everyAct() {
		for d := range deliveryLabels {
			if a.Delivery = d; !actually(a) {
				continue
			}
			ways := a.AllowedActions(ActorPerson)
			if elsewhere, ok := possibleInSBIS[ways]; ok {
				if a.Medium != MediumElectronic || !elsewhere(a) {
					t.Errorf("%s act in %s (%q) is sent to SBIS for nothing: %s", a.Medium, a.Status, d, ways)
				}
				continue
			}
			mustBeOpen(t, a, ways)
		}
	}
}

// mustBeOpen checks that every named action is allowed.
func mustBeOpen(t *testing.T, a Act, ways string) {
	t.Helper()
	named := map[string]bool{}
	for _, words := range strings.Split(ways, ", ") {
		named[words] = true
	}
	for _, exit := range exits {
		if exit.may(a) != named[exit.words] {
			t.Errorf("%s act in %s (%q), marked %v, replaced %v: «%s» is open: %v, the conflict shows: %s",
				a.Medium, a.Status, a.Delivery, a.MarkedByPerson, a.Replaced(), exit.words, exit.may(a), ways)
		}
		delete(named, exit.words)
	}
	if len(named) > 0 {
		t.Errorf("%s act in %s: nobody can %v", a.Medium, a.Status, named)
	}
	if (a.Status == StatusAnnulled) != (ways == "создать копию") {
		t.Errorf("%s act in %s: %s", a.Medium, a.Status, ways)
	}
}

func TestWaysOut(t *testing.T) {
	for name, tt := range map[string]struct {
		act     Act
		message string
	}{
		"a paper draft":                                {paper(StatusDraft), "подписать с нашей стороны, аннулировать"},
		"an electronic draft":                          {electronic(StatusDraft), "передать в СБИС, аннулировать"},
		"a draft that is being handed over":            {at(electronic(StatusDraft), DeliveryQueued), "дождаться ответа СБИС"},
		"a draft that waits for our signature":         {at(electronic(StatusDraft), DeliveryWaitingSignature), "отозвать, аннулировать"},
		"the counterparty is not connected":            {at(electronic(StatusSignedByUs), DeliveryWaitingConnection), "отозвать документ"},
		"an electronic act is with the counterparty":   {at(electronic(StatusSent), DeliveryDelivered), "принять без подписи, отметить отказ, отозвать документ"},
		"a refusal that SBIS reported":                 {at(electronic(StatusRefused), DeliveryCompleted), "отметить подписание контрагентом, принять без подписи, аннулировать, сформировать исправленный акт"},
		"signed by both in SBIS":                       {at(electronic(StatusSigned), DeliveryCompleted), "предложить аннулирование"},
		"signed on paper":                              {paper(StatusSigned), "аннулировать"},
		"signed on paper, with a mark set by a person": {marked(paper(StatusSigned)), "аннулировать, отменить отметку"},
		"annulled": {paper(StatusAnnulled), "создать копию"},
	} {
		if got := tt.act.AllowedActions(ActorPerson); got != tt.message {
			t.Errorf("%s: %s; want %s", name, got, tt.message)
		}
	}
}

func at(a Act, d Delivery) Act { a.Delivery = d; return a }

// Changes by people and by SBIS as the history of an act stores them.
func person(from, to Status) Change   { return Change{From: from, To: to, By: ActorPerson} }
func operator(from, to Status) Change { return Change{From: from, To: to, By: ActorOperator} }
func undone(from, to Status) Change   { return Change{From: from, To: to, By: ActorPerson, Undo: true} }

func TestUndo(t *testing.T) {
	var (
		sentOnPaper = []Change{person(StatusDraft, StatusSignedByUs), person(StatusSignedByUs, StatusSent)}
		sentInSBIS  = []Change{operator(StatusDraft, StatusSignedByUs), operator(StatusSignedByUs, StatusSent)}
	)
	for name, tt := range map[string]struct {
		act     Act
		history []Change
		before  Status
		by      Actor // who had set the status before
	}{
		"a letter that was not sent": {
			marked(paper(StatusSent)), sentOnPaper, StatusSignedByUs, ActorPerson},
		"a mistaken refusal of an act that SBIS had sent": {
			marked(electronic(StatusRefused)), append(sentInSBIS, person(StatusSent, StatusRefused)), StatusSent, ActorOperator},
		"accepted after a refusal that SBIS reported": {
			marked(electronic(StatusAcceptedUnsigned)), append(sentInSBIS, operator(StatusSent, StatusRefused), person(StatusRefused, StatusAcceptedUnsigned)), StatusRefused, ActorOperator},
		"several marks in a row: the last one is undone": {
			marked(paper(StatusSigned)), append(sentOnPaper, person(StatusSent, StatusRefused), person(StatusRefused, StatusAcceptedUnsigned), person(StatusAcceptedUnsigned, StatusSigned)), StatusAcceptedUnsigned, ActorPerson},
		"several marks in a row: the one before the last is undone": {
			marked(paper(StatusAcceptedUnsigned)), append(sentOnPaper, person(StatusSent, StatusRefused), person(StatusRefused, StatusAcceptedUnsigned), person(StatusAcceptedUnsigned, StatusSigned),
				undone(StatusSigned, StatusAcceptedUnsigned)), StatusRefused, ActorPerson},
		"several marks in a row: the first is undone": {
			marked(paper(StatusRefused)), append(sentOnPaper, person(StatusSent, StatusRefused), person(StatusRefused, StatusAcceptedUnsigned), person(StatusAcceptedUnsigned, StatusSigned),
				undone(StatusSigned, StatusAcceptedUnsigned), undone(StatusAcceptedUnsigned, StatusRefused)), StatusSent, ActorPerson},
		"an undo does not count as a change by a person: the second undo still finds SBIS": {
			marked(electronic(StatusRefused)), append(sentInSBIS, person(StatusSent, StatusAcceptedUnsigned), undone(StatusAcceptedUnsigned, StatusSent), person(StatusSent, StatusRefused)), StatusSent, ActorOperator},
		"the same mark twice, undone once": {
			marked(electronic(StatusAcceptedUnsigned)), append(sentInSBIS, operator(StatusSent, StatusRefused), person(StatusRefused, StatusAcceptedUnsigned),
				undone(StatusAcceptedUnsigned, StatusRefused), person(StatusRefused, StatusAcceptedUnsigned)), StatusRefused, ActorOperator},
		"sent again in between, which changes no status": {
			marked(paper(StatusAcceptedUnsigned)), append(sentOnPaper, person(StatusSent, StatusSent), person(StatusSent, StatusAcceptedUnsigned)), StatusSent, ActorPerson},
		"returned to preparation and sent again": {
			marked(paper(StatusSent)), append(sentOnPaper, undone(StatusSent, StatusSignedByUs), person(StatusSignedByUs, StatusDraft), person(StatusDraft, StatusSignedByUs), person(StatusSignedByUs, StatusSent)), StatusSignedByUs, ActorPerson},
		"a document that was returned and sent again": {
			marked(electronic(StatusAcceptedUnsigned)), append(sentInSBIS, operator(StatusSent, StatusDraft), operator(StatusDraft, StatusSignedByUs), operator(StatusSignedByUs, StatusSent), person(StatusSent, StatusAcceptedUnsigned)), StatusSent, ActorOperator},
	} {
		t.Run(name, func(t *testing.T) {
			if before, by, err := tt.act.Undo(tt.history); before != tt.before || by != tt.by || err != nil {
				t.Errorf("Undo = %s set by %s, %v; want %s set by %s", before, by, err, tt.before, tt.by)
			}
		})
	}
}

func TestNothingToUndo(t *testing.T) {
	sent := []Change{operator(StatusDraft, StatusSignedByUs), operator(StatusSignedByUs, StatusSent)}
	for name, tt := range map[string]struct {
		act     Act
		history []Change
	}{
		"SBIS reported the sending":                                 {electronic(StatusSent), sent},
		"SBIS reported the signature":                               {electronic(StatusSigned), append(sent, operator(StatusSent, StatusSigned))},
		"a mark on an act that has a correction":                    {replaced(marked(paper(StatusRefused))), append(sent, person(StatusSent, StatusRefused))},
		"an act in preparation":                                     {marked(paper(StatusDraft)), []Change{person(StatusSignedByUs, StatusDraft)}},
		"our signature: the act is returned to preparation instead": {marked(paper(StatusSignedByUs)), []Change{person(StatusDraft, StatusSignedByUs)}},
		"an annulled act":                                           {marked(paper(StatusAnnulled)), []Change{person(StatusDraft, StatusAnnulled)}},
		"the history does not contain the mark":                     {marked(paper(StatusSent)), nil},
		"the history ends in another status":                        {marked(paper(StatusSigned)), []Change{person(StatusSignedByUs, StatusSent)}},
		"the last change came from SBIS":                            {marked(electronic(StatusSent)), sent},
	} {
		t.Run(name, func(t *testing.T) {
			before, _, err := tt.act.Undo(tt.history)
			if before != tt.act.Status || !errors.Is(err, Conflict) || Message(err) == "" {
				t.Errorf("Undo = %s, %v; want a conflict", before, err)
			}
		})
	}
}
