package sbistest

import (
	"slices"
	"time"
)

// DocumentView is a document for pages and tests.
type DocumentView struct {
	ID           string     `json:"id"`
	State        int        `json:"state"` // −1: has no code
	StateName    string     `json:"stateName"`
	Description  string     `json:"description,omitempty"`
	Comment      string     `json:"comment,omitempty"`
	Deleted      bool       `json:"deleted"`
	Account      string     `json:"account"`
	Number       string     `json:"number"`
	Date         string     `json:"date"`
	Sum          string     `json:"sum"`
	Note         string     `json:"note,omitempty"`
	Ours         Side       `json:"ours"`
	Counterparty Side       `json:"counterparty"`
	Created      time.Time  `json:"created"`
	Changed      time.Time  `json:"changed"`
	Annulment    string     `json:"annulment,omitempty"`
	Revisions    int        `json:"revisions"`
	Files        []FileView `json:"files"`
	Moves        []Move     `json:"moves"`

	Events []EventView `json:"-"`
	Rows   []RowView   `json:"-"`
}

// Side is a party of a document.
type Side struct {
	Name  string `json:"name"`
	INN   string `json:"inn"`
	KPP   string `json:"kpp,omitempty"`
	BoxID string `json:"boxID,omitempty"`
}

// FileView is a file without its bytes.
type FileView struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Title    string `json:"title"`
	Type     string `json:"type,omitempty"`
	Size     int    `json:"size"`
	Incoming bool   `json:"incoming"`
	Modified bool   `json:"modified"`
	Signed   int    `json:"signed"` // number of signatures
}

// EventView is one line of the history.
type EventView struct {
	ID        string
	Name      string
	At        time.Time
	Comment   string
	Performer string
	State     string
}

// RowView is a row of the act, read from its XML.
type RowView struct {
	Name, Unit, Quantity, Price, Net, Rate, Tax, Gross string
}

// Documents returns the documents in the order of creation, without events and rows.
func (s *Server) Documents() []DocumentView {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]DocumentView, 0, len(s.st.Documents))
	for _, d := range s.st.Documents {
		list = append(list, viewOf(d))
	}
	return list
}

// Document returns one document with its events and rows.
func (s *Server) Document(id string) (DocumentView, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d := s.index.documents[id]
	if d == nil {
		return DocumentView{}, false
	}
	v := viewOf(d)
	for _, e := range d.Events {
		v.Events = append(v.Events, EventView{e.ID, e.Name, e.At.In(moscow), e.Comment, e.Performer.Full(), e.State.Name})
	}
	for _, a := range d.Attachments {
		v.Rows = append(v.Rows, rowsOf(a)...)
	}
	return v, true
}

// File returns the exact bytes of a file of a document, or of a signature, by name.
func (s *Server) File(document, name string) ([]byte, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d := s.index.documents[document]
	if d == nil {
		return nil, false
	}
	for _, f := range d.files() {
		if f.name == name {
			return slices.Clone(f.data), true
		}
	}
	return nil, false
}

func viewOf(d *document) DocumentView {
	v := DocumentView{
		ID: d.ID, State: d.State.Code, StateName: d.State.Name, Description: d.State.Description, Comment: d.State.Comment,
		Deleted: d.Deleted, Account: d.Account, Number: d.Number, Date: d.Date, Sum: d.Sum, Note: d.Note,
		Ours: sideOf(d.Ours), Counterparty: sideOf(d.Counterparty), Created: d.Created.In(moscow), Changed: d.Changed.In(moscow),
		Annulment: d.Annulment, Revisions: len(d.Revisions), Files: []FileView{}, Moves: moves(d),
	}
	if n := len(d.Events); n > 0 {
		v.Changed = d.Events[n-1].At.In(moscow)
	}
	for _, a := range d.allAttachments() {
		if !a.Service {
			v.Files = append(v.Files, FileView{a.ID, a.Name, a.Title, a.Type, len(a.Data), a.Incoming, a.Modified, len(a.Signatures)})
		}
	}
	return v
}

func sideOf(o Organization) Side {
	name := o.Name
	if o.KPP == "" && o.Person.Surname != "" {
		name = "ИП " + o.Person.Full()
	}
	return Side{orElse(name, "ИНН "+o.INN), o.INN, o.KPP, o.BoxID}
}

// rowsOf reads the rows of a seller's title; other files have none.
func rowsOf(a *attachment) []RowView {
	var t title
	if a.Incoming || a.Type == "" || decodeXML(a.Data, &t) != nil {
		return nil
	}
	var rows []RowView
	for _, r := range t.Document.Rows {
		rows = append(rows, RowView{r.Name, r.Unit, r.Quantity, r.Price, r.Net, r.Rate, orElse(r.Tax.Sum, r.Tax.None), orElse(r.Gross, r.Net)})
	}
	return rows
}
