package crm

import (
	"context"
	"html"
	"slices"
	"strings"
	"unicode"

	"acts24/integrations/bitrix24"
	"acts24/workflow"
)

// maxCommentPages limits the search for a comment of an unclear attempt.
const maxCommentPages = 20

// applyCommentLookup finishes a note that an earlier attempt has written: a comment with its text that is not another one of ours. The CRM
// keeps no key of ours on a comment (docs/contracts/bitrix24.md, "Timeline").
func (d *delivery) applyCommentLookup(ctx context.Context, client *bitrix24.Client, res *bitrix24.BatchResult, i int, change *workflow.NoteChange) {
	var page bitrix24.List[bitrix24.Comment]
	err := res.Get(key("look", i), &page)
	for n := 1; err == nil; n++ {
		if id, ok := d.findNote(page, change); ok {
			d.notes = append(d.notes, id)
			d.finish(i, workflow.Result{Note: int64(id)})
			return
		}
		if len(page) < bitrix24.CommentsPage || n == maxCommentPages {
			return
		}
		page = nil
		err = client.Run(ctx, bitrix24.ListComments(bitrix24.DealType, bitrix24.ID(change.Deal), n*bitrix24.CommentsPage), &page)
	}
	d.finish(i, workflow.Result{Err: readError(err)})
}

func (d *delivery) findNote(page []bitrix24.Comment, change *workflow.NoteChange) (bitrix24.ID, bool) {
	text := lettersOf(change.Text)
	for _, c := range page {
		if lettersOf(string(c.Text)) == text && !slices.Contains(change.OtherComments, int64(c.ID)) && !slices.Contains(d.notes, c.ID) {
			return c.ID, true
		}
	}
	return 0, false
}

// noteResult returns the id of a new comment.
func (d *delivery) noteResult(res *bitrix24.BatchResult, i int) workflow.Result {
	var id bitrix24.ID
	if err := res.Get(key("do", i), &id); err != nil {
		return workflow.Result{Err: writeError(err)}
	}
	return workflow.Result{Note: int64(id)}
}

// lettersOf returns the letters and digits of a comment: the portal may return it as HTML, with other spaces and quotes.
func lettersOf(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, stripTags(html.UnescapeString(text)))
}
