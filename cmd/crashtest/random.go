package main

import "math/rand/v2"

// The streams of random numbers of a run. Each part of the test has its own, so that its choices follow from the seed whatever the others do.
const (
	nemesisStream uint64 = iota + 1
	sbisStream
	faultStream
	outageStream
	answerStream
	robotStream

	managerStream uint64 = 10 // one more for each manager of a portal, 1000 more for each portal
)

// newRand returns the random numbers of one stream of a run.
func newRand(seed, stream uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, stream)) }
