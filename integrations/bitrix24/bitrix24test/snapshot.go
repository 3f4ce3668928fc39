package bitrix24test

import (
	"maps"
	"sync"
	"time"

	"acts24/integrations/bitrix24/bitrix24test/php"
	"acts24/integrations/fakehttp"
)

// snapshot is the saved state of a portal with the tokens of its cloud.
type snapshot struct {
	Member string     `json:"member"`
	State  *state     `json:"state"`
	Tokens tokenStore `json:"books"`
}

// Save writes the state to a file.
func (p *Portal) Save(path string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cloud.mu.Lock()
	defer p.cloud.mu.Unlock()
	return fakehttp.SaveFile(path, snapshot{Member: p.cfg.MemberID, State: p.st, Tokens: p.cloud.tokens})
}

// Load reads a state written by Save. It returns false when there is none yet.
func (p *Portal) Load(path string) (bool, error) {
	in := snapshot{State: newState(), Tokens: newTokenStore()}
	if found, err := fakehttp.LoadFile(path, &in); !found || err != nil {
		return false, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cloud.mu.Lock()
	defer p.cloud.mu.Unlock()
	p.st, p.cfg.MemberID = in.State, in.Member
	maps.Copy(p.cloud.tokens.Access, in.Tokens.Access)
	maps.Copy(p.cloud.tokens.Refresh, in.Tokens.Refresh)
	return true, nil
}

const saveDelay = 300 * time.Millisecond

// saver saves the state shortly after a change, several changes at once.
type saver struct {
	portal  *Portal
	changed chan struct{}
	done    chan struct{}
	ended   chan struct{}
	once    sync.Once
}

func newSaver(p *Portal) *saver {
	s := &saver{portal: p, changed: make(chan struct{}, 1), done: make(chan struct{}), ended: make(chan struct{})}
	if p.cfg.SavePath == "" {
		close(s.ended)
		return s
	}
	go s.run()
	return s
}

func (s *saver) wake() {
	if s == nil {
		return
	}
	select {
	case s.changed <- struct{}{}:
	default:
	}
}

func (s *saver) run() {
	defer close(s.ended)
	for {
		select {
		case <-s.done:
			return
		case <-s.changed:
		}
		select {
		case <-s.done:
			return
		case <-time.After(saveDelay):
		}
		_ = s.portal.Save(s.portal.cfg.SavePath) // after an error the next change saves again
	}
}

// close saves a last time and stops the saver.
func (s *saver) close() error {
	s.once.Do(func() { close(s.done) })
	<-s.ended
	if s.portal.cfg.SavePath == "" {
		return nil
	}
	return s.portal.Save(s.portal.cfg.SavePath)
}

// Snapshot returns the content of state.json: the state of the portal without tokens.
func (p *Portal) Snapshot() Fields {
	deals := []Fields{}
	for _, d := range p.Items(Deal) {
		d["productRows"] = p.Rows(Deal, php.Integer(d["id"]))
		d["stageName"] = p.StageName(Deal, php.Text(d["stageId"]))
		deals = append(deals, d)
	}
	items := []Fields{}
	for _, t := range p.Types() {
		for _, r := range p.Items(t.EntityTypeID) {
			r["productRows"] = p.Rows(t.EntityTypeID, php.Integer(r["id"]))
			r["stageName"] = p.StageName(t.EntityTypeID, php.Text(r["stageId"]))
			items = append(items, r)
		}
	}
	return Fields{
		"version": p.Version(), "now": p.nowText(), "installed": p.Installed(), "deals": deals, "items": items,
		"companies": p.Items(Company), "contacts": p.Items(Contact), "tasks": p.Tasks(), "users": p.Users(),
		"notifications": p.Notifications(), "letters": p.Letters(), "timeline": p.Timeline(), "types": p.Types(),
		"handlers": p.Handlers(), "placements": p.allPlacements(),
		"presets": p.Presets(), "requisites": p.copyRecords(&p.st.Requisites), "addresses": p.copyRecords(&p.st.Addresses),
		"bankDetails": p.copyRecords(&p.st.BankDetails), "links": p.copyRecords(&p.st.Links), "priceDigits": p.PriceDigits(),
		"bin": p.Bin(), "automation": p.Automation.Snapshot(), "mail": p.MailConnected(), "events": !p.EventsDropped(),
	}
}

// StageName returns the name of a stage, or the id of an unknown one.
func (p *Portal) StageName(entityType int, id string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if s := p.st.stage(entityType, id); s != nil {
		return s.Name
	}
	return id
}

func (p *core) allPlacements() []Placement {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := []Placement{}
	for _, pl := range p.st.Placements {
		out = append(out, *pl)
	}
	return out
}

// copyRecords returns a copy of a table whose records have fields in upper case; an empty one is a list, not null.
func (p *requisites) copyRecords(of *[]Fields) []Fields {
	p.mu.Lock()
	defer p.mu.Unlock()
	return php.Copy(rowsOrEmpty(*of))
}
