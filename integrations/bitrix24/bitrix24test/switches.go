package bitrix24test

import (
	"encoding/json"
	"net/http"
)

// postSwitches turns mail and events on and off: {"mail":false,"events":true}; what is not named stays.
func (p *Portal) postSwitches(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Mail   *bool `json:"mail"`
		Events *bool `json:"events"`
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		writeProblem(w, err)
		return
	}
	if in.Mail != nil {
		p.ConnectMail(*in.Mail)
	}
	if in.Events != nil {
		p.DropEvents(!*in.Events)
	}
	writeAny(w, Fields{"mail": p.MailConnected(), "events": !p.EventsDropped()})
}

// postTask does with a task what the signed-in person does on its page: complete, renew or delete.
func (p *Portal) postTask(w http.ResponseWriter, r *http.Request, id int64, what string) {
	found := false
	switch what {
	case "complete", "renew":
		found = p.CompleteTask(p.signedIn(r), id, what == "complete")
	case "delete":
		found = p.DeleteTask(p.signedIn(r), id)
	}
	if !found {
		http.NotFound(w, r)
		return
	}
	writeAny(w, Fields{"ok": true})
}
