package registry

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"acts24/acts"
	"acts24/handlers/web"
	"acts24/store"
	"acts24/store/list"
	"acts24/workflow/bulk"
)

// readBulk reads the selection of a form: checked acts, the page, or all acts of the filter.
func readBulk(f url.Values, v web.Visit) (bulk.Form, error) {
	form := bulk.Form{Key: keyOf(f), Action: store.BulkAction(f.Get("action"))}
	if f.Get("all") != "" {
		filter, err := readFilter(f, v)
		form.Filter = &filter
		return form, err
	}
	seen := map[acts.ActID]bool{}
	for _, text := range append(strings.Split(f.Get("page"), ","), f["act"]...) {
		if text == "" {
			continue
		}
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n <= 0 {
			return form, acts.Errorf(acts.Invalid, "Среди отмеченных не акт. Обновите список и отметьте акты заново.")
		}
		if act := acts.ActID(n); !seen[act] {
			seen[act] = true
			form.IDs = append(form.IDs, act)
		}
	}
	return form, nil
}

// keyOf returns the idempotency key of a form. It is the same when the form is sent twice and differs for another selection on the same
// page.
func keyOf(f url.Values) string {
	key, err := uuid.Parse(f.Get("key"))
	if err != nil {
		return ""
	}
	return uuid.NewSHA1(key, []byte(f.Encode())).String()
}

// readFilter reads the filter of the list that a form was on.
func readFilter(f url.Values, v web.Visit) (list.ActFilter, error) {
	of := list.ActFilter{Visibility: v.Visibility, Zone: web.Zone(v)}
	for name, set := range map[string]func(int64){
		"company": func(n int64) { of.Company = acts.CompanyID(n) },
		"contact": func(n int64) { of.Contact = acts.ContactID(n) },
	} {
		if text := f.Get(name); text != "" {
			n, err := strconv.ParseInt(text, 10, 64)
			if err != nil || n <= 0 {
				return of, errBadFilter
			}
			set(n)
		}
	}
	q, err := url.ParseQuery(f.Get("filter"))
	if err != nil {
		return of, errBadFilter
	}
	a := readListQuery(q, v, of)
	if len(a.faults) > 0 {
		return of, errBadFilter
	}
	return a.filter, nil
}

var errBadFilter = acts.Errorf(acts.Invalid, "Фильтр не понят. Откройте список заново и выберите условия.")
