package bitrix24

import (
	"context"
	"encoding/base64"
)

// Activity is an entry of the timeline of a CRM object, such as a letter (docs/contracts/bitrix24.md, "E-mail").
type Activity struct {
	ID            ID         `json:"ID"`
	OwnerTypeID   EntityType `json:"OWNER_TYPE_ID"`
	OwnerID       ID         `json:"OWNER_ID"`
	TypeID        ID         `json:"TYPE_ID"`
	Direction     ID         `json:"DIRECTION"`
	Subject       Text       `json:"SUBJECT"`
	Completed     Bool       `json:"COMPLETED"`
	ResponsibleID ID         `json:"RESPONSIBLE_ID"`
	Created       DateTime   `json:"CREATED"`
	OriginatorID  Text       `json:"ORIGINATOR_ID"`
	OriginID      Text       `json:"ORIGIN_ID"`
}

// ListActivities reads the first 50 activities that match; the answer is a List of Activity. The keys of the
// filter are upper-case.
func ListActivities(filter Params) Command {
	p := Params{"select": []string{
		"ID", "OWNER_TYPE_ID", "OWNER_ID", "TYPE_ID", "DIRECTION", "SUBJECT", "COMPLETED", "RESPONSIBLE_ID", "CREATED",
		"ORIGINATOR_ID", "ORIGIN_ID",
	}}
	setList(p, nil, filter, Params{"ID": "ASC"})
	return Command{Method: "crm.activity.list", Params: p}
}

// OfOrigin returns the filter for activities with our key.
func OfOrigin(originator, origin string) Params {
	return Params{"ORIGINATOR_ID": originator, "ORIGIN_ID": origin}
}

// DeleteActivity removes an activity; the answer is true.
func DeleteActivity(id ID) Command {
	return Command{Method: "crm.activity.delete", Params: Params{"id": int64(id)}}
}

// Activities reads all activities that match.
func (c *Client) Activities(ctx context.Context, filter Params) ([]Activity, error) {
	return readAll(ctx, c, ListActivities(filter), "start", listRows[Activity])
}

// DeleteActivity removes an activity.
func (c *Client) DeleteActivity(ctx context.Context, id ID) error {
	return c.Run(ctx, DeleteActivity(id), nil)
}

// The values of an activity that make the portal send it as an e-mail (docs/contracts/bitrix24.md, "E-mail"). With other values the
// activity is created and nothing is sent, without an error.
const (
	activityEmail    = 4
	activityOutgoing = 2
	contentHTML      = 3
)

// EmailDraft is an e-mail that the portal sends and keeps on the card of its owner (docs/contracts/bitrix24.md, "E-mail").
// Originator and Origin are our key. The portal does not deduplicate e-mails: after an unclear result search for the activity with
// OfOrigin before sending again.
type EmailDraft struct {
	OwnerType          EntityType
	OwnerID            ID
	From               string // Имя Фамилия <a@b>; "" for the mailbox of the employee, or the common one if he has none
	To                 []Recipient
	Subject, HTML      string
	ResponsibleID      ID
	Originator, Origin string
	Files              []FileBody
}

// Recipient is an e-mail address of a company or contact.
type Recipient struct {
	Email string
	Type  EntityType
	ID    ID
}

// AddEmail sends an e-mail; the answer is the ID of its activity. After an error for which IsEmailNotSent is true the activity exists
// although nothing was sent: delete it before sending again. An e-mail with files cannot be part of a batch.
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

// files returns the files in the format of the older methods, {"fileData": [name, base64]} (docs/contracts/bitrix24.md, "Files").
// The page of the method names only the type diskfile. The source code of Bitrix24 reads this key and ignores everything else, so files in
// the format of crm.item.* would be missing in the e-mail.
func (d EmailDraft) files() []any {
	out := make([]any, 0, len(d.Files))
	for _, f := range d.Files {
		out = append(out, FileData(f))
	}
	return out
}

// AddEmail sends an e-mail and returns the ID of its activity.
func (c *Client) AddEmail(ctx context.Context, d EmailDraft) (ID, error) {
	return fetch[ID](ctx, c, AddEmail(d))
}

// IsEmailNotSent reports whether the activity was created but the e-mail was not sent.
func IsEmailNotSent(err error) bool { return textContains(err, emailFailed) }

// IsSenderMissing reports whether an e-mail was not sent because neither the draft, nor the responsible employee, nor the CRM has a
// sender address.
func IsSenderMissing(err error) bool { return textContains(err, emailFailed, `"from" is not found`) }

// IsRecipientMissing reports whether an e-mail was not sent because it has no recipient address.
func IsRecipientMissing(err error) bool { return textContains(err, emailFailed, `"to" is not found`) }

// CommentDraft is a comment to add to the timeline of an object (docs/contracts/bitrix24.md, "Timeline").
type CommentDraft struct {
	Type  EntityType
	ID    ID
	Text  string
	Files []UploadedFile
}

// UploadedFile is a file sent as a parameter of a call (docs/contracts/bitrix24.md, "Files").
type UploadedFile struct {
	Name string
	Data []byte
}

// Pair returns the file in the format of crm.item.* and of comments: its name and its content in base64.
func (u UploadedFile) Pair() []string {
	return []string{u.Name, base64.StdEncoding.EncodeToString(u.Data)}
}

// Comment is a comment of a timeline.
type Comment struct {
	ID       ID       `json:"ID"`
	Text     Text     `json:"COMMENT"`
	AuthorID ID       `json:"AUTHOR_ID"`
	Created  DateTime `json:"CREATED"`
}

// AddComment adds a comment to a timeline; the answer is its ID. A comment with files cannot be part of a batch.
func AddComment(d CommentDraft) Command {
	fields := Params{"ENTITY_ID": int64(d.ID), "ENTITY_TYPE": d.Type.Name(), "COMMENT": d.Text}
	if len(d.Files) > 0 {
		files := make([]any, 0, len(d.Files))
		for _, f := range d.Files {
			files = append(files, f.Pair())
		}
		fields["FILES"] = files
	}
	return Command{Method: "crm.timeline.comment.add", Params: Params{"fields": fields}}
}

// CommentsPage is the largest number of comments in an answer.
const CommentsPage = 50

// ListComments reads a page of the comments of an object, the latest first, without the first skip comments; the answer is a List of
// Comment.
func ListComments(t EntityType, id ID, skip int) Command {
	return Command{Method: "crm.timeline.comment.list", Params: Params{
		"filter": Params{"ENTITY_ID": int64(id), "ENTITY_TYPE": t.Name()},
		"order":  Params{"ID": "DESC"},
		"select": []string{"ID", "COMMENT", "AUTHOR_ID", "CREATED"},
		"start":  skip,
	}}
}

// Notice is a notification of the messenger (docs/contracts/bitrix24.md, "Notifications"). Message may contain BB codes. A
// notification replaces the earlier one with the same Tag.
type Notice struct {
	UserID  ID
	Message string
	Mail    string // text for users who receive notifications by e-mail
	Tag     string
	SubTag  string
}

// NotifySystem sends a notification from the system; the answer is its ID.
func NotifySystem(n Notice) Command {
	return Command{Method: "im.notify.system.add", Params: n.params()}
}

func (n Notice) params() Params {
	p := Params{"USER_ID": int64(n.UserID), "MESSAGE": n.Message}
	setText(p, "MESSAGE_OUT", n.Mail)
	setText(p, "TAG", n.Tag)
	setText(p, "SUB_TAG", n.SubTag)
	return p
}
