package workflow

import (
	"context"
	"errors"
	"strings"

	"acts24/acts"
	"acts24/acts/roles"
	"acts24/store"
	"acts24/store/people"
)

// May reports whether the visitor has a right. An administrator of the portal has all of them.
func (v Visit) May(right roles.Right) bool { return v.Admin || v.Role.May(right) }

// Must refuses a visitor without the right and names who can grant it. Before settings are changed the portal is
// queried again whether the visitor administers it.
func (s *People) Must(ctx context.Context, v Visit, right roles.Right) error {
	switch {
	case v.Role.May(right), v.Admin && right != roles.RightAdminister:
		return nil
	case v.Admin:
		if admin, err := s.Admin(ctx, v); err != nil || admin {
			return err
		}
	}
	return s.refuse(ctx, v.Portal, v.Role, right)
}

// refuse returns the message about a missing right. A visitor who is not in the group gets it on every page.
func (s *People) refuse(ctx context.Context, portal acts.PortalID, role roles.Role, right roles.Right) error {
	names, err := s.db.Scope(portal).People().AdministratorNames(ctx)
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
	case right == roles.RightAdminister:
		return acts.Errorf(acts.Forbidden, "Настройки и состояние открывает администратор портала и тот, у кого роль «%s». Спросите %s.", roles.RoleAdministrator.Label(), whom)
	}
	return acts.Errorf(acts.Forbidden, "Ваша роль «%s»: акты можно смотреть и выгружать, но не менять. Роль «%s» попросите у %s.",
		role.Label(), roles.RoleWorker.Label(), whom)
}

// UntilAdded is shown to administrators: who may work with acts until people are added in the settings.
const UntilAdded = "администраторы портала работают со всеми актами, а ответственный за сделку — с актами своих сделок."

// untilAdded is the same for a visitor who is refused because of it.
const untilAdded = "Пока в настройках приложения никого не добавили, с актами сделки работают её ответственный и администраторы портала. Добавить вас может администратор: «Настройки» → «Люди»."

// othersAct refuses an act that the visitor may not see, with the same message as an act that does not exist.
func (v Visit) othersAct() error {
	if !v.Grouped {
		return acts.Errorf(acts.NotFound, "Такого акта нет, или за него отвечает другой сотрудник. %s", untilAdded)
	}
	return acts.Errorf(acts.NotFound, "Такого акта нет, или его ведёт сотрудник, чьи акты вам не видны. Попросите у администратора роль, при которой видно больше.")
}

// MaySee refuses a deal whose responsible's acts the visitor may not see.
func (v Visit) MaySee(responsible acts.UserID) error {
	switch {
	case v.Visibility.Of(responsible):
		return nil
	case !v.Grouped:
		return acts.Errorf(acts.Forbidden, "За эту сделку отвечает другой сотрудник. %s", untilAdded)
	}
	return acts.Errorf(acts.Forbidden, "Эту сделку ведёт сотрудник, чьи акты вам не видны. Попросите у администратора роль, при которой видно больше.")
}

// MustSeeAct refuses an act when the visitor may see neither the acts of its responsible nor those of the responsible
// of its deal.
func (s *People) MustSeeAct(ctx context.Context, v Visit, id acts.ActID) error {
	if v.Visibility.All() {
		return nil
	}
	own, deals, err := s.db.Scope(v.Portal).Acts().Responsible(ctx, id)
	if errors.Is(err, acts.NotFound) || err == nil && !v.Visibility.Of(own) && !v.Visibility.Of(deals) {
		return v.othersAct()
	}
	return err
}

// MustSeeDeal refuses a deal whose responsible's acts the visitor may not see.
func (s *People) MustSeeDeal(ctx context.Context, v Visit, id acts.DealID) error {
	if v.Visibility.All() || id == 0 { // 0 is a deal that is not saved yet
		return nil
	}
	responsible, err := s.db.Scope(v.Portal).Deals().Responsible(ctx, id)
	if err != nil {
		return err
	}
	return v.MaySee(responsible)
}

// Permissions returns the rights of the visitor. An administrator of the portal has the role of an administrator.
func (v Visit) Permissions() people.Permissions {
	st := people.Permissions{Role: v.Role, Visibility: v.Visibility, Grouped: v.Grouped}
	if v.Admin {
		st.Role = roles.RoleAdministrator
	}
	return st
}

// SetPermissions sets the current rights of a visitor who was not verified by opening a page.
func (v *Visit) SetPermissions(st people.Permissions) {
	v.Role, v.Visibility, v.Grouped = st.Role, st.Visibility, st.Grouped
}

// MayForm refuses an act requested in the CRM by a person who may not form it on our page.
func (v Visit) MayForm() error {
	if v.May(roles.RightWork) {
		return nil
	}
	return acts.Errorf(acts.Forbidden, "Менять акты может тот, у кого в группе «Работа с актами» роль «%s»: её даёт администратор в настройках приложения, раздел «Люди».", roles.RoleWorker.Label())
}

// MayChange refuses a change made in the CRM by a person who may not make it on our page.
func (v Visit) MayChange(ctx context.Context, r store.Scope, act acts.ActID) error {
	if err := v.MayForm(); err != nil || v.Visibility.All() {
		return err
	}
	own, deals, err := r.Acts().Responsible(ctx, act)
	switch {
	case err != nil:
		return err
	case v.Visibility.Of(own), v.Visibility.Of(deals):
		return nil
	case !v.Grouped:
		return acts.Errorf(acts.Forbidden, "За этот акт отвечает другой сотрудник. %s", untilAdded)
	}
	return acts.Errorf(acts.Forbidden, "Этот акт ведёт сотрудник, чьи акты вам не видны.")
}
