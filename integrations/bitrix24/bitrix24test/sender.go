package bitrix24test

import (
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// delivery is one event on its way to one handler.
type delivery struct {
	event     string
	handler   string
	handlerID int64
	data      Fields
	auth      Fields // ready for events of the app's life; else made when it leaves
	user      int64
	force     bool // leaves even before the install is finished
	lost      bool // is dropped when its turn comes
	due       time.Time
}

// Delivery is one event that left the queue. Status is 0 when nobody answered.
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
	bell   chan struct{}
	done   chan struct{}
	idle   *sync.Cond
}

const maxDeliveries = 10_000

func newSender(p *Portal) *sender {
	s := &sender{portal: p, bell: make(chan struct{}, 1), done: make(chan struct{})}
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
	case s.bell <- struct{}{}:
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
		case <-s.bell:
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

// deliver posts one event; whatever comes back, it is not repeated.
func (s *sender) deliver(d delivery) {
	out := Delivery{Time: s.portal.cfg.Machine(), Event: d.event, Handler: d.handler, Data: d.data}
	if d.lost || s.portal.faults.dropped(d.event) {
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
	req, err := http.NewRequest(http.MethodPost, d.handler, strings.NewReader(EncodeBrackets(s.body(d))))
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

// body is the event in the words of the wire, all values text.
func (s *sender) body(d delivery) Fields {
	auth := d.auth
	if auth == nil {
		var pair Pair
		if d.user > 0 {
			pair = s.portal.eventToken(d.user)
		}
		auth = s.portal.eventAuth(pair, false)
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

// Drain waits until every queued event has left.
func (p *Portal) Drain() {
	s := p.sender
	s.mu.Lock()
	defer s.mu.Unlock()
	for !s.closed && (s.busy || len(s.queue) > 0) {
		s.idle.Wait()
	}
}

// Deliveries copies the events that left the queue.
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
