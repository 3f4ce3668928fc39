// Package web holds what the handlers of all pages share: routes, visits, errors, rendering, links, labels and uploads.
package web

import (
	"log/slog"
	"time"

	"acts24/store"
	"acts24/workflow/usecases"
)

// Site is what handlers work with.
type Site struct {
	DB      *store.DB
	Service *usecases.All
	Now     func() time.Time // business time
	Log     *slog.Logger
}
