package handlers

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"acts24/acts"
	"acts24/store"
	"acts24/views"
)

// filterView is the form above a list without the fields of its conditions.
func filterView(page string, a asked) views.Filter {
	q := query(a.filter, a.text)
	out := views.Filter{Text: a.text, Any: len(q) > 0 || len(a.faults) > 0, Conditions: address(page+"/conditions", q), Faults: a.faults}
	q.Del("q")
	for _, name := range slices.Sorted(maps.Keys(q)) {
		for _, value := range q[name] {
			out.Kept = append(out.Kept, views.Option{Label: name, Value: value})
		}
	}
	return out
}

// fieldsView are all fields of the conditions with what is chosen.
func fieldsView(v Visit, a asked, c store.Choices) *views.Fields {
	f := a.filter
	out := &views.Fields{From: views.InputDate(f.From), To: views.InputDate(f.To), Overdue: f.Overdue, Failed: f.Failed, People: people(v, f.Responsible, c.Users),
		Media: options(string(f.Medium), "", "Любой", string(acts.Paper), acts.Paper.Label(), string(acts.Electronic), acts.Electronic.Label())}
	for _, s := range acts.Statuses {
		out.Statuses = append(out.Statuses, views.Option{Value: string(s), Label: s.Label(), Chosen: slices.Contains(f.Statuses, s)})
	}
	conditionFields(out, f.Conditions, c)
	return out
}

// people are the employees to choose from, the visitor first.
func people(v Visit, chosen acts.UserID, known []store.User) []views.Option {
	pairs := []string{"", "Любой", id(v.User), "Я"}
	found := chosen == 0 || chosen == v.User
	for _, u := range known {
		if u.ID != v.User {
			pairs = append(pairs, id(u.ID), u.Name)
			found = found || u.ID == chosen
		}
	}
	if !found {
		pairs = append(pairs, id(chosen), "Сотрудник "+id(chosen))
	}
	value := ""
	if chosen != 0 {
		value = id(chosen)
	}
	return options(value, pairs...)
}

// narrowings are the chosen conditions in words, each with the address of the list without it.
func narrowings(page string, v Visit, a asked, c store.Chosen) []views.Narrowing {
	f := a.filter
	var list []views.Narrowing
	add := func(text string, names ...string) {
		q := query(f, a.text)
		for _, name := range names {
			q.Del(name)
		}
		list = append(list, views.Narrowing{Text: text, Without: address(page, q), TestID: "without-" + names[0]})
	}
	if len(f.Statuses) > 0 {
		var labels []string
		for _, s := range f.Statuses {
			labels = append(labels, s.Label())
		}
		add(strings.Join(labels, ", "), "status")
	}
	if f.Medium != "" {
		add(f.Medium.Label(), "medium")
	}
	if f.Responsible == v.User && f.Responsible != 0 {
		add("Ответственный: я", "responsible")
	} else if f.Responsible != 0 {
		add("Ответственный: "+cmp.Or(c.Responsible, "сотрудник "+id(f.Responsible)), "responsible")
	}
	if !f.From.IsZero() || !f.To.IsZero() {
		add("Дата акта"+period(f), "from", "to")
	}
	if f.Overdue {
		add("Срок подписания прошёл", "overdue")
	}
	if f.Failed {
		add("Ошибка отправки", "failed")
	}
	narrow(add, f.Conditions, c)
	return list
}

// narrow words the conditions on the document.
func narrow(add func(text string, names ...string), f store.Conditions, c store.Chosen) {
	if f.PartyKind != "" {
		add(f.PartyKind.Label(), "kind")
	}
	if f.Channel != "" {
		add(f.Channel.Label(), "channel")
	}
	for _, d := range deliveries {
		if f.Delivery == codeOf(d) {
			add(d.Label(), "delivery")
		}
	}
	if o, ok := acts.OperatorByPrefix(f.Operator); ok {
		add(o.Name, "operator")
	}
	if f.Own != 0 {
		add(cmp.Or(c.Own, "Организация "+id(f.Own)), "own")
	}
	if f.Stage != "" {
		add("Сделка: "+cmp.Or(c.Stage, "стадия "+f.Stage), "stage")
	}
	if f.NoOriginal {
		add("Оригинал не получен", "original")
	}
}

func period(f store.ActFilter) (text string) {
	if !f.From.IsZero() {
		text += " с " + views.Date(f.From)
	}
	if !f.To.IsZero() {
		text += " по " + views.Date(f.To)
	}
	return text
}
