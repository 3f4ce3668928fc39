package sbis

import (
	"context"
	"strconv"
)

// PageSize is how many documents a page of changes holds at most (docs/contracts/sbis.md, "Envelope": 1–200).
const PageSize = 200

// ChangesFilter asks for changes after an event, or since a moment (docs/contracts/sbis.md, "Changes").
type ChangesFilter struct {
	Organization Organization
	EventID      string // the last event seen; wins over From
	From, To     string // ДД.ММ.ГГГГ ЧЧ.ММ.СС, Moscow time
	Type         string // TypeOutgoingAct by default
	PageSize     int    // PageSize by default
}

// Page is one answer of the feed, in the order of the feed. A document appears once for
// each of its events.
type Page struct {
	Documents []Document `json:"Документ"`
	Paging    Paging     `json:"Навигация"`
}

// Paging says whether more follows.
type Paging struct {
	More bool `json:"ЕстьЕще"`
}

type changesWire struct {
	Type     string       `json:"Тип"`
	Ours     Organization `json:"НашаОрганизация"`
	FullCert YesNo        `json:"ПолныйСертификатЭП"`
	EventID  string       `json:"ИдентификаторСобытия,omitempty"`
	From     string       `json:"ДатаВремяС,omitempty"`
	To       string       `json:"ДатаВремяПо,omitempty"`
	Paging   pageSizeWire `json:"Навигация"`
}

type pageSizeWire struct {
	Size string `json:"РазмерСтраницы"`
}

// Changes reads one page of the feed. It is a signal: ReadDocument is the authority.
func (c *Client) Changes(ctx context.Context, f ChangesFilter) (*Page, error) {
	var p Page
	if err := c.call(ctx, "СБИС.СписокИзменений", object{"Фильтр": f.wire()}, &p); err != nil {
		return nil, err
	}
	return &p, nil
}

func (f ChangesFilter) wire() changesWire {
	w := changesWire{
		Type: nonEmpty(f.Type, TypeOutgoingAct), Ours: f.Organization,
		EventID: f.EventID, Paging: pageSize(f.PageSize),
	}
	if f.EventID == "" {
		w.From, w.To = f.From, f.To
	}
	return w
}

func pageSize(n int) pageSizeWire {
	if n < 1 || n > PageSize {
		n = PageSize
	}
	return pageSizeWire{Size: strconv.Itoa(n)}
}
