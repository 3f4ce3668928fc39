package main

import (
	"fmt"
	"net/http"
	"time"

	"acts24/integrations/bitrix24/bitrix24test/contract"
)

// portalSwitch is a setting of the fake portal that can be switched on and off.
type portalSwitch struct {
	Key, Title, About string
	On                bool
	WordOn, WordOff   string // texts of the buttons
	StateOn, StateOff string // texts of the state
}

// switchPages serves what a person can switch in the sandbox.
type switchPages struct{ *portalPages }

func (s switchPages) mailSwitch() portalSwitch {
	return portalSwitch{
		Key: "mail", Title: "Почтовый ящик CRM", On: s.portal.MailConnected(), WordOn: "Подключить", WordOff: "Отключить",
		StateOn: "Почтовый ящик подключён, письма уходят.", StateOff: "Почтовый ящик не подключён: уходят только письма с адресом сотрудника, о прочих остаются дела.",
	}
}

func (s switchPages) eventSwitch() portalSwitch {
	return portalSwitch{
		Key: "events", Title: "События", On: !s.portal.EventsDropped(), WordOn: "Доставлять", WordOff: "Не доставлять",
		StateOn: "События доставляются приложению.", StateOff: "События не доставляются: всё, что произойдёт, пропадёт.",
	}
}

// switches shows all settings of the fake portal.
func (s switchPages) switches(w http.ResponseWriter, r *http.Request) {
	s.show(w, r, http.StatusOK, portalSwitches(s.shell(r, "Песочница"), []portalSwitch{s.mailSwitch(), s.eventSwitch()}))
}

// change changes a setting: what=mail|events, on=1|0.
func (s switchPages) change(w http.ResponseWriter, r *http.Request) {
	on := r.FormValue("on") == "1"
	switch r.FormValue("what") {
	case "mail":
		s.portal.ConnectMail(on)
	case "events":
		s.portal.DropEvents(!on)
	}
	s.back(w, r, nil)
}

var errClockBackwards = &contract.Error{Text: "Часы портала идут только вперёд: выберите день после сегодняшнего."}

// moveClock moves the business clock forward: advance=24h, or date=2026-12-01 at the same time of day.
func (s switchPages) moveClock(w http.ResponseWriter, r *http.Request) {
	advance := r.FormValue("advance")
	if advance == "" {
		now := s.portal.Now()
		day, err := time.ParseInLocation(time.DateOnly, r.FormValue("date"), now.Location())
		y, m, d := now.Date()
		days := int(day.Sub(time.Date(y, m, d, 0, 0, 0, 0, now.Location())).Hours() / 24)
		if err != nil || days < 1 {
			s.back(w, r, errClockBackwards)
			return
		}
		advance = fmt.Sprintf("%dh", 24*days)
	}
	s.back(w, r, s.portal.Advance(advance))
}
