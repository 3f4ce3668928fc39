package setup

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"acts24/acts"
	"acts24/acts/roles"
	"acts24/store"
	"acts24/store/people"
	"acts24/workflow"
)

// Limits of saved filters.
const (
	MaxSavedFilters = 200 // of a portal
	MaxFilterName   = 60  // letters
	maxFilterQuery  = 2000
)

// MayShareFilters reports whether the visitor may show his filters to everybody: administrators and heads of departments may.
func (s *Service) MayShareFilters(ctx context.Context, v workflow.Visit) (bool, error) {
	if v.May(roles.RightAdminister) {
		return true, nil
	}
	return s.db.Scope(v.Portal).People().HeadsDepartment(ctx, v.User)
}

// SaveFilter saves a filter of lists of acts under a name.
func (s *Service) SaveFilter(ctx context.Context, v workflow.Visit, f people.SavedFilter) error {
	f.Owner = v.User
	if len(f.Query) > maxFilterQuery {
		return acts.Errorf(acts.Invalid, "В фильтре слишком много условий, сохранить его нельзя. Оставьте самые нужные.")
	}
	if err := s.checkFilter(ctx, v, &f, f.Shared); err != nil {
		return err
	}
	return s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		n, err := tx.People().CountSavedFilters(ctx)
		if err != nil {
			return err
		}
		if n >= MaxSavedFilters {
			return acts.Errorf(acts.Conflict, "В портале уже 200 сохранённых фильтров, больше сохранить нельзя. Удалите ненужные или попросите об этом администратора.")
		}
		return orNameFault(tx.People().AddSavedFilter(ctx, f))
	})
}

// checkFilter removes control characters and superfluous spaces from the name of a filter, and checks the name; with shares also whether the
// visitor may share filters.
func (s *Service) checkFilter(ctx context.Context, v workflow.Visit, f *people.SavedFilter, shares bool) error {
	f.Name = strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if r == utf8.RuneError || unicode.IsControl(r) {
			return ' '
		}
		return r
	}, f.Name)), " ")
	switch {
	case f.Name == "":
		return acts.Faults{{Field: "name", Text: "Введите название фильтра."}}
	case utf8.RuneCountInString(f.Name) > MaxFilterName:
		return acts.Faults{{Field: "name", Text: "Название длиннее 60 знаков. Сократите его."}}
	case !shares:
		return nil
	}
	may, err := s.MayShareFilters(ctx, v)
	if err == nil && !may {
		return acts.Errorf(acts.Forbidden, "Общими фильтры делают администраторы и руководители отделов.")
	}
	return err
}

// orNameFault returns err, or the fault of the name when ok is false because another filter of the owner has it.
func orNameFault(ok bool, err error) error {
	if err == nil && !ok {
		return acts.Faults{{Field: "name", Text: "Фильтр с таким названием уже есть. Введите другое."}}
	}
	return err
}

// ChangeFilter renames a filter and shows it to everybody or to its owner alone. Only the owner changes who sees it.
func (s *Service) ChangeFilter(ctx context.Context, v workflow.Visit, id int64, name string, shared bool) error {
	return s.onFilter(ctx, v, id, func(tx store.Tx, f people.SavedFilter) error {
		startsSharing := f.Owner == v.User && shared && !f.Shared
		if f.Name = name; f.Owner == v.User {
			f.Shared = shared
		}
		if err := s.checkFilter(ctx, v, &f, startsSharing); err != nil {
			return err
		}
		return orNameFault(tx.People().SetSavedFilter(ctx, f))
	})
}

// DropFilter deletes a filter.
func (s *Service) DropFilter(ctx context.Context, v workflow.Visit, id int64) error {
	return s.onFilter(ctx, v, id, func(tx store.Tx, f people.SavedFilter) error { return tx.People().DropSavedFilter(ctx, f.ID) })
}

// TakeFilter makes an administrator the owner of a shared filter, such as that of a dismissed employee.
func (s *Service) TakeFilter(ctx context.Context, v workflow.Visit, id int64) error {
	return s.onFilter(ctx, v, id, func(tx store.Tx, f people.SavedFilter) error {
		f.Owner = v.User
		return orNameFault(tx.People().SetSavedFilter(ctx, f))
	})
}

// onFilter runs a change of a filter in a transaction. The owner may change it, and administrators if it is shared; a filter that the
// visitor does not see does not exist for him.
func (s *Service) onFilter(ctx context.Context, v workflow.Visit, id int64, do func(store.Tx, people.SavedFilter) error) error {
	return s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		f, err := tx.People().LockSavedFilter(ctx, id)
		switch {
		case err != nil:
			return err
		case f.Owner == v.User || f.Shared && v.May(roles.RightAdminister):
			return do(tx, f)
		case f.Shared:
			return acts.Errorf(acts.Forbidden, "Общий фильтр меняет тот, кто его сохранил, или администратор.")
		}
		return acts.Errorf(acts.NotFound, "Этого фильтра уже нет. Обновите страницу.")
	})
}
