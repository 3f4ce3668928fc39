package sbistest

import "slices"

// mine finds a document of the account; another's is not told from none (docs/contracts/sbis.md, "Writing a document").
func (c *call) mine(id string) (*document, *refusal) {
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
	d, r := c.mine(in.text("Идентификатор"))
	if r != nil {
		return nil, r
	}
	if id := in.object("Редакция").text("Идентификатор"); id != "" {
		if !slices.ContainsFunc(d.Revisions, func(r revision) bool { return r.ID == id }) {
			return nil, no("Редакция не найдена")
		}
	}
	return c.render(d, nil), nil
}

// deleteDocument puts a draft among the deleted (docs/contracts/sbis.md, "Reading and files").
func (c *call) deleteDocument(params dict) (any, *refusal) {
	in := params.object("Документ")
	if in == nil {
		return nil, missing("Документ")
	}
	d, r := c.mine(in.text("Идентификатор"))
	if r != nil {
		return nil, r
	}
	if d.Deleted {
		return nil, nil
	}
	if !d.State.waiting() {
		return nil, no("Документ в состоянии «%s», удалить его нельзя", d.State.Name)
	}
	_ = c.remove(d, Do{Person: c.account.Owner})
	c.line.Effect = "deleted"
	c.changed()
	return nil, nil
}
