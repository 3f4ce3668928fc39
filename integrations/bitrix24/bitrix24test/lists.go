package bitrix24test

import (
	"slices"
	"strings"

	"acts24/integrations/bitrix24/bitrix24test/match"
	"acts24/integrations/bitrix24/bitrix24test/php"
)

const pageSize = 50

// page returns one page of the rows and sets total and next; start=-1 disables counting.
func (c *call) page(rows []Fields) []Fields {
	start := 0
	if v, ok := c.p["start"]; ok && v != nil {
		start = int(php.Integer(v))
	}
	total := len(rows)
	if start < 0 {
		total, start = 0, 0
		c.total = &total
		return rows[:min(pageSize, len(rows))]
	}
	c.total = &total
	from := min(start, len(rows))
	to := min(from+pageSize, len(rows))
	if to < len(rows) {
		c.next = to
	}
	return rows[from:to]
}

// sortKey is one column of an order.
type sortKey struct {
	name string
	desc bool
}

// orderKeys returns the keys of an order in their sequence.
func (c *call) orderKeys() []sortKey {
	order := php.Map(c.p["order"])
	var out []sortKey
	for _, name := range c.keys.Of("order", order) {
		out = append(out, sortKey{name, strings.EqualFold(php.Text(order[name]), "desc")})
	}
	return out
}

func sortRows(rows []Fields, keys []sortKey) {
	slices.SortStableFunc(rows, func(a, b Fields) int {
		for _, k := range keys {
			n := match.Compare(a[k.name], b[k.name])
			if k.desc {
				n = -n
			}
			if n != 0 {
				return n
			}
		}
		return 0
	})
}

// upperCaseList answers a list method of the older kind: rows of strings, filter and select in upper case.
func (c *call) upperCaseList(rows []Fields) []Fields {
	filter := php.Map(c.p["filter"])
	var out []Fields
	for _, r := range rows {
		if c.upperCaseFits(r, filter) {
			out = append(out, r)
		}
	}
	keys := c.orderKeys()
	if len(keys) == 0 {
		keys = []sortKey{{"ID", false}}
	}
	sortRows(out, keys)
	out = c.page(out)
	for i, r := range out {
		out[i] = pick(r, c.p["select"])
	}
	return out
}

// upperCaseFits compares one row; an unknown filter name is ignored, as by these methods, and recorded in the trace.
func (c *call) upperCaseFits(r, filter Fields) bool {
	for key, want := range filter {
		op, name := match.Split(key)
		have, known := r[strings.ToUpper(name)]
		if !known {
			c.recordIgnoredName("filter." + name)
			continue
		}
		if !match.Any(op, have, want) {
			return false
		}
	}
	return true
}

// pick keeps the selected columns; no selection or * keeps all.
func pick(r Fields, selected any) Fields {
	names := php.List(selected)
	if len(names) == 0 || slices.Contains(names, any("*")) {
		return r
	}
	out := Fields{}
	for _, n := range names {
		key := strings.ToUpper(php.Text(n))
		if v, ok := r[key]; ok {
			out[key] = v
		}
	}
	return out
}

// recordIgnoredName records an ignored name in the trace.
func (c *call) recordIgnoredName(name string) {
	if !slices.Contains(c.ignored, name) {
		c.ignored = append(c.ignored, name)
	}
}
