package workflow

import (
	"context"
	"errors"
	"strings"

	"acts24/acts"
	"acts24/store"
)

// May reports whether the visitor has a right. Whoever administers the portal has all of them.
func (v Visit) May(right acts.Right) bool { return v.Admin || v.Role.May(right) }

// Must refuses a visitor without the right and says whom to ask. That a portal is administered by him is asked of it anew
// before he changes the settings.
func (s *Service) Must(ctx context.Context, v Visit, right acts.Right) error {
	switch {
	case v.Role.May(right), v.Admin && right != acts.Administer:
		return nil
	case v.Admin:
		if admin, err := s.Admin(ctx, v); err != nil || admin {
			return err
		}
	}
	return s.refuse(ctx, v.Portal, v.Role, right)
}

// refuse words why a right is missing. Its path for a stranger to the group ends here, on every page that he opens.
func (s *Service) refuse(ctx context.Context, portal acts.PortalID, role acts.Role, right acts.Right) error {
	names, err := s.db.Scope(portal).Administering(ctx)
	if err != nil {
		return err
	}
	whom := "администратора портала"
	if len(names) > 0 {
		whom = "того, кто управляет приложением: " + strings.Join(names, ", ")
	}
	switch {
	case role == "":
		return acts.Errorf(acts.Forbidden, "Вас нет в группе «Работа с актами», поэтому акты вам не видны. Попросите добавить вас %s.", whom)
	case right == acts.Administer:
		return acts.Errorf(acts.Forbidden, "Настройки и состояние открывает администратор портала и тот, у кого роль «%s». Спросите %s.", acts.Administrator.Label(), whom)
	}
	return acts.Errorf(acts.Forbidden, "Ваша роль «%s»: акты можно смотреть и выгружать, но не менять. Роль «%s» попросите у %s.",
		role.Label(), acts.Worker.Label(), whom)
}

var (
	errOthersAct  = acts.Errorf(acts.NotFound, "Такого акта нет, или его ведёт сотрудник, чьи акты вам не видны. Попросите у администратора роль, при которой видно больше.")
	errOthersDeal = acts.Errorf(acts.Forbidden, "Эту сделку ведёт сотрудник, чьи акты вам не видны. Попросите у администратора роль, при которой видно больше.")
)

// MustSeeAct refuses an act of somebody whose acts the visitor may not see, in the same words as an act that is not there.
func (s *Service) MustSeeAct(ctx context.Context, v Visit, id acts.ActID) error {
	if v.Sees.All() {
		return nil
	}
	responsible, err := s.db.Scope(v.Portal).ResponsibleOfAct(ctx, id)
	if errors.Is(err, acts.NotFound) || err == nil && !v.Sees.Of(responsible) {
		return errOthersAct
	}
	return err
}

// MustSeeDeal refuses a deal of somebody whose acts the visitor may not see.
func (s *Service) MustSeeDeal(ctx context.Context, v Visit, id acts.DealID) error {
	if v.Sees.All() {
		return nil
	}
	responsible, err := s.db.Scope(v.Portal).ResponsibleOfDeal(ctx, id)
	if errors.Is(err, acts.NotFound) { // its page says so
		return nil
	}
	if err == nil && !v.Sees.Of(responsible) {
		return errOthersDeal
	}
	return err
}

// standing is what the visitor may do, with the rights of a portal administrator among them.
func (v Visit) standing() store.Standing {
	st := store.Standing{Role: v.Role, Sees: v.Sees}
	if v.Admin {
		st.Role = acts.Administrator
	}
	return st
}

// standsAs gives a visitor who does not come through a page what he may do now.
func (v *Visit) standsAs(st store.Standing) { v.Role, v.Sees = st.Role, st.Sees }

// mayForm refuses an act that somebody asks for in the CRM who could not form it on our page.
func (v Visit) mayForm() error {
	if v.May(acts.Work) {
		return nil
	}
	return acts.Errorf(acts.Forbidden, "Менять акты может тот, у кого в группе «Работа с актами» роль «%s»: её даёт администратор в настройках приложения, раздел «Люди».", acts.Worker.Label())
}

// mayChange refuses a change of an act made in the CRM by somebody who could not make it on our page.
func (v Visit) mayChange(responsible acts.UserID) error {
	if err := v.mayForm(); err != nil {
		return err
	}
	if !v.Sees.Of(responsible) {
		return acts.Errorf(acts.Forbidden, "Этот акт ведёт сотрудник, чьи акты вам не видны.")
	}
	return nil
}
