package sbis

// Codes of State for outgoing documents (contract 3).
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

// Editable tells whether the document is still ours to change (contract 3: 0 and 10).
func (s State) Editable() bool { return s.Code == StateDraft || s.Code == StateProcessing }

// Left tells whether «Отправить» has been done: after a lost answer to it this is the
// proof that it need not be repeated (contract 2.3).
func (s State) Left() bool {
	return s.Code >= StateInvited && !s.Editable() && s.Code != StateWaitingSignature
}
