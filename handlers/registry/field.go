package registry

import (
	"maps"
	"net/http"
	"net/url"
	"slices"

	"acts24/acts"
	"acts24/handlers/web"
	"acts24/store/list"
	"acts24/views"
)

// filterField is a field of the filter that may be added to it by itself.
type filterField struct {
	code, label string
	names       []string // of its conditions in the address
	flag        bool     // the condition has no value to choose
}

// filterFields are the fields in the order in which they are offered.
var filterFields = []filterField{
	{"status", "Статус", []string{"status"}, false}, {"company", "Компания", []string{"company", "contact"}, false},
	{"date", "Дата акта", []string{"from", "to"}, false}, {"responsible", "Ответственный", []string{"responsible"}, false},
	{"own", "Наша организация", []string{"own"}, false}, {"medium", "Тип акта", []string{"medium"}, false},
	{"kind", "Вид контрагента", []string{"kind"}, false}, {"channel", "Способ отправки", []string{"channel"}, false},
	{"delivery", "Доставка", []string{"delivery"}, false}, {"operator", "Оператор ЭДО", []string{"operator"}, false},
	{"stage", "Стадия сделки", []string{"stage"}, false}, {"our-move", "Ваше действие", []string{"our-move"}, true},
	{"overdue", "Срок подписания прошёл", []string{"overdue"}, true}, {"failed", "Ошибка отправки", []string{"failed"}, true},
	{"refused", "Отказ, исправленного акта нет", []string{"refused"}, true}, {"original", "Оригинал не получен", []string{"original"}, true},
}

// fieldOf returns the code of the field that changes a condition, "" when only the whole filter does.
func fieldOf(condition string) string {
	for _, f := range filterFields {
		if !f.flag && slices.Contains(f.names, condition) {
			return f.code
		}
	}
	return ""
}

// field handles GET /p/{portal}/companies/{company}/field, GET /p/{portal}/contacts/{contact}/field, GET /p/{portal}/acts/field: the fields
// that may be added to the filter, or with their name one of them.
func (h *Handler) field(of listOf) func(http.ResponseWriter, *http.Request, web.Visit) error {
	return func(w http.ResponseWriter, r *http.Request, v web.Visit) error {
		page, filter, err := of(r, v)
		if err != nil {
			return err
		}
		q := r.URL.Query()
		a := readListQuery(q, v, filter)
		m := views.AddField{Frame: page.Frame, Action: page.Action, At: page.Action + "/field", Label: "Добавить поле", Faults: a.faults}
		m.Title = m.Label
		name := q.Get("name")
		i := slices.IndexFunc(filterFields, func(f filterField) bool { return f.code == name && !f.flag })
		switch {
		case name == "":
			m.Choices = fieldChoices(m, a)
		case i < 0 || a.tab && name == "company":
			return acts.Errorf(acts.NotFound, "Такого поля нет. Вернитесь к списку и выберите другое.")
		default:
			err = h.fillField(r, v, &m, a, filterFields[i])
		}
		if err != nil {
			return err
		}
		return web.Render(w, r, http.StatusOK, views.AddFieldPage(m))
	}
}

// fieldChoices returns the fields without a condition.
func fieldChoices(m views.AddField, a listQuery) (choices []views.FieldChoice) {
	for _, f := range filterFields {
		q := a.withSort(a.query())
		if slices.ContainsFunc(f.names, q.Has) || a.tab && f.code == "company" {
			continue
		}
		c := views.FieldChoice{Code: f.code, Label: f.label, SetsCondition: f.flag}
		if f.flag {
			q.Set(f.code, "1")
			c.Href = address(m.Action, q)
		} else {
			q.Set("name", f.code)
			c.Href = address(m.At, q)
		}
		choices = append(choices, c)
	}
	return choices
}

// fillField formats one field, and the rest of the filter to keep.
func (h *Handler) fillField(r *http.Request, v web.Visit, m *views.AddField, a listQuery, f filterField) error {
	m.Code, m.Label, m.Title = f.code, f.label, f.label
	q := a.withSort(a.query())
	for _, name := range f.names {
		q.Del(name)
	}
	for _, name := range slices.Sorted(maps.Keys(q)) {
		for _, value := range q[name] {
			m.Kept = append(m.Kept, views.Option{Label: name, Value: value})
		}
	}
	if f.code == "company" {
		return h.findCompanies(r, v, m, q)
	}
	options, err := list.Options(r.Context(), h.DB.Scope(v.Portal))
	if err != nil {
		return err
	}
	m.Fields = *fieldsView(v, a, options)
	return nil
}

// findCompanies looks for the companies of the typed name; kept is the rest of the filter.
func (h *Handler) findCompanies(r *http.Request, v web.Visit, m *views.AddField, kept url.Values) error {
	m.Faults = map[string]string{}
	m.Search = cleanText(r.URL.Query().Get("find"), m.Faults)
	if m.Search == "" || len(m.Faults) > 0 {
		return nil
	}
	found, more, err := list.Companies(r.Context(), h.DB.Scope(v.Portal), v.Visibility, m.Search)
	if err != nil {
		return err
	}
	for _, c := range found {
		kept.Set("company", web.ID(c.ID))
		text := nameOrNumber(c.Name, web.ID(c.ID))
		if c.INN != "" {
			text += ", ИНН " + c.INN
		}
		m.Found = append(m.Found, views.Link{Text: text, Href: address(m.Action, kept)})
	}
	switch {
	case more:
		m.Note = "Нашлось больше компаний, показаны первые 20. Уточните название."
	case len(found) == 0:
		m.Note = "Среди актов такой компании нет."
	}
	return nil
}
