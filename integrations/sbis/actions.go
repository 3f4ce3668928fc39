package sbis

import "context"

// Usual names of the stage and action that send an outgoing document. Accounts with an approval stage use others: see SendingStep.
const (
	StageSend  = "Отправка"
	ActionSend = "Отправить"
)

// Key types of a certificate (docs/contracts/sbis.md, "Sending").
const (
	KeyServer   = "Серверный"
	KeyDeferred = "Отложенный"
)

// Step is one action in one stage of a document (docs/contracts/sbis.md, "Sending").
type Step struct {
	DocumentID string
	StageID    string // as the answer names it, may be empty
	Stage      string
	Action     string
	Comment    string
	Thumbprint string // certificate with a key held by the operator
	KeyType    string // KeyDeferred leaves the signature to a person in the SBIS account
	Signed     []SignedAttachment
}

// SignedAttachment is an attachment with a signature made by our own key. SBIS refuses an attachment without a signature.
type SignedAttachment struct {
	ID         string           `json:"Идентификатор"`
	Signatures []SignatureToAdd `json:"Подпись"`
}

// SignatureToAdd is a detached CAdES-BES signature over the exact bytes of the file.
type SignatureToAdd struct {
	Content     Content               `json:"Файл"`
	Certificate *CertificateWithPower `json:"Сертификат,omitempty"`
}

// CertificateWithPower names a machine-readable power of attorney next to a signature.
type CertificateWithPower struct {
	Power PowerOfAttorney `json:"Доверенность"`
}

// PowerOfAttorney is identified by its 36-character number.
type PowerOfAttorney struct {
	ID string `json:"ИдентификаторМЧД"`
}

// PrepareAction returns the files to sign. When an attachment is Modified, SBIS has changed the
// uploaded bytes: sign the file at File.Link (docs/contracts/sbis.md, "Sending").
func (c *Client) PrepareAction(ctx context.Context, s Step) (*Document, error) {
	return c.document(ctx, "СБИС.ПодготовитьДействие", s.DocumentID, s.wire())
}

// ExecuteAction executes the action. After an unclear result read the document before repeating: a second execution of a passed stage is an
// error for which IsStagePassed is true.
func (c *Client) ExecuteAction(ctx context.Context, s Step) (*Document, error) {
	return c.document(ctx, "СБИС.ВыполнитьДействие", s.DocumentID, s.wire())
}

// SendingStep returns the stage and the action that sign and send a document, as the answer offers them: those with the usual names, else
// the only one that needs a signature and no comment. Service stages belong to the operators and are ignored. ok is false when a person
// must choose. When the answer offers nothing, the usual names are returned (docs/contracts/sbis.md, "Sending").
func (d Document) SendingStep() (s Step, ok bool) {
	s = Step{DocumentID: d.ID, Stage: StageSend, Action: ActionSend}
	var signing []Step
	for _, stage := range d.Stages {
		for _, action := range stage.Actions {
			found := Step{DocumentID: d.ID, StageID: stage.ID, Stage: stage.Name, Action: action.Name}
			switch {
			case stage.Service:
			case stage.Name == StageSend && action.Name == ActionSend:
				return found, true
			case action.NeedsSignature && !action.NeedsComment:
				signing = append(signing, found)
			}
		}
	}
	switch {
	case len(d.Stages) == 0:
		return s, true
	case len(signing) == 1:
		return signing[0], true
	}
	return s, false
}

type stepDocument struct {
	ID    string    `json:"Идентификатор"`
	Stage stepStage `json:"Этап"`
}

type stepStage struct {
	ID     string             `json:"Идентификатор,omitempty"`
	Name   string             `json:"Название"`
	Signed []SignedAttachment `json:"Вложение,omitempty"`
	Action stepAction         `json:"Действие"`
}

type stepAction struct {
	Name        string  `json:"Название"`
	Comment     string  `json:"Комментарий,omitempty"`
	Certificate certRef `json:"Сертификат,omitzero"`
}

type certRef struct {
	Thumbprint string  `json:"Отпечаток,omitempty"`
	Key        *keyRef `json:"Ключ,omitempty"`
}

type keyRef struct {
	Type string `json:"Тип"`
}

// wire returns the nested format of both methods.
func (s Step) wire() stepDocument {
	cert := certRef{Thumbprint: s.Thumbprint}
	if s.KeyType != "" {
		cert.Key = &keyRef{Type: s.KeyType}
	}
	return stepDocument{ID: s.DocumentID, Stage: stepStage{
		ID: s.StageID, Name: s.Stage, Signed: s.Signed,
		Action: stepAction{Name: s.Action, Comment: s.Comment, Certificate: cert},
	}}
}
