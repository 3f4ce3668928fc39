package public

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"acts24/acts"
	"acts24/views"
)

func TestTypedForm(t *testing.T) {
	typed := readForm(url.Values{"channel": {" edo "}, "kind": {"company"}, "participant": {"2BE1"}, "box": {"2BM-1"}, "email": {"a@b.example\xff"}, "consent": {acts.ConsentVersion}, "confirm": {"2BM-1"}})
	a := typed.answer()
	if a.Channel != acts.ChannelEDO || a.PartyKind != acts.PartyCompany || a.Participant != "2BM-1" || a.Email != "a@b.example" || a.Consent != acts.ConsentVersion || typed.Confirmed != "2BM-1" {
		t.Errorf("%+v", a)
	}
	for name, tt := range map[string]struct {
		form url.Values
		want func(acts.Answer) bool
	}{
		"a typed id":               {url.Values{"participant": {"2BE1"}}, func(a acts.Answer) bool { return a.Participant == "2BE1" }},
		"an operator by its name":  {url.Values{"operator": {acts.Operators[0].Name}}, func(a acts.Answer) bool { return a.Operator == acts.Operators[0].Prefix }},
		"an operator nobody knows": {url.Values{"operator": {"x"}}, func(a acts.Answer) bool { return a.Operator == "" }},
		"no consent":               {url.Values{}, func(a acts.Answer) bool { return a.Consent == "" }},
		"consent to another text":  {url.Values{"consent": {"0"}}, func(a acts.Answer) bool { return a.Consent == "" }},
	} {
		if a := readForm(tt.form).answer(); !tt.want(a) {
			t.Errorf("%s: %+v", name, a)
		}
	}
}

func chosen(list []views.PublicChoice) (values []string) {
	for _, c := range list {
		if c.Chosen {
			values = append(values, c.Value)
		}
	}
	return values
}

func TestPublicView(t *testing.T) {
	l := formLink{token: "secret"}
	l.question.Kind = acts.PartyCompany
	m := publicView(l, typedForm{Channel: "email", Email: "a@b.example"}, nil)
	if m.Action != "/f/secret" || m.Button != "Отправить ответ" || !slices.Equal(chosen(m.Channels), []string{"email"}) || !slices.Equal(chosen(m.Kinds), []string{string(acts.PartyCompany)}) || m.Typed["email"] != "a@b.example" {
		t.Errorf("%+v", m)
	}
	if !strings.HasPrefix(m.Own, "Организация из письма") {
		t.Errorf("without our company: %q", m.Own)
	}
	l.question.Answered, l.question.Channel = true, acts.ChannelPost
	m = publicView(l, typedForm{Kind: string(acts.PartyPerson)}, acts.Faults{{Field: "email", Text: "Нужен e-mail."}})
	if m.Button != "Изменить ответ" || m.Chosen != "на бумаге, почтой" || m.Faults["email"] == "" || len(m.Summary) != 1 || !slices.Equal(chosen(m.Kinds), []string{string(acts.PartyPerson)}) {
		t.Errorf("%+v", m)
	}
}

func TestFoundChoices(t *testing.T) {
	boxes := []string{"2BE0123", "9ZZ0123"}
	for name, tt := range map[string]struct {
		typed typedForm
		want  string
	}{"nothing typed": {typedForm{}, "2BE0123"}, "one was picked": {typedForm{Box: "9ZZ0123"}, "9ZZ0123"}, "an id was typed": {typedForm{Participant: "2BM-1"}, ""}} {
		list := foundChoices(boxes, tt.typed)
		if len(list) != 3 || list[1].Label != "Другой оператор" || !slices.Equal(chosen(list), []string{tt.want}) {
			t.Errorf("%s: %+v", name, list)
		}
	}
}
