package bitrix24

import "context"

// Notice is a notification of the messenger (section 6.1). Message takes BB codes; a repeated Tag removes the earlier
// notification, so that a repeat is seen once.
type Notice struct {
	UserID  ID
	Message string
	Mail    string // for those who read by e-mail
	Tag     string
	SubTag  string
}

// NotifySystem sends a notification in the name of the system; the answer is its ID.
func NotifySystem(n Notice) Command {
	return Command{Method: "im.notify.system.add", Params: n.params()}
}

// NotifyPersonal sends a notification in the name of the token's user; the answer is its ID.
func NotifyPersonal(n Notice) Command {
	return Command{Method: "im.notify.personal.add", Params: n.params()}
}

func (n Notice) params() Params {
	p := Params{"USER_ID": int64(n.UserID), "MESSAGE": n.Message}
	setText(p, "MESSAGE_OUT", n.Mail)
	setText(p, "TAG", n.Tag)
	setText(p, "SUB_TAG", n.SubTag)
	return p
}

// NotifySystem sends a notification in the name of the system.
func (c *Client) NotifySystem(ctx context.Context, n Notice) (ID, error) {
	return fetch[ID](ctx, c, NotifySystem(n))
}

// NotifyPersonal sends a notification in the name of the token's user.
func (c *Client) NotifyPersonal(ctx context.Context, n Notice) (ID, error) {
	return fetch[ID](ctx, c, NotifyPersonal(n))
}
