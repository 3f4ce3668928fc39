package acts

import "fmt"

// LineField names the form field of a line: "quantity-17" for a deal row, "free-price-2" for a free line.
func LineField(what string, l Line) string {
	if l.Row == 0 {
		return fmt.Sprintf("free-%s-%d", what, l.N)
	}
	return fmt.Sprintf("%s-%d", what, l.Row)
}
