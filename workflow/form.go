package workflow

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"acts24/acts"
	"acts24/store"
)

// ActForm is the form of the deal tab as it was typed.
type ActForm struct {
	Key          string // of this one form; the same key makes one act
	Type         string // "electronic-company" and so on
	Own          acts.CompanyID
	Channel      string // of a paper act
	Number       string // where our company numbers by hand
	Date         string // "2026-11-23"
	From, To     string
	BasisName    string
	BasisNumber  string
	BasisDate    string
	Signer       string
	Position     string
	Ground       string
	Operator     string
	Participant  string
	Picks        map[acts.RowID]Pick
	Free         []FreeLine
	ExchangeRate string // roubles for one unit of the deal's currency
	ExchangeDate string
	Comment      string
	Send         bool // hand over to SBIS at once
}

// Pick is what of a product row goes into the act.
type Pick struct {
	On       bool
	Quantity string
	Rate     string // chosen anew when the deal's rate is not valid on the act's date
}

// FreeLine is a line of a deal without product rows.
type FreeLine struct {
	Name, Quantity, Price, Rate string
}

// Empty reports whether nothing was typed into the line.
func (l FreeLine) Empty() bool { return strings.TrimSpace(l.Name+l.Price) == "" }

// parse turns the form into a draft act of the deal, or tells all that is wrong with it, each at its field.
func (f ActForm) parse(d store.Deal, own store.OwnCompany, today time.Time) (acts.Act, error) {
	p := parser{form: f, deal: d}
	if _, err := uuid.Parse(f.Key); err != nil {
		p.faults.Add("key", "Форма устарела, обновите страницу.")
	}
	a := acts.Act{Deal: d.ID, DealTitle: d.Title, OwnCompany: own.ID, Seller: own.Party, Buyer: d.Buyer, Company: d.Company,
		Contact: d.Contact, Function: own.Function, Status: acts.Draft, Responsible: d.Responsible, Comment: clip(f.Comment, 1000), VATGround: own.VATGround}
	p.kind(&a)
	p.dates(&a, today)
	p.basis(&a)
	p.signer(&a)
	p.number(&a, own)
	p.exchange(&a)
	a.Lines = p.lines(a.Date)
	a.Totals = acts.Sum(a.Lines)
	if len(p.faults) == 0 && a.Totals.Gross <= 0 {
		p.faults.Add("lines", "Сумма акта должна быть больше нуля.")
	}
	return a, p.faults.Err()
}

type parser struct {
	form   ActForm
	deal   store.Deal
	course decimal.Decimal
	faults acts.Faults
}

func (p *parser) kind(a *acts.Act) {
	medium, kind, ok := strings.Cut(p.form.Type, "-")
	a.Medium, a.PartyKind = acts.Medium(medium), acts.PartyKind(kind)
	if !ok || a.Medium != acts.Paper && a.Medium != acts.Electronic || a.PartyKind != acts.Person && a.PartyKind != acts.Company {
		p.faults.Add("type", "Выберите тип акта.")
		a.Medium, a.PartyKind = acts.Paper, acts.Company
	}
	a.Channel = acts.ByEDO
	if a.Medium == acts.Paper {
		a.Channel = acts.Channel(p.form.Channel)
		if a.Channel != acts.ByEmail {
			a.Channel = acts.ByPost
		}
	}
}

func (p *parser) dates(a *acts.Act, today time.Time) {
	a.Date = p.date("date", p.form.Date, true)
	a.From, a.To = p.date("from", p.form.From, false), p.date("to", p.form.To, false)
	switch {
	case a.From.IsZero() != a.To.IsZero():
		p.faults.Add("to", "Укажите и начало, и конец периода.")
	case a.To.Before(a.From):
		p.faults.Add("to", "Период заканчивается раньше, чем начинается.")
	}
	if a.Date.After(today.AddDate(1, 0, 0)) || !a.Date.IsZero() && a.Date.Before(today.AddDate(-5, 0, 0)) {
		p.faults.Add("date", "Проверьте дату акта: она далеко от сегодняшней.")
	}
}

func (p *parser) date(field, text string, required bool) time.Time {
	text = strings.TrimSpace(text)
	if text == "" {
		if required {
			p.faults.Add(field, "Укажите дату.")
		}
		return time.Time{}
	}
	for _, layout := range []string{time.DateOnly, "02.01.2006"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t
		}
	}
	p.faults.Add(field, "Дата указывается как 31.12.2026.")
	return time.Time{}
}

func (p *parser) basis(a *acts.Act) {
	a.Basis = acts.Basis{Name: p.text("basis", p.form.BasisName, 255), Number: p.text("basis-number", p.form.BasisNumber, 100),
		Date: p.date("basis-date", p.form.BasisDate, false)}
	if a.Basis.Name == "" {
		p.faults.Add("basis", "Укажите основание: договор, заказ или счёт.")
	}
	if a.Basis.Name != "" && a.Basis.Date.IsZero() && p.faults.At("basis-date") == "" {
		p.faults.Add("basis-date", "Укажите дату основания.")
	}
}

func (p *parser) signer(a *acts.Act) {
	a.Signer = acts.ParseSigner(p.text("signer", p.form.Signer, 180))
	a.Signer.Position, a.Signer.Ground = p.text("position", p.form.Position, 120), p.text("ground", p.form.Ground, 120)
	if a.Signer.First == "" {
		p.faults.Add("signer", "Укажите фамилию и имя подписанта.")
	}
	if a.Medium == acts.Electronic {
		a.Buyer.Participant = acts.NormalizeParticipant(p.form.Participant)
		a.Operator = acts.OperatorOf(a.Buyer.Participant)
		if a.Buyer.Participant == "" {
			a.Operator = p.form.Operator
		} else if text := acts.CheckParticipant(a.Buyer.Participant); text != "" {
			p.faults.Add("participant", "%s", text)
		}
		p.party()
	}
}

// number takes what was typed where numbers are given by hand; it is needed at once only to hand the act over.
func (p *parser) number(a *acts.Act, own store.OwnCompany) {
	if !own.Manual {
		return
	}
	a.Wanted = p.text("number", p.form.Number, acts.MostNumber)
	if a.Wanted == "" && p.form.Send {
		p.faults.Add("number", "%s", acts.CheckNumber(""))
	}
}

// party finds what no document can be made with; the rest is told by the pre-send check.
func (p *parser) party() {
	if p.deal.Company == 0 && p.deal.Contact == 0 {
		p.faults.Add("buyer", "В сделке нет ни компании, ни контакта. Добавьте контрагента в карточке сделки.")
	}
}

func (p *parser) exchange(a *acts.Act) {
	p.course = decimal.NewFromInt(1)
	if p.deal.Currency == "" || p.deal.Currency == "RUB" {
		return
	}
	course, err := acts.ParseDecimal(p.form.ExchangeRate)
	if err != nil || !course.IsPositive() || course.GreaterThan(decimal.New(1, 7)) {
		p.faults.Add("exchange-rate", "Сделка в валюте %s: укажите курс к рублю.", p.deal.Currency)
		return
	}
	on := p.date("exchange-date", p.form.ExchangeDate, true)
	p.course = course
	if !on.IsZero() {
		a.Comment = strings.TrimSpace(a.Comment + " Курс " + p.deal.Currency + " на " + on.Format("02.01.2006") + ": " + course.String() + " ₽.")
	}
}

func (p *parser) text(field, text string, most int) string {
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text, "")), " ")
	if utf8.RuneCountInString(text) > most {
		p.faults.Add(field, "Не длиннее %d знаков.", most)
	}
	return text
}

func clip(text string, most int) string {
	runes := []rune(strings.TrimSpace(clean(text)))
	if len(runes) > most {
		runes = runes[:most]
	}
	return string(runes)
}
