package apptest

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/PuerkitoBio/goquery"

	"acts24/acts/roles"
	"acts24/integrations/bitrix24/bitrix24test"
)

// Admin returns the administrator of the portal, who has not opened the app yet.
func (s *Site) Admin() *Visitor {
	return NewVisitor(s.Portal, s.Portal.Admin(), s.AppURL)
}

// AdminAtMenu returns the administrator of the portal with an open visit.
func (s *Site) AdminAtMenu() *Visitor {
	s.T.Helper()
	v := NewVisitor(s.Portal, s.Portal.Admin(), s.AppURL)
	p, err := v.Open("LEFT_MENU", "/placement/menu", 0)
	s.Page(p, err, http.StatusOK)
	return v
}

// OpenAs opens the app from the left menu as an employee.
func (s *Site) OpenAs(user int64, status int) (*Visitor, *goquery.Document) {
	s.T.Helper()
	v := NewVisitor(s.Portal, user, s.AppURL)
	p, err := v.Open("LEFT_MENU", "/placement/menu", 0)
	return v, s.Page(p, err, status)
}

// Employee returns an employee without rights.
func Employee(name string) bitrix24test.User {
	return bitrix24test.User{Name: name, LastName: "Коллегин", Active: true}
}

// RemoveEmail removes the e-mail address from an employee's profile.
func (s *Site) RemoveEmail(user int64) {
	s.Portal.ChangeUser(user, func(u *bitrix24test.User) { u.Email = "" })
}

// PeoplePage opens the settings of members.
func (s *Site) PeoplePage(v *Visitor) *goquery.Document {
	s.T.Helper()
	p, err := v.Get("/p/1/settings/people")
	return s.Page(p, err, http.StatusOK)
}

// PeopleSettings opens the settings of members as the administrator of the portal.
func (s *Site) PeopleSettings() (*Visitor, *goquery.Document) {
	s.T.Helper()
	admin, _ := s.OpenAs(s.Portal.Admin(), http.StatusOK)
	return admin, s.PeoplePage(admin)
}

// AddMember adds a member, or shows the preview when more has "try".
func (s *Site) AddMember(v *Visitor, kind string, id int64, role roles.Role, more ...string) *goquery.Document {
	s.T.Helper()
	p, err := v.Post("/p/1/settings/people/add", Form(append([]string{"kind", kind, "id", fmt.Sprint(id), "role", string(role)}, more...)...))
	return s.Page(p, err, http.StatusOK)
}

// DefaultRightsText is the text about who works with acts until members are added.
const DefaultRightsText = "администраторы портала работают со всеми актами, а ответственный за сделку — с актами своих сделок"

// Notifications returns the number of notifications that contain words.
func (s *Site) Notifications(words string) (n int) {
	for _, one := range s.Portal.Notifications() {
		if strings.Contains(one.Message, words) {
			n++
		}
	}
	return n
}

// NotificationsTo counts how often notifications of an employee contain words: one notification may contain several messages.
func (s *Site) NotificationsTo(user int64, words string) (n int) {
	for _, one := range s.Portal.Notifications() {
		if one.User == user {
			n += strings.Count(one.Message, words)
		}
	}
	return n
}

// Tasks returns the number of tasks of the portal that are completed, or that are not.
func (s *Site) Tasks(done bool) (n int) {
	for _, task := range s.Portal.Tasks() {
		if (task["status"] == "5") == done {
			n++
		}
	}
	return n
}

// TaskID returns the id of the n-th task of the portal, counted from 0.
func (s *Site) TaskID(n int) int64 {
	id, _ := s.Portal.Tasks()[n]["id"].(string)
	var number int64
	for _, c := range id {
		number = number*10 + int64(c-'0')
	}
	return number
}
