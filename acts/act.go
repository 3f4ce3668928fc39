package acts

import (
	"strings"
	"time"
)

// Function is the УПД function of an electronic act (contracts/sbis.md 5.4).
type Function string

// The functions an act may have.
const (
	ActOnly       Function = "ДОП"    // the act alone
	ActAndInvoice Function = "СЧФДОП" // the act is the VAT invoice as well
)

// Basis is the ground of an act: a contract, an order, an invoice.
type Basis struct {
	Name   string    `json:"name"`             // «Договор»
	Number string    `json:"number,omitempty"` // without the № sign
	Date   time.Time `json:"date,omitzero"`
}

// Label is the basis in one line.
func (b Basis) Label() string {
	text := b.Name
	if b.Number != "" {
		text += " № " + b.Number
	}
	if !b.Date.IsZero() {
		text += " от " + b.Date.Format("02.01.2006")
	}
	return text
}

// Signer is the person who signs for us, and by what right.
type Signer struct {
	Last     string `json:"last"`
	First    string `json:"first"`
	Middle   string `json:"middle,omitempty"`
	Position string `json:"position,omitempty"`
	Ground   string `json:"ground,omitempty"` // «Устав», «Доверенность № 3 от 01.02.2026»
	Power    Power  `json:"power,omitzero"`   // machine-readable, of an act whose document names it
}

// FullName is «Фамилия Имя Отчество».
func (s Signer) FullName() string { return joinWords(s.Last, s.First, s.Middle) }

// Short is «Фамилия И. О.».
func (s Signer) Short() string {
	short := s.Last
	for _, name := range []string{s.First, s.Middle} {
		if letters := []rune(name); len(letters) > 0 {
			short += " " + string(letters[0]) + "."
		}
	}
	return strings.TrimSpace(short)
}

// ParseSigner splits «Фамилия Имя Отчество»; everything after the second word is the patronymic.
func ParseSigner(name string) Signer {
	words := strings.Fields(name)
	var s Signer
	if len(words) > 0 {
		s.Last = words[0]
	}
	if len(words) > 1 {
		s.First = words[1]
	}
	if len(words) > 2 {
		s.Middle = strings.Join(words[2:], " ")
	}
	return s
}

func joinWords(words ...string) string {
	return strings.Join(strings.Fields(strings.Join(words, " ")), " ")
}

// Act is an act of completed work with everything that its document shows.
type Act struct {
	ID        ActID
	Deal      DealID
	DealTitle string
	Number    string // "" until the first hand-over, print or upload
	Wanted    string // the number that a person typed for it, where our company numbers by hand
	Date      time.Time
	From, To  time.Time // the period; zero when there is none

	Medium    Medium
	PartyKind PartyKind
	Channel   Channel
	Function  Function

	Status         Status
	MarkedByPerson bool   // the status is a person's mark, not what SBIS reported
	Reason         string // of the last mark, in the words of the person
	Delivery       Delivery
	DeliveryNote   string // why the document came back, in the words of the other side
	AnnulAfter     string // annul with this reason as soon as the document is out of SBIS
	ReplacedBy     ActID  // the corrected act that stands in its place, 0 when none does
	Corrects       ActID  // the refused act in whose place this one stands
	CopyOf         ActID

	OwnCompany CompanyID
	Seller     Party
	Buyer      Party
	Company    CompanyID
	Contact    ContactID
	Operator   string // prefix of the buyer's EDO operator
	VATGround  string // why the lines are without VAT: «УСН, п. 2 ст. 346.11 НК РФ»
	Basis      Basis
	Signer     Signer
	Comment    string

	Lines       []Line
	Totals      Totals
	Responsible UserID
	CreatedBy   UserID
	CreatedAt   time.Time
	Item        ItemID // 0 until the CRM has it
	ItemGone    bool   // the item was deleted in the CRM

	SentAt      time.Time // business time; of a paper act the start of the day it left
	SentChannel Channel   // how a paper act really left
	Track       string    // track number of the post or the courier
	ScanOn      time.Time // the day the countersigned copy came, zero when it has not
	OriginalOn  time.Time // the day the paper original came
}

// Replaced reports whether a corrected act stands in the act's place.
func (a Act) Replaced() bool { return a.ReplacedBy != 0 }

// Counts reports whether the act uses up the remainder of its deal's rows.
func (a Act) Counts() bool { return a.Status != Annulled && !a.Replaced() }

// Title is how people call the act.
func (a Act) Title() string {
	if a.Number == "" {
		return "Акт от " + a.Date.Format("02.01.2006")
	}
	return "Акт № " + a.Number + " от " + a.Date.Format("02.01.2006")
}

// Operation is the fact of economic life that the act records.
const Operation = "Работы выполнены, услуги оказаны"

// DocumentName is the name of the document, required by 402-ФЗ art. 9.
const DocumentName = "Акт о выполненных работах (оказанных услугах)"

// MayEdit returns Conflict when the act's content may not change now.
func (a Act) MayEdit() error {
	if a.Status != Draft {
		return Errorf(Conflict, "Акт в статусе «%s» изменить нельзя.", a.Status.Label())
	}
	if a.Delivery.WithOperator() {
		return Errorf(Conflict, "Документ уже в СБИС. Чтобы изменить акт, сначала отзовите его.")
	}
	return nil
}

// MayHandOver returns Conflict when the act cannot be given to the operator now.
func (a Act) MayHandOver() error {
	if a.Medium != Electronic {
		return Errorf(Conflict, "Бумажный акт не передаётся в СБИС. Измените тип акта на электронный.")
	}
	if a.Status != Draft {
		return Errorf(Conflict, "Акт уже передан: «%s».", a.Status.Label())
	}
	if a.Delivery.WithOperator() {
		return Errorf(Conflict, "Акт уже передан: %s.", lowerFirst(a.Delivery.Label()))
	}
	return nil
}

// MayTakeBack returns Conflict when our document cannot be withdrawn from SBIS by us alone.
func (a Act) MayTakeBack() error {
	if a.Status == Draft && a.Delivery == WaitingSignature {
		return nil
	}
	return Errorf(Conflict, "Отозвать можно только документ, который ждёт нашей подписи в СБИС.")
}
