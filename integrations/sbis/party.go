package sbis

// YesNo is a flag that SBIS writes as «Да» or «Нет» (docs/contracts/sbis.md, "Envelope").
type YesNo bool

// MarshalJSON writes the word.
func (y YesNo) MarshalJSON() ([]byte, error) { return []byte(`"` + yesNo(bool(y)) + `"`), nil }

// Organization is a party of a document: a legal entity in СвЮЛ, a sole trader or a private
// person in СвФЛ (docs/contracts/sbis.md, "Writing a document").
type Organization struct {
	BoxID  string  `json:"Идентификатор,omitempty"` // participant id in EDO
	Legal  *Legal  `json:"СвЮЛ,omitempty"`
	Person *Person `json:"СвФЛ,omitempty"`
}

// Legal is a legal entity. Without КПП a document may reach the wrong branch.
type Legal struct {
	INN     string `json:"ИНН"`
	KPP     string `json:"КПП,omitempty"`
	Branch  string `json:"КодФилиала,omitempty"`
	Country string `json:"КодСтраны,omitempty"`
	Name    string `json:"Название,omitempty"`
	Address string `json:"АдресЮридический,omitempty"`
}

// Person is a sole trader (12-digit ИНН, no КПП), a private person, or the author of an event.
type Person struct {
	INN           string `json:"ИНН,omitempty"`
	Surname       string `json:"Фамилия,omitempty"`
	Name          string `json:"Имя,omitempty"`
	Patronymic    string `json:"Отчество,omitempty"`
	Branch        string `json:"КодФилиала,omitempty"`
	SNILS         string `json:"СНИЛС,omitempty"`
	PrivatePerson YesNo  `json:"ЧастноеЛицо,omitempty"`
}

// setText sets the name sent as one string.
func (p *Person) setText(s string) { p.Surname = s }

// INN is the taxpayer number of either kind.
func (o Organization) INN() string { inn, _ := taxNumbers(o.Legal, o.Person); return inn }

// KPP is that of a legal entity, else empty.
func (o Organization) KPP() string { _, kpp := taxNumbers(o.Legal, o.Person); return kpp }

// taxNumbers returns the ИНН and КПП of a legal entity, or the ИНН of a person.
func taxNumbers(legal *Legal, person *Person) (inn, kpp string) {
	switch {
	case legal != nil:
		return legal.INN, legal.KPP
	case person != nil:
		return person.INN, ""
	}
	return "", ""
}

// OwnOrganization is one of the organisations of the account.
type OwnOrganization struct {
	Organization
	Connected bool `json:"ДокументооборотПодключен"`
}

// Counterparty is the data of SBIS about a counterparty (docs/contracts/sbis.md, "Counterparties").
type Counterparty struct {
	Legal  *Legal           `json:"СвЮЛ"`
	Person *Person          `json:"СвФЛ"`
	Boxes  []ParticipantBox `json:"Идентификатор"` // sent as a string or a list
}

// ParticipantBox is an EDO box of a counterparty.
type ParticipantBox struct {
	ID         string     `json:"ИдентификаторУчастника"`
	Comment    string     `json:"Комментарий"`
	Main       bool       `json:"Основной"`
	Roaming    bool       `json:"Роуминг"`
	Operator   Operator   `json:"Оператор"`
	Connection Connection `json:"СостояниеПодключения"`
}

// setText sets the box id sent as a string.
func (b *ParticipantBox) setText(s string) { b.ID = s }

// Operator is an EDO operator.
type Operator struct {
	ID   string `json:"Идентификатор"`
	Name string `json:"Название"`
}

// ConnectionInvited is the only documented code of a connection: the box has no account yet, an invitation was sent.
const ConnectionInvited = "2"

// Connection is the state of a counterparty's connection to EDO. Which codes mean that it can receive documents is not public
// (docs/contracts/sbis.md, "Counterparties").
type Connection struct {
	Code        string `json:"Код"`
	Description string `json:"Описание"`
}

// IsAbout reports whether the answer is about the requested organisation: SBIS may return another branch of the same name
// (docs/contracts/sbis.md, "Counterparties").
func (c Counterparty) IsAbout(o Organization) bool {
	inn, kpp := taxNumbers(c.Legal, c.Person)
	return inn == o.INN() && (o.KPP() == "" || kpp == "" || kpp == o.KPP())
}
