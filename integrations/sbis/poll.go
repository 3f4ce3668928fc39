package sbis

import "context"

// Apply stores the documents of one page together with the cursor behind them, in one
// transaction. The same document and event may come again: it must not matter.
type Apply func(ctx context.Context, documents []Document, cur Cursor) error

// Poll reads the feed of an organisation from cur to its end and gives every page to apply
// in order; pages counts the answers. An empty page that leaves the cursor where it was is
// not given: a poll in quiet time costs one call and no transaction.
func (c *Client) Poll(ctx context.Context, org Organization, cur Cursor, apply Apply) (pages int, err error) {
	feed, err := NewFeed(cur)
	if err != nil {
		return 0, err
	}
	for more := true; more; {
		page, err := c.nextPage(ctx, org, feed)
		if err != nil {
			return pages, err
		}
		pages++
		next, goOn, stalled := feed.Accept(page)
		if len(page.Documents) > 0 || next != cur {
			if err := apply(ctx, page.Documents, next); err != nil {
				return pages, err
			}
		}
		if stalled != nil {
			return pages, stalled
		}
		cur, more = next, goOn
	}
	return pages, nil
}

// nextPage asks once, and once more by date when the stored event is gone.
func (c *Client) nextPage(ctx context.Context, org Organization, feed *Feed) (*Page, error) {
	for {
		event, from := feed.Filter()
		page, err := c.Changes(ctx, ChangesFilter{Organization: org, EventID: event, From: from})
		if err == nil || !feed.MayRetry(err) {
			return page, err
		}
	}
}
