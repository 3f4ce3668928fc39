// Package acts holds the rules of acts of completed work: how an act lives, what it costs,
// who the parties are, what must be true before it is sent and where its deal belongs.
// Values come in and values go out; nothing here reads a clock, a network or a database.
package acts
