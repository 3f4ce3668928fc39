package settings

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"acts24/acts"
	"acts24/handlers/web"
	"acts24/store"
	"acts24/store/accounts"
	"acts24/store/queue"
	"acts24/views"
	"acts24/workflow/setup"
)

// companyPage is the input of the page of our companies.
type companyPage struct {
	accounts     []accounts.Account
	certificates []accounts.Certificate
	feeds        []queue.Feed
	tries        []store.ClosedTry
	own          []store.OwnCompany
	next         map[acts.CompanyID]setup.NextNumber
	zone         *time.Location
	today        time.Time
}

// formOfCompany returns the form that would store the company unchanged.
func formOfCompany(c store.OwnCompany) setup.CompanyForm {
	return setup.CompanyForm{ID: c.ID, Participant: c.Party.Participant, Confirmed: []string{c.Party.ParticipantSeen}, Signer: c.Signer.FullName(), Position: c.Signer.Position, Ground: c.Signer.Ground, Registered: inputDate(c.Party.Registered),
		Function: string(c.Function), Numbers: c.Numbers, Manual: c.Manual, Account: c.AccountID, Certificate: c.Certificate, PowerNumber: c.Power.ID,
		PowerFrom: inputDate(c.Power.Issued), PowerTo: inputDate(c.Power.Until), Form: c.Form, Paper: string(c.PaperForm), VAT: vatRows(c.VAT), VATGround: c.VATGround,
		LineKind: string(c.LineKind), ActType: c.ActType, ActChannel: string(c.ActChannel), ClosedBefore: inputDate(c.Closed)}
}

// vatRows returns the rows that would store the VAT regimes unchanged.
func vatRows(periods acts.VATPeriods) []setup.VATRow {
	rows := make([]setup.VATRow, len(periods))
	for i, p := range periods {
		rows[i] = setup.VATRow{Regime: string(p.Regime), From: inputDate(p.From)}
	}
	return rows
}

// vatViews formats the VAT regimes and one empty row.
func vatViews(rows []setup.VATRow) []views.VATRow {
	filled := 0
	for i, row := range rows {
		if row != (setup.VATRow{}) {
			filled = i + 1
		}
	}
	list := make([]views.VATRow, min(filled+1, setup.MaxVATPeriods))
	for i := range list {
		typed := setup.VATRow{}
		if i < len(rows) {
			typed = rows[i]
		}
		suffix := setup.RowSuffix(i)
		list[i] = views.VATRow{Name: "vat" + suffix, DateName: "vat-from" + suffix, From: typed.From}
		for _, regime := range acts.VATRegimes() {
			list[i].Regimes = append(list[i].Regimes, views.Option{Value: string(regime), Label: regime.Label(), Chosen: string(regime) == typed.Regime})
		}
		if i > 0 {
			list[i].Regimes[0].Label = "Не выбран"
		}
	}
	return list
}

// inputDate returns a day for an input, "" for none.
func inputDate(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return views.InputDate(t)
}

func (p companyPage) view(v web.Visit, c store.OwnCompany, f setup.CompanyForm) views.Company {
	m := views.Company{ID: web.ID(c.ID), Name: cmp.Or(web.OwnName(p.own, c), "Организация "+web.ID(c.ID)), Requisites: requisites(c.Party), Participant: f.Participant, IsPerson: c.Party.Kind == acts.PartyPerson, Registered: f.Registered,
		Card:   web.PortalLink(v, "Открыть карточку организации", "/crm/company/details/"+web.ID(c.CRM)+"/"),
		Signer: f.Signer, Position: f.Position, Ground: f.Ground, PowerNumber: f.PowerNumber, PowerFrom: f.PowerFrom, PowerTo: f.PowerTo,
		PowerState: termChip(c.Power.Until, p.today), Numbers: f.Numbers, Manual: f.Manual, VATGround: f.VATGround, ClosedBefore: f.ClosedBefore, Today: views.InputDate(p.today), HasLogo: c.Logo != 0,
		Forms:     web.Options(f.Form, store.FormUPD, "УПД 5.03 (формализованный)", store.FormPDF, "PDF акта (неформализованный)"),
		Functions: web.Options(f.Function, string(acts.FunctionAct), "Только акт (ДОП)", string(acts.FunctionActAndInvoice), "Акт и счёт-фактура (СЧФДОП)"),
		Channels:  web.Options(f.ActChannel, "", "Как в прошлом акте", string(acts.ChannelPost), acts.ChannelPost.Label(), string(acts.ChannelEmail), acts.ChannelEmail.Label()),
		LineKinds: web.Options(f.LineKind, "", "По типу товара в CRM", string(acts.KindService), "Всегда услуги", string(acts.KindWork), "Всегда работы", string(acts.KindGoods), "Всегда товары"),
		Accounts:  []views.Option{{Value: "0", Label: "Не подключён", Chosen: f.Account == 0}},
		Types:     []views.Option{{Value: "", Label: "По контрагенту и прошлому акту", Chosen: f.ActType == ""}},
		State:     p.state(c)}
	next := p.next[c.ID]
	m.NextNumber, m.NextYear, m.NextNote = cmp.Or(f.NextNumber, next.Number), strconv.Itoa(next.Year), next.Note
	for _, form := range acts.PaperForms {
		m.Papers = append(m.Papers, views.Option{Value: string(form), Label: form.Label(), Chosen: string(form) == cmp.Or(f.Paper, string(acts.PaperFormAct))})
	}
	if text := c.Party.Unsupported.Message("Исполнитель"); text != "" {
		m.Missing = text
	} else if faults := c.Party.RequisiteFaults(); c.Party.NoPreset {
		m.Missing = "Реквизиты не заполнены. Добавьте их в карточке и нажмите «Обновить организации из Битрикс24»."
	} else if len(faults) > 0 {
		m.Missing = "Не хватает: " + strings.Join(faults, "; ") + ". Исправьте в карточке и нажмите «Обновить организации из Битрикс24»."
	}
	m.Confirm = web.ParticipantQuestion(c.Party.WithParticipant(f.Participant, ""), f.Confirmed, nil)
	for _, t := range web.ActTypes {
		m.Types = append(m.Types, views.Option{Value: t.Value, Label: t.Label, Chosen: t.Value == f.ActType})
	}
	m.VAT = vatViews(f.VAT)
	for _, a := range p.accounts {
		m.Accounts = append(m.Accounts, views.Option{Value: web.ID(a.ID), Label: a.Name, Chosen: a.ID == f.Account})
	}
	m.Certificates = p.certificateOptions(f)
	for _, t := range p.tries {
		if t.Own == c.ID {
			m.ClosedTries = append(m.ClosedTries, views.Event{At: views.Moment(t.At, p.zone), Who: t.UserName, Text: t.Text})
		}
	}
	return m
}

// certificateOptions returns the certificates that SBIS can sign with, and the stored one in any case.
func (p companyPage) certificateOptions(f setup.CompanyForm) []views.Option {
	list := []views.Option{{Value: "", Label: "Не выбран: подписывает человек", Chosen: f.Certificate == ""}}
	found := f.Certificate == ""
	for _, c := range p.certificates {
		if !c.OnServer() && c.Thumbprint != f.Certificate {
			continue
		}
		label := c.AccountName + ": " + c.Owner + ", ИНН " + c.INN
		if !c.To.IsZero() {
			label += ", до " + views.Date(c.To)
		}
		found = found || c.Thumbprint == f.Certificate
		list = append(list, views.Option{Value: c.Thumbprint, Label: label, Chosen: c.Thumbprint == f.Certificate})
	}
	if !found {
		list = append(list, views.Option{Value: f.Certificate, Label: "Сертификата больше нет в аккаунте", Chosen: true})
	}
	return list
}

// state returns whether a company can exchange documents through SBIS, or what prevents it.
func (p companyPage) state(c store.OwnCompany) views.Chip {
	if c.Gone {
		return views.Chip{Text: "Реквизиты удалены в Битрикс24", Tone: "attention"}
	}
	if c.AccountID == 0 {
		return views.Chip{Text: "СБИС не подключён", Tone: "attention"}
	}
	if c.Account.Problem != "" {
		return views.Chip{Text: "Аккаунт СБИС не принимает вход", Tone: "problem"}
	}
	if c.Account.Details != nil && c.Account.Details.Fault(c.Party) != "" {
		return views.Chip{Text: "Организации нет в аккаунте СБИС", Tone: "problem"}
	}
	for _, f := range p.feeds {
		if f.Company == c.ID && f.Problem != "" {
			return views.Chip{Text: f.Problem, Tone: "problem"}
		}
	}
	return views.Chip{Text: "СБИС подключён", Tone: "success"}
}

// requisites returns the requisites of our company in the CRM.
func requisites(p acts.Party) (list []views.Fact) {
	ogrn := "ОГРН"
	if p.Kind == acts.PartyPerson {
		ogrn = "ОГРНИП"
	}
	for _, f := range []views.Fact{{Name: "Название", Value: p.FullName()}, {Name: "ИНН", Value: p.INN}, {Name: "КПП", Value: p.KPP}, {Name: ogrn, Value: p.OGRN},
		{Name: "Адрес", Value: p.Address}, {Name: "Банк", Value: p.Bank}, {Name: "БИК", Value: p.BIK}, {Name: "Расчётный счёт", Value: p.Account}} {
		if f.Value != "" {
			list = append(list, f)
		}
	}
	return list
}
