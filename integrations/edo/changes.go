package edo

import (
	"context"
	"io"
	"slices"
	"strings"
	"time"

	"acts24/acts"
	"acts24/integrations/edo/upd"
	"acts24/integrations/sbis"
	"acts24/workflow"
)

// Changes reads what happened since a position, page by page. Documents that carry a buyer's title are
// read for its verdict before the page is kept.
func (a *Adapter) Changes(ctx context.Context, account workflow.Account, own acts.Party, from workflow.Position,
	apply func(context.Context, []workflow.Report, workflow.Position) error) error {
	client, err := a.client(ctx, account)
	if err != nil {
		return err
	}
	cursor := sbis.Cursor{EventID: from.EventID, At: from.EventAt}
	if cursor.EventID == "" && cursor.At == "" {
		cursor.At = sbis.FormatDateTime(from.Since)
	}
	var applyErr error
	_, err = client.Poll(ctx, organization(own), cursor, func(ctx context.Context, documents []sbis.Document, at sbis.Cursor) error {
		var page []workflow.Report
		for _, doc := range newest(documents) {
			r := reportOf(doc)
			if r.Verdict == -1 {
				r.Verdict = a.verdict(ctx, client, doc)
			}
			page = append(page, r)
		}
		applyErr = apply(ctx, page, workflow.Position{EventID: at.EventID, EventAt: at.At, Since: from.Since})
		return applyErr
	})
	if applyErr != nil {
		return applyErr
	}
	if err != nil {
		return reading(err)
	}
	return nil
}

// newest keeps one telling of every document of a page, that of its latest event: the same document comes once for
// each of its events, with the state that the event led to, and in no promised order. All events are kept.
func newest(documents []sbis.Document) []sbis.Document {
	at := map[string]int{}
	var out []sbis.Document
	for _, d := range documents {
		i, seen := at[d.ID]
		switch {
		case !seen:
			at[d.ID] = len(out)
			out = append(out, d)
		case momentOf(d).Before(momentOf(out[i])):
			out[i].Events = slices.Concat(d.Events, out[i].Events)
		default:
			d.Events = slices.Concat(out[i].Events, d.Events)
			out[i] = d
		}
	}
	return out
}

// momentOf is when the last event of a document happened, by the clock of SBIS.
func momentOf(d sbis.Document) time.Time {
	if len(d.Events) == 0 {
		return time.Time{}
	}
	at, err := sbis.ParseDateTime(d.Events[len(d.Events)-1].At)
	if err != nil {
		return time.Time{}
	}
	return at
}

// reportOf says of a document what matters to its act.
func reportOf(d sbis.Document) workflow.Report {
	r := workflow.Report{Document: d.ID, Link: d.CabinetLink, Report: acts.Report{Code: d.State.Code, Name: d.State.Name,
		Comment: commentOf(d), Deleted: d.Deleted, Returned: returned(d), Dispatched: dispatched(d)}}
	if n := len(d.Events); n > 0 {
		r.Event, r.EventAt = d.Events[n-1].ID, momentOf(d)
	}
	if _, ok := d.BuyerTitle(); ok {
		r.Verdict = -1
	}
	return r
}

// commentOf is why the document stands where it does: the state's own words, else those of its last event.
func commentOf(d sbis.Document) string {
	for _, text := range []string{d.State.Comment, d.State.Note} {
		if text = strings.TrimSpace(text); text != "" {
			return text
		}
	}
	for i := len(d.Events) - 1; i >= 0; i-- {
		if text := strings.TrimSpace(d.Events[i].Comment); text != "" {
			return text
		}
	}
	return ""
}

// returned reports whether an unsigned document was refused by our signer or sent back to be mended: it is a draft
// again and says why. The state decides; the event's name, which is human text, only tells it from a draft just written.
func returned(d sbis.Document) bool {
	if !d.State.Editable() {
		return false
	}
	for _, e := range d.Events {
		name := strings.ToLower(e.Name)
		if strings.Contains(name, "отказ") || strings.Contains(name, "возврат") || strings.Contains(name, "отклон") {
			return true
		}
	}
	return strings.TrimSpace(d.State.Comment) != ""
}

// dispatched reports whether our signature stands under the document or it has left the cabinet.
func dispatched(d sbis.Document) bool {
	if d.State.Left() && d.State.Code != sbis.StateRejected && d.State.Code != sbis.StateCancelled {
		return true
	}
	for _, a := range d.Attachments {
		if len(a.Signatures) > 0 {
			return true
		}
	}
	for _, e := range d.Events {
		if e.Name == sbis.StageSend {
			return true
		}
	}
	return false
}

// verdict reads КодИтога of the buyer's title; -1 while its file is not ready or says nothing of our file.
func (a *Adapter) verdict(ctx context.Context, client *sbis.Client, d sbis.Document) int {
	title, ok := d.BuyerTitle()
	if !ok || title.File.Link == "" {
		return -1
	}
	body, err := client.Download(ctx, title.File.Link)
	if err != nil {
		return -1
	}
	defer body.Close()
	text, err := io.ReadAll(io.LimitReader(body, 10<<20))
	if err != nil {
		return -1
	}
	buyer, err := upd.ReadBuyer(text)
	if err != nil {
		return -1
	}
	for _, file := range d.Attachments {
		if buyer.Answers(file.File.Name) {
			return buyer.Code
		}
	}
	return -1
}
