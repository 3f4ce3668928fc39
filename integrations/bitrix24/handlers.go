package bitrix24

import "context"

// EventHandler is one address of ours that the portal tells about an event (section 8.1).
type EventHandler struct {
	Event    Text `json:"event"`
	Handler  Text `json:"handler"`
	AuthType ID   `json:"auth_type"`
	Offline  Bool `json:"offline"`
}

// GetEvents reads our handlers; the answer is a List of EventHandler. They vanish when the app is updated.
func GetEvents() Command { return Command{Method: "event.get"} }

// BindEvent binds a handler; the event then carries the token of whoever caused it.
func BindEvent(event, handler string) Command {
	return Command{Method: "event.bind", Params: Params{"event": event, "handler": handler}}
}

// UnbindEvent removes a handler; the answer is an UnbindResult.
func UnbindEvent(event, handler string) Command {
	return Command{Method: "event.unbind", Params: Params{"event": event, "handler": handler}}
}

// Events reads our handlers.
func (c *Client) Events(ctx context.Context) ([]EventHandler, error) {
	return fetch[List[EventHandler]](ctx, c, GetEvents())
}

// BindEvent binds a handler.
func (c *Client) BindEvent(ctx context.Context, event, handler string) error {
	return c.Run(ctx, BindEvent(event, handler), nil)
}

// UnbindEvent removes a handler.
func (c *Client) UnbindEvent(ctx context.Context, event, handler string) error {
	return c.Run(ctx, UnbindEvent(event, handler), nil)
}
