package sbistest

import (
	"crypto/rand"
	"encoding/hex"
	"time"
)

// state is the state of the service. It is saved as JSON.
type state struct {
	Version        int64              `json:"version"`
	LinkKey        []byte             `json:"linkKey"`
	Accounts       []*Account         `json:"accounts"`
	Counterparties []*Counterparty    `json:"counterparties"`
	Sessions       []*session         `json:"sessions"`
	Documents      []*document        `json:"documents"`
	Feeds          map[string][]entry `json:"feeds"` // by account and organisation
	Invitations    []*invitation      `json:"invitations"`

	AnnulmentActions bool       `json:"annulmentActions,omitempty"` // documents that were sent offer to be annulled
	PrintForms       printForms `json:"printForms"`
	TitleMB          int        `json:"titleMB,omitempty"` // filler behind titles and signatures, in megabytes
}

// Account is an SBIS account with its credentials and organisations (docs/contracts/sbis.md, "Ways in" and "Session").
type Account struct {
	Login        string         `json:"login"`
	Password     string         `json:"password"`
	Number       string         `json:"number"`
	AppClientID  string         `json:"appClientID"`
	AppSecret    string         `json:"appSecret"`
	SecretKey    string         `json:"secretKey"`
	SecondFactor bool           `json:"secondFactor"` // logins need a confirmation code
	Owner        Person         `json:"owner"`        // the person who signs for us
	Own          []Organization `json:"own"`
	Certificates []Certificate  `json:"certificates"`
	Regulation   Regulation     `json:"regulation,omitzero"`
	Prepares     bool           `json:"prepares,omitempty"` // files in the legal format must be prepared before they are signed
	States       Naming         `json:"states,omitempty"`   // how the states of its documents are reported
	Failures     int            `json:"failures"`           // wrong passwords in a row
}

// Organization is a legal entity (KPP, Name) or a sole trader (Person).
type Organization struct {
	INN       string `json:"inn"`
	KPP       string `json:"kpp,omitempty"`
	Name      string `json:"name,omitempty"`
	Person    Person `json:"person,omitzero"`
	BoxID     string `json:"boxID,omitempty"`
	Connected bool   `json:"connected"` // exchange of documents is on
}

// Person is a person or a sole proprietor.
type Person struct {
	Surname    string `json:"surname,omitempty"`
	Name       string `json:"name,omitempty"`
	Patronymic string `json:"patronymic,omitempty"`
}

// Full is surname, name and patronymic.
func (p Person) Full() string {
	full := p.Surname
	for _, part := range []string{p.Name, p.Patronymic} {
		if part != "" {
			full += " " + part
		}
	}
	return full
}

// Certificate is a signing certificate of an account (docs/contracts/sbis.md, "Certificates").
type Certificate struct {
	Thumbprint string    `json:"thumbprint"`
	Owner      Person    `json:"owner"`
	INN        string    `json:"inn"`
	Position   string    `json:"position"`
	From       time.Time `json:"from"`
	Until      time.Time `json:"until"`
	KeyType    string    `json:"keyType"` // Серверный, Клиентский, Отложенный
	Activated  bool      `json:"activated"`

	Code   string    `json:"code,omitempty"` // of activation, as its owner got it by SMS
	CodeAt time.Time `json:"codeAt,omitzero"`
}

// Counterparty is a counterparty as SBIS stores it (docs/contracts/sbis.md, "Counterparties").
type Counterparty struct {
	Organization
	Boxes []Box `json:"boxes"`
}

// Box is an EDO box of a counterparty.
type Box struct {
	ID       string `json:"id"`
	Operator string `json:"operator"`
	Name     string `json:"name"` // of the operator
	Main     bool   `json:"main"`
	Roaming  bool   `json:"roaming"` // documents stay «Отправлен» until delivered

	Code  string `json:"code,omitempty"`  // of its connection; the codes are not public (docs/contracts/sbis.md, "Counterparties")
	State string `json:"state,omitempty"` // the text beside the code
}

type session struct {
	Value   string    `json:"value"`
	Token   bool      `json:"token"` // a token of an application
	Account string    `json:"account"`
	Used    time.Time `json:"used"`
}

// document is one document with its history.
type document struct {
	ID              string        `json:"id"`
	Account         string        `json:"account"`
	Type            string        `json:"type"`
	Number          string        `json:"number"`
	Date            string        `json:"date"`
	Sum             string        `json:"sum"`
	Note            string        `json:"note"`
	Ours            Organization  `json:"ours"`
	Counterparty    Organization  `json:"counterparty"`
	Created         time.Time     `json:"created"`
	Changed         time.Time     `json:"changed"`
	Deleted         bool          `json:"deleted"`
	State           docState      `json:"state"`
	Revisions       []revision    `json:"revisions"`
	Attachments     []*attachment `json:"attachments"`
	Events          []*event      `json:"events"`
	Annulment       string        `json:"annulment,omitempty"` // who proposed it: "us", "counterparty"
	ArchiveRequests int           `json:"archiveRequests,omitempty"`
	PDFRequests     int           `json:"pdfRequests,omitempty"`
	Prepared        int           `json:"prepared,omitempty"` // number of preparations since it became a draft
}

// docState is Состояние; code −1 means a state without a code (docs/contracts/sbis.md, "States and events").
type docState struct {
	Code        int    `json:"code"`
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
	Comment     string `json:"comment,omitempty"`
}

type revision struct {
	ID   string    `json:"id"`
	At   time.Time `json:"at"`
	Note string    `json:"note,omitempty"`
}

// attachment is a file with its exact bytes.
type attachment struct {
	ID         string      `json:"id"`
	Name       string      `json:"name"`
	Title      string      `json:"title"`
	Type       string      `json:"type,omitempty"`
	Version    string      `json:"version,omitempty"`
	Number     string      `json:"number,omitempty"`
	Date       string      `json:"date,omitempty"`
	Sum        string      `json:"sum,omitempty"`
	Data       []byte      `json:"data"`
	Incoming   bool        `json:"incoming,omitempty"`
	Service    bool        `json:"service,omitempty"`
	Modified   bool        `json:"modified,omitempty"`
	Power      string      `json:"power,omitempty"` // power of attorney of the future signer
	Signatures []signature `json:"signatures,omitempty"`
}

type signature struct {
	Name     string `json:"name"`
	Data     []byte `json:"data"`
	Incoming bool   `json:"incoming,omitempty"`
	Power    string `json:"power,omitempty"` // machine-readable power of attorney
}

// event is an event with the state after it.
type event struct {
	ID          string        `json:"id"`
	Name        string        `json:"name"`
	At          time.Time     `json:"at"`
	Comment     string        `json:"comment,omitempty"`
	Performer   Person        `json:"performer,omitzero"`
	State       docState      `json:"state"`
	Attachments []*attachment `json:"attachments,omitempty"`
}

// entry is one entry in the feed of an organisation.
type entry struct {
	Document string    `json:"document"`
	Event    string    `json:"event"`
	At       time.Time `json:"at"`
}

type invitation struct {
	ID      string `json:"id"`
	Account string `json:"account"`
	INN     string `json:"inn"`
	KPP     string `json:"kpp,omitempty"`
	Code    int    `json:"code"` // 2 sent, 7 connected
}

func newState() *state {
	key := make([]byte, 32)
	_, _ = rand.Read(key)
	return &state{LinkKey: key, Feeds: map[string][]entry{}, PrintForms: printForms{After: 2}}
}

// secret returns n random bytes in hex.
func secret(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b)
	return hex.EncodeToString(b)
}
