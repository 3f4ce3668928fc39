package bitrix24test

// Robot is a rule of the portal's automation that moves an item on as soon as it stands on a stage: the one that fights
// with the app, say. It acts after the change is saved and its event has left, changes the item in nobody's name, and
// so its own events carry no token.
type Robot struct {
	EntityType int
	When, Then string // stages
	Times      int    // how often at most; 0 means 10, so that two of them do not move an item for ever
}

const robotTimes = 10

// AddRobot adds a rule; rules are tried in the order in which they were added.
func (p *Portal) AddRobot(r Robot) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if r.Times == 0 {
		r.Times = robotTimes
	}
	p.robots = append(p.robots, &r)
}

// ClearRobots ends all rules.
func (p *Portal) ClearRobots() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.robots = nil
}

// wakeRobots lets the rules act on an item that has come to its stage from another; the caller holds the lock.
func (p *Portal) wakeRobots(entityType int, r Fields, from string) {
	for text(r["stageId"]) != from {
		robot := p.robotAt(entityType, text(r["stageId"]))
		if robot == nil {
			return
		}
		robot.Times--
		from = text(r["stageId"])
		if p.apply(entityType, r, Fields{"stageId": robot.Then}, nil) != nil {
			return
		}
	}
}

func (p *Portal) robotAt(entityType int, stage string) *Robot {
	for _, r := range p.robots {
		if r.EntityType == entityType && r.When == stage && r.Times > 0 {
			return r
		}
	}
	return nil
}
