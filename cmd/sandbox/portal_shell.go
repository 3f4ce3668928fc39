package main

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// portalShell is the layout around every page.
type portalShell struct {
	Title         string
	User          portalUser
	Users         []portalUser
	Menu          []portalMenuItem
	Links         []portalLink
	Notifications []portalNotification
	Unread        int
	Now           string
	Today         string
	NoMail        bool
	NoEvents      bool
	Version       int64
	Slim          bool // inside a slider
	Problem       string
	Address       string
	TasksURL      string
}

// portalUser is a user in the header.
type portalUser struct {
	ID       int64
	Name     string
	Position string
	Admin    bool
	Current  bool
}

// portalMenuItem is an entry of the left menu; Group starts a new heading.
type portalMenuItem struct {
	Title   string
	URL     string
	Group   string
	Current bool
	Count   int
}

// portalNotification is a notification.
type portalNotification struct {
	ID   int64
	HTML string
	From string
	Time string
	Read bool
}

func (s *portalPages) shell(r *http.Request, title string) portalShell {
	me := s.portal.SignedIn(r)
	out := portalShell{
		Title: title, Links: s.links, Now: s.portal.Now().Format("02.01.2006 15:04"), Today: s.portal.Now().Format(time.DateOnly), Version: s.portal.Version(),
		Slim: r.URL.Query().Get("IFRAME") == "Y", Problem: r.URL.Query().Get("problem"), Address: r.URL.Path,
		TasksURL: fmt.Sprintf("/company/personal/user/%d/tasks/", me),
		NoMail:   !s.portal.MailConnected(), NoEvents: s.portal.EventsDropped(),
	}
	for _, u := range s.portal.Users() {
		one := portalUser{ID: u.ID, Name: u.FullName(), Position: u.Position, Admin: u.Admin, Current: u.ID == me}
		if u.Active {
			out.Users = append(out.Users, one)
		}
		if one.Current {
			out.User = one
		}
	}
	out.Notifications = s.userNotifications(me)
	for _, n := range out.Notifications {
		if !n.Read {
			out.Unread++
		}
	}
	out.Menu = s.menu(r, me, out)
	return out
}

func (s *portalPages) menu(r *http.Request, me int64, shell portalShell) []portalMenuItem {
	items := []portalMenuItem{
		{Title: "Сделки", URL: "/crm/deal/kanban/", Group: "CRM"},
		{Title: "Компании", URL: "/crm/company/list/"},
		{Title: "Контакты", URL: "/crm/contact/list/"},
	}
	for _, t := range s.portal.Types() {
		items = append(items, portalMenuItem{Title: t.Title, URL: fmt.Sprintf("/crm/type/%d/kanban/", t.EntityTypeID)})
	}
	items = append(items,
		portalMenuItem{Title: "Корзина", URL: "/crm/bin/"},
		portalMenuItem{Title: "Уведомления", URL: "/online/", Group: "Коммуникации", Count: shell.Unread},
		portalMenuItem{Title: "Почта", URL: "/mail/", Count: len(s.portal.Letters())},
		portalMenuItem{Title: "Задачи", URL: shell.TasksURL, Count: s.openTasks(me)},
	)
	group := "Приложения"
	if !s.portal.Installed() {
		items = append(items, portalMenuItem{Title: "Установить «" + s.appName() + "»", URL: "/marketplace/install/" + s.code + "/", Group: group})
		group = ""
	}
	for _, p := range s.portal.Placements("LEFT_MENU", me) {
		items = append(items, portalMenuItem{Title: p.Title, URL: fmt.Sprintf("%s?place=%d", appAddress(), p.ID), Group: group})
		group = ""
	}
	items = append(items, portalMenuItem{Title: "Маркет", URL: "/marketplace/", Group: group})
	group = "CRM-аналитика"
	for _, p := range s.portal.Placements("CRM_ANALYTICS_MENU", me) {
		items = append(items, portalMenuItem{Title: p.Title, URL: fmt.Sprintf("%s?place=%d", appAddress(), p.ID), Group: group})
		group = ""
	}
	items = append(items, portalMenuItem{Title: "Часы, почта, события", URL: "/sandbox/", Group: "Песочница"})
	for i, item := range items {
		items[i].Current = strings.HasPrefix(r.URL.RequestURI(), strings.TrimSuffix(item.URL, "kanban/")) && item.URL != "/marketplace/"
	}
	return items
}

func (s *portalPages) appName() string { return s.portal.Cloud().App().Name }

func (s *portalPages) userName(id int64) string {
	if id == 0 {
		return "Система"
	}
	if u, ok := s.portal.User(id); ok {
		return u.FullName()
	}
	return fmt.Sprintf("Пользователь %d", id)
}
