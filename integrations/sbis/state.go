package sbis

import "strings"

// Codes of State for outgoing documents (docs/contracts/sbis.md, "States and events").
const (
	StateDraft            = 0
	StateInvited          = 2 // an invitation went out; the document waits
	StateSent             = 3
	StateDelivered        = 4
	StateError            = 6
	StateCompleted        = 7 // signed by the buyer; his title tells how
	StateRejected         = 9
	StateProcessing       = 10 // uploaded, still a draft
	StateCancelled        = 20 // deleted or annulled
	StateWaitingSignature = 23 // waits for our signer
	StateNone             = -1 // SBIS named no code
)

// State is where a document stands. Some states come by name only: then Code is StateNone.
type State struct {
	Code        int    `json:"Код"`
	Name        string `json:"Название"`
	Description string `json:"Описание"`
	Note        string `json:"Примечание"`
	Comment     string `json:"Комментарий"`
	Incomplete  bool   `json:"НеполнаяОбработка"`
}

// setDefaults keeps a document without a code from looking like a draft.
func (s *State) setDefaults() { s.Code = StateNone }

// namedStates are the beginnings of the names that the vendor's own 1C client reads, with the code each stands for
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

// KnownCode is the code of the state as we know it: by its name first, as the vendor's client reads it, then by the code. Several names
// share a code, and some states come without one (docs/contracts/sbis.md, "States and events").
func (s State) KnownCode() int {
	name := strings.ReplaceAll(strings.ToLower(strings.TrimSpace(s.Name)), "ё", "е")
	switch {
	case s.IsRecalled():
		return StateNone
	case strings.HasPrefix(name, "аннулирование"): // asked for, not done
		return s.Code
	}
	for _, known := range namedStates {
		if strings.HasPrefix(name, known.begins) {
			return known.code
		}
	}
	return s.Code
}

// IsRecalled reports whether we took the document back: a state without a code of its own.
func (s State) IsRecalled() bool { return strings.Contains(strings.ToLower(s.Name), "отозван") }

// IsEditable reports whether the document is still ours to change (docs/contracts/sbis.md, "States and events": 0 and 10).
func (s State) IsEditable() bool {
	return s.KnownCode() == StateDraft || s.KnownCode() == StateProcessing
}

// IsSent reports whether «Отправить» has been done: after a lost answer to it this is the
// proof that it need not be repeated (docs/contracts/sbis.md, "Sending").
func (s State) IsSent() bool {
	return s.KnownCode() >= StateInvited && !s.IsEditable() && s.KnownCode() != StateWaitingSignature
}
