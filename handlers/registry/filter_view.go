package registry

import (
	"cmp"
	"maps"
	"net/url"
	"slices"
	"strings"

	"acts24/acts"
	"acts24/handlers/web"
	"acts24/store/list"
	"acts24/store/people"
	"acts24/views"
)

// filterView formats the filter without the fields of its conditions.
func filterView(a listQuery) views.Filter {
	q := a.query()
	out := views.Filter{Text: a.text, Any: len(q) > 0 || len(a.faults) > 0, Faults: a.faults}
	q.Del("q")
	for _, name := range slices.Sorted(maps.Keys(q)) {
		for _, value := range q[name] {
			o := views.Option{Label: name, Value: value}
			if slices.Contains(hiddenConditions, name) {
				out.Always = append(out.Always, o)
			} else {
				out.Kept = append(out.Kept, o)
			}
		}
	}
	if sort := a.withSort(url.Values{}).Get("sort"); sort != "" {
		out.Always = append(out.Always, views.Option{Label: "sort", Value: sort})
	}
	return out
}

// fieldsView formats all fields of the conditions with the chosen values.
func fieldsView(v web.Visit, a listQuery, c list.FilterOptions) *views.Fields {
	f := a.filter
	out := &views.Fields{From: cmp.Or(a.typed["from"], views.Date(f.From)), To: cmp.Or(a.typed["to"], views.Date(f.To)), Overdue: f.Overdue, Failed: f.Failed, Refused: f.Refused, AwaitsUs: f.AwaitsUs, People: peopleOptions(v, f, c.Users),
		Media: web.Options(string(f.Medium), "", "Любой", string(acts.MediumPaper), acts.MediumPaper.Label(), string(acts.MediumElectronic), acts.MediumElectronic.Label())}
	for _, s := range acts.Statuses {
		out.Statuses = append(out.Statuses, views.Option{Value: string(s), Label: s.Label(), Chosen: slices.Contains(f.Statuses, s)})
	}
	conditionFields(out, f.Conditions, c)
	return out
}

// peopleOptions returns the employees to choose from, the visitor first.
func peopleOptions(v web.Visit, f list.ActFilter, people []people.User) []views.Option {
	pairs := []string{"", "Любой", web.ID(v.User), "Я"}
	known := f.Responsible == 0 || f.Responsible == v.User
	if f.Unassigned {
		pairs, known = append(pairs, noID, "Без ответственного"), true
	}
	for _, u := range people {
		if u.ID != v.User {
			pairs = append(pairs, web.ID(u.ID), u.Name)
			known = known || u.ID == f.Responsible
		}
	}
	if !known {
		pairs = append(pairs, web.ID(f.Responsible), "Сотрудник "+web.ID(f.Responsible))
	}
	chosen := ""
	switch {
	case f.Unassigned:
		chosen = noID
	case f.Responsible != 0:
		chosen = web.ID(f.Responsible)
	}
	return web.Options(chosen, pairs...)
}

// responsibleName returns the name of an employee, or his number if we have no copy of him.
func responsibleName(v web.Visit, user acts.UserID, name string) string {
	switch {
	case user == v.User && v.UserName != "":
		return v.UserName
	case name == "" && user != 0:
		return "Сотрудник " + web.ID(user)
	}
	return name
}

// activeConditions returns the chosen conditions in words, each with the address of the list without it.
func activeConditions(page string, v web.Visit, a listQuery, found list.RegistryPage) []views.Condition {
	f, c := a.filter, found.Chosen
	var list []views.Condition
	add := func(text string, names ...string) {
		q := a.query()
		for _, name := range names {
			q.Del(name)
		}
		list = append(list, views.Condition{Text: text, Without: address(page, a.withSort(q)), TestID: "without-" + names[0], Field: fieldOf(names[0])})
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
	if f.Unassigned {
		add("Без ответственного", "responsible")
	} else if f.Responsible == v.User && f.Responsible != 0 {
		add("Ответственный: я", "responsible")
	} else if f.Responsible != 0 {
		add("Ответственный: "+cmp.Or(c.Responsible, "сотрудник "+web.ID(f.Responsible)), "responsible")
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
	if f.AwaitsUs {
		add("Ваше действие", "our-move")
	}
	if f.Refused {
		add("Отказ, исправленного акта нет", "refused")
	}
	addDocumentConditions(add, f.Conditions, c)
	a.addHiddenConditions(add, found.Buyer)
	return list
}

// addDocumentConditions adds the labels of the conditions on the document.
func addDocumentConditions(add func(text string, names ...string), f list.Conditions, c list.FilterNames) {
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
		add(cmp.Or(c.Own, "Организация "+web.ID(f.Own)), "own")
	}
	if f.Stage != "" {
		add("Сделка: "+cmp.Or(c.Stage, "стадия "+f.Stage), "stage")
	}
	if f.NoOriginal {
		add("Оригинал не получен", "original")
	}
}

func period(f list.ActFilter) (text string) {
	if !f.From.IsZero() {
		text += " с " + views.Date(f.From)
	}
	if !f.To.IsZero() {
		text += " по " + views.Date(f.To)
	}
	return text
}
