package handlers

import (
	"cmp"
	"strings"
	"time"

	"acts24/acts"
	"acts24/store"
	"acts24/views"
	"acts24/workflow"
)

// companyPage is what the page of our companies is drawn of.
type companyPage struct {
	accounts     []store.EDOAccount
	certificates []store.Certificate
	feeds        []store.Feed
	tries        []store.ClosedTry
	zone         *time.Location
	today        time.Time
}

// formOfCompany is the form that would save the company as it is kept.
func formOfCompany(c store.OwnCompany) workflow.CompanyForm {
	return workflow.CompanyForm{ID: c.ID, Participant: c.Party.Participant, Signer: c.Signer.FullName(), Position: c.Signer.Position, Ground: c.Signer.Ground,
		Function: string(c.Function), Numbers: c.Numbers, Manual: c.Manual, Account: c.AccountID, Certificate: c.Certificate, Power: c.Power.ID,
		PowerFrom: inputDate(c.Power.Issued), PowerTo: inputDate(c.Power.Until), Form: c.Form, VAT: string(c.VAT), VATGround: c.VATGround,
		ActType: c.ActType, ActChannel: string(c.ActChannel), Closed: inputDate(c.Closed)}
}

// inputDate is a day for an input, empty when there is none.
func inputDate(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return views.InputDate(t)
}

func (p companyPage) view(v Visit, c store.OwnCompany, f workflow.CompanyForm) views.Company {
	m := views.Company{ID: id(c.ID), Name: cmp.Or(c.Party.Name, "Организация "+id(c.ID)), Requisites: requisites(c.Party), Participant: f.Participant,
		Card:   portalLink(v, "Открыть карточку организации", "/crm/company/details/"+id(c.ID)+"/"),
		Signer: f.Signer, Position: f.Position, Ground: f.Ground, Power: f.Power, PowerFrom: f.PowerFrom, PowerTo: f.PowerTo,
		PowerState: termChip(c.Power.Until, p.today), Numbers: f.Numbers, Manual: f.Manual, VATGround: f.VATGround, Closed: f.Closed, Today: views.InputDate(p.today), Logo: c.Logo != 0,
		Forms:     options(f.Form, store.FormUPD, "УПД 5.03 (формализованный)", store.FormPDF, "PDF акта (неформализованный)"),
		Functions: options(f.Function, string(acts.ActOnly), "Только акт (ДОП)", string(acts.ActAndInvoice), "Акт и счёт-фактура (СЧФДОП)"),
		Channels:  options(f.ActChannel, "", "Как в прошлом акте", string(acts.ByPost), acts.ByPost.Label(), string(acts.ByEmail), acts.ByEmail.Label()),
		Accounts:  []views.Option{{Value: "0", Label: "Не подключён", Chosen: f.Account == 0}},
		Types:     []views.Option{{Value: "", Label: "По контрагенту и прошлому акту", Chosen: f.ActType == ""}},
		State:     p.state(c)}
	if lacks := c.Party.Lacks(); c.Party.NoPreset {
		m.Lacks = "Реквизиты не заполнены. Добавьте их в карточке и откройте приложение заново."
	} else if len(lacks) > 0 {
		m.Lacks = "Не хватает: " + strings.Join(lacks, "; ") + ". Исправьте в карточке и откройте приложение заново."
	}
	for _, t := range actTypes {
		m.Types = append(m.Types, views.Option{Value: t.Value, Label: t.Label, Chosen: t.Value == f.ActType})
	}
	for _, mode := range acts.VATModes {
		m.VAT = append(m.VAT, views.Option{Value: string(mode.Mode), Label: mode.Label, Chosen: string(mode.Mode) == f.VAT})
	}
	for _, a := range p.accounts {
		m.Accounts = append(m.Accounts, views.Option{Value: id(a.ID), Label: a.Name, Chosen: a.ID == f.Account})
	}
	m.Certificates = p.keys(f)
	for _, t := range p.tries {
		if t.Own == c.ID {
			m.Tries = append(m.Tries, views.Event{At: views.Moment(t.At, p.zone), Who: t.UserName, Text: t.Text})
		}
	}
	return m
}

// keys are the certificates that the service could sign with; one that is kept stays to be seen.
func (p companyPage) keys(f workflow.CompanyForm) []views.Option {
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

// state is how the company is connected to SBIS.
func (p companyPage) state(c store.OwnCompany) views.Chip {
	if c.AccountID == 0 {
		return views.Chip{Text: "СБИС не подключён", Tone: "attention"}
	}
	if c.Account.Problem != "" {
		return views.Chip{Text: "Аккаунт СБИС не принимает вход", Tone: "problem"}
	}
	if c.Account.Cabinet != nil && c.Account.Cabinet.Fault(c.Party) != "" {
		return views.Chip{Text: "Организации нет в аккаунте СБИС", Tone: "problem"}
	}
	for _, f := range p.feeds {
		if f.Company == c.ID && f.Problem != "" {
			return views.Chip{Text: f.Problem, Tone: "problem"}
		}
	}
	return views.Chip{Text: "СБИС подключён", Tone: "success"}
}

// requisites are those that the CRM has of our company.
func requisites(p acts.Party) (list []views.Fact) {
	ogrn := "ОГРН"
	if p.Kind == acts.Person {
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
