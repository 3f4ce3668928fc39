// Package acts holds the rules of acts of completed work: the lifecycle of an act, sums and VAT, the parties,
// the checks before sending, and the stage to which the acts of a deal move it. Functions take values and
// return values; nothing here reads the clock, the network or the database.
package acts
