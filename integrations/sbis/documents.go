package sbis

import (
	"context"
	"errors"
	"fmt"
)

// Draft is what WriteDocument sends. ID is ours: the same ID again updates the same
// document, so a lost reply leaves no twin (docs/contracts/sbis.md, "Writing a document").
type Draft struct {
	ID           string       `json:"Идентификатор"`
	Type         string       `json:"Тип"`
	Regulation   *NameRef     `json:"Регламент,omitempty"`
	Date         string       `json:"Дата,omitempty"`
	Number       string       `json:"Номер,omitempty"`
	Sum          string       `json:"Сумма,omitempty"`
	Note         string       `json:"Примечание,omitempty"` // the counterparty may see it
	Ours         Organization `json:"НашаОрганизация,omitzero"`
	Counterparty Organization `json:"Контрагент,omitzero"`
	Responsible  *Person      `json:"Ответственный,omitempty"`
	Revision     RevisionKey  `json:"Редакция,omitzero"`
	Files        []DraftFile  `json:"Вложение,omitempty"`
	Extra        string       `json:"ДопПоля,omitempty"`
}

// NameRef points at something of the account by its name.
type NameRef struct {
	Name string `json:"Название"`
}

// RevisionKey names an edition: by SBIS's id when reading, by our own note when writing.
type RevisionKey struct {
	ID          string `json:"Идентификатор,omitempty"`
	ForeignNote string `json:"ПримечаниеИС,omitempty"`
}

// DraftFile is a file to attach. It carries no type: SBIS recognises the XML itself and
// fills number, date, sum and title (docs/contracts/sbis.md, "Document types").
type DraftFile struct {
	ID      string  `json:"Идентификатор,omitempty"`
	Title   string  `json:"Название,omitempty"`
	Content Content `json:"Файл"`

	// Power names the signer's power of attorney where the operator signs for him (docs/contracts/sbis.md, "Writing a document").
	Power *CertificateWithPower `json:"Сертификат,omitempty"`
}

// Content is a file in base64 without line breaks.
type Content struct {
	Name string `json:"Имя"`
	Data []byte `json:"ДвоичныеДанные"`
}

// WriteDocument creates the document of d.ID or updates it.
func (c *Client) WriteDocument(ctx context.Context, d Draft) (*Document, error) {
	if d.ID == "" {
		return nil, invalidRequest("СБИС.ЗаписатьДокумент", "the document has no id of ours")
	}
	return c.document(ctx, "СБИС.ЗаписатьДокумент", d.ID, d)
}

// ReadDocument returns the whole document: the authority on its state (docs/contracts/sbis.md, "Reading and files").
func (c *Client) ReadDocument(ctx context.Context, id string) (*Document, error) {
	return c.ReadRevision(ctx, id, "")
}

// ReadRevision returns the document as it was in one edition; "" means the current one.
func (c *Client) ReadRevision(ctx context.Context, id, revision string) (*Document, error) {
	return c.document(ctx, "СБИС.ПрочитатьДокумент", id, documentKey{ID: id, Revision: RevisionKey{ID: revision}})
}

// DeleteDocument deletes a draft; a document under way has to be annulled (docs/contracts/sbis.md, "Reading and files").
func (c *Client) DeleteDocument(ctx context.Context, id string) error {
	return c.call(ctx, "СБИС.УдалитьДокумент", object{"Документ": documentKey{ID: id}}, nil)
}

type documentKey struct {
	ID       string      `json:"Идентификатор"`
	Revision RevisionKey `json:"Редакция,omitzero"`
}

// document runs a method that answers with the document asked about.
func (c *Client) document(ctx context.Context, method, id string, in any) (*Document, error) {
	var d Document
	if err := c.call(ctx, method, object{"Документ": in}, &d); err != nil {
		return nil, err
	}
	if d.ID != id {
		return nil, &Error{Method: method, Status: 200, cause: errors.New("the answer is about another document")}
	}
	return &d, nil
}

// invalidRequest is a request that is wrong before it is sent.
func invalidRequest(method, why string) error {
	return &Error{Method: method, kind: notSent, cause: fmt.Errorf("not sent: %s", why)}
}
