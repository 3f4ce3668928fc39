package sbis

import (
	"context"
	"strconv"
)

// PageSize is the largest number of documents in a page of changes (docs/contracts/sbis.md, "Envelope": 1–200).
const PageSize = 200

// ChangesFilter selects changes after an event, or since a time (docs/contracts/sbis.md, "Changes").
type ChangesFilter struct {
	Organization Organization
	EventID      string // the last event read; From is ignored when it is set
	From, To     string // ДД.ММ.ГГГГ ЧЧ.ММ.СС, Moscow time
	Type         string // TypeOutgoingAct by default
	PageSize     int    // PageSize by default
}

// Page is one page of the feed, in its order. A document appears once for each of its events.
type Page struct {
	Documents []Document `json:"Документ"`
	Paging    Paging     `json:"Навигация"`
}

// Paging reports whether there are more pages.
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

// Changes reads one page of the feed. Its data may be incomplete or outdated; ReadDocument returns the current document.
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
