package settings

import (
	"time"

	"acts24/acts"
	"acts24/handlers/web"
	"acts24/store"
	"acts24/store/accounts"
	"acts24/views"
)

// accountView formats an account.
func accountView(a accounts.Account, own []store.OwnCompany, certificates []accounts.Certificate, today time.Time) views.Account {
	m := views.Account{ID: web.ID(a.ID), Name: a.Name, Problem: a.Problem, Login: views.AccountLogin{ID: web.ID(a.ID), Name: a.Name}}
	for _, way := range acts.Signings {
		m.Signings = append(m.Signings, views.Option{Value: string(way), Label: way.Label(), Chosen: way == a.Signing})
	}
	m.State = views.Chip{Text: "Ещё не проверен", Tone: "attention"}
	switch {
	case a.Problem != "":
		m.State = views.Chip{Text: "Вход не принят", Tone: "problem"}
	case a.Details != nil:
		m.State = views.Chip{Text: "Работает", Tone: "success"}
	}
	if a.Details != nil {
		m.Checked = "Проверено " + views.Moment(a.CheckedAt, today.Location()) + ". Входит " + a.Details.User +
			". Прав СБИС отдельно не сообщает: пользователю нужны права писать, подписывать и отправлять в реестре «Реализация»."
		m.Organizations = organizationViews(a, own)
	}
	for _, c := range certificates {
		if c.Account == a.ID {
			m.Certificates = append(m.Certificates, certificateView(c, today))
		}
	}
	return m
}

// organizationViews matches the organisations of an account with our companies, in both directions.
func organizationViews(a accounts.Account, own []store.OwnCompany) (list []views.Organization) {
	for _, o := range a.Details.Organizations {
		m := views.Organization{Name: o.Name, Details: innAndKPP(o.INN, o.KPP), State: views.Chip{Text: "Нет среди наших организаций в CRM", Tone: "neutral"}}
		for _, c := range own {
			switch {
			case !o.Is(c.Party):
				continue
			case c.AccountID == a.ID:
				m.State = views.Chip{Text: "Отправляет через этот аккаунт", Tone: "success"}
			default:
				m.State = views.Chip{Text: "Есть в CRM, аккаунт не выбран", Tone: "attention"}
			}
		}
		if !o.Connected {
			m.Note = "Документооборот не подключён: включите его в кабинете СБИС."
		}
		list = append(list, m)
	}
	for _, c := range own {
		_, found := a.Details.Find(c.Party)
		m := views.Organization{Name: c.Party.Name, Details: innAndKPP(c.Party.INN, c.Party.KPP)}
		switch {
		case found:
			continue
		case c.AccountID == a.ID:
			m.State, m.Note = views.Chip{Text: "Нет в аккаунте СБИС", Tone: "problem"}, a.Details.Fault(c.Party)
		case c.AccountID == 0:
			m.State = views.Chip{Text: "Есть в CRM, в этом аккаунте нет", Tone: "neutral"}
		default: // it uses another account
			continue
		}
		list = append(list, m)
	}
	return list
}

func innAndKPP(inn, kpp string) string {
	if kpp == "" {
		return "ИНН " + inn
	}
	return "ИНН " + inn + ", КПП " + kpp
}

func certificateView(c accounts.Certificate, today time.Time) views.Certificate {
	m := views.Certificate{Thumbprint: c.Thumbprint, Owner: c.Owner, Details: "ИНН " + c.INN, Key: "ключ у подписанта", State: termChip(c.To, today)}
	if c.Position != "" {
		m.Details += ", " + c.Position
	}
	if c.OnServer() {
		m.Key, m.Activate = "ключ на сервере СБИС, активирован", !c.Activated
	}
	if m.Activate {
		m.Key = "ключ на сервере СБИС, не активирован"
	}
	return m
}

// termChip formats an expiry date, coloured like the reminders.
func termChip(until, today time.Time) views.Chip {
	switch day := time.Date(today.Year(), today.Month(), today.Day(), 0, 0, 0, 0, time.UTC); {
	case until.IsZero():
		return views.Chip{}
	case day.After(until):
		return views.Chip{Text: "Срок истёк " + views.Date(until), Tone: "problem"}
	case acts.TermStep(until, today) == 7:
		return views.Chip{Text: "До " + views.Date(until), Tone: "problem"}
	case acts.TermStep(until, today) > 0:
		return views.Chip{Text: "До " + views.Date(until), Tone: "attention"}
	}
	return views.Chip{Text: "До " + views.Date(until), Tone: "success"}
}
