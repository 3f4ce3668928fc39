package handlers

import (
	"net/http"
	"net/url"
	"strconv"

	"acts24/acts"
	"acts24/store"
	"acts24/views"
)

// me shows what the visitor sets for himself.
func (s *Server) me(w http.ResponseWriter, r *http.Request, v Visit) error {
	wants, err := s.db.Scope(v.Portal).WantsDigest(r.Context(), v.User)
	if err != nil {
		return err
	}
	m := views.Me{Frame: frameOf(v, "Уведомления"), Digest: wants, Save: base(v) + "/me"}
	m.Menu, m.Here = true, "/me"
	if r.URL.Query().Get("done") != "" {
		m.Notice = "Сохранено."
	}
	return render(w, r, http.StatusOK, views.MePage(m))
}

func (s *Server) saveMe(w http.ResponseWriter, r *http.Request, v Visit) error {
	if err := r.ParseForm(); err != nil {
		return badForm(err)
	}
	if err := s.service.SetDigest(r.Context(), v, r.PostForm.Get("digest") != ""); err != nil {
		return err
	}
	http.Redirect(w, r, base(v)+"/me?done=1", http.StatusSeeOther)
	return nil
}

// named is the page of a portal that a notification leads to by its name, "" for a name that is none of ours.
func named(portal acts.PortalID, params map[string]string) string {
	var user acts.UserID
	if n, err := strconv.ParseInt(params["user"], 10, 64); err == nil && n > 0 {
		user = acts.UserID(n)
	}
	list := func(f store.ActFilter) string {
		f.Responsible = user
		return address("acts", query(f, ""))
	}
	page := ""
	switch name := params["page"]; acts.DigestLine(name) {
	case "me", "state":
		page = name
	case acts.LineOverdue:
		page = list(store.ActFilter{Overdue: true})
	case acts.LineRefused:
		page = list(store.ActFilter{Statuses: []acts.Status{acts.StatusRefused}})
	case acts.LineOurs:
		page = list(store.ActFilter{Statuses: []acts.Status{acts.Draft}, Conditions: store.Conditions{Delivery: string(acts.WaitingSignature)}})
	case acts.LineTheirs:
		page = list(store.ActFilter{Statuses: []acts.Status{acts.Sent, acts.AcceptedUnsigned}})
	case acts.LineLacking:
		if page = "deals"; user != 0 {
			page = address(page, url.Values{"responsible": {id(user)}})
		}
	default:
		return ""
	}
	return "/p/" + id(portal) + "/" + page
}
