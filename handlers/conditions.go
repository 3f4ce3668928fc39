package handlers

import (
	"net/url"
	"slices"
	"strconv"
	"unicode"

	"acts24/acts"
	"acts24/store"
	"acts24/views"
)

// The values that the form offers.
var (
	kinds      = []acts.PartyKind{acts.Person, acts.Company}
	channels   = []acts.Channel{acts.ByEmail, acts.ByPost, acts.ByEDO}
	deliveries = []acts.Delivery{acts.NotHanded, acts.Queued, acts.WaitingSignature, acts.WaitingConnection, acts.OnItsWay, acts.Delivered, acts.Completed,
		acts.DeliveryFailed, acts.Withdrawing}
)

// codeOf is a delivery in an address.
func codeOf(d acts.Delivery) string {
	if d == acts.NotHanded {
		return store.NotHandedOver
	}
	return string(d)
}

// readConditions reads what the document of an act is to be.
func (a *asked) readConditions(q url.Values) {
	c := &a.filter.Conditions
	c.PartyKind, c.Channel, c.Delivery = acts.PartyKind(q.Get("kind")), acts.Channel(q.Get("channel")), q.Get("delivery")
	c.Operator, c.Stage, c.NoOriginal = q.Get("operator"), q.Get("stage"), q.Get("original") != ""
	_, known := acts.OperatorByPrefix(c.Operator)
	if c.PartyKind != "" && !slices.Contains(kinds, c.PartyKind) || c.Channel != "" && !slices.Contains(channels, c.Channel) || c.Operator != "" && !known ||
		c.Delivery != "" && !slices.ContainsFunc(deliveries, func(d acts.Delivery) bool { return codeOf(d) == c.Delivery }) ||
		len(c.Stage) > 100 || slices.ContainsFunc([]rune(c.Stage), func(r rune) bool { return r > unicode.MaxASCII || unicode.IsControl(r) }) {
		*c = store.Conditions{NoOriginal: c.NoOriginal}
		a.unknown()
	}
	if text := q.Get("own"); text != "" {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n <= 0 {
			a.unknown()
		} else {
			c.Own = acts.CompanyID(n)
		}
	}
}

// setConditions writes them the way the form does.
func setConditions(set func(name, value string), c store.Conditions) {
	set("kind", string(c.PartyKind))
	set("channel", string(c.Channel))
	set("delivery", c.Delivery)
	set("operator", c.Operator)
	set("stage", c.Stage)
	if c.Own != 0 {
		set("own", id(c.Own))
	}
	if c.NoOriginal {
		set("original", "1")
	}
}

// conditionFields are the fields of the form for them.
func conditionFields(out *views.Fields, c store.Conditions, from store.Choices) {
	pairs := []string{"", "Любой"}
	for _, k := range kinds {
		pairs = append(pairs, string(k), k.Label())
	}
	out.Kinds = options(string(c.PartyKind), pairs...)
	pairs = []string{"", "Любой"}
	for _, ch := range channels {
		pairs = append(pairs, string(ch), ch.Label())
	}
	out.Channels = options(string(c.Channel), pairs...)
	pairs = []string{"", "Любая"}
	for _, d := range deliveries {
		pairs = append(pairs, codeOf(d), d.Label())
	}
	out.Deliveries = options(c.Delivery, pairs...)
	pairs = []string{"", "Любой"}
	for _, o := range acts.Operators {
		pairs = append(pairs, o.Prefix, o.Name)
	}
	out.Operators = options(c.Operator, pairs...)
	out.Own = chosenToo(append([]views.Option{{Label: "Любая", Chosen: c.Own == 0}}, ownOptions(from.Own, c.Own)...), c.Own != 0, id(c.Own), "Организация "+id(c.Own))
	out.Stages = chosenToo(stages(from.Pipelines, c.Stage), c.Stage != "", c.Stage, "Стадия "+c.Stage)
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

// chosenToo adds what is chosen and is none of the choices, so that the form does not lose it.
func chosenToo(list []views.Option, chosen bool, value, label string) []views.Option {
	if chosen && !slices.ContainsFunc(list, func(o views.Option) bool { return o.Chosen }) {
		return append(list, views.Option{Value: value, Label: label, Chosen: true})
	}
	return list
}
