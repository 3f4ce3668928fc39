// Package php decodes parameters and encodes answers like PHP: loosely typed scalars, arrays that are lists or maps, and
// bracket notation in queries.
package php

// Fields is a record or a set of parameters: names with values of JSON types.
type Fields = map[string]any
