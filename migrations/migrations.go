// Package migrations holds the schema as numbered SQL files. A released file is never edited: a change is a new file,
// up only, on whose schema the previous release still works. schema.sql shows the result; `make schema` writes it.
package migrations

import "embed"

// FS holds the files.
//
//go:embed 0*.sql
var FS embed.FS
