package automation

import (
	"slices"

	"acts24/integrations/bitrix24/bitrix24test/php"
)

// State is the automation of one portal. It is saved with the portal and guarded by its lock.
type State struct {
	Robots   []*Robot        `json:"robots"`
	Triggers []*Trigger      `json:"triggers"`
	Badges   []*Badge        `json:"badges"`
	Rules    []*Rule         `json:"rules"`
	Runs     []*Run          `json:"runs"`
	Cards    map[int64]*Card `json:"cards"` // configurable activities by id
	Movers   []*Mover        `json:"-"`
	Last     int64           `json:"last"` // last id of a rule or a run
	// NoAppToken omits application_token in the calls of robots.
	NoAppToken bool `json:"noAppToken"`
}

// Robot is a robot that the app has registered.
type Robot struct {
	Code       string     `json:"code"`
	Name       string     `json:"name"`
	Handler    string     `json:"handler"`
	User       int64      `json:"user"`  // whose token its calls carry, 0 for none
	Waits      bool       `json:"waits"` // for bizproc.event.send
	Properties php.Fields `json:"properties"`
	Returns    php.Fields `json:"returns"`
}

// Trigger is a trigger that the app has registered.
type Trigger struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

// Badge is a mark on the cards of the kanban. Codes are common to all apps of the portal.
type Badge struct {
	Code  string `json:"code"`
	Title string `json:"title"`
	Value string `json:"value"`
	Type  string `json:"type"`
}

// Rule is what a person attached to a stage of deals: a robot that runs when a deal comes to the stage, or a trigger that moves deals there.
type Rule struct {
	ID         int64      `json:"id"`
	StageID    string     `json:"stageId"` // with the prefix of its pipeline
	Robot      string     `json:"robot,omitempty"`
	Trigger    string     `json:"trigger,omitempty"`
	Properties php.Fields `json:"properties,omitempty"`
}

// The states of a run.
const (
	RunWaits   = "waits"   // it was sent to the app and waits for the answer
	RunDone    = "done"    // it was answered, or does not wait
	RunStopped = "stopped" // the deal left the stage before the answer
)

// Run is one execution of a robot for a deal.
type Run struct {
	ID         int64      `json:"id"`
	Rule       int64      `json:"rule"`
	Robot      string     `json:"robot"`
	Deal       int64      `json:"deal"`
	Token      string     `json:"token"`
	State      string     `json:"state"`
	Properties php.Fields `json:"properties"`
	Values     php.Fields `json:"values,omitempty"` // as returned by the app
	Log        string     `json:"log,omitempty"`
	Answers    int        `json:"answers"` // accepted answers
	Time       string     `json:"time"`
}

// Card is the part of a configurable activity that ordinary activities do not have.
type Card struct {
	Badge  string     `json:"badge"`
	Layout php.Fields `json:"layout"`
}

// Mover is a rule of the portal that moves an item away from a stage, for example against the app. It runs after the change is saved and its
// event is sent, and has no user, so its own events carry no token.
type Mover struct {
	EntityType int
	When, Then string // stages
	Times      int    // the largest number of moves; 0 means 10, so that two rules do not move an item forever
}

const moverTimes = 10

func (s *State) robot(code string) *Robot {
	for _, r := range s.Robots {
		if r.Code == code {
			return r
		}
	}
	return nil
}

func (s *State) trigger(code string) *Trigger {
	for _, t := range s.Triggers {
		if t.Code == code {
			return t
		}
	}
	return nil
}

func (s *State) badge(code string) *Badge {
	for _, b := range s.Badges {
		if b.Code == code {
			return b
		}
	}
	return nil
}

func (s *State) next() int64 {
	s.Last++
	return s.Last
}

// Forget removes what the app has registered, as its removal and its update do. Rules and badges stay.
func (s *State) Forget() { s.Robots, s.Triggers = nil, nil }

// rulesAt lists the rules of a stage in the order in which they were attached.
func (s *State) rulesAt(stage string) []*Rule {
	return slices.Collect(func(yield func(*Rule) bool) {
		for _, r := range s.Rules {
			if r.StageID == stage && !yield(r) {
				return
			}
		}
	})
}
