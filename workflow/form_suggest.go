package workflow

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"acts24/acts"
	"acts24/acts/period"
	"acts24/store"
)

// Suggest fills the form of a new act with what is known: the deal, the counterparty's choice, its last act and our
// company.
func Suggest(details store.DealDetails, today time.Time) *ActForm {
	d := details.Deal
	company := ChosenCompany(details.Own, d.OwnCompany)
	f := &ActForm{Key: uuid.NewString(), Own: company.ID, Date: today.Format(time.DateOnly), Channel: string(acts.ChannelPost),
		Participant: d.Participant, Operator: acts.OperatorOf(d.Participant), Picks: map[acts.RowID]Pick{}}
	f.signBy(company)
	f.suggestBasis(details, company.ID)
	f.VATGround = company.VATGround
	medium := acts.MediumElectronic
	kind := d.Buyer.KindOrINN()
	if m, k, ok := strings.Cut(company.ActType, "-"); ok {
		medium = acts.Medium(m)
		if d.Buyer.INN == "" {
			kind = acts.PartyKind(k)
		}
	}
	if company.ActChannel != "" {
		f.Channel = string(company.ActChannel)
	}
	last, repeats := lastAct(details.Acts)
	if repeats {
		if medium = last.Medium; medium == acts.MediumPaper {
			f.Channel = string(last.Channel)
		}
		if kind = last.PartyKind; acts.KindFault(d.Buyer, kind) != "" {
			kind = d.Buyer.KindOrINN()
		}
		if last.Buyer.INN == d.Buyer.INN {
			f.repeat(details, last, company)
		}
	}
	if a, ok := Chosen(details); ok && !(repeats && last.CreatedAt.After(a.At)) {
		if medium = a.Medium(); medium == acts.MediumPaper {
			f.Channel = string(a.Channel)
		} else {
			f.Participant, f.Operator = a.Participant, a.Operator
		}
	}
	f.Type = string(medium) + "-" + string(kind)
	f.Confirmed = append(f.Confirmed, seenParticipants(details, f.Participant)...)
	for _, row := range d.Rows {
		left := row.Remainder()
		f.Picks[row.ID] = Pick{On: row.NeedsAct && left.IsPositive(), Quantity: decimalComma(left.String())}
	}
	if len(d.Rows) == 0 {
		f.Free = []FreeLine{{Name: d.Title, Quantity: "1", Price: decimalComma(d.Amount.String()), Rate: string(usualRate(company, today))}}
		if d.Amount == 0 {
			f.Free[0].Price = ""
		}
	}
	return f
}

// seenParticipants collects the confirmations of the counterparty's id that exist already: those of earlier acts and
// answers, and delivered documents.
func seenParticipants(details store.DealDetails, participant string) (tokens []string) {
	buyer := details.Deal.Buyer.WithParticipant(acts.TrimParticipant(participant), "")
	if details.Seen.Reaches(buyer.Participant) && buyer.Participant != "" {
		tokens = append(tokens, buyer.DoubtToken())
	}
	for _, a := range details.Acts {
		tokens = append(tokens, a.Buyer.ParticipantSeen)
	}
	for _, a := range details.Answers {
		tokens = append(tokens, a.Seen)
	}
	if details.Stored != nil {
		tokens = append(tokens, details.Stored.Seen)
	}
	return slices.DeleteFunc(tokens, func(token string) bool { return token == "" })
}

// Repeated is the act of the same deal from which a form was filled in.
type Repeated struct {
	Act  acts.Act
	What []string // the parts that it gave, in words
	Note []string // what is otherwise known differently
}

// repeat fills the form with what a person has chosen for the last act of the deal. Number, date and comment are those of one document and
// are not repeated; a period of whole months becomes the next one.
func (f *ActForm) repeat(details store.DealDetails, last acts.Act, company store.OwnCompany) {
	r := &Repeated{Act: last, What: []string{"тип акта", "способ отправки"}}
	f.Repeated = r
	if q, ok := RequisitesQuestion(details.Deal); ok && last.Buyer.KPP == details.Deal.Buyer.KPP {
		f.Confirmed = append(f.Confirmed, q.Token) // with which the last act was formed
	}
	if id := last.Buyer.Participant; last.Medium == acts.MediumElectronic && id != "" {
		if known := details.Deal.Participant; known != "" && known != id {
			r.Note = append(r.Note, "Идентификатор ЭДО взят из акта, в сделке указан другой: "+known+".")
		}
		f.Participant, f.Operator = id, last.Operator
		r.What = append(r.What, "данные ЭДО")
	}
	if last.OwnCompany == company.ID {
		if f.BasisFrom.Act != nil && f.BasisFrom.Act.Act == last.ID {
			r.What = append(r.What, "основание")
		}
		f.Signer, f.Position, f.Ground = last.Signer.FullName(), last.Signer.Position, last.Signer.Ground
		f.VATGround, f.ZeroGround = cmp.Or(last.VATGround, f.VATGround), last.ZeroGround
		r.What = append(r.What, "подписант")
		if name := company.Signer.FullName(); name != "" && name != f.Signer {
			r.Note = append(r.Note, "Подписант взят из акта, в настройках организации указан другой: "+name+".")
		}
	}
	if f.Payments, f.StateContract = paymentRows(last.Payments), last.StateContract; len(f.Payments) > 0 || f.StateContract != "" {
		r.What = append(r.What, "платёжные документы и госконтракт")
	}
	if from, to, ok := period.Next(last.From, last.To); ok {
		f.From, f.To = formDate(from), formDate(to)
		r.What = append(r.What, "период — следующий")
	}
}

// lastAct returns the newest act of a deal that counts.
func lastAct(list []acts.Act) (acts.Act, bool) {
	for _, a := range list {
		if a.CountsTowardDeal() {
			return a, true
		}
	}
	return acts.Act{}, false
}

// Chosen returns how the deal's counterparty wants to exchange acts: its answer about this deal, or the one about an
// earlier deal where every company is asked once.
func Chosen(details store.DealDetails) (a store.Answer, ok bool) {
	if len(details.Answers) > 0 {
		return details.Answers[0], true
	}
	if details.Stored != nil && details.Settings.Question.Once {
		return *details.Stored, true
	}
	return a, false
}

func decimalComma(number string) string { return strings.Replace(number, ".", ",", 1) }

// ChosenCompany returns our company with the id, otherwise the first with an SBIS account, otherwise the first.
func ChosenCompany(own []store.OwnCompany, want acts.CompanyID) store.OwnCompany {
	best := own[0]
	for _, c := range own {
		if c.ID == want {
			return c
		}
		if best.Gone && !c.Gone || best.Gone == c.Gone && best.AccountID == 0 && c.AccountID != 0 {
			best = c
		}
	}
	return best
}

// FormOf returns the form that would make the same act: the edit page shows it.
func FormOf(a acts.Act, d store.Deal) *ActForm {
	f := &ActForm{Key: uuid.NewString(), Type: string(a.Medium) + "-" + string(a.PartyKind), Own: a.OwnCompany, Channel: string(a.Channel), Date: formDate(a.Date), From: formDate(a.From), To: formDate(a.To),
		Signer:   a.Signer.FullName(),
		Position: a.Signer.Position, Ground: a.Signer.Ground, Operator: a.Operator, Participant: a.Buyer.Participant, Comment: a.Comment, Number: a.Wanted,
		Picks: map[acts.RowID]Pick{}}
	if a.Buyer.ParticipantSeen != "" {
		f.Confirmed = []string{a.Buyer.ParticipantSeen}
	}
	if q, ok := RequisitesQuestion(d); ok && a.Buyer.INN == d.Buyer.INN && a.Buyer.KPP == d.Buyer.KPP {
		f.Confirmed = append(f.Confirmed, q.Token) // with which the act was formed
	}
	f.fillBasis(a.Basis)
	f.VATGround, f.ZeroGround = a.VATGround, a.ZeroGround
	f.Correction, f.CorrectionDate, f.CorrectionCause = a.Correction, formDate(a.Correction.Date), string(a.Correction.Cause)
	f.Payments, f.StateContract = paymentRows(a.Payments), a.StateContract
	if f.Participant == "" {
		f.Participant = d.Participant
	}
	exchangeRate := decimal.NewFromInt(1)
	on, dayErr := time.Parse(time.DateOnly, a.DealState.ExchangeDate)
	if entered, err := decimal.NewFromString(a.DealState.ExchangeRate); err == nil && entered.IsPositive() && dayErr == nil {
		exchangeRate = entered
		f.ExchangeRate, f.ExchangeDate = decimalComma(a.DealState.ExchangeRate), a.DealState.ExchangeDate
		f.Comment = strings.TrimSpace(strings.TrimSuffix(a.Comment, exchangeNote(a.DealState.Currency, a.DealState.ExchangeRate, on)))
	}
	for _, l := range a.Lines {
		if l.Row != 0 {
			f.Picks[l.Row] = Pick{On: true, Quantity: decimalComma(l.Quantity.String()), Rate: string(l.Rate)}
			continue
		}
		f.Free = append(f.Free, FreeLine{Name: l.Name, Quantity: decimalComma(l.Quantity.String()), Price: decimalComma(l.Price.DivRound(exchangeRate, 2).String()), Rate: string(l.Rate)})
	}
	return f
}
