package bitrix24test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"acts24/integrations/bitrix24/bitrix24test/php"
	"acts24/integrations/fakehttp"
)

// errNothingThere is what an address of the sandbox answers whose object does not exist: 404.
var errNothingThere = errors.New("nothing there")

// sandboxRoutes answers the JSON that drives and shows the portal; the real Bitrix24 has nothing like it.
func (p *Portal) sandboxRoutes() http.Handler {
	mux := http.NewServeMux()
	for pattern, answer := range map[string]func(*http.Request) (any, error){
		"GET /_sandbox/state.json":    func(*http.Request) (any, error) { return p.Snapshot(), nil },
		"GET /_sandbox/events.json":   func(*http.Request) (any, error) { return p.Deliveries(), nil },
		"GET /_sandbox/version":       func(*http.Request) (any, error) { return Fields{"version": p.Version(), "now": p.nowText()}, nil },
		"POST /_sandbox/faults":       p.postFaults,
		"POST /_sandbox/clock":        p.postClock,
		"POST /_sandbox/switches":     p.postSwitches,
		"POST /_sandbox/lose":         p.postLose,
		"POST /_sandbox/companies":    func(r *http.Request) (any, error) { return p.postParty(r, Company) },
		"POST /_sandbox/contacts":     func(r *http.Request) (any, error) { return p.postParty(r, Contact) },
		"POST /_sandbox/deals":        p.postDeal,
		"PATCH /_sandbox/deals/{id}":  p.patchDeal,
		"DELETE /_sandbox/deals/{id}": p.deleteDeal,

		"POST /_sandbox/tokens/expire": func(*http.Request) (any, error) {
			p.ExpireTokens()
			return Fields{"ok": true}, nil
		},
		"POST /_sandbox/deals/{id}/stage":          p.postStage,
		"PUT /_sandbox/deals/{id}/rows":            p.putRows,
		"POST /_sandbox/items/{type}/{id}":         p.postItem,
		"POST /_sandbox/tasks/{id}/{what}":         p.postTask,
		"POST /_sandbox/companies/{id}/requisites": func(r *http.Request) (any, error) { return p.postRequisites(r, Company) },
		"POST /_sandbox/contacts/{id}/requisites":  func(r *http.Request) (any, error) { return p.postRequisites(r, Contact) },
		"DELETE /_sandbox/requisites/{id}":         p.deleteRequisite,
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			switch out, err := answer(r); {
			case errors.Is(err, errNothingThere):
				http.NotFound(w, r)
			case err != nil:
				writeProblem(w, err)
			default:
				fakehttp.WriteJSON(w, http.StatusOK, out)
			}
		})
	}
	mux.HandleFunc("GET /_sandbox/trace.jsonl", func(w http.ResponseWriter, _ *http.Request) {
		fakehttp.WriteJournal(w, p.Trace())
	})
	return mux
}

func writeProblem(w http.ResponseWriter, err error) {
	raw, _ := json.Marshal(Fields{"error": err.Error()})
	writeJSON(w, http.StatusUnprocessableEntity, raw)
}

// asked reads the body of a request, a JSON value, into out.
func asked(r *http.Request, out any) error {
	if err := json.NewDecoder(r.Body).Decode(out); err != nil {
		return fmt.Errorf("body: %w", err)
	}
	return nil
}

// putIn reads the body of a request that makes or edits something; a key that means nothing is refused, for it would be lost.
func putIn(r *http.Request, out any) error {
	dec := json.NewDecoder(r.Body)
	dec.DisallowUnknownFields()
	if err := dec.Decode(out); err != nil {
		return fmt.Errorf("body: %w", err)
	}
	return nil
}

// pathID is the number in the address.
func pathID(r *http.Request) int64 { return php.Integer(r.PathValue("id")) }

// postFaults adds a fault; {"clear":true} ends all of them.
func (p *Portal) postFaults(r *http.Request) (any, error) {
	return Fields{"ok": true}, fakehttp.ChangeFaults(r, p.Fault, p.ClearFaults)
}

// postClock moves the business clock: {"advance":"120h"}.
func (p *Portal) postClock(r *http.Request) (any, error) {
	var in struct {
		Advance string `json:"advance"`
	}
	if err := asked(r, &in); err != nil {
		return nil, err
	}
	if err := p.Advance(in.Advance); err != nil {
		return nil, err
	}
	return Fields{"now": p.nowText()}, nil
}

// Advance asks for the business clock to be moved: "120h".
func (p *Portal) Advance(by string) error {
	d, err := time.ParseDuration(by)
	if err != nil {
		return err
	}
	if p.cfg.OnClock != nil {
		if err := p.cfg.OnClock(d); err != nil {
			return err
		}
	}
	p.touch()
	return nil
}

// postStage moves a deal as the signed-in person does: {"stageId":"C9:WON"}.
func (p *Portal) postStage(r *http.Request) (any, error) {
	var in struct {
		StageID string `json:"stageId"`
	}
	if err := asked(r, &in); err != nil {
		return nil, err
	}
	return Fields{"ok": true}, p.Move(p.signedIn(r), Deal, pathID(r), in.StageID)
}

// postItem edits an item as the signed-in person does: {"fields":{...}}.
func (p *Portal) postItem(r *http.Request) (any, error) {
	var in struct {
		Fields Fields `json:"fields"`
	}
	if err := asked(r, &in); err != nil {
		return nil, err
	}
	return Fields{"ok": true}, p.Change(p.signedIn(r), int(php.Integer(r.PathValue("type"))), pathID(r), in.Fields)
}

// signedIn is the person in the browser: ?as=, else the cookie portal_user, else the manager.
func (p *Portal) signedIn(r *http.Request) int64 {
	id := php.Integer(r.URL.Query().Get("as"))
	if c, err := r.Cookie("portal_user"); err == nil && id == 0 {
		id = php.Integer(c.Value)
	}
	if _, ok := p.User(id); ok {
		return id
	}
	if manager := p.Manager(); manager > 0 {
		return manager
	}
	return p.Admin()
}

// SignedIn is the person in the browser, for the pages.
func (p *Portal) SignedIn(r *http.Request) int64 { return p.signedIn(r) }

// postSwitches turns the portal: {"mail":false,"events":true,"priceDigits":8,"presets":[21,17,35]}; what is not named stays.
// The presets are the numbers of organisation, ИП and person.
func (p *Portal) postSwitches(r *http.Request) (any, error) {
	var in struct {
		Mail        *bool     `json:"mail"`
		Events      *bool     `json:"events"`
		PriceDigits *int      `json:"priceDigits"`
		Presets     *[3]int64 `json:"presets"`
	}
	if err := asked(r, &in); err != nil {
		return nil, err
	}
	if in.PriceDigits != nil {
		if err := p.KeepPriceDigits(*in.PriceDigits); err != nil {
			return nil, err
		}
	}
	if in.Presets != nil {
		p.NumberPresets(in.Presets[0], in.Presets[1], in.Presets[2])
	}
	if in.Mail != nil {
		p.ConnectMail(*in.Mail)
	}
	if in.Events != nil {
		p.DropEvents(!*in.Events)
	}
	presets := []any{}
	for _, preset := range p.Presets() {
		presets = append(presets, php.Integer(preset["ID"]))
	}
	return Fields{"mail": p.MailConnected(), "events": !p.EventsDropped(), "priceDigits": p.PriceDigits(), "presets": presets}, nil
}

// postTask does with a task what the signed-in person does on its page: complete, renew or delete.
func (p *Portal) postTask(r *http.Request) (any, error) {
	found := false
	switch what := r.PathValue("what"); what {
	case "complete", "renew":
		found = p.CompleteTask(p.signedIn(r), pathID(r), what == "complete")
	case "delete":
		found = p.DeleteTask(p.signedIn(r), pathID(r))
	}
	if !found {
		return nil, errNothingThere
	}
	return Fields{"ok": true}, nil
}

// DropHandlers takes away all subscriptions to events, as an update of the app does.
func (p *Portal) DropHandlers() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.st.Handlers = nil
	p.changed()
}

// DropPlacements takes the app away from a spot.
func (p *Portal) DropPlacements(code string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.st.Placements = slices.DeleteFunc(p.st.Placements, func(pl *Placement) bool { return pl.Code == code })
	p.changed()
}

// DropStage deletes a stage as a person does; StatusID carries its prefix. It tells whether there was one.
func (p *Portal) DropStage(entityType int, statusID string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	before, gone := len(p.st.Stages), p.st.stage(entityType, statusID)
	p.st.Stages = slices.DeleteFunc(p.st.Stages, func(s *Stage) bool { return s == gone })
	p.changed()
	return len(p.st.Stages) < before
}

// RenameStage calls a stage otherwise.
func (p *Portal) RenameStage(entityType int, statusID, name string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if s := p.st.stage(entityType, statusID); s != nil {
		s.Name = name
		p.changed()
	}
}

// DropUserField deletes a field as a person does. It tells whether there was one.
func (p *Portal) DropUserField(entity, name string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	before := len(p.st.UserFields)
	p.st.UserFields = slices.DeleteFunc(p.st.UserFields, func(f *UserField) bool { return f.EntityID == entity && f.Name == name })
	p.changed()
	return len(p.st.UserFields) < before
}

// UserFields lists the fields that were added to a kind of objects.
func (p *Portal) UserFields(entity string) []UserField {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []UserField
	for _, f := range p.st.UserFields {
		if f.EntityID == entity {
			out = append(out, *f)
		}
	}
	return out
}

// postLose loses what the app has made: {"handlers":true,"place":"LEFT_MENU","type":1038,"stage":"DT1038_1:ACTS_ANNULLED","entity":"CRM_DEAL","field":"UF_CRM_DEAL_ACTS_EXCHANGE"}.
func (p *Portal) postLose(r *http.Request) (any, error) {
	var in struct {
		Handlers             bool
		Place, Entity, Field string
		Type                 int
		Stage                string
	}
	if err := asked(r, &in); err != nil {
		return nil, err
	}
	if in.Handlers {
		p.DropHandlers()
	}
	if in.Place != "" {
		p.DropPlacements(in.Place)
	}
	if in.Stage != "" {
		p.DropStage(in.Type, in.Stage)
	}
	if in.Field != "" {
		p.DropUserField(in.Entity, in.Field)
	}
	return Fields{"ok": true}, nil
}
