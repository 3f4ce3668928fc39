package acts

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Function is the УПД function of an electronic act (docs/contracts/sbis.md, "УПД: seller title").
type Function string

// The functions that an act may have.
const (
	FunctionAct           Function = "ДОП"    // the act only
	FunctionActAndInvoice Function = "СЧФДОП" // the act is also the VAT invoice
)

// Signer is the person who signs for us and the document that authorises him.
type Signer struct {
	Last     string          `json:"last"`
	First    string          `json:"first"`
	Middle   string          `json:"middle,omitempty"`
	Position string          `json:"position,omitempty"`
	Ground   string          `json:"ground,omitempty"` // «Устав», «Доверенность № 3 от 01.02.2026»
	Power    PowerOfAttorney `json:"power,omitzero"`   // machine-readable power of attorney; only in acts whose document names it
}

// FullName returns «Фамилия Имя Отчество».
func (s Signer) FullName() string { return joinWords(s.Last, s.First, s.Middle) }

// Short returns «Фамилия И. О.».
func (s Signer) Short() string {
	short := s.Last
	for _, name := range []string{s.First, s.Middle} {
		if letters := []rune(name); len(letters) > 0 {
			short += " " + string(letters[0]) + "."
		}
	}
	return strings.TrimSpace(short)
}

// ParseSigner splits «Фамилия Имя Отчество»; everything after the second word becomes the patronymic.
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

// Fault returns a message when an ИП as the seller cannot have such a signer, or "": an ИП has neither a
// general director nor a charter.
func (s Signer) Fault(seller Party) string {
	position, ground := strings.ToLower(s.Position), strings.ToLower(s.Ground)
	if seller.Kind == PartyPerson && (strings.Contains(position, "генеральный директор") || strings.Contains(ground, "устав")) {
		return "Исполнитель — ИП: у него нет генерального директора и устава. Укажите самого предпринимателя или того, кто подписывает за него по доверенности."
	}
	return ""
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
	Wanted    string // the number that a person typed, for a company that numbers its acts by hand
	Date      time.Time
	From, To  time.Time // the period of the service, zero when the act names none

	Medium    Medium
	PartyKind PartyKind
	Channel   Channel
	Function  Function
	PaperForm PaperForm // the print form of a paper act since its number was given, "" before

	Status         Status
	MarkedByPerson bool   // the status was set by a person and not reported by SBIS
	Reason         string // reason given with the last mark, as typed
	Delivery       Delivery
	DeliveryNote   string // why the document was returned, as the counterparty wrote it
	AnnulAfter     string // when set, the act is annulled with this reason as soon as the document has left SBIS
	Annulment      Annulment
	DecidedBy      string    // who signed or refused for the counterparty, or who marked it
	DecidedAt      time.Time // zero before
	Remarks        string    // the counterparty has signed with these remarks, "" when it has none or they were settled
	ReplacedBy     ActID     // the corrected act that replaces this one, 0 when there is none
	Corrects       ActID     // the refused act that this one replaces
	CopyOf         ActID
	Correction     Correction

	OwnCompany    CompanyID
	Seller        Party
	Buyer         Party
	Company       CompanyID
	Contact       ContactID
	Operator      string    // prefix of the buyer's EDO operator
	VATGround     string    // legal ground of lines without VAT: «УСН, п. 2 ст. 346.11 НК РФ»
	Payments      []Payment // advance payments
	StateContract string    // id of the state contract
	ZeroGround    string    // legal ground of lines at 0 %, where the law requires one: «пп. 1 п. 1 ст. 164 НК РФ»
	Basis         Basis
	Signer        Signer
	Comment       string

	Lines       []Line
	Totals      Totals
	DealState   DealState // the state of the deal from which the act was filled in, or the later one that a person confirmed
	Responsible UserID
	CreatedBy   UserID
	CreatedAt   time.Time
	Item        ItemID // 0 until the CRM item exists
	ItemGone    bool   // the item was deleted in the CRM

	SentAt      time.Time // business time; for a paper act the start of the day on which it was sent
	SentChannel Channel   // the channel by which a paper act was actually sent
	Track       string    // tracking number of the post or the courier
	ScanOn      time.Time // the day on which the countersigned copy was received, zero before
	OriginalOn  time.Time // the day on which the paper original was received
}

// Replaced reports whether a corrected act replaces this one.
func (a Act) Replaced() bool { return a.ReplacedBy != 0 }

// CountsTowardDeal reports whether the act reduces the remainder of the rows of its deal: it is neither annulled nor replaced.
func (a Act) CountsTowardDeal() bool { return a.Status != StatusAnnulled && !a.Replaced() }

// AwaitsUs reports whether the act waits for one of us: to be numbered, signed, handed over or sent, to be corrected after a refusal, or to
// answer a proposal to annul it.
func (a Act) AwaitsUs() bool {
	if a.Annulment.AwaitsUs() {
		return true
	}
	switch a.Delivery {
	case DeliveryQueued, DeliveryWithdrawing, DeliveryWaitingConnection: // the service or the counterparty is at work
		return false
	}
	switch a.Status {
	case StatusDraft, StatusSignedByUs, StatusRefused:
		return !a.Replaced()
	}
	return false
}

// Ended reports whether the lifecycle of the act is over: it is signed, annulled, or replaced by a corrected act.
func (a Act) Ended() bool { return slices.Contains(FinalStatuses, a.Status) || a.Replaced() }

// Title returns the act's title as users read it.
func (a Act) Title() string {
	title := "Акт от " + a.Date.Format("02.01.2006")
	if number := cmp.Or(a.Number, a.Correction.Number); number != "" {
		title = "Акт № " + number + " от " + a.Date.Format("02.01.2006")
	}
	if a.Correction.IsSet() {
		title += ", " + a.Correction.Label()
	}
	return title
}

// Operation is the description of the fact of economic life that the act records.
const Operation = "Работы выполнены, услуги оказаны"

// DocumentName is the name of the document, required by 402-ФЗ art. 9.
const DocumentName = "Акт о выполненных работах (оказанных услугах)"

// MayEdit returns Conflict when the act's content cannot be changed now.
func (a Act) MayEdit() error {
	if a.Status != StatusDraft {
		return Errorf(Conflict, "Акт в статусе «%s» изменить нельзя.", a.Status.Label())
	}
	if a.Delivery.WithOperator() {
		return Errorf(Conflict, "Документ уже в СБИС. Чтобы изменить акт, сначала отзовите его.")
	}
	return nil
}

// MayHandOver returns Conflict when the act cannot be handed over to the operator now.
func (a Act) MayHandOver() error {
	if a.Medium != MediumElectronic {
		return Errorf(Conflict, "Бумажный акт не передаётся в СБИС. Измените тип акта на электронный.")
	}
	if a.Status != StatusDraft {
		return Errorf(Conflict, "Акт уже передан: «%s».", a.Status.Label())
	}
	if a.Delivery.WithOperator() {
		return Errorf(Conflict, "Акт уже передан: %s.", lowerFirst(a.Delivery.Label()))
	}
	return nil
}

// MayTakeBack returns Conflict when we alone cannot withdraw the document from SBIS.
func (a Act) MayTakeBack() error {
	if a.Status == StatusDraft && a.Delivery == DeliveryWaitingSignature {
		return nil
	}
	return Errorf(Conflict, "Отозвать можно только документ, который ждёт нашей подписи в СБИС.")
}
