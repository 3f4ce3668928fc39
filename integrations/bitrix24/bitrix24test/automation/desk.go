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

// Desk is the automation of a portal as the app, people and tests use it.
type Desk struct{ host Host }

// New returns the automation of a portal.
func New(h Host) *Desk { return &Desk{h} }

func (d *Desk) state() *State { return d.host.Automation() }

// locked runs a change under the portal's lock.
func (d *Desk) locked(change func(*State)) {
	d.host.Lock()
	defer d.host.Unlock()
	change(d.state())
	d.host.Changed()
}

// Snapshot copies the state.
func (d *Desk) Snapshot() State {
	d.host.Lock()
	defer d.host.Unlock()
	return php.Copy(*d.state())
}

// Configure changes the state, such as NoAppToken.
func (d *Desk) Configure(change func(*State)) { d.locked(change) }

// AddMover adds a rule that moves items; they are applied in the order in which they were added.
func (d *Desk) AddMover(m Mover) {
	if m.Times == 0 {
		m.Times = moverTimes
	}
	d.locked(func(s *State) { s.Movers = append(s.Movers, &m) })
}

// ClearMovers removes these rules.
func (d *Desk) ClearMovers() { d.locked(func(s *State) { s.Movers = nil }) }

// Attach attaches a robot or a trigger to a stage of deals, as a person does in the settings of the stages.
func (d *Desk) Attach(r Rule) (id int64, err error) {
	d.locked(func(s *State) {
		switch {
		case !d.host.HasStage(r.StageID):
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
func (d *Desk) Detach(id int64) (found bool) {
	d.locked(func(s *State) {
		before := len(s.Rules)
		s.Rules = slices.DeleteFunc(s.Rules, func(r *Rule) bool { return r.ID == id })
		found = len(s.Rules) < before
	})
	return found
}

// Repeat sends the call of a run again, as the queue of the cloud may do, and reports whether the run exists.
func (d *Desk) Repeat(id int64) (found bool) {
	d.locked(func(s *State) {
		for _, r := range s.Runs {
			if robot := s.robot(r.Robot); r.ID == id && robot != nil {
				d.post(s, robot, r)
				found = true
			}
		}
	})
	return found
}

// AddBadge registers a badge of another app.
func (d *Desk) AddBadge(b Badge) { d.locked(func(s *State) { s.Badges = append(s.Badges, &b) }) }

// Runs copies the executions of robots, the oldest first.
func (d *Desk) Runs() []Run {
	var out []Run
	for _, r := range d.Snapshot().Runs {
		out = append(out, *r)
	}
	return out
}

// BadgeOf returns the badge of a deal: that of its newest activity that has one and is not completed.
func (d *Desk) BadgeOf(deal int64) (badge Badge, ok bool) {
	d.host.Lock()
	defer d.host.Unlock()
	s := d.state()
	for _, a := range slices.Backward(*d.host.Activities()) {
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
func (d *Desk) Moved(entityType int, id int64, from string) {
	stage := d.host.StageOf(entityType, id)
	if stage == "" || stage == from {
		return
	}
	s := d.state()
	if entityType == deals {
		for _, r := range s.Runs {
			if r.Deal == id && r.State == RunWaits {
				r.State = RunStopped
			}
		}
		d.runFrom(s, id, stage, 0)
	}
	for _, m := range s.Movers {
		if m.EntityType == entityType && m.When == stage && m.Times > 0 {
			m.Times--
			_ = d.host.Move(entityType, id, m.Then) // a refused move ends the automation
			return
		}
	}
}

// runFrom starts the robots of a stage after the rule with an id, until one of them waits.
func (d *Desk) runFrom(s *State, deal int64, stage string, after int64) {
	for _, rule := range s.rulesAt(stage) {
		robot := s.robot(rule.Robot)
		if rule.ID <= after || robot == nil {
			continue
		}
		run := &Run{ID: s.next(), Rule: rule.ID, Robot: robot.Code, Deal: deal, Token: token(), State: RunDone, Properties: d.resolve(s, deal, robot, rule),
			Time: d.host.NowText()}
		s.Runs = append(s.Runs, run)
		if robot.Waits {
			run.State = RunWaits
		}
		d.post(s, robot, run)
		if robot.Waits {
			return
		}
	}
}

// resolve returns the values of a robot's properties. A value "{=code:name}" is what the last run of that robot for the deal returned.
func (d *Desk) resolve(s *State, deal int64, robot *Robot, rule *Rule) php.Fields {
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

func (d *Desk) post(s *State, robot *Robot, run *Run) {
	use := php.YesNo(robot.Waits)
	d.host.Post(robot.Handler, php.Fields{
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
func (d *Desk) eventSend(c Call) (any, error) {
	s := d.state()
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
		d.runFrom(s, r.Deal, d.host.StageOf(deals, r.Deal), r.Rule)
		return true, nil
	}
	return nil, &contract.Error{Status: 403, Code: "ACCESS_DENIED", Text: "Access denied!"}
}
