package main

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// figure is one measured value with its goal.
type figure struct {
	part, what string
	value      float64
	unit       string
	goal       float64 // the largest value, or with least the smallest; ignored when free
	least      bool
	free       bool // there is no goal
	note       string
}

func (f figure) met() bool {
	return f.free || f.least && f.value >= f.goal || !f.least && f.value <= f.goal
}

// report collects figures.
type report struct {
	part    string
	figures []figure
}

// begin starts the part to which the next figures belong.
func (r *report) begin(part string) { r.part = part }

func (r *report) add(f figure) {
	f.part = r.part
	r.figures = append(r.figures, f)
}

func (r *report) met() bool {
	return !slices.ContainsFunc(r.figures, func(f figure) bool { return !f.met() })
}

// print writes the figures as a table, with the machine and the day.
func (r *report) print(w io.Writer) {
	fmt.Fprintf(w, "%s, %d cores, load %s\n\n", time.Now().Format(time.DateOnly), runtime.NumCPU(), loadAverage())
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	part := ""
	for _, f := range r.figures {
		if f.part != part {
			part = f.part
			fmt.Fprintf(t, "%s\t\t\t\n", part)
		}
		goal := ""
		switch {
		case f.free:
		case f.least:
			goal = fmt.Sprintf("≥ %g", f.goal)
		default:
			goal = fmt.Sprintf("≤ %g", f.goal)
		}
		if !f.met() {
			goal += " missed"
		}
		fmt.Fprintf(t, "  %s\t%.4g %s\t%s\t%s\n", f.what, f.value, f.unit, goal, f.note)
	}
	_ = t.Flush() // the report goes to standard output
}

// loadAverage returns the number of processes that wanted a core during the last 1, 5 and 15 minutes.
func loadAverage() string {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	return strings.Join(strings.Fields(string(text))[:3], " ")
}

// quantile returns the time below which this part of the times lies, 0 without times.
func quantile(times []time.Duration, part float64) time.Duration {
	if len(times) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(times))
	return sorted[min(int(float64(len(sorted))*part), len(sorted)-1)]
}
