// Package migrations holds the schema as numbered SQL files. A released file is never edited: what is to
// change comes in a new one, up only, that yesterday's binary can live with.
package migrations

import "embed"

// FS holds the files.
//
//go:embed *.sql
var FS embed.FS
