// Package signed describes the package of a document that was exchanged through an operator: its files and who signed them. It has no I/O
// but writes the archive of a package to a writer.
package signed

import (
	"strings"
	"time"

	"acts24/acts"
)

// Part is what a file of a package is.
type Part string

// The parts of a package.
const (
	PartPrintForm      Part = "print_form" // made by the operator
	PartOurTitle       Part = "our_title"
	PartOurSignature   Part = "our_signature"
	PartTheirTitle     Part = "their_title"
	PartTheirSignature Part = "their_signature"
)

// Label returns the part as users read it.
func (p Part) Label() string {
	switch p {
	case PartPrintForm:
		return "печатная форма СБИС"
	case PartOurTitle:
		return "документ исполнителя"
	case PartOurSignature:
		return "подпись исполнителя"
	case PartTheirTitle:
		return "ответ заказчика"
	case PartTheirSignature:
		return "подпись заказчика"
	}
	return string(p)
}

// Parts lists the parts in the order in which they are shown.
var Parts = []Part{PartPrintForm, PartOurTitle, PartOurSignature, PartTheirTitle, PartTheirSignature}

// Signer is the side of a title or of a signature.
func (p Part) Signer() acts.Side {
	if p == PartTheirTitle || p == PartTheirSignature {
		return acts.SideTheirs
	}
	return acts.SideOurs
}

// IsSignature reports whether the file is a detached signature.
func (p Part) IsSignature() bool { return p == PartOurSignature || p == PartTheirSignature }

// State is how far a package has come.
type State string

// The states of a package.
const (
	StateNone        State = ""         // nothing was requested: the counterparty has not decided yet
	StateFetching    State = "fetching" // its titles and signatures are being fetched
	StatePrinting    State = "printing" // they are stored, the print form of the operator is awaited
	StateComplete    State = "complete" // everything that the operator has
	StateNoPrintForm State = "no_print" // the titles and signatures, but no print form of the operator
	StateFailed      State = "failed"   // the note is the reason
)

// Repeatable reports whether fetching has ended without the whole package, so that a person may repeat it.
func (s State) Repeatable() bool { return s == StateNoPrintForm || s == StateFailed }

// UnderWay reports whether files are being fetched.
func (s State) UnderWay() bool { return s == StateFetching || s == StatePrinting }

// Match is whether a signature belongs to the file beside it.
type Match string

// The results of comparing the hash in a signature with the file.
const (
	MatchYes       Match = "yes"
	MatchNo        Match = "no"
	MatchUnchecked Match = "unchecked" // a hash that we cannot compute, or a signature without one
)

// Power is the power of attorney that a title names for its signer: a machine-readable one, or one on paper.
type Power struct {
	Number string `json:"number,omitempty"`
	Issued string `json:"issued,omitempty"` // as in the title, ДД.ММ.ГГГГ
	System string `json:"system,omitempty"` // where it is kept
	Paper  bool   `json:"paper,omitempty"`  // a power of attorney on paper
}

// Certificate is the signer's certificate as the signature contains it.
type Certificate struct {
	Owner        string    `json:"owner,omitempty"` // the person, or the organisation if it names no person
	Position     string    `json:"position,omitempty"`
	Organization string    `json:"organization,omitempty"`
	INN          string    `json:"inn,omitempty"`     // of the person
	OrgINN       string    `json:"org_inn,omitempty"` // of the organisation
	OGRN         string    `json:"ogrn,omitempty"`
	Issuer       string    `json:"issuer,omitempty"`
	Serial       string    `json:"serial,omitempty"` // hexadecimal
	From         time.Time `json:"from,omitzero"`
	To           time.Time `json:"to,omitzero"`
}

// Signature is one signature of a title. The value of the signature, the chain and the revocation of its certificate are not checked.
type Signature struct {
	Side        acts.Side   `json:"side"`
	File        string      `json:"file"`              // the detached signature
	Of          string      `json:"of"`                // the signed file
	Problem     string      `json:"problem,omitempty"` // why it cannot be read; then only the fields above are set
	At          time.Time   `json:"at,omitzero"`       // by the clock of the signer's computer
	Match       Match       `json:"match,omitempty"`
	Certificate Certificate `json:"certificate,omitzero"`
	Power       Power       `json:"power,omitzero"`
}

// Role returns the party for which it was signed, as in the act.
func (s Signature) Role() string {
	if s.Side == acts.SideTheirs {
		return "Заказчик"
	}
	return "Исполнитель"
}

// Who returns the signer, with his position.
func (s Signature) Who() string {
	return join(", ", s.Certificate.Owner, s.Certificate.Position)
}

// OnBehalfOf returns the organisation of the certificate with its INN; "" when the certificate names a person only.
func (s Signature) OnBehalfOf() string {
	return join(", ", s.Certificate.Organization, label("ИНН ", s.Certificate.OrgINN))
}

// Validity returns the term of the certificate, "" when it cannot be read.
func (c Certificate) Validity() string {
	if c.From.IsZero() || c.To.IsZero() {
		return ""
	}
	return "с " + day(c.From) + " по " + day(c.To)
}

// OutsideValidity reports whether the signature was made before or after the time in which its certificate is valid.
func (s Signature) OutsideValidity() bool {
	c := s.Certificate
	return !s.At.IsZero() && !c.To.IsZero() && (s.At.Before(c.From) || s.At.After(c.To))
}

// Text returns the power of attorney in words, "" for none.
func (p Power) Text() string {
	if p.Number == "" {
		return ""
	}
	return join(", ", p.Number, label("от ", p.Issued), p.System)
}

// Check returns what was checked of a signature, as users read it.
func (s Signature) Check() string {
	switch {
	case s.Problem != "":
		return "Подпись не прочитана. " + s.Problem
	case s.Match == MatchNo:
		return "Хеш в подписи не совпадает с файлом: подписан другой файл."
	case s.Match == MatchUnchecked:
		return "Не проверено, к этому ли файлу относится подпись: такой хеш мы не вычисляем."
	case s.OutsideValidity():
		return "Подпись относится к этому файлу, но сертификат в этот день не действовал."
	}
	return "Подпись относится к этому файлу."
}

// Wrong reports whether the check of a signature found a fault.
func (s Signature) Wrong() bool { return s.Problem != "" || s.Match == MatchNo || s.OutsideValidity() }

// Unchecked is what is not checked of any signature, as users read it.
const Unchecked = "Здесь сравнивается хеш файла с хешем в подписи. Значение подписи, цепочка и отзыв сертификата не проверяются: для этого откройте файл и подпись в КриптоПро или на Госуслугах."

var moscow = time.FixedZone("MSK", 3*60*60)

func day(t time.Time) string { return t.In(moscow).Format("02.01.2006") }

// Moment returns the time of a signature in Moscow, as titles have it; "" when it is not known.
func (s Signature) Moment() string {
	if s.At.IsZero() {
		return ""
	}
	return s.At.In(moscow).Format("02.01.2006 15:04") + " (МСК)"
}

func label(name, value string) string {
	if value == "" {
		return ""
	}
	return name + value
}

func join(by string, parts ...string) string {
	var kept []string
	for _, p := range parts {
		if p = strings.TrimSpace(p); p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, by)
}
