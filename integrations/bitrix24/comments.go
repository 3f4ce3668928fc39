package bitrix24

import (
	"context"
	"encoding/base64"
)

// CommentDraft is a comment to be put on the timeline of an object (section 6.4).
type CommentDraft struct {
	Type  EntityType
	ID    ID
	Text  string
	Files []Upload
}

// Upload is a file that travels inside a call (section 5).
type Upload struct {
	Name string
	Data []byte
}

// Pair is the shape of a file in crm.item.* and in comments: its name and its content in base64.
func (u Upload) Pair() []string {
	return []string{u.Name, base64.StdEncoding.EncodeToString(u.Data)}
}

// Comment is a comment of a timeline.
type Comment struct {
	ID       ID     `json:"ID"`
	Text     Text   `json:"COMMENT"`
	AuthorID ID     `json:"AUTHOR_ID"`
	Created  Moment `json:"CREATED"`
}

// AddComment puts a comment on a timeline; the answer is its ID. With files it cannot go into a batch.
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

// ListComments reads the latest 50 comments of an object; the answer is a List of Comment.
func ListComments(t EntityType, id ID) Command {
	return Command{Method: "crm.timeline.comment.list", Params: Params{
		"filter": Params{"ENTITY_ID": int64(id), "ENTITY_TYPE": t.Name()},
		"order":  Params{"ID": "DESC"},
		"select": []string{"ID", "COMMENT", "AUTHOR_ID", "CREATED"},
	}}
}

// AddComment puts a comment on a timeline.
func (c *Client) AddComment(ctx context.Context, d CommentDraft) (ID, error) {
	return fetch[ID](ctx, c, AddComment(d))
}

// Comments reads the latest comments of an object, the newest first.
func (c *Client) Comments(ctx context.Context, t EntityType, id ID) ([]Comment, error) {
	return fetch[List[Comment]](ctx, c, ListComments(t, id))
}
