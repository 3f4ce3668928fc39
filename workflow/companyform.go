package workflow

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"acts24/acts"
	"acts24/store"
)

// CompanyForm is what the settings say of one company of ours, as it was typed.
type CompanyForm struct {
	ID                        acts.CompanyID
	Participant               string
	Signer, Position, Ground  string
	Function                  string
	Numbers                   string
	Manual                    bool
	Account                   int64
	Certificate               string // thumbprint
	Power, PowerFrom, PowerTo string
	Form                      string // store.FormUPD or store.FormPDF, "" for the first
	VAT, VATGround            string
	ActType, ActChannel       string
	Closed                    string // "2026-10-01", "" when nothing is closed
}

// actTypes are the types of an act as the forms name them.
var actTypes = []string{"electronic-company", "electronic-person", "paper-company", "paper-person"}

// parse reads the form; what is wrong in it stands at its field.
func (f CompanyForm) parse(faults *acts.Faults, today time.Time) store.OwnCompany {
	p := parser{}
	own := store.OwnCompany{ID: f.ID, Signer: acts.ParseSigner(clip(f.Signer, 180)), Function: acts.Function(f.Function), Numbers: strings.TrimSpace(f.Numbers),
		Manual: f.Manual, AccountID: f.Account, Certificate: f.Certificate, Form: cmp.Or(f.Form, store.FormUPD), VAT: acts.VATMode(f.VAT), VATGround: clip(f.VATGround, 200),
		ActType: f.ActType, ActChannel: acts.Channel(f.ActChannel), Closed: p.date("closed", f.Closed, false),
		Power: acts.Power{ID: strings.ToLower(strings.TrimSpace(f.Power)), Issued: p.date("power-from", f.PowerFrom, false), Until: p.date("power-to", f.PowerTo, false)}}
	own.Signer.Position, own.Signer.Ground = clip(f.Position, 120), clip(f.Ground, 120)
	own.Party.Participant = acts.NormalizeParticipant(f.Participant)
	*faults = append(*faults, p.faults...)
	if text := acts.CheckParticipant(own.Party.Participant); own.Party.Participant != "" && text != "" {
		faults.Add("participant", "%s", text)
	}
	if f.Account != 0 && own.Party.Participant == "" {
		faults.Add("participant", "Укажите идентификатор участника ЭДО нашей организации: он есть в кабинете СБИС.")
	}
	if own.Manual && own.Numbers == "" {
		own.Numbers = acts.DefaultNumbers
	}
	if text := acts.CheckNumberPattern(own.Numbers); text != "" {
		faults.Add("numbers", "%s", text)
	}
	if own.Signer.Last != "" && own.Signer.First == "" {
		faults.Add("signer", "Укажите фамилию и имя подписанта.")
	}
	if len(p.faults) == 0 {
		acts.CheckPower(faults, own.Power)
	}
	if own.Closed.After(dayIn(today, today.Location())) {
		faults.Add("closed", "Закрыть можно только прошедший период: укажите день не позже сегодняшнего.")
	}
	f.choices(faults, own)
	return own
}

// choices refuses what no list of the page offers.
func (f CompanyForm) choices(faults *acts.Faults, own store.OwnCompany) {
	if own.Function != acts.ActOnly && own.Function != acts.ActAndInvoice {
		faults.Add("function", "Выберите функцию документа.")
	}
	if own.VAT == acts.VATNone && own.Function == acts.ActAndInvoice {
		faults.Add("function", "Без НДС счёт-фактура не выставляется: выберите «Только акт».")
	}
	if own.Form != store.FormUPD && own.Form != store.FormPDF {
		faults.Add("form", "Выберите вид электронного акта.")
	}
	if !own.VAT.Known() {
		faults.Add("vat", "Выберите, как организация работает с НДС.")
	}
	if f.ActType != "" && !slices.Contains(actTypes, f.ActType) {
		faults.Add("act-type", "Выберите тип нового акта.")
	}
	if c := own.ActChannel; c != "" && c != acts.ByPost && c != acts.ByEmail {
		faults.Add("act-channel", "Выберите способ отправки.")
	}
}
