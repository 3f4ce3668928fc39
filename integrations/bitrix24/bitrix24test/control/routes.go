package control

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"

	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/integrations/bitrix24/bitrix24test/php"
	"acts24/integrations/fakehttp"
)

// errNotFound is returned for an address whose object does not exist; the answer is 404.
var errNotFound = errors.New("not found")

// fields are the values of one object by name.
type fields = bitrix24test.Fields

// ok is the answer of a request that returns nothing.
var ok = fields{"ok": true}

// controls holds the portal that the requests read and change.
type controls struct{ portal *bitrix24test.Portal }

// Handler answers the requests below /_sandbox/ for a portal.
func Handler(p *bitrix24test.Portal) http.Handler {
	c := controls{p}
	mux := http.NewServeMux()
	answers := c.automationRoutes()
	maps.Copy(answers, map[string]func(*http.Request) (any, error){
		"GET /_sandbox/state.json":                 func(*http.Request) (any, error) { return p.Snapshot(), nil },
		"GET /_sandbox/events.json":                func(*http.Request) (any, error) { return p.Deliveries(), nil },
		"GET /_sandbox/version":                    func(*http.Request) (any, error) { return fields{"version": p.Version(), "now": c.now()}, nil },
		"POST /_sandbox/faults":                    c.postFaults,
		"POST /_sandbox/clock":                     c.postClock,
		"POST /_sandbox/switches":                  c.postSwitches,
		"POST /_sandbox/lose":                      c.postLose,
		"POST /_sandbox/tokens/expire":             c.expireTokens,
		"POST /_sandbox/companies":                 func(r *http.Request) (any, error) { return c.postParty(r, bitrix24test.Company) },
		"POST /_sandbox/contacts":                  func(r *http.Request) (any, error) { return c.postParty(r, bitrix24test.Contact) },
		"POST /_sandbox/companies/{id}/requisites": func(r *http.Request) (any, error) { return c.postRequisites(r, bitrix24test.Company) },
		"POST /_sandbox/contacts/{id}/requisites":  func(r *http.Request) (any, error) { return c.postRequisites(r, bitrix24test.Contact) },
		"DELETE /_sandbox/requisites/{id}":         c.deleteRequisite,
		"POST /_sandbox/deals":                     c.postDeal,
		"PATCH /_sandbox/deals/{id}":               c.patchDeal,
		"DELETE /_sandbox/deals/{id}":              c.deleteDeal,
		"POST /_sandbox/deals/{id}/stage":          c.postStage,
		"PUT /_sandbox/deals/{id}/rows":            c.putRows,
		"POST /_sandbox/items/{type}/{id}":         c.postItem,
		"POST /_sandbox/tasks/{id}/{what}":         c.postTask,
	})
	for pattern, answer := range answers {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			switch out, err := answer(r); {
			case errors.Is(err, errNotFound):
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

// writeProblem answers 422 with the text of the error.
func writeProblem(w http.ResponseWriter, err error) {
	raw, _ := json.Marshal(fields{"error": err.Error()})
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(http.StatusUnprocessableEntity)
	_, _ = w.Write(raw)
}

// decode reads the JSON body of a request; unknown keys are ignored.
func decode(r *http.Request, out any) error {
	if err := json.NewDecoder(r.Body).Decode(out); err != nil {
		return fmt.Errorf("body: %w", err)
	}
	return nil
}

// decodeStrict reads the JSON body of a request that creates or edits an object. An unknown key is an error: its value would be lost.
func decodeStrict(r *http.Request, out any) error {
	dec := json.NewDecoder(r.Body)
	dec.DisallowUnknownFields()
	if err := dec.Decode(out); err != nil {
		return fmt.Errorf("body: %w", err)
	}
	return nil
}

// pathID returns the id in the address.
func pathID(r *http.Request) int64 { return php.Integer(r.PathValue("id")) }

// now is the business time of the portal as text.
func (c controls) now() string { return c.portal.Now().Format("2006-01-02T15:04:05-07:00") }

// postFaults adds a fault; {"clear":true} removes all of them.
func (c controls) postFaults(r *http.Request) (any, error) {
	return ok, fakehttp.ChangeFaults(r, c.portal.Fault, c.portal.ClearFaults)
}

// postClock moves the business clock: {"advance":"120h"}.
func (c controls) postClock(r *http.Request) (any, error) {
	var in struct {
		Advance string `json:"advance"`
	}
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	if err := c.portal.Advance(in.Advance); err != nil {
		return nil, err
	}
	return fields{"now": c.now()}, nil
}

// expireTokens makes all access tokens expire.
func (c controls) expireTokens(*http.Request) (any, error) {
	c.portal.ExpireTokens()
	return ok, nil
}

// postStage moves a deal as the signed-in user: {"stageId":"C9:WON"}.
func (c controls) postStage(r *http.Request) (any, error) {
	var in struct {
		StageID string `json:"stageId"`
	}
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	return ok, c.portal.Move(c.portal.SignedIn(r), bitrix24test.Deal, pathID(r), in.StageID)
}

// postItem edits an item as the signed-in user: {"fields":{...}}.
func (c controls) postItem(r *http.Request) (any, error) {
	var in struct {
		Fields fields `json:"fields"`
	}
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	return ok, c.portal.Change(c.portal.SignedIn(r), int(php.Integer(r.PathValue("type"))), pathID(r), in.Fields)
}

// postSwitches changes settings of the portal: {"mail":false,"events":true,"priceDigits":8,"presets":[21,17,35]}. Omitted settings stay.
// presets are the ids of the presets of a company, a sole proprietor and a person.
func (c controls) postSwitches(r *http.Request) (any, error) {
	var in struct {
		Mail        *bool     `json:"mail"`
		Events      *bool     `json:"events"`
		PriceDigits *int      `json:"priceDigits"`
		Presets     *[3]int64 `json:"presets"`
	}
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	p := c.portal
	if in.PriceDigits != nil {
		if err := p.SetPriceDigits(*in.PriceDigits); err != nil {
			return nil, err
		}
	}
	if in.Presets != nil {
		p.RenumberPresets(in.Presets[0], in.Presets[1], in.Presets[2])
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
	return fields{"mail": p.MailConnected(), "events": !p.EventsDropped(), "priceDigits": p.PriceDigits(), "presets": presets}, nil
}

// postTask completes, renews or deletes a task as the signed-in user does on its page.
func (c controls) postTask(r *http.Request) (any, error) {
	found := false
	switch what := r.PathValue("what"); what {
	case "complete", "renew":
		found = c.portal.CompleteTask(c.portal.SignedIn(r), pathID(r), what == "complete")
	case "delete":
		found = c.portal.DeleteTask(c.portal.SignedIn(r), pathID(r))
	}
	if !found {
		return nil, errNotFound
	}
	return ok, nil
}

// postLose deletes what the app has created: {"handlers":true,"place":"LEFT_MENU","type":1038,"stage":"DT1038_1:ACTS_ANNULLED","entity":"CRM_DEAL","field":"UF_CRM_DEAL_ACTS_EXCHANGE"}.
func (c controls) postLose(r *http.Request) (any, error) {
	var in struct {
		Handlers             bool
		Place, Entity, Field string
		Type                 int
		Stage                string
	}
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	if in.Handlers {
		c.portal.DropHandlers()
	}
	if in.Place != "" {
		c.portal.DropPlacements(in.Place)
	}
	if in.Stage != "" {
		c.portal.DropStage(in.Type, in.Stage)
	}
	if in.Field != "" {
		c.portal.DropUserField(in.Entity, in.Field)
	}
	return ok, nil
}
