package acts

import (
	"cmp"
	"net/mail"
	"strings"
	"time"
	"unicode/utf8"
)

// Answer is the way of exchanging acts that a counterparty chose.
type Answer struct {
	Channel     Channel
	PartyKind   PartyKind
	Operator    string // operator prefix
	Participant string
	Seen        string // DoubtToken of the doubts about Participant that the person who answered has confirmed
	Email       string // where paper acts are sent by e-mail
	Address     string // where paper acts are sent by post
	Contact     string // contact person
	Phone       string
	Comment     string
	Consent     string // version of the consent text that was accepted, "" without consent
}

// Medium returns the medium of acts that follows from the channel of the answer.
func (a Answer) Medium() Medium {
	if a.Channel == ChannelEDO {
		return MediumElectronic
	}
	return MediumPaper
}

// Words returns the answer in one line, as the CRM shows it.
func (a Answer) Words() string {
	switch a.Channel {
	case ChannelEDO:
		o, known := OperatorByPrefix(a.Operator)
		if !known {
			o.Name = a.Operator
		}
		return "ЭДО: " + strings.Trim(o.Name+", "+a.Participant, ", ")
	case ChannelEmail:
		return "На бумаге по e-mail: " + a.Email
	}
	return "На бумаге почтой: " + a.Address
}

// ConsentVersion identifies the wording of ConsentText; it is stored with every answer.
const ConsentVersion = "2026-11-30"

// ConsentText is the text to which a person agrees when leaving his contacts to an organisation, "" if its name is not known.
func ConsentText(organisation string) string {
	return "Даю согласие " + cmp.Or(organisation, "организации, от имени которой получено письмо,") + " на обработку моих имени, телефона и e-mail для обмена актами. " +
		"Согласие действует до конца обмена актами по договору и может быть отозвано письмом."
}

// Check returns the faults of an answer, each at its form field.
func (a Answer) Check() error {
	var faults Faults
	switch a.Channel {
	case ChannelEDO:
		if text := CheckParticipant(a.Participant); text != "" {
			faults.Add("participant", "%s", text)
		}
	case ChannelEmail:
		if !ValidEmail(a.Email) {
			faults.Add("email", "Укажите адрес электронной почты, например buh@romashka.ru.")
		}
	case ChannelPost:
		if len([]rune(a.Address)) < 10 {
			faults.Add("address", "Укажите почтовый адрес с индексом.")
		}
	default:
		faults.Add("channel", "Выберите, как обмениваться актами.")
	}
	if a.PartyKind != PartyPerson && a.PartyKind != PartyCompany {
		faults.Add("kind", "Выберите, кто подписывает акт: ИП или организация.")
	}
	for _, text := range []struct {
		field, value string
		limit        int
	}{{"address", a.Address, 300}, {"contact", a.Contact, 120}, {"phone", a.Phone, 40}, {"comment", a.Comment, 500}} {
		if letters := utf8.RuneCountInString(text.value); letters > text.limit {
			faults.Add(text.field, "Слишком длинно: %d знаков, а помещается %d.", letters, text.limit)
		}
	}
	return faults.Err()
}

// CheckConsent returns a fault when personal data came without consent. The address to which acts are sent
// needs no consent: the chosen way of exchange is impossible without it (152-ФЗ art. 6 part 1 item 5).
func (a Answer) CheckConsent() error {
	if a.Consent == "" && (a.Contact != "" || a.Phone != "") {
		return Faults{{Field: "consent", Text: "Чтобы мы могли сохранить имя и телефон, нужно согласие. Их можно не указывать."}}
	}
	return nil
}

// ValidEmail reports whether text is exactly one e-mail address.
func ValidEmail(text string) bool {
	a, err := mail.ParseAddress(text)
	return err == nil && a.Address == text && len(text) <= 254 && strings.Contains(text[strings.LastIndex(text, "@")+1:], ".")
}

// Differs describes how an answer contradicts an act that is already being exchanged, or returns "".
func (a Act) Differs(to Answer) string {
	switch {
	case a.Medium != to.Medium():
		return "акт " + strings.ToLower(a.Medium.Label()) + ", а контрагент выбрал: " + to.Words()
	case a.Medium == MediumElectronic && to.Participant != "" && !strings.EqualFold(a.Buyer.Participant, to.Participant):
		return "акт передан на идентификатор " + a.Buyer.Participant + ", а контрагент указал " + to.Participant
	}
	return ""
}

// Mask hides the middle of a number, so that its owner recognises it and others cannot read it: 7701****05.
func Mask(text string) string {
	runes := []rune(text)
	keep := min(4, len(runes)*2/5)
	for i := keep; i < len(runes)-min(2, keep); i++ {
		runes[i] = '*'
	}
	return string(runes)
}

// MaskName hides all but the legal form and the first letters of a name: ООО «Ро***».
func MaskName(name string) string {
	form, own := "", strings.TrimSpace(name)
	if at := strings.IndexAny(own, "«\"“"); at >= 0 {
		_, size := utf8.DecodeRuneInString(own[at:])
		form, own = own[:at+size], own[at+size:]
	} else if word, rest, ok := strings.Cut(own, " "); ok && len([]rune(word)) <= 4 && strings.ToUpper(word) == word {
		form, own = word+" ", rest
	}
	first := []rune(strings.TrimRight(own, "»\"”"))
	if own == "" {
		return name
	}
	masked := form + string(first[:min(2, len(first)/2)]) + "***"
	if strings.HasSuffix(form, "«") {
		masked += "»"
	} else if form != "" && !strings.HasSuffix(form, " ") {
		masked += "\""
	}
	return masked
}

// QuestionTerm returns the time at which the responsible is notified that a question sent at sent is
// unanswered; days are calendar days.
func QuestionTerm(sent time.Time, days int) time.Time { return sent.AddDate(0, 0, days) }
