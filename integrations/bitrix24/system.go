package bitrix24

import "context"

// GetServerTime asks for the clock of the portal; the answer is a Moment (section 9).
func GetServerTime() Command { return Command{Method: "server.time"} }

// GetScope asks which scopes the application was given; the answer is a List of Text.
func GetScope() Command { return Command{Method: "scope"} }

// ServerTime asks for the clock of the portal.
func (c *Client) ServerTime(ctx context.Context) (Moment, error) {
	return fetch[Moment](ctx, c, GetServerTime())
}

// Scope asks which scopes the application was given.
func (c *Client) Scope(ctx context.Context) ([]string, error) {
	out, err := fetch[List[Text]](ctx, c, GetScope())
	names := make([]string, 0, len(out))
	for _, name := range out {
		names = append(names, string(name))
	}
	return names, err
}
