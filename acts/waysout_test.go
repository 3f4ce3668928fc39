package acts

import (
	"strings"
	"testing"
)

// exits are what a manager can do alone, by the words that conflicts use for it.
var exits = []struct {
	words string
	may   func(Act) bool
}{
	{"передать в СБИС", func(a Act) bool { return a.MayHandOver() == nil }},
	{"отозвать", func(a Act) bool { return a.MayTakeBack() == nil }},
	{"подписать с нашей стороны", func(a Act) bool { return a.Status == Draft && a.MayUpload(Ours) == nil }},
	{"вернуть в подготовку", happens(ReturnToDraft)},
	{"направить заявителю", func(a Act) bool { return a.SendEvent() == Dispatch && a.MaySend() == nil }},
	{"направить повторно", func(a Act) bool { return a.SendEvent() == Redispatch && a.MaySend() == nil }},
	{"отметить подписание контрагентом", happens(Countersignature)},
	{"принят без подписи", happens(AcceptUnsigned)},
	{"отметить отказ", happens(Refusal)},
	{"отменить отметку", func(a Act) bool { return a.MayUndo() == nil }},
	{"сформировать исправленный акт", func(a Act) bool { return a.MayCorrect() == nil }},
	{"аннулировать", func(a Act) bool { _, err := a.MayAnnul(); return err == nil }},
	{"создать копию", func(a Act) bool { return a.MayCopy() == nil }},
}

func happens(e Event) func(Act) bool {
	return func(a Act) bool { _, err := a.Apply(e, ByPerson); return err == nil }
}

// inCabinet are exits in the SBIS cabinet, by where the document is.
var inCabinet = map[string]func(Act) bool{
	"дождаться ответа СБИС":                        func(a Act) bool { return a.Delivery == Queued || a.Delivery == Withdrawing },
	"отозвать документ в кабинете СБИС":            func(a Act) bool { return a.Delivery.WithOperator() },
	"аннулировать по согласию обеих сторон в СБИС": func(a Act) bool { return a.Status == Signed },
}

// actually leaves out what cannot be: a paper act has no document in SBIS, and past our signature an electronic one has.
func actually(a Act) bool {
	if a.Medium == Paper {
		return a.Delivery == NotHanded
	}
	return a.Status != SignedByUs || a.Delivery.WithOperator()
}

// No dead ends: every status but annulled has an exit that a manager can take alone, annulled offers the copy, and
// what a conflict promises can be done.
func TestNoDeadEnds(t *testing.T) {
	for _, a := range everyAct() {
		for d := range deliveryLabels {
			if a.Delivery = d; !actually(a) {
				continue
			}
			ways := a.WaysOut(ByPerson)
			if elsewhere, ok := inCabinet[ways]; ok {
				if a.Medium != Electronic || !elsewhere(a) {
					t.Errorf("%s act in %s (%q) is sent to SBIS for nothing: %s", a.Medium, a.Status, d, ways)
				}
				continue
			}
			mustBeOpen(t, a, ways)
		}
	}
}

// mustBeOpen checks each way out that is named.
func mustBeOpen(t *testing.T, a Act, ways string) {
	t.Helper()
	named := map[string]bool{}
	for _, words := range strings.Split(ways, ", ") {
		named[words] = true
	}
	for _, exit := range exits {
		if exit.may(a) != named[exit.words] {
			t.Errorf("%s act in %s (%q), marked %v, replaced %v: «%s» is open: %v, the conflict says: %s",
				a.Medium, a.Status, a.Delivery, a.MarkedByPerson, a.Replaced(), exit.words, exit.may(a), ways)
		}
		delete(named, exit.words)
	}
	if len(named) > 0 {
		t.Errorf("%s act in %s: nobody can %v", a.Medium, a.Status, named)
	}
	if (a.Status == Annulled) != (ways == "создать копию") {
		t.Errorf("%s act in %s: %s", a.Medium, a.Status, ways)
	}
}

func TestWaysOut(t *testing.T) {
	for name, tt := range map[string]struct {
		act  Act
		says string
	}{
		"a paper draft":                            {paper(Draft), "подписать с нашей стороны, аннулировать"},
		"an electronic draft":                      {electronic(Draft), "передать в СБИС, аннулировать"},
		"a draft that is being handed over":        {at(electronic(Draft), Queued), "дождаться ответа СБИС"},
		"a draft that waits for our signature":     {at(electronic(Draft), WaitingSignature), "отозвать, аннулировать"},
		"the counterparty is not connected":        {at(electronic(SignedByUs), WaitingConnection), "отозвать документ в кабинете СБИС"},
		"an electronic act is with the other side": {at(electronic(Sent), Delivered), "принят без подписи, отметить отказ"},
		"a refusal that SBIS reported":             {at(electronic(StatusRefused), Completed), "отметить подписание контрагентом, принят без подписи, аннулировать, сформировать исправленный акт"},
		"signed by both in SBIS":                   {at(electronic(Signed), Completed), "аннулировать по согласию обеих сторон в СБИС"},
		"signed on paper":                          {paper(Signed), "аннулировать"},
		"signed on paper, marked by a person":      {marked(paper(Signed)), "аннулировать, отменить отметку"},
		"annulled":                                 {paper(Annulled), "создать копию"},
	} {
		if got := tt.act.WaysOut(ByPerson); got != tt.says {
			t.Errorf("%s: %s; want %s", name, got, tt.says)
		}
	}
}

func at(a Act, d Delivery) Act { a.Delivery = d; return a }
