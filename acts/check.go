package acts

import (
	"strings"
	"time"
)

// Mender is who can mend a failed check.
type Mender string

// The people who mend.
const (
	ByManager Mender = "менеджер"
	ByAdmin   Mender = "администратор"
	ByClient  Mender = "контрагент"
)

// Place is where a failed check is mended; the page turns it into a link.
type Place string

// The places.
const (
	AtForm     Place = "form"
	AtBuyer    Place = "buyer"  // requisites of the counterparty in the CRM
	AtSeller   Place = "seller" // requisites of our company in the CRM
	AtSettings Place = "settings"
)

// Check is one line of the pre-send check.
type Check struct {
	Title string // what was looked at
	OK    bool
	Open  bool   // cannot be told yet, does not stop
	Text  string // what is wrong and what to do
	By    Mender
	Place Place
}

// Readiness is what the pre-send check looks at.
type Readiness struct {
	Act        Act
	Account    bool       // our company has an SBIS account
	Cabinet    *Cabinet   // what SBIS says of that account, nil before it was asked
	SellerEDO  string     // our own participant id
	Connection Connection // what SBIS knows of the counterparty
	Today      time.Time

	Signing Signing
	Key     Certificate // that signs where Signing is SignByService
	Power   Power       // of our signer
	VAT     VATMode
	Closed  Period
	Manual  bool // numbers are given by hand
}

// Connection is what SBIS told of a counterparty.
type Connection struct {
	Asked bool     // there is an answer
	Known bool     // SBIS found it
	Boxes []string // its participant ids
	Note  string   // the state in words

	Invitation string    // our invitation to connect, "" when none went out
	InvitedAt  time.Time // business time
}

// Invited reports whether an invitation to connect is on its way, by us or by what SBIS says.
func (c Connection) Invited() bool {
	return c.Invitation != "" || strings.Contains(strings.ToLower(c.Note), "приглашени")
}

// Green reports whether nothing stops the hand-over.
func Green(checks []Check) bool {
	for _, c := range checks {
		if !c.OK && !c.Open {
			return false
		}
	}
	return true
}

// Check looks at everything that must be true before the act goes to SBIS.
func (r Readiness) Check() []Check {
	checks := []Check{
		partyCheck("Реквизиты контрагента", r.Act.Buyer, ByManager, AtBuyer),
		partyCheck("Реквизиты нашей организации", r.Act.Seller, ByAdmin, AtSeller),
		r.kindCheck(),
		r.addressCheck(),
		r.ratesCheck(),
		r.signerCheck(),
		r.participantCheck(),
		r.accountCheck(),
		r.connectionCheck(),
	}
	return append(checks, r.seldomChecks()...)
}

// seldomChecks are the lines that only some of our companies have.
func (r Readiness) seldomChecks() (checks []Check) {
	if r.Signing == SignByService {
		c := Check{Title: "Ключ на сервере СБИС", OK: true}
		if text := r.Key.Fault(r.Act.Seller, r.Act.Signer, r.Power, r.Today); text != "" {
			c = Check{Title: c.Title, Text: text, By: ByAdmin, Place: AtSettings}
		}
		checks = append(checks, c)
	} else if text := r.Power.Fault(r.Today); text != "" {
		checks = append(checks, Check{Title: "Доверенность подписанта", Text: text, By: ByAdmin, Place: AtSettings})
	}
	if r.Closed.Closed(r.Act.Date) {
		checks = append(checks, Check{Title: "Дата акта", By: ByManager, Place: AtForm,
			Text: "Период до " + r.Closed.Before.Format("02.01.2006") + " закрыт. Измените дату акта."})
	}
	if r.Manual && r.Act.Number == "" && r.Act.Wanted == "" {
		checks = append(checks, Check{Title: "Номер акта", Text: "Номера этой организации даются вручную. Впишите номер акта.", By: ByManager, Place: AtForm})
	}
	return checks
}

// PrintCheck looks at what must be true before a number is given to a paper act (402-ФЗ art. 9).
func (a Act) PrintCheck() []Check {
	r := Readiness{Act: a}
	return []Check{
		partyCheck("Реквизиты контрагента", a.Buyer, ByManager, AtBuyer),
		partyCheck("Реквизиты нашей организации", a.Seller, ByAdmin, AtSeller),
		r.kindCheck(), r.ratesCheck(), r.signerCheck(),
	}
}

func partyCheck(title string, p Party, by Mender, at Place) Check {
	if p.NoPreset {
		return Check{Title: title, Text: "Реквизиты не заполнены. Добавьте их в карточке и обновите страницу.", By: by, Place: at}
	}
	if wrong := p.Lacks(); len(wrong) > 0 {
		return Check{Title: title, Text: upperFirst(strings.Join(wrong, "; ")) + ".", By: by, Place: at}
	}
	return Check{Title: title, OK: true}
}

// Lacks lists what is missing or wrong in the requisites of a party.
func (p Party) Lacks() (wrong []string) {
	if strings.TrimSpace(p.Name) == "" {
		wrong = append(wrong, "не указано название")
	}
	if text := CheckINN(p.INN); text != "" {
		wrong = append(wrong, text)
	}
	if p.Kind == Company {
		if text := CheckKPP(p.KPP); text != "" {
			wrong = append(wrong, text)
		}
	} else if p.LastName == "" || p.FirstName == "" {
		wrong = append(wrong, "не указаны фамилия и имя предпринимателя")
	}
	if p.OGRN != "" {
		if text := CheckOGRN(p.OGRN, p.Kind); text != "" {
			wrong = append(wrong, text)
		}
	}
	return wrong
}

func (r Readiness) kindCheck() Check {
	c := Check{Title: "Тип акта", OK: true}
	if r.Act.Buyer.INN != "" && KindByINN(r.Act.Buyer.INN) != r.Act.PartyKind {
		return Check{Title: c.Title, Text: "По ИНН контрагент — " + KindByINN(r.Act.Buyer.INN).Label() +
			", а выбран акт для: " + r.Act.PartyKind.Label() + ". Исправьте тип акта.", By: ByManager, Place: AtForm}
	}
	return c
}

func (r Readiness) addressCheck() Check {
	c := Check{Title: "Адреса сторон", OK: true}
	if r.Act.Function != ActAndInvoice {
		return c
	}
	switch {
	case r.Act.Seller.Address == "":
		return Check{Title: c.Title, Text: "Для акта со счётом-фактурой нужен адрес нашей организации.", By: ByAdmin, Place: AtSeller}
	case r.Act.Buyer.Address == "":
		return Check{Title: c.Title, Text: "Для акта со счётом-фактурой нужен адрес контрагента.", By: ByManager, Place: AtBuyer}
	}
	return c
}

func (r Readiness) ratesCheck() Check {
	if faults := CheckLines(r.Act.Lines, r.Act.Date); len(faults) > 0 {
		return Check{Title: "Ставки НДС", Text: faults[0].Text, By: ByManager, Place: AtForm}
	}
	if r.VAT == VATNone {
		for _, l := range r.Act.Lines {
			if l.Rate != NoVAT {
				return Check{Title: "Ставки НДС", Open: true, Text: "Наша организация работает без НДС, а в строках акта НДС есть. Проверьте ставки в сделке.", By: ByManager, Place: AtForm}
			}
		}
	}
	return Check{Title: "Ставки НДС", OK: true}
}

func (r Readiness) signerCheck() Check {
	s := r.Act.Signer
	switch {
	case s.Last == "" || s.First == "":
		return Check{Title: "Подписант", Text: "Укажите фамилию и имя того, кто подпишет акт.", By: ByManager, Place: AtForm}
	case s.Position == "" && r.Act.Seller.Kind == Company:
		return Check{Title: "Подписант", Text: "Укажите должность подписанта.", By: ByManager, Place: AtForm}
	}
	return Check{Title: "Подписант", OK: true}
}

func (r Readiness) participantCheck() Check {
	if text := CheckParticipant(r.Act.Buyer.Participant); text != "" {
		return Check{Title: "Идентификатор ЭДО контрагента", Text: text, By: ByManager, Place: AtForm}
	}
	return Check{Title: "Идентификатор ЭДО контрагента", OK: true}
}

func (r Readiness) accountCheck() Check {
	title := "Подключение СБИС"
	switch {
	case !r.Account:
		return Check{Title: title, Text: "Для нашей организации не подключён аккаунт СБИС.", By: ByAdmin, Place: AtSettings}
	case CheckParticipant(r.SellerEDO) != "":
		return Check{Title: title, Text: "Не указан идентификатор ЭДО нашей организации.", By: ByAdmin, Place: AtSettings}
	case r.Cabinet != nil && r.Cabinet.Fault(r.Act.Seller) != "":
		return Check{Title: title, Text: r.Cabinet.Fault(r.Act.Seller), By: ByAdmin, Place: AtSettings}
	}
	return Check{Title: title, OK: true}
}

func (r Readiness) connectionCheck() Check {
	title := "Контрагент в СБИС"
	switch {
	case !r.Connection.Asked:
		return Check{Title: title, Open: true, Text: "Ещё не проверено, спрашиваем СБИС."}
	case !r.Connection.Known:
		return Check{Title: title, Open: true, Text: "СБИС не знает контрагента: после нашей подписи он получит приглашение к обмену.", By: ByClient}
	case r.Act.Buyer.Participant != "" && len(r.Connection.Boxes) > 0 && !contains(r.Connection.Boxes, r.Act.Buyer.Participant):
		return Check{Title: title, Open: true, Text: "СБИС знает контрагента под другим идентификатором: " +
			strings.Join(r.Connection.Boxes, ", ") + ". Проверьте, куда отправлять.", By: ByManager, Place: AtForm}
	}
	return Check{Title: title, OK: true}
}

// CheckLines returns the faults of the lines of an act of this date, at fields named by the row.
func CheckLines(lines []Line, date time.Time) Faults {
	var faults Faults
	for _, l := range lines {
		if !l.Rate.ValidOn(date) {
			faults.Add(LineField("rate", l), "%s не действует на %s. Выберите ставку.", upperFirst(l.Rate.Label()), date.Format("02.01.2006"))
		}
	}
	return faults
}

func lowerFirst(s string) string {
	for i, r := range s {
		return strings.ToLower(string(r)) + s[i+len(string(r)):]
	}
	return s
}

func upperFirst(s string) string {
	for i, r := range s {
		return strings.ToUpper(string(r)) + s[i+len(string(r)):]
	}
	return s
}

func contains(list []string, one string) bool {
	for _, s := range list {
		if strings.EqualFold(s, one) {
			return true
		}
	}
	return false
}
