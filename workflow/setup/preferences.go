package setup

import (
	"context"
	"slices"

	"acts24/acts"
	"acts24/store"
	"acts24/store/list"
	"acts24/store/people"
	"acts24/workflow"
)

// SetListPreferences stores how the visitor wants to see lists of acts.
func (s *Service) SetListPreferences(ctx context.Context, v workflow.Visit, p people.ListPreferences) error {
	if !slices.Contains(list.PageSizes, p.PageSize) {
		return acts.Errorf(acts.Invalid, "На странице может быть 20, 50 или 100 актов. Выберите одно из этих чисел.")
	}
	return s.db.InTx(ctx, v.Portal, func(tx store.Tx) error { return tx.People().SetListPreferences(ctx, v.User, p) })
}

// SetTheme stores the colours in which the visitor sees the pages.
func (s *Service) SetTheme(ctx context.Context, v workflow.Visit, theme people.Theme) error {
	if !theme.Known() {
		return acts.Errorf(acts.Invalid, "Такого оформления нет. Выберите «Как в системе», «Светлое» или «Тёмное».")
	}
	return s.db.InTx(ctx, v.Portal, func(tx store.Tx) error { return tx.People().SetTheme(ctx, v.User, theme) })
}
