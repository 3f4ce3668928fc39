package main

import (
	"fmt"
	"net/http"
	"time"

	"acts24/integrations/bitrix24/bitrix24test"
)

// portalSwitch is something of the pretend world that a person turns on and off.
type portalSwitch struct {
	Key, Title, About string
	On                bool
	WordOn, WordOff   string // what the buttons say
	StateOn, StateOff string // how it stands
}

func (s *portalPages) mailSwitch() portalSwitch {
	return portalSwitch{
		Key: "mail", Title: "Почтовый ящик CRM", On: s.portal.MailConnected(), WordOn: "Подключить", WordOff: "Отключить",
		StateOn: "Почтовый ящик подключён, письма уходят.", StateOff: "Почтовый ящик не подключён: письма не уходят, дела о них остаются.",
	}
}

func (s *portalPages) eventSwitch() portalSwitch {
	return portalSwitch{
		Key: "events", Title: "События", On: !s.portal.EventsDropped(), WordOn: "Доставлять", WordOff: "Не доставлять",
		StateOn: "События доставляются приложению.", StateOff: "События не доставляются: всё, что произойдёт, пропадёт.",
	}
}

// switches shows everything about the pretend world that can be turned.
func (s *portalPages) switches(w http.ResponseWriter, r *http.Request) {
	s.show(w, r, http.StatusOK, portalSwitches(s.shell(r, "Песочница"), []portalSwitch{s.mailSwitch(), s.eventSwitch()}))
}

// turn turns a switch: what=mail|events, on=1|0.
func (s *portalPages) turn(w http.ResponseWriter, r *http.Request) {
	on := r.FormValue("on") == "1"
	switch r.FormValue("what") {
	case "mail":
		s.portal.ConnectMail(on)
	case "events":
		s.portal.DropEvents(!on)
	}
	s.back(w, r, nil)
}

var errPast = &bitrix24test.Error{Text: "Часы портала идут только вперёд: выберите день после сегодняшнего."}

// moveClock turns the business clock forward: advance=24h, or date=2026-12-01 at the same time of the day.
func (s *portalPages) moveClock(w http.ResponseWriter, r *http.Request) {
	advance := r.FormValue("advance")
	if advance == "" {
		now := s.portal.Now()
		day, err := time.ParseInLocation(time.DateOnly, r.FormValue("date"), now.Location())
		y, m, d := now.Date()
		days := int(day.Sub(time.Date(y, m, d, 0, 0, 0, 0, now.Location())).Hours() / 24)
		if err != nil || days < 1 {
			s.back(w, r, errPast)
			return
		}
		advance = fmt.Sprintf("%dh", 24*days)
	}
	s.back(w, r, s.portal.Advance(advance))
}
