package registry

import (
	"encoding/base64"
	"net/url"
	"strconv"
	"strings"

	"acts24/acts"
	"acts24/handlers/web"
	"acts24/store/list"
)

func address(page string, q url.Values) string {
	if len(q) == 0 {
		return page
	}
	return page + "?" + q.Encode()
}

// encodeCursor encodes the position of a page in an order of a portal's list. The first order of a list is not named.
func encodeCursor(k list.PageKey, sorting list.Sorting, sort list.Sort, portal acts.PortalID) string {
	return base64.RawURLEncoding.EncodeToString([]byte(web.ID(portal) + "." + k.Value + "." + web.ID(k.ID) + orderSuffix(sorting, sort)))
}

func orderSuffix(sorting list.Sorting, sort list.Sort) string {
	if sort == sorting.First {
		return ""
	}
	return "." + sort.String()
}

// decodeCursor decodes the position of a page; an invalid one, or one of another portal or order, is the first page.
func decodeCursor(text string, sorting list.Sorting, sort list.Sort, portal acts.PortalID) list.PageKey {
	plain, err := base64.RawURLEncoding.DecodeString(text)
	rest, ours := strings.CutPrefix(string(plain), web.ID(portal)+".")
	rest, same := strings.CutSuffix(rest, orderSuffix(sorting, sort))
	dot := strings.LastIndexByte(rest, '.')
	if err != nil || len(plain) > 2000 || !ours || !same || dot < 0 {
		return list.PageKey{}
	}
	n, err := strconv.ParseInt(rest[dot+1:], 10, 64)
	k := list.PageKey{Value: rest[:dot], ID: n}
	if err != nil || n <= 0 || !sorting.Fits(sort, k) {
		return list.PageKey{}
	}
	return k
}

// readPage parses the order and the position of a list. ok is false for an order that the list does not have; it has its first order then.
func readPage(q url.Values, sorting list.Sorting, portal acts.PortalID) (p list.Page, ok bool) {
	p.Sort, ok = sorting.First, true
	if text := q.Get("sort"); text != "" {
		var s list.Sort
		if s, ok = sorting.Parse(text); ok {
			p.Sort = s
		}
	}
	p.Total = q.Get("total") != ""
	p.After = decodeCursor(q.Get("after"), sorting, p.Sort, portal)
	return p, ok
}

// unknownSort is shown above a list with an order that it does not have.
const unknownSort = "Такой сортировки нет, список показан в обычном порядке."

// unknownColumns is shown above a list whose address has columns.
const unknownColumns = "Столбцы выбираются в «Виде списка», а не в адресе. Показаны ваши столбцы."

// withSort adds an order to an address, the first order of a list is left out.
func withSort(q url.Values, sorting list.Sorting, sort list.Sort) url.Values {
	if sort != sorting.First {
		q.Set("sort", sort.String())
	}
	return q
}

// cappedCount returns a count, «100+» where counting stopped.
func cappedCount(n int) string {
	if n > list.MaxCounted {
		return strconv.Itoa(list.MaxCounted) + "+"
	}
	return strconv.Itoa(n)
}
