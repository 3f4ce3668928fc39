package main

import "fmt"

// line is one figure.
type line struct {
	what    string
	value   float64
	unit    string
	goal    float64 // an upper bound, 0 for none
	atLeast bool    // the goal is a lower bound
	note    string
}

// verdict returns the goal and whether it is met, "" without a goal.
func (l line) verdict() string {
	sign, met := "<=", l.value <= l.goal
	if l.atLeast {
		sign, met = ">=", l.value >= l.goal
	}
	switch {
	case l.goal == 0:
		return ""
	case met:
		return fmt.Sprintf("%s %g met", sign, l.goal)
	}
	return fmt.Sprintf("%s %g MISSED", sign, l.goal)
}

func show(l line) {
	fmt.Printf("%-50s %10.2f %-12s %-16s %s\n", l.what, l.value, l.unit, l.verdict(), l.note)
}
