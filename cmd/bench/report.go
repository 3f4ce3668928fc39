package main

import (
	"fmt"
	"io"
	"text/tabwriter"
)

// line is one figure of the report.
type line struct {
	what    string
	value   float64
	unit    string
	goal    float64 // an upper bound, 0 for none
	atLeast bool    // the goal is a lower bound
	note    string
}

// bound returns the goal and whether it is met, both "" without a goal.
func (l line) bound() (goal, verdict string) {
	sign, met := "<=", l.value <= l.goal
	if l.atLeast {
		sign, met = ">=", l.value >= l.goal
	}
	switch {
	case l.goal == 0:
		return "", ""
	case met:
		verdict = "met"
	default:
		verdict = "MISSED"
	}
	return fmt.Sprintf("%s %g", sign, l.goal), verdict
}

// report holds all lines in the order of measurement.
type report struct{ lines []line }

func (r *report) add(l line) { r.lines = append(r.lines, l) }

// print writes the table and the number of missed goals.
func (r *report) print(w io.Writer) {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "what\tmeasured\tgoal\t\tnote")
	verdicts := map[string]int{}
	for _, l := range r.lines {
		goal, verdict := l.bound()
		verdicts[verdict]++
		fmt.Fprintf(table, "%s\t%.2f %s\t%s\t%s\t%s\n", l.what, l.value, l.unit, goal, verdict, l.note)
	}
	_ = table.Flush() // errors of standard output cannot be reported
	fmt.Fprintf(w, "\n%d of %d goals missed\n", verdicts["MISSED"], verdicts["MISSED"]+verdicts["met"])
}
