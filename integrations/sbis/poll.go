package sbis

import "context"

// Apply stores the documents of one page and the cursor after them in one transaction. It must tolerate the same document and event again.
type Apply func(ctx context.Context, documents []Document, cur Cursor) error

// Poll reads the feed of an organisation from cur to its end and calls apply with every page in order; pages is the number of answers. An
// empty page that does not change the cursor is skipped, so a poll without changes costs one call and no transaction.
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
		next, moreAfter, stalled := feed.Accept(page)
		if len(page.Documents) > 0 || next != cur {
			if err := apply(ctx, page.Documents, next); err != nil {
				return pages, err
			}
		}
		if stalled != nil {
			return pages, stalled
		}
		cur, more = next, moreAfter
	}
	return pages, nil
}

// nextPage requests a page, and again by date when the stored event no longer exists.
func (c *Client) nextPage(ctx context.Context, org Organization, feed *Feed) (*Page, error) {
	for {
		event, from := feed.Filter()
		page, err := c.Changes(ctx, ChangesFilter{Organization: org, EventID: event, From: from})
		if err == nil || !feed.MayRetry(err) {
			return page, err
		}
	}
}
