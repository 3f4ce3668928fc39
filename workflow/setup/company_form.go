package setup

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"acts24/acts"
	"acts24/store"
	"acts24/workflow"
)

// CompanyForm is the typed form of one of our companies.
type CompanyForm struct {
	ID                              acts.CompanyID
	Participant                     string
	Confirmed                       []string // questions of the form that a person has answered with yes
	Signer, Position, Ground        string
	Registered                      string // the day of the ОГРНИП, of an ИП
	Function                        string
	Numbers                         string
	NextNumber                      string // of this year, "" to leave it
	Manual                          bool
	Account                         int64
	Certificate                     string // thumbprint
	PowerNumber, PowerFrom, PowerTo string
	Form                            string // store.FormUPD or store.FormPDF, "" for the first
	Paper                           string // acts.PaperForm, "" for the act alone
	VAT                             []VATRow
	VATGround                       string
	ActType, ActChannel             string
	LineKind                        string
	ClosedBefore                    string // "2026-10-01", "" when nothing is closed
}

// VATRow is a chosen regime with its first day; a row without a regime is ignored.
type VATRow struct{ Regime, From string }

// MaxVATPeriods is the largest number of regimes of a company.
const MaxVATPeriods = 8

// vat returns the typed regimes in the order of their days; faults name the row.
func (f CompanyForm) vat(faults *acts.Faults) acts.VATPeriods {
	var periods []acts.VATPeriod
	var rows []string
	for i, row := range f.VAT {
		suffix := RowSuffix(i)
		if row.Regime == "" {
			if strings.TrimSpace(row.From) != "" {
				faults.Add("vat"+suffix, "Выберите режим НДС или очистите дату.")
			}
			continue
		}
		periods, rows = append(periods, acts.VATPeriod{From: workflow.ParseDay(faults, "vat-from"+suffix, row.From, false), Regime: acts.VATRegime(row.Regime)}), append(rows, suffix)
	}
	sorted, wrong := acts.SortVAT(periods)
	for i, text := range wrong {
		if text != "" {
			faults.Add("vat"+rows[i], "%s", text)
		}
	}
	return sorted
}

// RowSuffix is the suffix of the field names of a row: "" for the first, "-2" for the next.
func RowSuffix(i int) string {
	if i == 0 {
		return ""
	}
	return "-" + strconv.Itoa(i+1)
}

// actTypes are the types of an act as the forms name them.
var actTypes = []string{"electronic-company", "electronic-person", "paper-company", "paper-person"}

// parse reads the form of a company with these requisites; faults name their fields.
func (f CompanyForm) parse(faults *acts.Faults, party acts.Party, today time.Time) store.OwnCompany {
	var days acts.Faults
	own := store.OwnCompany{ID: f.ID, Signer: acts.ParseSigner(workflow.Clip(f.Signer, 180)), Function: acts.Function(f.Function), Numbers: strings.TrimSpace(f.Numbers),
		Manual: f.Manual, AccountID: f.Account, Certificate: f.Certificate, Form: cmp.Or(f.Form, store.FormUPD), PaperForm: cmp.Or(acts.PaperForm(f.Paper), acts.PaperFormAct), VAT: f.vat(&days), VATGround: workflow.Clip(f.VATGround, 200),
		ActType: f.ActType, ActChannel: acts.Channel(f.ActChannel), LineKind: acts.LineKind(f.LineKind), Closed: workflow.ParseDay(&days, "closed", f.ClosedBefore, false),
		Power: acts.PowerOfAttorney{ID: strings.ToLower(strings.TrimSpace(f.PowerNumber)), Issued: workflow.ParseDay(&days, "power-from", f.PowerFrom, false), Until: workflow.ParseDay(&days, "power-to", f.PowerTo, false)}}
	if party.Kind == acts.PartyPerson {
		if party.Registered = workflow.ParseDay(&days, "registered", f.Registered, false); party.Registered.After(workflow.DayIn(today, today.Location())) {
			days.Add("registered", "Этот день ещё не наступил. Дата присвоения ОГРНИП есть в листе записи ЕГРИП.")
		}
	}
	own.Signer.Position, own.Signer.Ground = workflow.Clip(f.Position, 120), workflow.Clip(f.Ground, 120)
	if text := own.Signer.Fault(party); text != "" {
		faults.Add("position", "%s", text)
	}
	*faults = append(*faults, days...)
	own.Party = f.participant(faults, party)
	if f.Account != 0 && own.Party.Participant == "" {
		faults.Add("participant", "Укажите идентификатор участника ЭДО нашей организации: он есть в кабинете СБИС.")
	}
	if own.Manual && own.Numbers == "" {
		own.Numbers = acts.DefaultNumberPattern
	}
	if text := acts.CheckNumberPattern(own.Numbers); text != "" {
		faults.Add("numbers", "%s", text)
	}
	if text := acts.NameDoubt(own.Signer.FullName()); text != "" {
		faults.Add("signer", "%s", text)
	} else if own.Signer.Last != "" && own.Signer.First == "" {
		faults.Add("signer", acts.NoSigner)
	}
	if len(days) == 0 {
		acts.CheckPowerOfAttorney(faults, own.Power)
	}
	if own.Closed.After(workflow.DayIn(today, today.Location())) {
		faults.Add("closed", "Закрыть можно только прошедший период: укажите день не позже сегодняшнего.")
	}
	f.checkChoices(faults, own, today)
	return own
}

// participant reads our own id exactly. An unusual id is refused until a person has confirmed it.
func (f CompanyForm) participant(faults *acts.Faults, party acts.Party) acts.Party {
	party = party.WithParticipant(acts.TrimParticipant(f.Participant), "")
	q, ok := workflow.ParticipantQuestion(party)
	switch {
	case party.Participant == "":
	case acts.CheckParticipant(party.Participant) != "":
		faults.Add("participant", "%s", acts.CheckParticipant(party.Participant))
	case ok && !slices.Contains(f.Confirmed, q.Token):
		faults.Add(q.Field, "%s", q.Text)
	}
	return party.WithParticipant(party.Participant, q.Token)
}

// checkChoices adds the faults of values that the lists of the page do not offer, or that the VAT regime does not allow.
func (f CompanyForm) checkChoices(faults *acts.Faults, own store.OwnCompany, today time.Time) {
	if own.Function != acts.FunctionAct && own.Function != acts.FunctionActAndInvoice {
		faults.Add("function", "Выберите функцию документа.")
	}
	if own.Function == acts.FunctionActAndInvoice && !own.VAT.On(today).MayInvoice() {
		faults.Add("function", "Без НДС счёт-фактура не выставляется: выберите «Только акт».")
	}
	if text := acts.InvoicerFault(own.Party); text != "" && own.Function == acts.FunctionActAndInvoice && own.Party.Kind == acts.PartyPerson {
		faults.Add("registered", "%s", text)
	}
	if own.Form != store.FormUPD && own.Form != store.FormPDF {
		faults.Add("form", "Выберите вид электронного акта.")
	}
	switch {
	case !own.PaperForm.Known():
		faults.Add("paper", "Выберите, что печатать на бумаге.")
	case own.PaperForm == acts.PaperFormActAndInvoice && !own.VAT.On(today).MayInvoice():
		faults.Add("paper", "Без НДС счёт-фактура не выставляется: выберите «Акт» или «УПД».")
	}
	if f.ActType != "" && !slices.Contains(actTypes, f.ActType) {
		faults.Add("act-type", "Выберите тип нового акта.")
	}
	if !own.LineKind.Known() {
		faults.Add("line-kind", "Выберите вид позиций.")
	}
	if c := own.ActChannel; c != "" && c != acts.ChannelPost && c != acts.ChannelEmail {
		faults.Add("act-channel", "Выберите способ отправки.")
	}
}
