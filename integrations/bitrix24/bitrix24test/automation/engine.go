package automation

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"acts24/integrations/bitrix24/bitrix24test/contract"
	"acts24/integrations/bitrix24/bitrix24test/php"
)

// Host is the portal. Its lock is held while its other methods are called.
type Host interface {
	Lock()
	Unlock()
	Automation() *State
	Changed()
	NowText() string
	// HasStage reports whether a stage of deals exists.
	HasStage(stage string) bool
	// StageOf returns the stage of an item, "" for one that does not exist.
	StageOf(entityType int, id int64) string
	// IsForward reports whether a move goes to a later stage of the same pipeline of deals, and not from a final one.
	IsForward(from, to string) bool
	// Move moves an item without a user.
	Move(entityType int, id int64, stage string) error
	// Post sends the call of a robot to the app.
	Post(handler string, payload php.Fields, user int64, withAppToken bool)
	// OwnHost is the host of the app.
	OwnHost() string
	// MaySee reports whether a user may see an item.
	MaySee(user int64, entityType int, id int64) bool
	// Activities are the activities of the portal.
	Activities() *[]php.Fields
	// NextActivity returns the id of a new activity.
	NextActivity() int64
}

// Engine runs the automation of a portal: its exported methods are what people and tests do, Methods are the calls of the app.
type Engine struct{ host Host }

// New returns the automation of a portal.
func New(h Host) *Engine { return &Engine{h} }

func (e *Engine) state() *State { return e.host.Automation() }

// locked runs a change under the portal's lock.
func (e *Engine) locked(change func(*State)) {
	e.host.Lock()
	defer e.host.Unlock()
	change(e.state())
	e.host.Changed()
}

// Snapshot copies the state.
func (e *Engine) Snapshot() State {
	e.host.Lock()
	defer e.host.Unlock()
	return php.Copy(*e.state())
}

// Configure changes the state, such as NoAppToken.
func (e *Engine) Configure(change func(*State)) { e.locked(change) }

// AddMover adds a rule that moves items; they are applied in the order in which they were added.
func (e *Engine) AddMover(m Mover) {
	if m.Times == 0 {
		m.Times = moverTimes
	}
	e.locked(func(s *State) { s.Movers = append(s.Movers, &m) })
}

// ClearMovers removes these rules.
func (e *Engine) ClearMovers() { e.locked(func(s *State) { s.Movers = nil }) }

// Attach attaches a robot or a trigger to a stage of deals, as a person does in the settings of the stages.
func (e *Engine) Attach(r Rule) (id int64, err error) {
	e.locked(func(s *State) {
		switch {
		case !e.host.HasStage(r.StageID):
			err = fmt.Errorf("stageId: %q is no stage of deals", r.StageID)
		case (r.Robot == "") == (r.Trigger == ""):
			err = fmt.Errorf("robot, trigger: exactly one of them is needed")
		case r.Robot != "" && s.robot(r.Robot) == nil:
			err = fmt.Errorf("robot: %q is not registered", r.Robot)
		case r.Trigger != "" && s.trigger(r.Trigger) == nil:
			err = fmt.Errorf("trigger: %q is not registered", r.Trigger)
		default:
			r.ID = s.next()
			s.Rules = append(s.Rules, &r)
			id = r.ID
		}
	})
	return id, err
}

// Detach removes a rule and reports whether it existed.
func (e *Engine) Detach(id int64) (found bool) {
	e.locked(func(s *State) {
		before := len(s.Rules)
		s.Rules = slices.DeleteFunc(s.Rules, func(r *Rule) bool { return r.ID == id })
		found = len(s.Rules) < before
	})
	return found
}

// Repeat sends the call of a run again, as the queue of the cloud may do, and reports whether the run exists.
func (e *Engine) Repeat(id int64) (found bool) {
	e.locked(func(s *State) {
		for _, r := range s.Runs {
			if robot := s.robot(r.Robot); r.ID == id && robot != nil {
				e.post(s, robot, r)
				found = true
			}
		}
	})
	return found
}

// AddBadge registers a badge of another app.
func (e *Engine) AddBadge(b Badge) { e.locked(func(s *State) { s.Badges = append(s.Badges, &b) }) }

// Runs copies the executions of robots, the oldest first.
func (e *Engine) Runs() []Run {
	var out []Run
	for _, r := range e.Snapshot().Runs {
		out = append(out, *r)
	}
	return out
}

// BadgeOf returns the badge of a deal: that of its newest activity that has one and is not completed.
func (e *Engine) BadgeOf(deal int64) (badge Badge, ok bool) {
	e.host.Lock()
	defer e.host.Unlock()
	s := e.state()
	for _, a := range slices.Backward(*e.host.Activities()) {
		card := s.Cards[php.Integer(a["ID"])]
		if card == nil || php.Text(a["OWNER_TYPE_ID"]) != "2" || php.Integer(a["OWNER_ID"]) != deal || php.Truth(a["COMPLETED"]) {
			continue
		}
		if b := s.badge(card.Badge); b != nil {
			return *b, true
		}
	}
	return badge, false
}

// deals is the entity type of deals.
const deals = 2

// Moved runs the automation of an item that came to a stage from another one, "" for a new item. The lock is held.
func (e *Engine) Moved(entityType int, id int64, from string) {
	stage := e.host.StageOf(entityType, id)
	if stage == "" || stage == from {
		return
	}
	s := e.state()
	if entityType == deals {
		for _, r := range s.Runs {
			if r.Deal == id && r.State == RunWaits {
				r.State = RunStopped
			}
		}
		e.runFrom(s, id, stage, 0)
	}
	for _, m := range s.Movers {
		if m.EntityType == entityType && m.When == stage && m.Times > 0 {
			m.Times--
			_ = e.host.Move(entityType, id, m.Then) // a refused move ends the automation
			return
		}
	}
}

// runFrom starts the robots of a stage after the rule with an id, until one of them waits.
func (e *Engine) runFrom(s *State, deal int64, stage string, after int64) {
	for _, rule := range s.rulesAt(stage) {
		robot := s.robot(rule.Robot)
		if rule.ID <= after || robot == nil {
			continue
		}
		run := &Run{ID: s.next(), Rule: rule.ID, Robot: robot.Code, Deal: deal, Token: token(), State: RunDone, Properties: e.resolve(s, deal, robot, rule),
			Time: e.host.NowText()}
		s.Runs = append(s.Runs, run)
		if robot.Waits {
			run.State = RunWaits
		}
		e.post(s, robot, run)
		if robot.Waits {
			return
		}
	}
}

// resolve returns the values of a robot's properties. A value "{=code:name}" is what the last run of that robot for the deal returned.
func (e *Engine) resolve(s *State, deal int64, robot *Robot, rule *Rule) php.Fields {
	out := php.Fields{}
	for name, about := range robot.Properties {
		v, given := rule.Properties[name]
		if !given {
			v = php.Map(about)["Default"]
		}
		text := php.Text(v)
		if inner, ok := strings.CutPrefix(text, "{="); ok && strings.HasSuffix(inner, "}") {
			code, value, _ := strings.Cut(strings.TrimSuffix(inner, "}"), ":")
			text = ""
			for _, r := range s.Runs {
				if r.Deal == deal && r.Robot == code {
					text = php.Text(r.Values[value])
				}
			}
		}
		out[name] = text
	}
	return out
}

func (e *Engine) post(s *State, robot *Robot, run *Run) {
	use := php.YesNo(robot.Waits)
	e.host.Post(robot.Handler, php.Fields{
		"workflow_id": fmt.Sprintf("65f%013d.%08d", run.ID, run.Deal), "code": robot.Code,
		"document_id":   []any{"crm", "CCrmDocumentDeal", fmt.Sprintf("DEAL_%d", run.Deal)},
		"document_type": []any{"crm", "CCrmDocumentDeal", "DEAL"},
		"event_token":   run.Token, "properties": run.Properties, "use_subscription": use, "timeout_duration": "0",
	}, robot.User, !s.NoAppToken)
}

func token() string {
	b := make([]byte, 24)
	_, _ = rand.Read(b)
	text := hex.EncodeToString(b)
	return text[:14] + ".12345678|A51601_82584_96831_81132|" + text[14:]
}

// eventSend ends a run that waits. A token that no waiting run has is refused.
func (e *Engine) eventSend(c Call) (any, error) {
	s := e.state()
	for _, r := range s.Runs {
		robot := s.robot(r.Robot)
		if r.Token != php.Text(c.Params["EVENT_TOKEN"]) || r.State != RunWaits || robot == nil {
			continue
		}
		r.State, r.Values, r.Log = RunDone, php.Fields{}, php.Text(c.Params["LOG_MESSAGE"])
		r.Answers++
		for name, v := range php.Map(c.Params["RETURN_VALUES"]) {
			if _, known := robot.Returns[name]; known {
				r.Values[name] = v
			}
		}
		e.runFrom(s, r.Deal, e.host.StageOf(deals, r.Deal), r.Rule)
		return true, nil
	}
	return nil, &contract.Error{Status: 403, Code: "ACCESS_DENIED", Text: "Access denied!"}
}
