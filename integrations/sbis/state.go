package sbis

import "strings"

// Codes of State for outgoing documents (docs/contracts/sbis.md, "States and events").
const (
	StateDraft            = 0
	StateInvited          = 2 // the counterparty was invited; the document waits
	StateSent             = 3
	StateDelivered        = 4
	StateError            = 6
	StateCompleted        = 7 // signed by the buyer; the title has the result
	StateRejected         = 9
	StateProcessing       = 10 // uploaded, still a draft
	StateCancelled        = 20 // deleted or annulled
	StateWaitingSignature = 23 // submitted to our signer
	StateNone             = -1 // SBIS sent no code
)

// State is the state of a document. Some states have only a name: then Code is StateNone.
type State struct {
	Code        int    `json:"Код"`
	Name        string `json:"Название"`
	Description string `json:"Описание"`
	Note        string `json:"Примечание"`
	Comment     string `json:"Комментарий"`
	Incomplete  bool   `json:"НеполнаяОбработка"`
}

// setDefaults sets StateNone, so that a document without a code is not taken for a draft.
func (s *State) setDefaults() { s.Code = StateNone }

// namedStates are the prefixes of state names that the vendor's 1C client reads, with their codes
// (saby-integration/vo2_core, ОбщиеФункции/Статусы).
var namedStates = []struct {
	begins string
	code   int
}{
	{"выгружен", StateDraft},
	{"загружен на сервер", StateDraft},
	{"документ редактируется", StateDraft},
	{"есть документ", StateDraft},
	{"в обработке", StateProcessing},
	{"отослано приглашение", StateInvited},
	{"отправлен", StateSent},
	{"ошибка", StateError},
	{"проблемы при доставке", StateError},
	{"на утверждении", StateDelivered},
	{"доставлен", StateDelivered},
	{"выполнение завершено с проблемами", StateRejected},
	{"выполнение завершено успешно", StateCompleted},
	{"удален", StateCancelled},
	{"аннулирован", StateCancelled},
	{"ожидает подписания", StateWaitingSignature},
}

// KnownCode returns the code of the state: by its name, as the vendor's client does, else as sent. Several names share a code, and some
// states have none (docs/contracts/sbis.md, "States and events").
func (s State) KnownCode() int {
	name := strings.ReplaceAll(strings.ToLower(strings.TrimSpace(s.Name)), "ё", "е")
	switch {
	case s.IsRecalled():
		return StateNone
	case strings.HasPrefix(name, "аннулирование"): // proposed, not executed
		return s.Code
	}
	for _, known := range namedStates {
		if strings.HasPrefix(name, known.begins) {
			return known.code
		}
	}
	return s.Code
}

// IsRecalled reports whether we withdrew the document; the state has no code.
func (s State) IsRecalled() bool { return strings.Contains(strings.ToLower(s.Name), "отозван") }

// IsEditable reports whether the document is a draft that can be changed (docs/contracts/sbis.md, "States and events": 0 and 10).
func (s State) IsEditable() bool {
	return s.KnownCode() == StateDraft || s.KnownCode() == StateProcessing
}

// IsSent reports whether «Отправить» was executed: after a lost answer it need not be repeated
// (docs/contracts/sbis.md, "Sending").
func (s State) IsSent() bool {
	return s.KnownCode() >= StateInvited && !s.IsEditable() && s.KnownCode() != StateWaitingSignature
}
