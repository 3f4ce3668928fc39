package main

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"acts24/integrations/bitrix24/bitrix24test"
)

// portalFrame is the app inside a page: the form that opens it and the frame it opens in.
type portalFrame struct {
	SID    string
	Name   string // host|1|APP_SID
	Action string
	Origin string
	Inputs []portalInput
	Full   bool   // fills the page instead of growing with its content
	App    bool   // the app's own page, not a placement
	Code   string // the app's code in addresses
}

// portalInput is a hidden input.
type portalInput struct{ Name, Value string }

// frameOf prepares the frame of an opening.
func (s *portalPages) frameOf(o bitrix24test.Opening) *portalFrame {
	f := &portalFrame{Code: s.code, SID: o.SID, Name: o.Window, Action: o.URL, App: o.Placement == "DEFAULT"}
	if u, err := url.Parse(o.URL); err == nil {
		f.Origin = u.Scheme + "://" + u.Host
	}
	for name := range o.Form {
		f.Inputs = append(f.Inputs, portalInput{name, o.Form.Get(name)})
	}
	slices.SortFunc(f.Inputs, func(a, b portalInput) int { return strings.Compare(a.Name, b.Name) })
	return f
}

// tabFrame opens a placement on the card of a record.
func (s *portalPages) tabFrame(r *http.Request, p bitrix24test.Placement, id int64) *portalFrame {
	options := bitrix24test.Fields{"ID": strconv.FormatInt(id, 10), "URI": r.URL.RequestURI()}
	return s.frameOf(s.portal.Open(s.portal.SignedIn(r), p.Code, p.Handler, options))
}

// frameData answers getInitData of the frame.
func (s *portalPages) frameData(w http.ResponseWriter, r *http.Request) {
	o, ok := s.portal.Opening(r.PathValue("sid"))
	if !ok {
		http.NotFound(w, r)
		return
	}
	answerJSON(w, http.StatusOK, s.portal.InitData(o))
}

// frameRefresh answers refreshAuth of the frame.
func (s *portalPages) frameRefresh(w http.ResponseWriter, r *http.Request) {
	o, ok := s.portal.Opening(r.PathValue("sid"))
	if !ok {
		http.NotFound(w, r)
		return
	}
	o, _ = s.portal.RefreshOpening(o.SID)
	answerJSON(w, http.StatusOK, bitrix24test.Fields{"AUTH_ID": o.Pair.Access, "AUTH_EXPIRES": 3600, "REFRESH_ID": o.Pair.Refresh})
}

// frameInstalled is setInstallFinish: only an administrator's frame on the app's own page ends the install.
func (s *portalPages) frameInstalled(w http.ResponseWriter, r *http.Request) {
	o, ok := s.portal.Opening(r.PathValue("sid"))
	user, _ := s.portal.User(o.User)
	if !ok || !user.Admin || o.Placement != "DEFAULT" {
		http.NotFound(w, r)
		return
	}
	done := r.URL.Query().Get("value") != "false"
	s.portal.FinishInstall(done)
	answerJSON(w, http.StatusOK, bitrix24test.Fields{"to": "/marketplace/app/" + s.code + "/?install_finished=" + map[bool]string{true: "Y", false: "N"}[done]})
}

// people feeds the portal's own picker.
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

// answerAction tells a script whether a person's action was done.
func answerAction(w http.ResponseWriter, problem error) {
	if problem != nil {
		answerJSON(w, http.StatusUnprocessableEntity, bitrix24test.Fields{"error": problemText(problem)})
		return
	}
	answerJSON(w, http.StatusOK, bitrix24test.Fields{"ok": true})
}
