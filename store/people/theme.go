package people

import (
	"context"
	"fmt"

	"acts24/acts"
	"acts24/store/internal/pg"
)

// Theme is the colours in which an employee sees the pages; "" is that of an employee who has chosen nothing.
type Theme string

// The themes.
const (
	ThemeSystem Theme = "system" // as the device is set
	ThemeLight  Theme = "light"
	ThemeDark   Theme = "dark"
)

// Known reports whether the theme may be chosen.
func (t Theme) Known() bool { return t == ThemeSystem || t == ThemeLight || t == ThemeDark }

const setTheme = `
	INSERT INTO user_preferences (portal_id, user_id, theme) VALUES (:portal, :user, :theme)
	ON CONFLICT (portal_id, user_id) DO UPDATE SET theme = EXCLUDED.theme`

// SetTheme stores the theme of an employee.
func (tx Tx) SetTheme(ctx context.Context, user acts.UserID, theme Theme) error {
	if _, err := pg.Exec(ctx, tx, setTheme, pg.Args{"user": user, "theme": theme}); err != nil {
		return fmt.Errorf("set theme: %w", err)
	}
	return nil
}
