package acts

import (
	"errors"
	"strings"
	"testing"
)

// Who may cause an event, in the words of the design.
const (
	nobody   = "–"
	manager  = "manager"
	sbis     = "SBIS"
	either   = "SBIS or manager"
	overMark = "SBIS over a person's mark, or manager" // SBIS does not overrule its own refusal
)

// written is section 3 of the design, copied by hand and not out of steps.
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
	{"signed_by_us", "delivery_error", "draft", nobody, sbis}, // not in the design: state 6 right after our signature
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
	{"signed", "annulment", "annulled", manager, sbis}, // both sides have agreed
}

// promised is where the design takes the act; ok is false for a pair that it does not name.
func promised(a Act, e Event, by Actor) (to Status, ok bool) {
	for _, row := range written {
		if row.from != a.Status || row.event != e {
			continue
		}
		who := row.paper
		if a.Medium == Electronic {
			who = row.electronic
		}
		switch by {
		case ByPerson:
			if a.Status == StatusRefused && a.Replaced() && e != Annulment { // the corrected act stands in its place
				return row.to, false
			}
			return row.to, who == manager || who == either || who == overMark
		case ByOperator:
			return row.to, who == sbis || who == either || who == overMark && a.MarkedByPerson
		}
	}
	return a.Status, false
}

var (
	allEvents = []Event{OurSignature, ReturnToDraft, Dispatch, Redispatch, DeliveryError, Recall, Countersignature, AcceptUnsigned, Refusal, Annulment}
	allActors = []Actor{ByPerson, ByOperator, ByClock}
)

// everyAct is an act of either medium in every status, as SBIS and as a person set it, alone and replaced.
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

// The walk over the whole table: what the design names happens, everything else is a conflict that says what can be done.
func TestLifeIsAsWritten(t *testing.T) {
	happened := map[[3]string]bool{}
	for _, a := range everyAct() {
		for _, e := range allEvents {
			for _, by := range allActors {
				want, ok := promised(a, e, by)
				to, err := a.Apply(e, by)
				switch {
				case ok && (to != want || err != nil):
					t.Errorf("%s act in %s, %s by %s = %s, %v; the design says %s", a.Medium, a.Status, e, by, to, err, want)
				case ok:
					happened[[3]string{string(a.Status), string(e)}] = true
				case to != a.Status || !errors.Is(err, Conflict):
					t.Errorf("%s act in %s, %s by %s = %s, %v; the design does not name it", a.Medium, a.Status, e, by, to, err)
				default:
					mustAdvise(t, a, Sentence(err))
				}
			}
		}
	}
	if len(happened) != len(written) {
		t.Errorf("%d rows of the design happen, it has %d", len(happened), len(written))
	}
}

// mustAdvise checks that a conflict names where the act stands and what can be done.
func mustAdvise(t *testing.T, a Act, sentence string) {
	t.Helper()
	where, ways, ok := strings.Cut(sentence, " Можно: ")
	if !ok || len(ways) < 5 || !strings.HasSuffix(ways, ".") || where != "Акт в статусе «"+a.Status.Label()+"»." {
		t.Errorf("%s act in %s: the conflict says %q", a.Medium, a.Status, sentence)
	}
}

// What may be caused now is exactly what Apply takes.
func TestAllowedIsWhatHappens(t *testing.T) {
	for _, a := range everyAct() {
		for _, by := range allActors {
			allowed := map[Event]int{}
			for _, e := range a.Allowed(by) {
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
