package sbis

import (
	"context"
	"fmt"
)

// Draft is the input of WriteDocument. ID is ours: writing the same ID again updates the document, so a repeated call creates no duplicate
// (docs/contracts/sbis.md, "Writing a document").
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

// NameRef refers to an object of the account by its name.
type NameRef struct {
	Name string `json:"Название"`
}

// RevisionKey identifies a revision: by the id of SBIS when reading, by our note when writing.
type RevisionKey struct {
	ID          string `json:"Идентификатор,omitempty"`
	ForeignNote string `json:"ПримечаниеИС,omitempty"`
}

// DraftFile is a file to attach. It has no type: SBIS recognises the XML and sets number, date, sum and title
// (docs/contracts/sbis.md, "Document types").
type DraftFile struct {
	ID      string  `json:"Идентификатор,omitempty"`
	Title   string  `json:"Название,omitempty"`
	Content Content `json:"Файл"`

	// Power is the power of attorney of a signer for whom the operator signs (docs/contracts/sbis.md, "Writing a document").
	Power *CertificateWithPower `json:"Сертификат,omitempty"`
}

// Content is a file in base64 without line breaks.
type Content struct {
	Name string `json:"Имя"`
	Data []byte `json:"ДвоичныеДанные"`
}

// WriteDocument creates or updates the document d.ID.
func (c *Client) WriteDocument(ctx context.Context, d Draft) (*Document, error) {
	if d.ID == "" {
		return nil, invalidRequest("СБИС.ЗаписатьДокумент", "the document has no id of ours")
	}
	return c.document(ctx, "СБИС.ЗаписатьДокумент", d.ID, d)
}

// ReadDocument returns the document with its current state (docs/contracts/sbis.md, "Reading and files").
func (c *Client) ReadDocument(ctx context.Context, id string) (*Document, error) {
	return c.ReadRevision(ctx, id, "")
}

// ReadRevision returns a revision of the document; "" means the current one.
func (c *Client) ReadRevision(ctx context.Context, id, revision string) (*Document, error) {
	return c.document(ctx, "СБИС.ПрочитатьДокумент", id, documentKey{ID: id, Revision: RevisionKey{ID: revision}})
}

// DeleteDocument deletes a draft; a sent document must be annulled instead (docs/contracts/sbis.md, "Reading and files").
func (c *Client) DeleteDocument(ctx context.Context, id string) error {
	return c.call(ctx, "СБИС.УдалитьДокумент", object{"Документ": documentKey{ID: id}}, nil)
}

type documentKey struct {
	ID       string      `json:"Идентификатор"`
	Revision RevisionKey `json:"Редакция,omitzero"`
}

// document calls a method that returns the document with this id.
func (c *Client) document(ctx context.Context, method, id string, in any) (*Document, error) {
	var d Document
	if err := c.call(ctx, method, object{"Документ": in}, &d); err != nil {
		return nil, err
	}
	if d.ID != id {
		return nil, &Error{Method: method, Status: 200, cause: fmt.Errorf("the answer is about document %q", d.ID)}
	}
	return &d, nil
}

// invalidRequest returns the error of a request that is not sent because it is invalid.
func invalidRequest(method, why string) error {
	return &Error{Method: method, kind: notSent, cause: fmt.Errorf("not sent: %s", why)}
}
