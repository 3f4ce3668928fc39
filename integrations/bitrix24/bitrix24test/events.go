package bitrix24test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"acts24/integrations/bitrix24/bitrix24test/contract"
	"acts24/integrations/bitrix24/bitrix24test/php"
)

// Handler is a subscription to an event.
type Handler struct {
	ID    int64  `json:"id"`
	Event string `json:"event"`
	URL   string `json:"url"`
	User  int64  `json:"user"` // events carry a token of this user; 0: of the one who caused them
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

// events returns the event names of this portal; every smart process has three of its own.
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
	event, handler := strings.ToUpper(php.Text(c.p["event"])), php.Text(c.p["handler"])
	user := php.Integer(c.p["auth_type"])
	switch {
	case !slices.Contains(c.st.events(), event):
		return nil, contract.Refuse("ERROR_EVENT_NOT_FOUND", "Event not found")
	case user != 0 && user != c.user.ID && !c.user.Admin:
		return nil, contract.ErrAdminOnly
	case strings.EqualFold(php.Text(c.p["event_type"]), "offline"):
		return nil, contract.Refuse("ERROR_CORE", "Offline events are not available")
	}
	if err := checkHandler(handler); err != nil {
		return nil, err
	}
	if !c.user.Admin {
		user = c.user.ID
	}
	for _, h := range c.st.Handlers {
		if h.Event == event && h.URL == handler && h.User == user {
			return nil, contract.Refuse("ERROR_CORE", "Unable to set event handler: Handler already binded")
		}
	}
	c.st.Handlers = append(c.st.Handlers, &Handler{ID: c.st.next("handler"), Event: event, URL: handler, User: user})
	return true, nil
}

func eventUnbind(c *call) (any, error) {
	event, handler := strings.ToUpper(php.Text(c.p["event"])), php.Text(c.p["handler"])
	_, byUser := c.p["auth_type"]
	before := len(c.st.Handlers)
	c.st.Handlers = slices.DeleteFunc(c.st.Handlers, func(h *Handler) bool {
		return h.Event == event && h.URL == handler && (!byUser || h.User == php.Integer(c.p["auth_type"]))
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
func (p *core) Handlers() []Handler {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := make([]Handler, 0, len(p.st.Handlers))
	for _, h := range p.st.Handlers {
		out = append(out, *h)
	}
	return out
}

// emitItem sends the events of an item: those of its kind and, for a smart process, also those of its type.
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
func (p *core) emit(event string, data Fields, actor *User) {
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

// DropEvents makes the portal lose every event, until it is called with false. Events of the app's installation are still sent.
func (p *core) DropEvents(lose bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.st.EventsLost = lose
	p.changed()
}

// EventsDropped reports whether events are being lost.
func (p *core) EventsDropped() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.st.EventsLost
}

// delivery is one event on its way to one handler.
type delivery struct {
	event      string
	handler    string
	handlerID  int64
	data       Fields
	auth       Fields // set for events of the app's installation; else created when the event is sent
	user       int64
	force      bool // is sent even before the installation is finished
	lost       bool // is dropped instead of sent
	robot      bool // is the call of a robot: its data are not nested
	noAppToken bool
	due        time.Time
}

// Delivery is one event that was sent. Status is 0 without an answer.
type Delivery struct {
	Time    time.Time `json:"time"`
	Event   string    `json:"event"`
	Handler string    `json:"handler"`
	Data    Fields    `json:"data"`
	Status  int       `json:"status"`
	Dropped bool      `json:"dropped,omitempty"`
}

// sender is the portal's queue of events: in order, after a small delay, each once.
type sender struct {
	portal *Portal
	mu     sync.Mutex
	queue  []delivery
	sent   []Delivery
	busy   bool
	closed bool
	wake   chan struct{}
	done   chan struct{}
	idle   *sync.Cond
}

const maxDeliveries = 10_000

func newSender(p *Portal) *sender {
	s := &sender{portal: p, wake: make(chan struct{}, 1), done: make(chan struct{})}
	s.idle = sync.NewCond(&s.mu)
	go s.run()
	return s
}

func (s *sender) add(d delivery) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return
	}
	d.due = s.portal.cfg.Machine().Add(s.portal.cfg.EventDelay)
	s.queue = append(s.queue, d)
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// run delivers until the queue is closed.
func (s *sender) run() {
	for {
		d, ok := s.take()
		if ok {
			s.wait(d)
			s.deliver(d)
			continue
		}
		select {
		case <-s.wake:
		case <-s.done:
			return
		}
	}
}

func (s *sender) take() (delivery, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.busy = len(s.queue) > 0 && !s.closed
	if !s.busy {
		s.idle.Broadcast()
		return delivery{}, false
	}
	d := s.queue[0]
	s.queue = s.queue[1:]
	return d, true
}

func (s *sender) wait(d delivery) {
	select {
	case <-time.After(d.due.Sub(s.portal.cfg.Machine())):
	case <-s.done:
	}
}

// deliver posts one event and never repeats it.
func (s *sender) deliver(d delivery) {
	out := Delivery{Time: s.portal.cfg.Machine(), Event: d.event, Handler: d.handler, Data: d.data}
	if d.lost || drawEventLoss(s.portal.faults, d.event) {
		out.Dropped = true
	} else {
		out.Status = s.post(d)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.sent) >= maxDeliveries {
		s.sent = s.sent[maxDeliveries/2:]
	}
	s.sent = append(s.sent, out)
}

func (s *sender) post(d delivery) int {
	req, err := http.NewRequest(http.MethodPost, d.handler, strings.NewReader(php.EncodeBrackets(s.body(d))))
	if err != nil {
		return 0
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("User-Agent", "Bitrix24 Webhook Engine")
	resp, err := s.portal.cfg.Client.Do(req)
	if err != nil {
		return 0
	}
	defer func() { _ = resp.Body.Close() }()
	return resp.StatusCode
}

// body returns the event as it is posted, with all values as text.
func (s *sender) body(d delivery) Fields {
	auth := d.auth
	if auth == nil {
		var pair Pair
		if d.user > 0 && s.portal.isActive(d.user) { // a dismissed employee has no tokens
			pair = s.portal.eventToken(d.user)
		}
		auth = s.portal.eventAuth(pair, false)
	}
	if d.robot {
		out := maps.Clone(d.data)
		if d.noAppToken {
			delete(auth, "application_token")
		}
		out["auth"], out["ts"] = auth, strconv.FormatInt(s.portal.cfg.Machine().Unix(), 10)
		return out
	}
	out := Fields{
		"event": d.event, "data": d.data, "auth": auth,
		"ts": strconv.FormatInt(s.portal.cfg.Machine().Unix(), 10),
	}
	if d.handlerID > 0 {
		out["event_handler_id"] = strconv.FormatInt(d.handlerID, 10)
	}
	return out
}

// Drain waits until every queued event is sent.
func (p *Portal) Drain() {
	s := p.sender
	s.mu.Lock()
	defer s.mu.Unlock()
	for !s.closed && (s.busy || len(s.queue) > 0) {
		s.idle.Wait()
	}
}

// Deliveries returns the sent events.
func (p *Portal) Deliveries() []Delivery {
	p.sender.mu.Lock()
	defer p.sender.mu.Unlock()
	return append([]Delivery(nil), p.sender.sent...)
}

func (s *sender) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closed {
		s.closed = true
		close(s.done)
		s.idle.Broadcast()
	}
}
