package handlers

import (
	"net/url"
	"strconv"

	"acts24/acts"
	"acts24/store"
)

// nobody stands in an address for a responsible or a client who is not known.
const nobody = "none"

// readWaiting reads the conditions to which the report leads: for how long, and whose acts. A tab has its company already.
func (a *asked) readWaiting(q url.Values, of store.ActFilter) {
	if text := q.Get("waiting"); text != "" {
		span, ok := acts.ParseSpan(text)
		if !ok {
			a.unknown()
		}
		a.filter.Waiting = span
	}
	if a.tab = of.Company != 0 || of.Contact != 0; a.tab {
		return
	}
	switch text := q.Get("company"); text {
	case "":
	case nobody:
		a.filter.Unknown = true
	default:
		a.filter.Company = acts.CompanyID(a.number(text))
	}
	if text := q.Get("contact"); text != "" {
		a.filter.Contact = acts.ContactID(a.number(text))
	}
	if f := a.filter; f.Company != 0 && f.Contact != 0 || f.Unknown && f.Contact != 0 {
		a.unknown()
	}
}

// number reads an id; what is none becomes a fault.
func (a *asked) number(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n <= 0 {
		a.unknown()
		return 0
	}
	return n
}

// setWaiting writes these conditions into an address.
func setWaiting(q url.Values, f store.ActFilter) {
	if f.Waiting != (acts.Span{}) {
		q.Set("waiting", f.Waiting.String())
	}
	switch {
	case f.Unknown:
		q.Set("company", nobody)
	case f.Company != 0:
		q.Set("company", id(f.Company))
	case f.Contact != 0:
		q.Set("contact", id(f.Contact))
	}
	if f.Unassigned {
		q.Set("responsible", nobody)
	}
}

// own is the filter of the address, without what the page itself narrows to.
func (a asked) own() url.Values {
	q := query(a.filter, a.text)
	if a.tab {
		q.Del("company")
		q.Del("contact")
	}
	return q
}

// hidden are the conditions that the form has no field for.
var hidden = []string{"waiting", "company", "contact"}

// narrowToCell words the conditions that the form has no field for.
func (a asked) narrowToCell(add func(text string, names ...string), buyer string) {
	f := a.filter
	if f.Waiting != (acts.Span{}) {
		add(narrowedTo(f.Waiting), "waiting")
	}
	switch {
	case a.tab:
	case f.Unknown:
		add("Клиент не указан", "company")
	case f.Company != 0:
		add("Компания: "+called(buyer, id(f.Company)), "company")
	case f.Contact != 0:
		add("Контакт: "+called(buyer, id(f.Contact)), "contact")
	}
}

// called is a name, or the number in the CRM where we know none.
func called(name, number string) string {
	if name == "" {
		return "№ " + number
	}
	return name
}

func narrowedTo(s acts.Span) string {
	if s == acts.AnySpan {
		return "Без подписи заявителя"
	}
	return "Без подписи заявителя " + s.Label()
}
