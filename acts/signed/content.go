package signed

import (
	"slices"
	"time"

	"acts24/acts"
)

// Content holds the details of an act that its signed file contains, besides number, date, parties and rows.
type Content struct {
	Function      acts.Function
	From, To      time.Time // zero when the file names no period
	Basis         acts.Basis
	Signer        acts.Signer
	Payments      []acts.Payment
	StateContract string

	Unclear []string // parts that are not read, because an act cannot hold them as the file has them
}

// The parts of Unclear.
const (
	ContentBasis  = "basis"
	ContentSigner = "signer"
)

// Fill returns the act with the content of its file. Details of the act that no file names stay only as long as they belong to the same
// signer or the same basis.
func (c Content) Fill(a acts.Act) acts.Act {
	a.Function, a.From, a.To, a.Payments, a.StateContract = c.Function, c.From, c.To, c.Payments, c.StateContract
	if !slices.Contains(c.Unclear, ContentBasis) {
		basis := c.Basis
		if known := a.Basis; known.Label() == basis.Label() && known.None == basis.None {
			basis.Taken = known.Taken
		}
		a.Basis = basis
	}
	if !slices.Contains(c.Unclear, ContentSigner) {
		signer := c.Signer
		if known := a.Signer; known.FullName() == signer.FullName() && known.Position == signer.Position {
			signer.Ground, signer.Power.Until = known.Ground, known.Power.Until
		}
		a.Signer = signer
	}
	return a
}
