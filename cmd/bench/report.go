package main

import "fmt"

// figure is one result of the benchmark.
type figure struct {
	name    string
	value   float64
	unit    string
	goal    float64 // an upper bound, 0 for none
	atLeast bool    // the goal is a lower bound
	note    string
}

// verdict returns the goal and whether it is met, "" without a goal.
func (l figure) verdict() string {
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

func printFigure(l figure) {
	fmt.Printf("%-50s %10.2f %-12s %-16s %s\n", l.name, l.value, l.unit, l.verdict(), l.note)
}
