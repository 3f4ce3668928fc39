package handlers

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"acts24/acts"
	"acts24/store"
	"acts24/workflow"
)

// readBulk reads which acts of a list are meant: those that are checked, the page, or all that its filter asks for.
func readBulk(f url.Values, v Visit) (workflow.BulkForm, error) {
	form := workflow.BulkForm{Key: keyOf(f), Action: store.BulkAction(f.Get("action"))}
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

// keyOf is one for a form that is sent twice, another when something else was chosen on the same page.
func keyOf(f url.Values) string {
	key, err := uuid.Parse(f.Get("key"))
	if err != nil {
		return ""
	}
	return uuid.NewSHA1(key, []byte(f.Encode())).String()
}

// readFilter reads the filter of the list that a form was on.
func readFilter(f url.Values, v Visit) (store.ActFilter, error) {
	of := store.ActFilter{Sees: v.Sees, Zone: zoneOf(v)}
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
	a := askedFor(q, v, of)
	if len(a.faults) > 0 {
		return of, errBadFilter
	}
	return a.filter, nil
}

var errBadFilter = acts.Errorf(acts.Invalid, "Фильтр не понят. Откройте список заново и выберите условия.")
