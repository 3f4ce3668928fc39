// Package bulk does one action to many acts: it checks which acts an action accepts, runs it act by act, and packs documents into an archive. It also
// forms acts for deals without acts.
package bulk
