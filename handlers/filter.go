package handlers

import (
	"encoding/base64"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"acts24/acts"
	"acts24/store"
	"acts24/views"
)

// longestText is how many letters are searched for.
const longestText = 100

// asked is what the address of a list asks for.
type asked struct {
	filter store.ActFilter
	after  store.PageKey
	text   string // as typed
	tab    bool   // the page is of one company or contact
	faults map[string]string
}

// askedFor reads a filter out of an address, for the acts that of already narrows to. What it does not understand becomes a fault.
func askedFor(q url.Values, v Visit, of store.ActFilter) asked {
	a := asked{filter: of, after: openKey(q.Get("after"), v.Portal), faults: map[string]string{}}
	a.readText(q.Get("q"))
	for _, text := range q["status"] {
		status := acts.Status(text)
		switch {
		case !slices.Contains(acts.Statuses, status):
			a.unknown()
		case !slices.Contains(a.filter.Statuses, status):
			a.filter.Statuses = append(a.filter.Statuses, status)
		}
	}
	switch m := acts.Medium(q.Get("medium")); m {
	case acts.AnyMedium, acts.Paper, acts.Electronic:
		a.filter.Medium = m
	default:
		a.unknown()
	}
	switch text := q.Get("responsible"); text {
	case "":
	case nobody:
		a.filter.Unassigned = true
	default:
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n <= 0 {
			a.unknown()
		} else {
			a.filter.Responsible = acts.UserID(n)
		}
	}
	a.filter.From, a.filter.To = a.day(q, "from"), a.day(q, "to")
	if f := a.filter; !f.From.IsZero() && !f.To.IsZero() && f.To.Before(f.From) {
		a.faults["to"] = "Конец периода раньше начала."
	}
	a.filter.Overdue, a.filter.Failed = q.Get("overdue") != "", q.Get("failed") != ""
	a.readWaiting(q, of)
	a.readConditions(q)
	return a
}

func (a *asked) unknown() {
	a.faults["filter"] = "В адресе страницы условие, которого нет. Выберите условия заново."
}

// readText leaves out what no name holds.
func (a *asked) readText(typed string) {
	clean := strings.Map(func(r rune) rune {
		if r == utf8.RuneError || unicode.IsControl(r) {
			return -1
		}
		return r
	}, typed)
	a.text = strings.Join(strings.Fields(clean), " ")
	if utf8.RuneCountInString(a.text) > longestText {
		a.text = string([]rune(a.text)[:longestText])
		a.faults["q"] = "Слишком длинный запрос: ищем не больше 100 знаков."
	}
	a.filter.Text = strings.TrimSpace(strings.TrimPrefix(a.text, "№"))
}

func (a *asked) day(q url.Values, name string) time.Time {
	text := q.Get(name)
	if text == "" {
		return time.Time{}
	}
	day, err := time.Parse(time.DateOnly, text)
	if err != nil || day.Year() < 1900 {
		a.faults[name] = "Нужна дата: день, месяц и год."
		return time.Time{}
	}
	return day
}

// query writes the filter the way the form does, so that equal filters have one address.
func query(f store.ActFilter, text string) url.Values {
	q := url.Values{}
	set := func(name, value string) {
		if value != "" {
			q.Set(name, value)
		}
	}
	for _, s := range acts.Statuses {
		if slices.Contains(f.Statuses, s) {
			q.Add("status", string(s))
		}
	}
	set("q", text)
	set("medium", string(f.Medium))
	set("from", views.InputDate(f.From))
	set("to", views.InputDate(f.To))
	if f.Responsible != 0 {
		set("responsible", id(f.Responsible))
	}
	if f.Overdue {
		set("overdue", "1")
	}
	if f.Failed {
		set("failed", "1")
	}
	setWaiting(q, f)
	setConditions(set, f.Conditions)
	return q
}

func address(page string, q url.Values) string {
	if len(q) == 0 {
		return page
	}
	return page + "?" + q.Encode()
}

// sealKey writes where a page begins, for the portal it is of.
func sealKey(k store.PageKey, portal acts.PortalID) string {
	return base64.RawURLEncoding.EncodeToString([]byte(id(portal) + "." + views.InputDate(k.Day) + "." + id(k.ID)))
}

// openKey reads where a page begins; what is no key of this portal begins at the first.
func openKey(text string, portal acts.PortalID) store.PageKey {
	plain, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(plain) > 64 {
		return store.PageKey{}
	}
	of, rest, _ := strings.Cut(string(plain), ".")
	written, number, _ := strings.Cut(rest, ".")
	day, err := time.Parse(time.DateOnly, written)
	n, wrong := strconv.ParseInt(number, 10, 64)
	if err != nil || wrong != nil || n <= 0 || day.Year() < 1 || of != id(portal) {
		return store.PageKey{}
	}
	return store.PageKey{Day: day, ID: acts.ActID(n)}
}

func dayOf(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}
