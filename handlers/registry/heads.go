package registry

import (
	"net/url"

	"acts24/store/list"
	"acts24/views"
)

// sortHeads returns the heads of the columns that sort a list, by the code of the column. The first click sorts ascending, the next one
// descending; a date begins with the newest. query is the filter of the list.
func sortHeads(page string, query url.Values, sorting list.Sorting, now list.Sort, newestFirst list.SortBy, columns map[string]list.SortBy) map[string]views.Head {
	found := map[string]views.Head{}
	for code, by := range columns {
		next, h := list.Sort{By: by, Descending: by == newestFirst}, views.Head{TestID: "sort-" + code}
		if now.By == by {
			next.Descending = !now.Descending
			h.Order = "ascending"
			if now.Descending {
				h.Order = "descending"
			}
		}
		query.Del("sort")
		h.Href = address(page, withSort(query, sorting, next))
		found[code] = h
	}
	return found
}

func actSortHeads(page string, a listQuery) map[string]views.Head {
	return sortHeads(page, a.query(), list.ActSorting, a.page.Sort, list.ByDate,
		map[string]list.SortBy{"number": list.ByNumber, "date": list.ByDate, "company": list.ByCompany, "sum": list.BySum, "due": list.ByDue})
}

func dealSortHeads(page string, a dealsQuery) map[string]views.Head {
	return sortHeads(page, a.query(), list.DealSorting, a.page.Sort, "",
		map[string]list.SortBy{"company": list.ByCompany, "age": list.ByAge, "sum": list.BySum})
}
