package list

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"acts24/store/internal/pg"
)

// SortBy is a value by which a list can be sorted.
type SortBy string

// The values: ByAge is of deals, ByDate, ByNumber and ByDue are of acts, the others are of both.
const (
	ByDate    SortBy = "date"
	ByNumber  SortBy = "number"
	ByDue     SortBy = "due"
	ByAge     SortBy = "age"
	BySum     SortBy = "sum"
	ByCompany SortBy = "company"
)

// Sort is a value and a direction by which a list is sorted. Its zero value is the order that the list has at first.
type Sort struct {
	By         SortBy
	Descending bool
}

// String returns the order as addresses contain it: «-sum» has the largest sum first.
func (s Sort) String() string {
	if s.Descending {
		return "-" + string(s.By)
	}
	return string(s.By)
}

// Sorting is how a list can be sorted.
type Sorting struct {
	First   Sort // the order that the list has at first
	columns map[SortBy]sortColumns
}

// sortColumns are the columns that a list is sorted by in each direction. They have no NULL: a row without the value comes last.
type sortColumns struct{ up, down, sqlType string }

// How lists of acts and of deals without acts can be sorted. Each order has an index in migrations.
var (
	ActSorting = Sorting{Sort{ByDate, true}, map[SortBy]sortColumns{
		ByDate:    {"act_date", "act_date", "date"},
		ByNumber:  {"number_up", "number_down", "text"},
		BySum:     {"gross", "gross", "bigint"},
		ByDue:     {"due_up", "due_down", "date"},
		ByCompany: {"buyer_key", "buyer_key", "text"},
	}}
	DealSorting = Sorting{Sort{ByAge, false}, map[SortBy]sortColumns{
		ByAge:     {"stage_since", "stage_since", "date"},
		BySum:     {"uncovered", "uncovered", "bigint"},
		ByCompany: {"buyer_key", "buyer_key", "text"},
	}}
)

// Parse reads an order from an address; ok is false for one that the list does not have.
func (o Sorting) Parse(text string) (s Sort, ok bool) {
	by, descending := strings.CutPrefix(text, "-")
	s = Sort{SortBy(by), descending}
	_, ok = o.columns[s.By]
	return s, ok
}

// order returns the column, its type and the direction by which s sorts the list.
func (o Sorting) order(s Sort) pg.Order {
	if s == (Sort{}) {
		s = o.First
	}
	c := o.columns[s.By]
	if s.Descending {
		return pg.Order{Column: c.down, Type: c.sqlType, Descending: true}
	}
	return pg.Order{Column: c.up, Type: c.sqlType}
}

// PageKey is the row after which a page begins; its zero value is the first page.
type PageKey struct {
	Value string // of the column that the list is sorted by, as PostgreSQL writes it
	ID    int64
}

// Fits reports whether a page of this order can begin after the key.
func (o Sorting) Fits(s Sort, k PageKey) bool {
	switch o.order(s).Type {
	case "date":
		day, err := time.Parse(time.DateOnly, k.Value)
		return err == nil && day.Year() > 0 || k.Value == "infinity" || k.Value == "-infinity"
	case "bigint":
		_, err := strconv.ParseInt(k.Value, 10, 64)
		return err == nil
	}
	return utf8.ValidString(k.Value) && !strings.ContainsRune(k.Value, 0)
}

// Page is the part of a list that is read.
type Page struct {
	Sort  Sort
	After PageKey
	Total bool // the acts of all pages are counted
}
