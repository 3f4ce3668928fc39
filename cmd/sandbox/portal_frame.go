package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"acts24/integrations/bitrix24/bitrix24test"
)

// portalFrame is the app inside a page: the form that opens it and its frame.
type portalFrame struct {
	SID    string
	Name   string // host|1|APP_SID
	Action string
	Origin string
	Inputs []portalInput
	Full   bool   // fills the page instead of growing with its content
	App    bool   // the app's own page, not a placement
	Page   string // the app's own page
}

// portalInput is a hidden input.
type portalInput struct{ Name, Value string }

// appAddress returns the path of the app's own page. It contains a number; only links contain the app's code.
func appAddress() string { return fmt.Sprintf("/marketplace/app/%d/", bitrix24test.AppID) }

// frameOf returns the frame for a placement call.
func (s *portalPages) frameOf(o bitrix24test.PlacementCall) *portalFrame {
	f := &portalFrame{Page: appAddress(), SID: o.SID, Name: o.Window, Action: o.URL, App: o.Placement == "DEFAULT"}
	if u, err := url.Parse(o.URL); err == nil {
		f.Origin = u.Scheme + "://" + u.Host
	}
	for name := range o.Form {
		f.Inputs = append(f.Inputs, portalInput{name, o.Form.Get(name)})
	}
	slices.SortFunc(f.Inputs, func(a, b portalInput) int { return strings.Compare(a.Name, b.Name) })
	return f
}

// tabFrame returns the frame of a placement in the card of a record.
func (s *portalPages) tabFrame(r *http.Request, p bitrix24test.Placement, id int64) *portalFrame {
	options := bitrix24test.Fields{"ID": strconv.FormatInt(id, 10), "URI": r.URL.RequestURI()}
	return s.frameOf(s.portal.Open(s.portal.SignedIn(r), p.Code, p.Handler, options))
}

// frameData answers getInitData calls of a frame.
func (s *portalPages) frameData(w http.ResponseWriter, r *http.Request) {
	o, ok := s.portal.PlacementCall(r.PathValue("sid"))
	if !ok {
		http.NotFound(w, r)
		return
	}
	answerJSON(w, http.StatusOK, s.portal.InitData(o))
}

// frameRefresh answers refreshAuth calls of a frame.
func (s *portalPages) frameRefresh(w http.ResponseWriter, r *http.Request) {
	o, ok := s.portal.PlacementCall(r.PathValue("sid"))
	if !ok {
		http.NotFound(w, r)
		return
	}
	o, _ = s.portal.RefreshCall(o.SID)
	answerJSON(w, http.StatusOK, bitrix24test.Fields{"AUTH_ID": o.Pair.Access, "AUTH_EXPIRES": 3600, "REFRESH_ID": o.Pair.Refresh})
}

// frameInstalled handles setInstallFinish: only an administrator's frame on the app's own page finishes the installation.
func (s *portalPages) frameInstalled(w http.ResponseWriter, r *http.Request) {
	o, ok := s.portal.PlacementCall(r.PathValue("sid"))
	user, _ := s.portal.User(o.User)
	if !ok || !user.Admin || o.Placement != "DEFAULT" {
		http.NotFound(w, r)
		return
	}
	done := r.URL.Query().Get("value") != "false"
	s.portal.FinishInstall(done)
	answerJSON(w, http.StatusOK, bitrix24test.Fields{"to": appAddress() + "?install_finished=" + map[bool]string{true: "Y", false: "N"}[done]})
}

// people returns the users for the portal's dialog for choosing employees.
func (s *portalPages) people(w http.ResponseWriter, _ *http.Request) {
	out := []bitrix24test.Fields{}
	for _, u := range s.portal.Users() {
		if u.Active {
			out = append(out, bitrix24test.Fields{
				"id": strconv.FormatInt(u.ID, 10), "name": u.FullName(), "position": u.Position, "photo": "",
				"url": "/company/personal/user/" + strconv.FormatInt(u.ID, 10) + "/", "sub": false, "sup": false,
			})
		}
	}
	answerJSON(w, http.StatusOK, out)
}

func answerJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

// answerAction sends the result of an action to a script.
func answerAction(w http.ResponseWriter, problem error) {
	if problem != nil {
		answerJSON(w, http.StatusUnprocessableEntity, bitrix24test.Fields{"error": problemText(problem)})
		return
	}
	answerJSON(w, http.StatusOK, bitrix24test.Fields{"ok": true})
}
