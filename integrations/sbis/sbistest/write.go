package sbistest

import "github.com/google/uuid"

const outgoingAct = "ДокОтгрИсх"

// writeDocument creates a document, or updates the one with the same id while it is still
// a draft (docs/contracts/sbis.md, "Writing a document").
func (c *call) writeDocument(params dict) (any, *refusal) {
	in := params.object("Документ")
	if in == nil {
		return nil, missing("Документ")
	}
	next, r := c.readDescription(in)
	if r != nil {
		return nil, r
	}
	files, r := readFiles(in, next)
	if r != nil {
		return nil, r
	}
	id := in.text("Идентификатор")
	if id == "" {
		id = uuid.NewString()
	} else if uuid.Validate(id) != nil {
		return nil, refuse("Неверный формат идентификатора документа")
	}
	d, r := c.editable(id)
	if r != nil {
		return nil, r
	}
	if d == nil {
		if next.Number == "" || next.Date == "" {
			return nil, refuse("Не указаны номер и дата документа")
		}
		d = c.create(id, next)
	}
	c.update(d, next, files, in.object("Редакция").text("ПримечаниеИС"))
	return c.render(d, nil), nil
}

// editable returns the document to update, nil for a new id.
func (c *call) editable(id string) (*document, *refusal) {
	d := c.index.documents[id]
	switch {
	case d == nil:
		return nil, nil
	case d.Account != c.account.key():
		return nil, refuse("Нет прав на документ")
	case d.Deleted:
		return nil, refuse("Документ удалён, изменить его нельзя")
	case !d.State.isDraft():
		return nil, refuse("Документ в состоянии «%s», изменить его нельзя", d.State.Name)
	}
	return d, nil
}

func (c *call) create(id string, next *document) *document {
	d := next
	d.ID, d.Created, d.State = id, c.cfg.Now(), stateDraft
	c.st.Documents = append(c.st.Documents, d)
	c.index.documents[id] = d
	c.line.Effect = "created"
	return d
}

// update stores the sent values: a file with a known id replaces the old one, other files stay.
func (c *call) update(d, next *document, files []*attachment, note string) {
	if d != next {
		d.Number, d.Date, d.Sum, d.Note = next.Number, next.Date, next.Sum, next.Note
		d.Ours, d.Counterparty = next.Ours, next.Counterparty
		c.line.Effect = "updated"
	}
	for _, f := range files {
		d.put(f)
	}
	d.Changed = c.cfg.Now()
	d.Revisions = append(d.Revisions, revision{ID: uuid.NewString(), At: d.Changed, Note: note})
	c.addEvent(d, newEvent{name: "Загрузка", state: stateDraft, by: c.account.Owner})
	c.changed()
}

// put adds an attachment or replaces the one with the same id.
func (d *document) put(f *attachment) {
	for i, old := range d.Attachments {
		if old.ID == f.ID {
			d.Attachments[i] = f
			return
		}
	}
	d.Attachments = append(d.Attachments, f)
}
