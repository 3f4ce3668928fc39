package bitrix24test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Handler is a subscription to an event.
type Handler struct {
	ID    int64  `json:"id"`
	Event string `json:"event"`
	URL   string `json:"url"`
	User  int64  `json:"user"` // token of this user; 0: of the one who acted
}

var eventNames = []string{
	"ONAPPUNINSTALL", "ONAPPINSTALL", "ONAPPUPDATE", "ONAPPPAYMENT", "ONAPPTEST", "ONAPPMETHODCONFIRM", "ONOFFLINEEVENT",
	"ONUSERADD", "ONCRMDEALADD", "ONCRMDEALUPDATE", "ONCRMDEALDELETE", "ONCRMDEALMOVETOCATEGORY",
	"ONCRMCOMPANYADD", "ONCRMCOMPANYUPDATE", "ONCRMCOMPANYDELETE", "ONCRMCONTACTADD", "ONCRMCONTACTUPDATE",
	"ONCRMCONTACTDELETE", "ONCRMACTIVITYADD", "ONCRMACTIVITYUPDATE", "ONCRMACTIVITYDELETE", "ONCRMREQUISITEADD",
	"ONCRMREQUISITEUPDATE", "ONCRMREQUISITEDELETE", "ONCRMTIMELINECOMMENTADD", "ONCRMTIMELINECOMMENTUPDATE",
	"ONCRMTIMELINECOMMENTDELETE", "ONCRMDYNAMICITEMADD", "ONCRMDYNAMICITEMUPDATE", "ONCRMDYNAMICITEMDELETE",
	"ONCRMTYPEADD", "ONCRMTYPEUPDATE", "ONCRMTYPEDELETE", "ONTASKADD", "ONTASKUPDATE", "ONTASKDELETE", "ONTASKCOMMENTADD",
}

// events lists the names of this portal; every smart process has its own three.
func (s *state) events() []string {
	out := slices.Clone(eventNames)
	for _, t := range s.Types {
		for _, what := range []string{"ADD", "UPDATE", "DELETE"} {
			out = append(out, fmt.Sprintf("ONCRMDYNAMICITEM%s_%d", what, t.EntityTypeID))
		}
	}
	return out
}

func eventList(c *call) (any, error) { return c.st.events(), nil }

func eventBind(c *call) (any, error) {
	event, handler := strings.ToUpper(text(c.p["event"])), text(c.p["handler"])
	user := integer(c.p["auth_type"])
	switch {
	case !slices.Contains(c.st.events(), event):
		return nil, bad("ERROR_EVENT_NOT_FOUND", "Event not found")
	case user != 0 && user != c.user.ID && !c.user.Admin:
		return nil, errAdminOnly
	case strings.EqualFold(text(c.p["event_type"]), "offline"):
		return nil, bad("ERROR_CORE", "Offline events are not available")
	}
	if err := checkHandler(handler); err != nil {
		return nil, err
	}
	if !c.user.Admin {
		user = c.user.ID
	}
	for _, h := range c.st.Handlers {
		if h.Event == event && h.URL == handler && h.User == user {
			return nil, bad("ERROR_CORE", "Unable to set event handler: Handler already binded")
		}
	}
	c.st.Handlers = append(c.st.Handlers, &Handler{ID: c.st.next("handler"), Event: event, URL: handler, User: user})
	return true, nil
}

func eventUnbind(c *call) (any, error) {
	event, handler := strings.ToUpper(text(c.p["event"])), text(c.p["handler"])
	_, byUser := c.p["auth_type"]
	before := len(c.st.Handlers)
	c.st.Handlers = slices.DeleteFunc(c.st.Handlers, func(h *Handler) bool {
		return h.Event == event && h.URL == handler && (!byUser || h.User == integer(c.p["auth_type"]))
	})
	return Fields{"count": before - len(c.st.Handlers)}, nil
}

func eventGet(c *call) (any, error) {
	out := []any{}
	for _, h := range c.st.Handlers {
		out = append(out, Fields{
			"event": h.Event, "handler": h.URL, "auth_type": strconv.FormatInt(h.User, 10), "offline": 0,
		})
	}
	return out, nil
}

// Handlers lists the subscriptions.
func (p *Portal) Handlers() []Handler {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := make([]Handler, 0, len(p.st.Handlers))
	for _, h := range p.st.Handlers {
		out = append(out, *h)
	}
	return out
}

// emitItem sends the events of an item: those of its kind and, for smart processes, those of its type too.
func (p *Portal) emitItem(what string, entityType int, id int64, actor *User) {
	data := Fields{"FIELDS": Fields{"ID": strconv.FormatInt(id, 10)}}
	switch entityType {
	case Deal:
		p.emit("ONCRMDEAL"+what, data, actor)
	case Contact:
		p.emit("ONCRMCONTACT"+what, data, actor)
	case Company:
		p.emit("ONCRMCOMPANY"+what, data, actor)
	default:
		data = Fields{"FIELDS": Fields{"ID": strconv.FormatInt(id, 10), "ENTITY_TYPE_ID": strconv.Itoa(entityType)}}
		p.emit("ONCRMDYNAMICITEM"+what, data, actor)
		p.emit(fmt.Sprintf("ONCRMDYNAMICITEM%s_%d", what, entityType), data, actor)
	}
}

// emit queues an event for every handler; the caller holds the lock. Without an actor it carries no token.
func (p *Portal) emit(event string, data Fields, actor *User) {
	if !p.st.App.Installed {
		return
	}
	for _, h := range p.handlersOf(event) {
		user := h.User
		if user == 0 {
			user = actorID(actor)
		}
		p.sender.add(delivery{
			event: event, handler: h.URL, handlerID: h.ID, data: data, user: user, lost: p.st.EventsLost,
		})
	}
}

// DropEvents loses every event from now on, until it is called with false. Events of the app's own life still leave.
func (p *Portal) DropEvents(lose bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.st.EventsLost = lose
	p.changed()
}

// EventsDropped tells whether events are being lost.
func (p *Portal) EventsDropped() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.st.EventsLost
}
