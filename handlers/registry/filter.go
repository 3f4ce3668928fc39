package registry

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"acts24/acts"
	"acts24/acts/report"
	"acts24/acts/workday"
	"acts24/handlers/web"
	"acts24/store"
	"acts24/store/list"
	"acts24/views"
)

// The options of the form.
var (
	kinds      = []acts.PartyKind{acts.PartyPerson, acts.PartyCompany}
	channels   = []acts.Channel{acts.ChannelEmail, acts.ChannelPost, acts.ChannelEDO}
	deliveries = []acts.Delivery{acts.DeliveryNone, acts.DeliveryQueued, acts.DeliveryWaitingSignature, acts.DeliveryWaitingConnection, acts.DeliverySent, acts.DeliveryDelivered, acts.DeliveryCompleted,
		acts.DeliveryFailed, acts.DeliveryWithdrawing}
)

// codeOf returns a delivery as addresses contain it.
func codeOf(d acts.Delivery) string {
	if d == acts.DeliveryNone {
		return list.NotHandedOver
	}
	return string(d)
}

// readConditions parses the conditions on the document of an act.
func (a *listQuery) readConditions(q url.Values) {
	c := &a.filter.Conditions
	c.PartyKind, c.Channel, c.Delivery = acts.PartyKind(q.Get("kind")), acts.Channel(q.Get("channel")), q.Get("delivery")
	c.Operator, c.Stage, c.NoOriginal = q.Get("operator"), q.Get("stage"), q.Get("original") != ""
	_, known := acts.OperatorByPrefix(c.Operator)
	if c.PartyKind != "" && !slices.Contains(kinds, c.PartyKind) || c.Channel != "" && !slices.Contains(channels, c.Channel) || c.Operator != "" && !known ||
		c.Delivery != "" && !slices.ContainsFunc(deliveries, func(d acts.Delivery) bool { return codeOf(d) == c.Delivery }) ||
		len(c.Stage) > 100 || slices.ContainsFunc([]rune(c.Stage), func(r rune) bool { return r > unicode.MaxASCII || unicode.IsControl(r) }) {
		*c = list.Conditions{NoOriginal: c.NoOriginal}
		a.refuseCondition()
	}
	if text := q.Get("own"); text != "" {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n <= 0 {
			a.refuseCondition()
		} else {
			c.Own = acts.CompanyID(n)
		}
	}
}

// writeConditions writes these conditions as the form sends them.
func writeConditions(set func(name, value string), c list.Conditions) {
	set("kind", string(c.PartyKind))
	set("channel", string(c.Channel))
	set("delivery", c.Delivery)
	set("operator", c.Operator)
	set("stage", c.Stage)
	if c.Own != 0 {
		set("own", web.ID(c.Own))
	}
	if c.NoOriginal {
		set("original", "1")
	}
}

// conditionFields fills the fields of these conditions.
func conditionFields(out *views.Fields, c list.Conditions, from list.FilterOptions) {
	pairs := []string{"", "Любой"}
	for _, k := range kinds {
		pairs = append(pairs, string(k), k.Label())
	}
	out.Kinds = web.Options(string(c.PartyKind), pairs...)
	pairs = []string{"", "Любой"}
	for _, ch := range channels {
		pairs = append(pairs, string(ch), ch.Label())
	}
	out.Channels = web.Options(string(c.Channel), pairs...)
	pairs = []string{"", "Любая"}
	for _, d := range deliveries {
		pairs = append(pairs, codeOf(d), d.Label())
	}
	out.Deliveries = web.Options(c.Delivery, pairs...)
	pairs = []string{"", "Любой"}
	for _, o := range acts.Operators {
		pairs = append(pairs, o.Prefix, o.Name)
	}
	out.Operators = web.Options(c.Operator, pairs...)
	out.Own = withChosen(append([]views.Option{{Label: "Любая", Chosen: c.Own == 0}}, web.OwnOptions(from.Own, c.Own)...), c.Own != 0, web.ID(c.Own), "Организация "+web.ID(c.Own))
	out.Stages = withChosen(stages(from.Pipelines, c.Stage), c.Stage != "", c.Stage, "Стадия "+c.Stage)
	out.NoOriginal = c.NoOriginal
}

func stages(pipelines []store.Pipeline, chosen string) []views.Option {
	list := []views.Option{{Label: "Любая", Chosen: chosen == ""}}
	for _, p := range pipelines {
		for _, s := range p.Stages {
			label := s.Name
			if len(pipelines) > 1 {
				label = p.Name + ": " + s.Name
			}
			list = append(list, views.Option{Value: s.ID, Label: label, Chosen: s.ID == chosen})
		}
	}
	return list
}

// withChosen adds a chosen value that is not among the options, so that the form keeps it.
func withChosen(list []views.Option, chosen bool, value, label string) []views.Option {
	if chosen && !slices.ContainsFunc(list, func(o views.Option) bool { return o.Chosen }) {
		return append(list, views.Option{Value: value, Label: label, Chosen: true})
	}
	return list
}

// longestText is the maximum length of a search text in letters.
const longestText = 100

// listQuery is the parsed address of a list.
type listQuery struct {
	filter   list.ActFilter
	page     list.Page
	unsorted bool   // the address has an order that the list does not have
	columns  bool   // the address has columns, which are not chosen there
	text     string // as it was typed
	tab      bool   // the page belongs to one company or contact
	faults   map[string]string
	typed    map[string]string // values with a fault
}

// readListQuery parses the address of a list, for acts that are already narrowed to of. Unknown conditions become faults.
func readListQuery(q url.Values, v web.Visit, of list.ActFilter) listQuery {
	a := listQuery{filter: of, faults: map[string]string{}, typed: map[string]string{}}
	page, ok := readPage(q, list.ActSorting, v.Portal)
	a.page, a.unsorted, a.columns = page, !ok, q.Has("columns")
	a.readText(q.Get("q"))
	for _, text := range q["status"] {
		status := acts.Status(text)
		switch {
		case !slices.Contains(acts.Statuses, status):
			a.refuseCondition()
		case !slices.Contains(a.filter.Statuses, status):
			a.filter.Statuses = append(a.filter.Statuses, status)
		}
	}
	switch m := acts.Medium(q.Get("medium")); m {
	case acts.MediumAny, acts.MediumPaper, acts.MediumElectronic:
		a.filter.Medium = m
	default:
		a.refuseCondition()
	}
	switch text := q.Get("responsible"); text {
	case "":
	case noID:
		a.filter.Unassigned = true
	default:
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n <= 0 {
			a.refuseCondition()
		} else {
			a.filter.Responsible = acts.UserID(n)
		}
	}
	a.filter.From, a.filter.To = a.day(q, "from"), a.day(q, "to")
	if f := a.filter; !f.From.IsZero() && !f.To.IsZero() && f.To.Before(f.From) {
		a.faults["to"] = "Конец периода раньше начала."
	}
	a.filter.Overdue, a.filter.Failed, a.filter.Refused = q.Get("overdue") != "", q.Get("failed") != "", q.Get("refused") != ""
	a.filter.AwaitsUs = q.Get("our-move") != ""
	a.readWaiting(q, of)
	a.readConditions(q)
	return a
}

func (a *listQuery) refuseCondition() {
	a.faults["filter"] = "В адресе страницы условие, которого нет. Выберите условия заново."
}

// readText parses the search text.
func (a *listQuery) readText(typed string) {
	a.text = cleanText(typed, a.faults)
	a.filter.Text = strings.TrimSpace(strings.TrimPrefix(a.text, "№"))
}

// cleanText returns a search text without control characters; one that is too long becomes a fault.
func cleanText(typed string, faults map[string]string) string {
	clean := strings.Map(func(r rune) rune {
		if r == utf8.RuneError || unicode.IsControl(r) {
			return -1
		}
		return r
	}, typed)
	text := strings.Join(strings.Fields(clean), " ")
	if utf8.RuneCountInString(text) > longestText {
		faults["q"] = "Слишком длинный запрос: ищем не больше 100 знаков."
		return string([]rune(text)[:longestText])
	}
	return text
}

// day parses a date; an invalid one becomes a fault.
func (a *listQuery) day(q url.Values, name string) time.Time {
	text := q.Get(name)
	if text == "" {
		return time.Time{}
	}
	day, ok := workday.ParseTyped(text)
	if !ok {
		a.faults[name], a.typed[name] = workday.TypedHint, text
		return time.Time{}
	}
	return day
}

// filterQuery returns a filter as the form sends it, so equal filters have one address.
func filterQuery(f list.ActFilter, text string) url.Values {
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
		set("responsible", web.ID(f.Responsible))
	}
	if f.Overdue {
		set("overdue", "1")
	}
	if f.Failed {
		set("failed", "1")
	}
	if f.AwaitsUs {
		set("our-move", "1")
	}
	if f.Refused {
		set("refused", "1")
	}
	writeReportConditions(q, f)
	writeConditions(set, f.Conditions)
	return q
}

// noID is the value in URLs for an unknown responsible or client.
const noID = "none"

// readWaiting parses the conditions that the report links to: the waiting time and the counterparty. The tab of a company has its
// counterparty already.
func (a *listQuery) readWaiting(q url.Values, of list.ActFilter) {
	if text := q.Get("waiting"); text != "" {
		span, ok := report.ParseSpan(text)
		if !ok {
			a.refuseCondition()
		}
		a.filter.Waiting = span
	}
	if a.tab = of.Company != 0 || of.Contact != 0; a.tab {
		return
	}
	switch text := q.Get("company"); text {
	case "":
	case noID:
		a.filter.Unknown = true
	default:
		a.filter.Company = acts.CompanyID(a.number(text))
	}
	if text := q.Get("contact"); text != "" {
		a.filter.Contact = acts.ContactID(a.number(text))
	}
	if f := a.filter; f.Company != 0 && f.Contact != 0 || f.Unknown && f.Contact != 0 {
		a.refuseCondition()
	}
}

// number parses an id; an invalid one becomes a fault.
func (a *listQuery) number(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n <= 0 {
		a.refuseCondition()
		return 0
	}
	return n
}

// writeReportConditions adds these conditions to an address.
func writeReportConditions(q url.Values, f list.ActFilter) {
	if f.Waiting != (report.Span{}) {
		q.Set("waiting", f.Waiting.String())
	}
	switch {
	case f.Unknown:
		q.Set("company", noID)
	case f.Company != 0:
		q.Set("company", web.ID(f.Company))
	case f.Contact != 0:
		q.Set("contact", web.ID(f.Contact))
	}
	if f.Unassigned {
		q.Set("responsible", noID)
	}
}

// query returns the filter in the URL without the counterparty of the page.
func (a listQuery) query() url.Values {
	q := filterQuery(a.filter, a.text)
	if a.tab {
		q.Del("company")
		q.Del("contact")
	}
	return q
}

// withSort adds the order of the list to an address.
func (a listQuery) withSort(q url.Values) url.Values {
	return withSort(q, list.ActSorting, a.page.Sort)
}

// hiddenConditions are the conditions without a field in the form.
var hiddenConditions = []string{"waiting", "company", "contact"}

// addHiddenConditions adds the labels of the conditions without a field.
func (a listQuery) addHiddenConditions(add func(text string, names ...string), buyer string) {
	f := a.filter
	if f.Waiting != (report.Span{}) {
		add(waitingLabel(f.Waiting), "waiting")
	}
	switch {
	case a.tab:
	case f.Unknown:
		add("Клиент не указан", "company")
	case f.Company != 0:
		add("Компания: "+nameOrNumber(buyer, web.ID(f.Company)), "company")
	case f.Contact != 0:
		add("Контакт: "+nameOrNumber(buyer, web.ID(f.Contact)), "contact")
	}
}

// nameOrNumber returns a name, or the number in the CRM if the name is unknown.
func nameOrNumber(name, number string) string {
	if name == "" {
		return "№ " + number
	}
	return name
}

func waitingLabel(s report.Span) string {
	if s == report.AnySpan {
		return "Без подписи заявителя"
	}
	return "Без подписи заявителя " + s.Label()
}
