package bitrix24

import "context"

// The numbers that make an activity a letter which really leaves (section 6.3): with any other value the activity is
// written, nothing is sent and no error comes.
const (
	activityEmail    = 4
	activityOutgoing = 2
	contentHTML      = 3
)

// EmailDraft is a letter that leaves by the portal's mail and stays on the card of its owner (section 6.3).
// Originator and Origin are our key: letters are never deduplicated, so after an unclear end the activity is looked
// for by OfOrigin before the letter is repeated.
type EmailDraft struct {
	OwnerType          EntityType
	OwnerID            ID
	From               string // Имя Фамилия <a@b>; "" is the mailbox of the employee, then the common one
	To                 []Recipient
	Subject, HTML      string
	ResponsibleID      ID
	Originator, Origin string
	Files              []Body
}

// Recipient is an address and the company or contact whose it is.
type Recipient struct {
	Email string
	Type  EntityType
	ID    ID
}

// AddEmail sends a letter; the answer is the ID of its activity. After IsEmailNotSent the activity exists although the
// letter did not go: it has to be deleted before a repeat. With files it cannot go into a batch.
func AddEmail(d EmailDraft) Command {
	fields := Params{
		"OWNER_TYPE_ID": int(d.OwnerType), "OWNER_ID": int64(d.OwnerID), "TYPE_ID": activityEmail,
		"DIRECTION": activityOutgoing, "COMPLETED": "Y", "SUBJECT": d.Subject, "DESCRIPTION": d.HTML,
		"DESCRIPTION_TYPE": contentHTML, "RESPONSIBLE_ID": int64(d.ResponsibleID), "COMMUNICATIONS": d.communications(),
	}
	settings := Params{"DISABLE_SENDING_MESSAGE_COPY": "Y"}
	setText(settings, "MESSAGE_FROM", d.From)
	fields["SETTINGS"] = settings
	setText(fields, "ORIGINATOR_ID", d.Originator)
	setText(fields, "ORIGIN_ID", d.Origin)
	if len(d.Files) > 0 {
		fields["FILES"] = d.files()
	}
	return Command{Method: "crm.activity.add", Params: Params{"fields": fields}}
}

func (d EmailDraft) communications() []any {
	out := make([]any, 0, len(d.To))
	for _, to := range d.To {
		out = append(out, Params{
			"TYPE": "EMAIL", "VALUE": to.Email, "ENTITY_ID": int64(to.ID), "ENTITY_TYPE_ID": int(to.Type),
		})
	}
	return out
}

// files are in the shape of the older methods, {"fileData": [name, base64]} (section 5). The page of the method says no
// more than the type diskfile; the product's source reads this key and passes over everything else in silence, so that
// with the pairs of crm.item.* a letter would leave without its files.
func (d EmailDraft) files() []any {
	out := make([]any, 0, len(d.Files))
	for _, f := range d.Files {
		out = append(out, FileData(f))
	}
	return out
}

// AddEmail sends a letter and returns the ID of its activity.
func (c *Client) AddEmail(ctx context.Context, d EmailDraft) (ID, error) {
	return fetch[ID](ctx, c, AddEmail(d))
}

// IsEmailNotSent tells that the activity of a letter was written and the letter did not go.
func IsEmailNotSent(err error) bool { return tells(err, emailFailed) }

// IsSenderMissing tells that a letter did not go because there is no mailbox to send it from: neither the draft, nor
// the responsible employee, nor the CRM has one.
func IsSenderMissing(err error) bool { return tells(err, emailFailed, `"from" is not found`) }

// IsRecipientMissing tells that a letter did not go because it has no address.
func IsRecipientMissing(err error) bool { return tells(err, emailFailed, `"to" is not found`) }
