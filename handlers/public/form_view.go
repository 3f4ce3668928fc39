package public

import (
	"cmp"
	"errors"
	"net/url"
	"strings"

	"acts24/acts"
	"acts24/handlers/web"
	"acts24/views"
)

// typedForm is the public form as it was typed.
type typedForm struct {
	Channel, Kind, Operator, Participant, Box, Email, Address, Contact, Phone, Comment string

	Confirmed string // the confirmed unusual id

	Consent bool
}

func readForm(f url.Values) typedForm {
	get := func(name string) string { return strings.ToValidUTF8(strings.TrimSpace(f.Get(name)), "") }
	return typedForm{Channel: get("channel"), Kind: get("kind"), Operator: get("operator"), Participant: get("participant"), Box: get("box"), Confirmed: get("confirm"),
		Email: get("email"), Address: get("address"), Contact: get("contact"), Phone: get("phone"), Comment: get("comment"),
		Consent: get("consent") == acts.ConsentVersion}
}

// answer returns the answer of the form. An id chosen from those in SBIS has priority over a typed one.
func (t typedForm) answer() acts.Answer {
	a := acts.Answer{Channel: acts.Channel(t.Channel), PartyKind: acts.PartyKind(t.Kind), Participant: cmp.Or(t.Box, t.Participant),
		Email: t.Email, Address: t.Address, Contact: t.Contact, Phone: t.Phone, Comment: t.Comment}
	if o, ok := acts.OperatorNamed(t.Operator); ok {
		a.Operator = o.Prefix
	}
	if t.Consent {
		a.Consent = acts.ConsentVersion
	}
	return a
}

// publicView formats the form with typed values and faults.
func publicView(l formLink, t typedForm, err error) views.PublicForm {
	q := l.question
	m := views.PublicForm{Action: l.path(), Own: cmp.Or(q.Own.FullName(), "Организация из письма"), OwnINN: q.Own.INN, Deal: q.Deal, Works: q.Works,
		Buyer: q.Buyer, INN: q.INN, HasEDO: q.HasEDO, Chosen: channelWords[q.Channel], Participant: q.Participant,
		Channels: channelChoices(t.Channel), Kinds: kindChoices(cmp.Or(t.Kind, string(q.Kind))),
		Typed: map[string]string{"operator": t.Operator, "participant": t.Participant, "email": t.Email, "address": t.Address,
			"contact": t.Contact, "phone": t.Phone, "comment": t.Comment},
		ConsentText: acts.ConsentText(q.Own.FullName()), ConsentVersion: acts.ConsentVersion, Consent: t.Consent, Button: "Отправить ответ"}
	if q.Answered {
		m.Button = "Изменить ответ"
	}
	if o, ok := acts.OperatorNamed(t.Operator); ok && o.Hint != "" {
		m.IDFormat = "У оператора " + o.Name + " выглядит так: " + o.Hint + "."
	}
	for _, o := range acts.Operators {
		m.Operators = append(m.Operators, o.Name)
		if o.Hint != "" {
			m.IDFormats = append(m.IDFormats, views.Option{Label: o.Name, Value: o.Hint})
		}
	}
	var faults acts.Faults
	errors.As(err, &faults)
	m.Faults = web.FaultMap(faults)
	if id := acts.TrimParticipant(cmp.Or(t.Box, t.Participant)); m.Faults["participant"] != "" && acts.CheckParticipant(id) == "" {
		m.Unconfirmed = id
	}
	for _, f := range faults {
		m.Summary = append(m.Summary, views.PublicFault{Field: f.Field, Text: f.Text})
	}
	return m
}

var channelWords = map[acts.Channel]string{acts.ChannelEDO: "через ЭДО", acts.ChannelEmail: "на бумаге, по e-mail", acts.ChannelPost: "на бумаге, почтой"}

func channelChoices(chosen string) []views.PublicChoice {
	list := []views.PublicChoice{
		{Value: string(acts.ChannelEDO), Label: "Через ЭДО", Note: "Электронный документ с электронной подписью"},
		{Value: string(acts.ChannelEmail), Label: "На бумаге, по e-mail", Note: "Скан подписанного акта"},
		{Value: string(acts.ChannelPost), Label: "На бумаге, почтой", Note: "Два экземпляра по вашему адресу"},
	}
	return markChosen(list, chosen)
}

func kindChoices(chosen string) []views.PublicChoice {
	return markChosen([]views.PublicChoice{{Value: string(acts.PartyCompany), Label: "Организация"}, {Value: string(acts.PartyPerson), Label: "ИП"}}, chosen)
}

// foundChoices returns the participant ids found in SBIS; the last choice keeps the typed one.
func foundChoices(boxes []string, t typedForm) []views.PublicChoice {
	var list []views.PublicChoice
	for _, id := range boxes {
		o, known := acts.OperatorByPrefix(acts.OperatorOf(id))
		if !known {
			o.Name = "Другой оператор"
		}
		list = append(list, views.PublicChoice{Value: id, Label: o.Name, Note: id})
	}
	list = append(list, views.PublicChoice{Label: "Другой идентификатор", Note: "Указать вручную"})
	if t.Box == "" && t.Participant == "" {
		return markChosen(list, boxes[0])
	}
	return markChosen(list, t.Box)
}

func markChosen(list []views.PublicChoice, value string) []views.PublicChoice {
	for i := range list {
		list[i].Chosen = list[i].Value == value
	}
	return list
}
