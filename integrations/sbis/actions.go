package sbis

import "context"

// Names of the stage and action that send an outgoing document. Prefer those of the reply.
const (
	StageSend  = "Отправка"
	ActionSend = "Отправить"
)

// Key types of a certificate (contract 2.3).
const (
	KeyServer   = "Серверный"
	KeyDeferred = "Отложенный"
)

// Step is one action in one stage of a document (contract 2.3).
type Step struct {
	DocumentID string
	Stage      string
	Action     string
	Comment    string
	Thumbprint string // certificate with a key held by the operator
	KeyType    string // KeyDeferred leaves the signature to a person in the cabinet
	Signed     []SignedAttachment
}

// SignedAttachment is an attachment with the signature made by our own key. An attachment
// without a signature is refused, so one is named only together with it.
type SignedAttachment struct {
	ID         string           `json:"Идентификатор"`
	Signatures []SignatureToAdd `json:"Подпись"`
}

// SignatureToAdd is a detached CAdES-BES signature over the exact bytes of the file.
type SignatureToAdd struct {
	Content     Content      `json:"Файл"`
	Certificate *PoweredCert `json:"Сертификат,omitempty"`
}

// PoweredCert names a machine-readable power of attorney next to a signature.
type PoweredCert struct {
	Power PowerOfAttorney `json:"Доверенность"`
}

// PowerOfAttorney is known by its 36-character number.
type PowerOfAttorney struct {
	ID string `json:"ИдентификаторМЧД"`
}

// PrepareAction returns the files to sign. When an attachment is Modified, its bytes are no
// longer those uploaded: sign what File.Link gives (contract 2.3).
func (c *Client) PrepareAction(ctx context.Context, s Step) (*Document, error) {
	return c.document(ctx, "СБИС.ПодготовитьДействие", s.DocumentID, s.wire())
}

// ExecuteAction does the action. After an unclear end read the document before repeating:
// a second execution of a passed stage is an error (IsStagePassed).
func (c *Client) ExecuteAction(ctx context.Context, s Step) (*Document, error) {
	return c.document(ctx, "СБИС.ВыполнитьДействие", s.DocumentID, s.wire())
}

type stepDocument struct {
	ID    string    `json:"Идентификатор"`
	Stage stepStage `json:"Этап"`
}

type stepStage struct {
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

// wire builds the nested shape that both methods take.
func (s Step) wire() stepDocument {
	cert := certRef{Thumbprint: s.Thumbprint}
	if s.KeyType != "" {
		cert.Key = &keyRef{Type: s.KeyType}
	}
	return stepDocument{ID: s.DocumentID, Stage: stepStage{
		Name: s.Stage, Signed: s.Signed,
		Action: stepAction{Name: s.Action, Comment: s.Comment, Certificate: cert},
	}}
}
