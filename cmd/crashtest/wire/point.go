package wire

import "time"

// Point is a moment at which a replica can be killed: before a message is forwarded, or after its effect and before its
// response.
type Point struct {
	System string // "db", "portal" or "sbis"
	Kind   string // of the message: see kindOf and call.methods
	After  bool
}

// String returns the name of the point in the report.
func (p Point) String() string {
	if p.After {
		return p.System + " after " + p.Kind
	}
	return p.System + " before " + p.Kind
}

// Victim is a replica of the program.
type Victim interface {
	// Kill ends it immediately and returns when the process has ended.
	Kill()
	// Pause stops it for some time.
	Pause(time.Duration)
}

// Nemesis decides what happens to a replica while its messages are forwarded.
type Nemesis interface {
	// Reach is called when a replica passes a point; true means that the replica has been killed there.
	Reach(v Victim, p Point) (killed bool)
	// DrawConnectionCut decides at random that a connection of the replica to the database must be closed while the program keeps running.
	DrawConnectionCut(v Victim) bool
	// Random returns a random number below 1.
	Random() float64
	// FaultsOver reports whether kills and other failures are over.
	FaultsOver() bool
}
