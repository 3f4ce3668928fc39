// Command measure prints the sizes of the project's parts with their targets. It reads the sources below the
// working directory, without generated files and other modules.
package main

import (
	"fmt"
	"os"
	"text/tabwriter"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "measure:", err)
		os.Exit(1)
	}
}

func run() error {
	m, err := Read(os.DirFS("."))
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "measure\ttarget\tmet\tnow")
	for _, f := range m.Figures() {
		met := "yes"
		if !f.Met {
			met = "no"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", f.Name, f.Target, met, f.Now)
	}
	return w.Flush()
}
