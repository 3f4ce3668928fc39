package workflow

import (
	"cmp"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"acts24/acts"
	"acts24/acts/workday"
	"acts24/store"
)

// ActForm is the form of the deal tab as it was typed.
type ActForm struct {
	Key           string // of this one form; the same key makes one act
	Type          string // "electronic-company" and so on
	Own           acts.CompanyID
	OwnShown      acts.CompanyID // for which the form was rendered, 0 when unknown
	Channel       string         // of a paper act
	Number        string         // where our company numbers by hand
	Date          string         // "2026-11-23"
	From, To      string
	BasisKind     string // BasisDocument or BasisNone
	BasisName     string
	BasisNumber   string
	BasisDate     string
	BasisFrom     BasisFrom // of a suggestion that no person has confirmed
	Repeated      *Repeated // of a suggestion, nil when the deal has no act with its counterparty
	Signer        string
	Position      string
	Ground        string
	Operator      string
	Participant   string
	Picks         map[acts.RowID]Pick
	Free          []FreeLine
	VATGround     string // of lines without VAT, where the law requires one
	ZeroGround    string // of lines with 0 %, where the law requires one
	Payments      []PaymentRow
	StateContract string
	ExchangeRate  string // roubles for one unit of the deal's currency
	ExchangeDate  string
	Comment       string

	Correction      acts.Correction // of the edited draft; date and cause as typed
	CorrectionDate  string
	CorrectionCause string

	Confirmed []string // questions of the form that a person has answered with yes
	Send      bool     // hand over to SBIS at once
}

// Pick is the part of a product row that goes into the act.
type Pick struct {
	On       bool
	Quantity string
	Rate     string // chosen when the deal's rate is not valid on the act's date
}

// FreeLine is a line of a deal without product rows.
type FreeLine struct {
	Name, Quantity, Price, Rate string
}

// Empty reports whether nothing was typed into the line.
func (l FreeLine) Empty() bool { return strings.TrimSpace(l.Name+l.Price) == "" }

// Parse turns the form into a draft act of the deal, or returns all its faults, each at its field. today is in the
// portal's zone.
func (f ActForm) Parse(d store.Deal, own store.OwnCompany, today time.Time) (acts.Act, error) {
	p := parser{form: f, deal: d, state: stateOf(d)}
	if _, err := uuid.Parse(f.Key); err != nil {
		p.faults.Add("key", "Форма устарела, обновите страницу.")
	}
	a := acts.Act{Deal: d.ID, DealTitle: d.Title, OwnCompany: own.ID, Seller: sellerOf(own, d.Requisites), Buyer: d.Buyer, Company: d.Company,
		Contact: d.Contact, Function: own.Function, Status: acts.StatusDraft, Responsible: d.Responsible, Comment: Clip(f.Comment, 1000)}
	p.requisites(own)
	p.kind(&a)
	p.dates(&a, today)
	p.basis(&a)
	p.signer(&a)
	p.number(&a, own)
	p.exchange(&a)
	a.Lines = p.lines(a.Date)
	for i := range a.Lines {
		a.Lines[i].Kind = cmp.Or(own.LineKind, a.Lines[i].Kind)
	}
	p.grounds(&a, own)
	p.payments(&a)
	a.Totals, a.DealState = acts.Sum(a.Lines), p.state
	p.correction(&a, today)
	p.confirm(a)
	if len(p.faults) == 0 && a.Totals.Gross <= 0 {
		p.faults.Add("lines", "Сумма акта должна быть больше нуля.")
	}
	return a, p.faults.Err()
}

// Draft returns the act that the form would make, as far as it can be read, with the faults of the form: the check
// before forming shows both.
func (f ActForm) Draft(d store.Deal, own store.OwnCompany, today time.Time) (acts.Act, acts.Faults) {
	a, err := f.Parse(d, own, today)
	var faults acts.Faults
	errors.As(err, &faults)
	return a, faults
}

type parser struct {
	form         ActForm
	deal         store.Deal
	exchangeRate decimal.Decimal
	state        acts.DealState // the parts of the deal from which the act is made
	faults       acts.Faults
}

func (p *parser) kind(a *acts.Act) {
	medium, kind, ok := strings.Cut(p.form.Type, "-")
	a.Medium, a.PartyKind = acts.Medium(medium), acts.PartyKind(kind)
	if !ok || a.Medium != acts.MediumPaper && a.Medium != acts.MediumElectronic || a.PartyKind != acts.PartyPerson && a.PartyKind != acts.PartyCompany {
		p.faults.Add("type", "Выберите тип акта.")
		a.Medium, a.PartyKind = acts.MediumPaper, acts.PartyCompany
	}
	if text := acts.KindFault(p.deal.Buyer, a.PartyKind); text != "" && p.faults.At("type") == "" {
		p.faults.Add("type", "%s", text)
	}
	a.Channel = acts.ChannelEDO
	if a.Medium == acts.MediumPaper {
		a.Channel = acts.Channel(p.form.Channel)
		if a.Channel != acts.ChannelEmail {
			a.Channel = acts.ChannelPost
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
	if text := acts.FutureFault(a.Date, today); text != "" {
		p.faults.Add("date", "%s", text)
	}
	if !a.Date.IsZero() && a.Date.Before(today.AddDate(-5, 0, 0)) {
		p.faults.Add("date", "Проверьте дату акта: она далеко от сегодняшней.")
	}
}

func (p *parser) date(field, text string, required bool) time.Time {
	return ParseDay(&p.faults, field, text, required)
}

// ParseDay parses a typed day as workday.ParseTyped does, zero for none. Its faults are added to faults.
func ParseDay(faults *acts.Faults, field, text string, required bool) time.Time {
	if strings.TrimSpace(text) == "" {
		if required {
			faults.Add(field, "Укажите дату.")
		}
		return time.Time{}
	}
	day, ok := workday.ParseTyped(text)
	if !ok {
		faults.Add(field, workday.TypedHint)
		return time.Time{}
	}
	return day
}

func (p *parser) signer(a *acts.Act) {
	a.Signer = acts.ParseSigner(p.text("signer", p.form.Signer, 180))
	a.Signer.Position, a.Signer.Ground = p.text("position", p.form.Position, 120), p.text("ground", p.form.Ground, 120)
	if text := acts.NameDoubt(a.Signer.FullName()); text != "" {
		p.faults.Add("signer", "%s", text)
	} else if a.Signer.First == "" {
		p.faults.Add("signer", acts.NoSigner)
	}
	if text := a.Signer.Fault(a.Seller); text != "" {
		p.faults.Add("position", "%s", text)
	}
	if a.Medium == acts.MediumElectronic {
		p.participant(a)
		p.party()
	}
}

// grounds checks the rates of the lines against the VAT regime of our company, and reads the grounds that the law
// requires.
func (p *parser) grounds(a *acts.Act, own store.OwnCompany) {
	regime := own.VAT.On(a.Date)
	a.VATGround = cmp.Or(own.VATGround, regime.Ground())
	if regime.Pays() {
		a.VATGround, a.ZeroGround = "", ""
		if regime.AnyNeedsGround(a.Lines, acts.NoVAT) {
			a.VATGround = p.text("vat-ground", p.form.VATGround, 200)
		}
		if regime.AnyNeedsGround(a.Lines, "0") {
			a.ZeroGround = p.text("zero-ground", p.form.ZeroGround, 200)
		}
	}
	if !a.Date.IsZero() {
		p.faults = append(p.faults, acts.CheckRates(a.Lines, regime, a.Date)...)
	}
	p.faults = append(p.faults, acts.CheckGrounds(a.Lines, regime, a.VATGround, a.ZeroGround)...)
}

// participant reads the id exactly. An unusual id is a fault until a person has confirmed it.
func (p *parser) participant(a *acts.Act) {
	a.Buyer = a.Buyer.WithParticipant(acts.TrimParticipant(p.form.Participant), "")
	a.Operator = acts.OperatorOf(a.Buyer.Participant)
	if a.Buyer.Participant == "" {
		a.Operator = p.form.Operator
		return
	}
	if text := acts.CheckParticipant(a.Buyer.Participant); text != "" {
		p.faults.Add("participant", "%s", text)
		return
	}
	q, ok := ParticipantQuestion(a.Buyer)
	if ok && !p.agreed(q) {
		p.faults.Add(q.Field, "%s", q.Text)
		return
	}
	a.Buyer.ParticipantSeen = q.Token
}

// number reads the number where numbers are given by hand; it is required only for a hand-over.
func (p *parser) number(a *acts.Act, own store.OwnCompany) {
	if !own.Manual {
		return
	}
	a.Wanted = p.text("number", p.form.Number, acts.MaxNumberLength)
	if a.Wanted == "" && p.form.Send {
		p.faults.Add("number", "%s", acts.CheckNumber(""))
	}
}

// party adds a fault for a deal without a counterparty, which makes every electronic act impossible; the rest is reported by the check before
// sending.
func (p *parser) party() {
	if p.deal.Company == 0 && p.deal.Contact == 0 {
		p.faults.Add("buyer", "В сделке нет ни компании, ни контакта. Добавьте контрагента в карточке сделки.")
	}
}

func (p *parser) exchange(a *acts.Act) {
	p.exchangeRate = decimal.NewFromInt(1)
	if p.deal.InRoubles() {
		return
	}
	exchangeRate, err := acts.ParseDecimal(p.form.ExchangeRate)
	if err != nil || !exchangeRate.IsPositive() || exchangeRate.GreaterThan(decimal.New(1, 7)) {
		p.faults.Add("exchange-rate", "Сделка в валюте %s: укажите курс к рублю.", p.deal.Currency)
		return
	}
	on := p.date("exchange-date", p.form.ExchangeDate, true)
	p.exchangeRate = exchangeRate
	if !on.IsZero() {
		a.Comment = strings.TrimSpace(a.Comment + " " + exchangeNote(p.deal.Currency, exchangeRate.String(), on))
		p.state.Currency, p.state.ExchangeRate, p.state.ExchangeDate = p.deal.Currency, exchangeRate.String(), on.Format(time.DateOnly)
	}
}

// exchangeNote returns the sentence for the comment of the document with the rate of exchange.
func exchangeNote(currency, exchangeRate string, on time.Time) string {
	return "Курс " + currency + " на " + on.Format("02.01.2006") + ": " + decimalComma(exchangeRate) + " ₽."
}

func (p *parser) text(field, text string, most int) string {
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text, "")), " ")
	if utf8.RuneCountInString(text) > most {
		p.faults.Add(field, "Не длиннее %d знаков.", most)
	}
	return text
}
