package main

import (
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"
)

// line is one figure.
type line struct {
	what    string
	value   float64
	unit    string
	digits  int     // after the point
	goal    float64 // 0 for none
	atLeast bool    // the goal is a lower bound
	never   bool    // the goal is none at all
	note    string
}

// met reports whether the figure reaches its goal. What is printed decides: a reader sees no other figure.
func (l line) met() bool {
	value, _ := strconv.ParseFloat(l.number(l.value), 64) // we have just written it
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

// report is all lines in the order in which they were measured.
type report struct{ lines []line }

func (r *report) add(l line) { r.lines = append(r.lines, l) }

// print writes the table and how many goals were missed.
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
	_ = table.Flush() // there is nobody to tell
	fmt.Fprintf(w, "\n%d of %d goals missed\n", missed, goals)
}
