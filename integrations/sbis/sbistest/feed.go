package sbistest

import (
	"slices"
	"strconv"
)

const maxPage = 200

// changes is one page of the feed (docs/contracts/sbis.md, "Changes").
func (c *call) changes(params dict) (any, *refusal) {
	in := params.object("Фильтр")
	if in == nil {
		return nil, missing("Фильтр")
	}
	feed, r := c.feedOf(in)
	if r != nil {
		return nil, r
	}
	size, r := pageSize(in)
	if r != nil {
		return nil, r
	}
	from, r := c.start(feed, in)
	if r != nil {
		return nil, r
	}
	if served, before := c.index.served[feed]; before && c.plan.Has(FaultRepeatPage) {
		from = min(served, from)
	}
	entries := c.st.Feeds[feed]
	end := min(from+size, len(entries))
	if from < end {
		c.index.served[feed] = from
	}
	return c.page(entries, from, end, size, in), nil
}

// page renders the entries, without those after ДатаВремяПо of the filter.
func (c *call) page(entries []entry, from, end, size int, in dict) dict {
	until, limited := readMoment(in.text("ДатаВремяПо"))
	documents := []any{}
	for _, e := range entries[from:end] {
		if limited && e.At.After(until) {
			continue
		}
		d := c.index.documents[e.Document]
		at := slices.IndexFunc(d.Events, func(x *event) bool { return x.ID == e.Event })
		documents = append(documents, c.render(d, d.Events[at]))
	}
	if c.plan.Has(FaultShuffle) {
		slices.Reverse(documents)
	}
	return dict{
		"Документ":  documents,
		"Навигация": dict{"ЕстьЕще": yesNo(end < len(entries)), "РазмерСтраницы": strconv.Itoa(size), "Страница": "0"},
	}
}

// feedOf checks type and organisation.
func (c *call) feedOf(in dict) (string, *refusal) {
	if kind := orElse(in.text("Тип"), outgoingAct); kind != outgoingAct {
		return "", refuse("Неизвестный тип документа: %s", kind)
	}
	o, r := readParty(in, "НашаОрганизация")
	if r != nil {
		return "", r
	}
	own := c.account.own(o.INN, o.KPP)
	if own == nil {
		return "", refuse("Нет доступа к организации с ИНН %s", o.INN)
	}
	return feedKey(c.account.key(), *own), nil
}

func pageSize(in dict) (int, *refusal) {
	nav := in.object("Навигация")
	if !nav.has("РазмерСтраницы") {
		return 25, nil
	}
	size, ok := nav.number("РазмерСтраницы")
	if !ok || size < 1 || size > maxPage {
		return 0, refuse("Размер страницы должен быть от 1 до %d", maxPage)
	}
	return size, nil
}

// start returns the index in the feed at which the page begins: after an event, or at a time.
func (c *call) start(feed string, in dict) (int, *refusal) {
	if id := in.text("ИдентификаторСобытия"); id != "" {
		p, known := c.index.places[id]
		if !known || p.feed != feed {
			return 0, errNoEvent
		}
		return p.at + 1, nil
	}
	since, ok := readMoment(in.text("ДатаВремяС"))
	if !ok {
		return 0, refuse("Неверный формат даты")
	}
	// Times have whole seconds, so an event within that second is included.
	at := slices.IndexFunc(c.st.Feeds[feed], func(e entry) bool { return !e.At.Before(since) })
	if at < 0 {
		return len(c.st.Feeds[feed]), nil
	}
	return at, nil
}
