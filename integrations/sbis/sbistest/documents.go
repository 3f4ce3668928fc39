package sbistest

import "slices"

// ownDocument returns a document of the account; that of another account is answered like a missing one (docs/contracts/sbis.md, "Writing a document").
func (c *call) ownDocument(id string) (*document, *refusal) {
	d := c.index.documents[id]
	if d == nil || d.Account != c.account.key() {
		return nil, errNoDocument
	}
	return d, nil
}

// readDocument shows the whole document with its events (docs/contracts/sbis.md, "Reading and files").
func (c *call) readDocument(params dict) (any, *refusal) {
	in := params.object("Документ")
	if in == nil {
		return nil, missing("Документ")
	}
	d, r := c.ownDocument(in.text("Идентификатор"))
	if r != nil {
		return nil, r
	}
	if id := in.object("Редакция").text("Идентификатор"); id != "" {
		if !slices.ContainsFunc(d.Revisions, func(r revision) bool { return r.ID == id }) {
			return nil, refuse("Редакция не найдена")
		}
	}
	return c.render(d, nil), nil
}

// deleteDocument marks a draft as deleted (docs/contracts/sbis.md, "Reading and files").
func (c *call) deleteDocument(params dict) (any, *refusal) {
	in := params.object("Документ")
	if in == nil {
		return nil, missing("Документ")
	}
	d, r := c.ownDocument(in.text("Идентификатор"))
	if r != nil {
		return nil, r
	}
	if d.Deleted {
		return nil, nil
	}
	if !d.State.isUnsigned() {
		return nil, refuse("Документ в состоянии «%s», удалить его нельзя", d.State.Name)
	}
	_ = c.remove(d, MoveRequest{Person: c.account.Owner})
	c.line.Effect = "deleted"
	c.changed()
	return nil, nil
}
