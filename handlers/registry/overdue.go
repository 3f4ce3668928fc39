package registry

import (
	"context"
	"slices"
	"time"

	"acts24/acts/workday"
	"acts24/handlers/web"
	"acts24/store/list"
	"acts24/views"
)

// markOverdue labels the rows of overdue acts; rows and found are in the same order. The portal's calendar is read only if there is such an act.
func (h *Handler) markOverdue(ctx context.Context, v web.Visit, rows []views.RegistryRow, found []list.Act, today time.Time) error {
	if !slices.ContainsFunc(found, func(a list.Act) bool { return overdue(a, today) }) {
		return nil
	}
	settings, err := h.DB.Scope(v.Portal).Portals().Settings(ctx)
	if err != nil {
		return err
	}
	labelOverdue(rows, found, today, workday.New(settings.Calendar))
	return nil
}

// labelOverdue labels the rows of acts whose due day has passed with the number of working days since then.
func labelOverdue(rows []views.RegistryRow, found []list.Act, today time.Time, days workday.Calendar) {
	for i, a := range found {
		if overdue(a, today) {
			rows[i].Late = web.DueChip(a.Due, today, days)
		}
	}
}

func overdue(a list.Act, today time.Time) bool { return !a.Due.IsZero() && a.Due.Before(today) }
