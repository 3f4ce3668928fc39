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
func (f figure) verdict() string {
	sign, met := "<=", f.value <= f.goal
	if f.atLeast {
		sign, met = ">=", f.value >= f.goal
	}
	switch {
	case f.goal == 0:
		return ""
	case met:
		return fmt.Sprintf("%s %g met", sign, f.goal)
	}
	return fmt.Sprintf("%s %g MISSED", sign, f.goal)
}

func printFigure(f figure) {
	fmt.Printf("%-50s %10.2f %-12s %-16s %s\n", f.name, f.value, f.unit, f.verdict(), f.note)
}
