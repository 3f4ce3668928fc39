package sbistest

import (
	"regexp"
	"slices"

	"github.com/google/uuid"
)

var firstRowName = regexp.MustCompile(`НаимТов="([^"]*)"`)

// edit changes the document in the account: the note, and the name of the first row in its file, whose bytes then differ from the uploaded
// ones (docs/contracts/sbis.md, "Sending").
func (s *Server) edit(d *document, do MoveRequest) error {
	d.Note = orElse(do.Comment, "Изменено в кабинете")
	for _, a := range d.Attachments {
		if a.Type == "" || a.Incoming {
			continue
		}
		text := from1251(a.Data)
		if at := firstRowName.FindStringSubmatchIndex(text); at != nil {
			a.Data = to1251(text[:at[3]] + " (изменено в кабинете)" + text[at[3]:])
			a.Modified = true
		}
	}
	d.Changed = s.cfg.Now()
	d.Revisions = append(d.Revisions, revision{ID: uuid.NewString(), At: d.Changed})
	s.addEvent(d, newEvent{name: "Загрузка", state: stateDraft, comment: d.Note, by: s.owner(d, do)})
	return nil
}

// acceptInvitation connects the counterparty and sends the documents that waited for it.
func (s *Server) acceptInvitation(d *document, _ MoveRequest) error {
	side := d.Counterparty
	known := s.counterparty(side.INN, side.KPP)
	if known == nil {
		known = &Counterparty{Organization: side}
		s.st.Counterparties = append(s.st.Counterparties, known)
	}
	known.Connected = true
	if len(known.Boxes) == 0 || (side.BoxID != "" && !known.has(side.BoxID)) {
		box := Box{ID: orElse(side.BoxID, "2BE"+secret(16)), Operator: "2BE", Name: `ООО "Компания "Тензор"`, Main: len(known.Boxes) == 0}
		known.Boxes = append(known.Boxes, box)
	}
	for _, i := range s.st.Invitations {
		if i.INN == side.INN {
			i.Code = 7
		}
	}
	for _, other := range s.st.Documents {
		waits := other.State.Code == 2 && other.Counterparty.INN == side.INN && other.Counterparty.KPP == side.KPP
		if waits && s.connected(other) {
			s.addEvent(other, newEvent{name: "Отправка", state: stateSent})
			s.deliver(other)
		}
	}
	return nil
}

// purge removes the document completely. Its events leave the feed, so a cursor at one of them is unknown (docs/contracts/sbis.md, "Changes").
func (s *Server) purge(d *document, _ MoveRequest) error {
	s.st.Documents = slices.DeleteFunc(s.st.Documents, func(x *document) bool { return x == d })
	for feed, entries := range s.st.Feeds {
		s.st.Feeds[feed] = slices.DeleteFunc(entries, func(e entry) bool { return e.Document == d.ID })
	}
	s.reindex()
	return nil
}
