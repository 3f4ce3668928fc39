package edo

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"acts24/acts"
	"acts24/integrations/edo/upd"
	"acts24/integrations/sbis"
	"acts24/workflow"
)

// Changes reads what happened since a position and calls apply for every document with the position after it, so that stored documents
// are kept when the rest of a long page takes longer than a lease. Before that it reads the buyer's title of the document for its verdict.
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
	_, err = client.Poll(ctx, organization(own), cursor, func(ctx context.Context, documents []sbis.Document, after sbis.Cursor) error {
		mentions := latestMentions(documents)
		for i, one := range mentions {
			if one.after = cursorAfter(documents, mentions, i, cursor); i == len(mentions)-1 {
				one.after = after
			}
			r := reportOf(one.Document)
			r.Act = actOf(account.Portal, one.Document)
			if r.Verdict == acts.VerdictPending {
				r.Verdict, r.Remarks = a.verdict(ctx, client, one.Document)
			}
			cursor = one.after
			if applyErr = apply(ctx, []workflow.Report{r}, workflow.Position{EventID: cursor.EventID, EventAt: cursor.At, Since: from.Since}); applyErr != nil {
				return applyErr
			}
		}
		if len(mentions) == 0 {
			cursor = after
			applyErr = apply(ctx, nil, workflow.Position{EventID: cursor.EventID, EventAt: cursor.At, Since: from.Since})
		}
		return applyErr
	})
	if applyErr != nil {
		return applyErr
	}
	if err != nil {
		return readError(err)
	}
	return nil
}

// mention is a document of a page with its latest event.
type mention struct {
	sbis.Document
	first int         // index of its first line in the page
	after sbis.Cursor // the position to continue from when it is stored
}

// cursorAfter returns the position after the lines before the first line of the next document.
func cursorAfter(lines []sbis.Document, mentions []mention, i int, cursor sbis.Cursor) sbis.Cursor {
	until := len(lines)
	if i+1 < len(mentions) {
		until = mentions[i+1].first
	}
	for _, line := range lines[:until] {
		for _, e := range line.Events {
			if e.ID != "" {
				cursor = sbis.Cursor{EventID: e.ID, At: cmp.Or(e.At, cursor.At)}
			}
		}
	}
	return cursor
}

// latestMentions returns every document of a page once, with the state of its latest event and all its events. The page has one line per
// event, with the state after it, in no documented order.
func latestMentions(documents []sbis.Document) []mention {
	at := map[string]int{}
	var out []mention
	for n, d := range documents {
		i, seen := at[d.ID]
		switch {
		case !seen:
			at[d.ID] = len(out)
			out = append(out, mention{Document: d, first: n})
		case lastEventAt(d).Before(lastEventAt(out[i].Document)):
			out[i].Events = slices.Concat(d.Events, out[i].Events)
		default:
			d.Events = slices.Concat(out[i].Events, d.Events)
			out[i].Document = d
		}
	}
	return out
}

// lastEventAt returns the time of the last event of a document by the clock of SBIS.
func lastEventAt(d sbis.Document) time.Time {
	if len(d.Events) == 0 {
		return time.Time{}
	}
	at, err := sbis.ParseDateTime(d.Events[len(d.Events)-1].At)
	if err != nil {
		return time.Time{}
	}
	return at
}

// fullReport returns the report of a completely read document with the ids of all its events.
func fullReport(d sbis.Document) workflow.Report {
	r := reportOf(d)
	r.Whole, r.Offers = true, offersOf(d)
	for _, e := range d.Events {
		r.Events = append(r.Events, e.ID)
	}
	return r
}

// reportOf returns the report of a document for its act.
func reportOf(d sbis.Document) workflow.Report {
	r := workflow.Report{Document: d.ID, Link: d.AccountLink, Theirs: d.CounterpartyLink, Formal: isFormal(d), DocumentState: acts.DocumentState{Phase: phaseOf(d.State), Name: d.State.Name,
		Recalled: d.State.IsRecalled(), Comment: commentOf(d), Deleted: d.Deleted, Returned: isReturned(d), Dispatched: isDispatched(d),
		Person: performerOf(d), Annulment: annulmentEvents(d.Events)}}
	if s, ok := d.SendingStep(); ok {
		r.Step = &workflow.Step{ID: s.StageID, Stage: s.Stage, Action: s.Action}
	}
	r.Number = d.Number
	r.Date, _ = sbis.ParseDate(d.Date) // zero when it is no date
	for _, one := range d.Attachments {
		if !one.Service && !one.Deleted && !isIncoming(one.Direction) && r.Attachment == "" {
			r.Attachment = one.ID
		}
	}
	if n := len(d.Events); n > 0 {
		r.Event, r.EventAt = d.Events[n-1].ID, lastEventAt(d)
	}
	if _, ok := d.BuyerTitle(); ok {
		r.Verdict = acts.VerdictPending
	}
	return r
}

// revisionNote returns our key on a document.
func revisionNote(portal acts.PortalID, act acts.ActID) string {
	return fmt.Sprintf("acts24-%d-%d", portal, act)
}

// actOf returns the act of a document by our key, 0 when it has none of this portal.
func actOf(portal acts.PortalID, d sbis.Document) acts.ActID {
	for _, r := range d.Revisions {
		digits, ours := strings.CutPrefix(r.ForeignNote, fmt.Sprintf("acts24-%d-", portal))
		if id, err := strconv.ParseInt(digits, 10, 64); ours && err == nil {
			return acts.ActID(id)
		}
	}
	return 0
}

// phases maps the states of SBIS (docs/contracts/sbis.md, "States and events").
var phases = map[int]acts.DocumentPhase{
	sbis.StateNone: acts.PhaseNone, sbis.StateDraft: acts.PhaseDraft, sbis.StateProcessing: acts.PhaseDraft, sbis.StateInvited: acts.PhaseWaitingConnection,
	sbis.StateSent: acts.PhaseSent, sbis.StateDelivered: acts.PhaseDelivered, sbis.StateError: acts.PhaseFailed, sbis.StateCompleted: acts.PhaseDecided,
	sbis.StateRejected: acts.PhaseRefused, sbis.StateCancelled: acts.PhaseCancelled, sbis.StateWaitingSignature: acts.PhaseWaitingSignature,
}

// phaseOf returns the phase of a document in a state of SBIS.
func phaseOf(s sbis.State) acts.DocumentPhase {
	if phase, known := phases[s.KnownCode()]; known {
		return phase
	}
	return acts.PhaseUnknown
}

// verdicts maps КодИтога of a buyer's title (docs/contracts/sbis.md, "УПД: buyer title").
var verdicts = map[int]acts.Verdict{upd.Accepted: acts.VerdictAccepted, upd.AcceptedWithRemarks: acts.VerdictRemarks, upd.Refused: acts.VerdictRefused}

// isFormal reports whether a seller's title in the format of the law is among the files.
func isFormal(d sbis.Document) bool {
	return slices.ContainsFunc(d.Attachments, func(a sbis.Attachment) bool { return strings.HasPrefix(a.File.Name, "ON_NSCHFDOPPR_") })
}

// commentOf returns the reason of the document's state: the comment of the state, else of its last event.
func commentOf(d sbis.Document) string {
	for _, text := range []string{d.State.Comment, d.State.Note} {
		if text = strings.TrimSpace(text); text != "" {
			return text
		}
	}
	for i := len(d.Events) - 1; i >= 0; i-- {
		if aboutAnnulment(d.Events[i].Name) && d.State.KnownCode() != sbis.StateCancelled { // a proposal is no reason of the state
			continue
		}
		if text := strings.TrimSpace(d.Events[i].Comment); text != "" {
			return text
		}
	}
	return ""
}

// performerOf returns the person of the latest event, "" when no event names a person; events about an annulment are skipped.
func performerOf(d sbis.Document) string {
	for i := len(d.Events) - 1; i >= 0; i-- {
		if name := fullName(d.Events[i].Performer); name != "" && !aboutAnnulment(d.Events[i].Name) {
			return name
		}
	}
	return ""
}

// isReturned reports whether an unsigned document was refused by our signer or returned for changes: it is a draft again with a reason.
// The names of events, which are text for people, only distinguish it from a new draft.
func isReturned(d sbis.Document) bool {
	if !d.State.IsEditable() {
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

// isDispatched reports whether the document has our signature or was sent.
func isDispatched(d sbis.Document) bool {
	if d.State.IsSent() && d.State.KnownCode() != sbis.StateRejected && d.State.KnownCode() != sbis.StateCancelled {
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

// verdict reads the result of the buyer's title and its text about discrepancies. It is pending while the file of the title is not ready, and
// when the title answers another file than ours.
func (a *Adapter) verdict(ctx context.Context, client *sbis.Client, d sbis.Document) (v acts.Verdict, remarks string) {
	title, ok := d.BuyerTitle()
	if !ok || title.File.Link == "" {
		return acts.VerdictPending, ""
	}
	body, err := client.Download(ctx, title.File.Link)
	if err != nil {
		return acts.VerdictPending, ""
	}
	defer body.Close()
	text, err := io.ReadAll(io.LimitReader(body, 10<<20))
	if err != nil {
		return acts.VerdictPending, ""
	}
	buyer, err := upd.ReadBuyer(text)
	if err != nil {
		return acts.VerdictPending, ""
	}
	for _, file := range d.Attachments {
		if buyer.Answers(file.File.Name) {
			return verdicts[buyer.Code], buyer.Remarks
		}
	}
	return acts.VerdictPending, ""
}
