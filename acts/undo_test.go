package acts

import (
	"errors"
	"testing"
)

// What people and SBIS did to an act, as its history keeps it.
func person(from, to Status) Change   { return Change{From: from, To: to, By: ByPerson} }
func operator(from, to Status) Change { return Change{From: from, To: to, By: ByOperator} }
func undone(from, to Status) Change   { return Change{From: from, To: to, By: ByPerson, Undo: true} }

func TestUndo(t *testing.T) {
	var (
		sentOnPaper = []Change{person(Draft, SignedByUs), person(SignedByUs, Sent)}
		sentInSBIS  = []Change{operator(Draft, SignedByUs), operator(SignedByUs, Sent)}
	)
	for name, tt := range map[string]struct {
		act     Act
		history []Change
		before  Status
		by      Actor // who had set the status before
	}{
		"a letter that did not leave": {
			marked(paper(Sent)), sentOnPaper, SignedByUs, ByPerson},
		"a refusal by mistake, the act was sent by SBIS": {
			marked(electronic(StatusRefused)), append(sentInSBIS, person(Sent, StatusRefused)), Sent, ByOperator},
		"accepted after a refusal that SBIS reported": {
			marked(electronic(AcceptedUnsigned)), append(sentInSBIS, operator(Sent, StatusRefused), person(StatusRefused, AcceptedUnsigned)), StatusRefused, ByOperator},
		"several marks in a row: the last one goes": {
			marked(paper(Signed)), append(sentOnPaper, person(Sent, StatusRefused), person(StatusRefused, AcceptedUnsigned), person(AcceptedUnsigned, Signed)), AcceptedUnsigned, ByPerson},
		"then the one before it": {
			marked(paper(AcceptedUnsigned)), append(sentOnPaper, person(Sent, StatusRefused), person(StatusRefused, AcceptedUnsigned), person(AcceptedUnsigned, Signed),
				undone(Signed, AcceptedUnsigned)), StatusRefused, ByPerson},
		"then the first": {
			marked(paper(StatusRefused)), append(sentOnPaper, person(Sent, StatusRefused), person(StatusRefused, AcceptedUnsigned), person(AcceptedUnsigned, Signed),
				undone(Signed, AcceptedUnsigned), undone(AcceptedUnsigned, StatusRefused)), Sent, ByPerson},
		"an undo does not make a person the sender: the second undo still knows SBIS": {
			marked(electronic(StatusRefused)), append(sentInSBIS, person(Sent, AcceptedUnsigned), undone(AcceptedUnsigned, Sent), person(Sent, StatusRefused)), Sent, ByOperator},
		"the same mark twice, taken back once": {
			marked(electronic(AcceptedUnsigned)), append(sentInSBIS, operator(Sent, StatusRefused), person(StatusRefused, AcceptedUnsigned),
				undone(AcceptedUnsigned, StatusRefused), person(StatusRefused, AcceptedUnsigned)), StatusRefused, ByOperator},
		"sent again in between, which is no change": {
			marked(paper(AcceptedUnsigned)), append(sentOnPaper, person(Sent, Sent), person(Sent, AcceptedUnsigned)), Sent, ByPerson},
		"returned to preparation and sent anew": {
			marked(paper(Sent)), append(sentOnPaper, undone(Sent, SignedByUs), person(SignedByUs, Draft), person(Draft, SignedByUs), person(SignedByUs, Sent)), SignedByUs, ByPerson},
		"a document that came back and went out again": {
			marked(electronic(AcceptedUnsigned)), append(sentInSBIS, operator(Sent, Draft), operator(Draft, SignedByUs), operator(SignedByUs, Sent), person(Sent, AcceptedUnsigned)), Sent, ByOperator},
	} {
		t.Run(name, func(t *testing.T) {
			if before, by, err := tt.act.Undo(tt.history); before != tt.before || by != tt.by || err != nil {
				t.Errorf("Undo = %s set by %s, %v; want %s set by %s", before, by, err, tt.before, tt.by)
			}
		})
	}
}

func TestNothingToUndo(t *testing.T) {
	sent := []Change{operator(Draft, SignedByUs), operator(SignedByUs, Sent)}
	for name, tt := range map[string]struct {
		act     Act
		history []Change
	}{
		"SBIS reported the sending":                {electronic(Sent), sent},
		"SBIS reported the signature":              {electronic(Signed), append(sent, operator(Sent, Signed))},
		"a mark, and a correction stands for it":   {replaced(marked(paper(StatusRefused))), append(sent, person(Sent, StatusRefused))},
		"an act in preparation":                    {marked(paper(Draft)), []Change{person(SignedByUs, Draft)}},
		"our signature: return it to preparation":  {marked(paper(SignedByUs)), []Change{person(Draft, SignedByUs)}},
		"an annulled act":                          {marked(paper(Annulled)), []Change{person(Draft, Annulled)}},
		"the history does not know the mark":       {marked(paper(Sent)), nil},
		"the history ends elsewhere":               {marked(paper(Signed)), []Change{person(SignedByUs, Sent)}},
		"the last change came from SBIS after all": {marked(electronic(Sent)), sent},
	} {
		t.Run(name, func(t *testing.T) {
			before, _, err := tt.act.Undo(tt.history)
			if before != tt.act.Status || !errors.Is(err, Conflict) || Sentence(err) == "" {
				t.Errorf("Undo = %s, %v; want a conflict", before, err)
			}
		})
	}
}
