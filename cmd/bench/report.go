package main

import (
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"
)

// line is one figure of the report.
type line struct {
	what    string
	value   float64
	unit    string
	digits  int     // digits after the decimal point
	goal    float64 // 0 for none
	atLeast bool    // the goal is a lower bound
	never   bool    // the goal is zero
	note    string
}

// met reports whether the figure as printed reaches its goal.
func (l line) met() bool {
	value, _ := strconv.ParseFloat(l.number(l.value), 64) // a number that we have just formatted
	if l.never {
		return value == 0
	}
	if l.atLeast {
		return value >= l.goal
	}
	return value <= l.goal
}

func (l line) number(v float64) string { return strconv.FormatFloat(v, 'f', l.digits, 64) }

func (l line) verdict() string {
	switch {
	case !l.aims():
		return ""
	case l.met():
		return "met"
	}
	return "MISSED"
}

// aims reports whether there is a goal.
func (l line) aims() bool { return l.goal != 0 || l.never }

func (l line) bound() string {
	switch {
	case l.never:
		return "none"
	case l.goal == 0:
		return ""
	}
	sign := "<= "
	if l.atLeast {
		sign = ">= "
	}
	return sign + strconv.FormatFloat(l.goal, 'f', -1, 64)
}

// report holds all lines in the order of measurement.
type report struct{ lines []line }

func (r *report) add(l line) { r.lines = append(r.lines, l) }

// print writes the table and the number of missed goals.
func (r *report) print(w io.Writer) {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "what\tmeasured\tgoal\t\tbeside")
	goals, missed := 0, 0
	for _, l := range r.lines {
		fmt.Fprintf(table, "%s\t%s %s\t%s\t%s\t%s\n", l.what, l.number(l.value), l.unit, l.bound(), l.verdict(), l.note)
		if l.aims() {
			goals++
		}
		if l.verdict() == "MISSED" {
			missed++
		}
	}
	_ = table.Flush() // errors of standard output cannot be reported
	fmt.Fprintf(w, "\n%d of %d goals missed\n", missed, goals)
}
