package rules

import "fmt"

// bulkHandedOverOnce checks that every act recorded as done was handed over once, and no other act was.
func bulkHandedOverOnce(s *State) (broken []string) {
	seen := map[Ref]bool{}
	for _, r := range s.BulkRows {
		act, want := Ref{r.Portal, r.Act}, 0
		if r.State == "done" {
			want = 1
		}
		switch {
		case seen[act]:
			broken = append(broken, fmt.Sprintf("act %s was selected twice", act))
		case r.Running:
			broken = append(broken, fmt.Sprintf("the bulk action of act %s has not ended", act))
		case r.HandOvers != want:
			broken = append(broken, fmt.Sprintf("act %s is «%s» and was handed over %d times", act, r.State, r.HandOvers))
		}
		seen[act] = true
	}
	return broken
}
