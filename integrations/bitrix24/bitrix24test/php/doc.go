// Package php reads parameters and writes answers the way PHP does: loose scalars, arrays that are lists or maps, and
// bracket notation in queries.
package php

// Fields is one record or one set of parameters as PHP sees it: names and values of JSON kinds.
type Fields = map[string]any
