package handlers

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/gorilla/sessions"

	"acts24/acts"
	"acts24/store"
	"acts24/workflow"
)

// Visit is who asks, proven.
type Visit = workflow.Visit

// visitHeader carries the visit where the browser refuses our cookie.
const visitHeader = "X-Acts-Visit"

// errNoVisit asks the browser to prove its user anew.
var errNoVisit = errors.New("no visit")

// cookies keep the secret of a visit in the browser, sealed and signed.
type cookies struct{ *sessions.CookieStore }

func newCookies(cfg Config) *cookies {
	kept := sessions.NewCookieStore(cfg.SessionKeys...)
	kept.Options = &sessions.Options{Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteNoneMode, Partitioned: true,
		MaxAge: int(cfg.Visit.Seconds())}
	kept.MaxAge(int(cfg.Visit.Seconds()))
	return &cookies{kept}
}

// cookieName carries the portal: all portals of one domain share a cookie partition.
func cookieName(portal acts.PortalID) string { return fmt.Sprintf("__Host-acts-%d", portal) }

// keepVisit gives the browser the cookie of a new visit; a cookie that came along is not read.
func (s *Server) keepVisit(w http.ResponseWriter, r *http.Request, portal acts.PortalID, id string) error {
	session := sessions.NewSession(s.cookies, cookieName(portal))
	options := *s.cookies.Options
	session.Options, session.IsNew = &options, true
	session.Values["visit"] = id
	return session.Save(r, w)
}

// visitOf finds the visit of the portal in the address. The path only selects which session is read;
// the session is the tenant.
func (s *Server) visitOf(r *http.Request) (Visit, error) {
	portal, err := strconv.ParseInt(r.PathValue("portal"), 10, 64)
	if err != nil || portal <= 0 {
		return Visit{}, acts.Errorf(acts.NotFound, "Такой страницы нет.")
	}
	id := r.Header.Get(visitHeader)
	if id == "" {
		session, err := s.cookies.Get(r, cookieName(acts.PortalID(portal)))
		if err != nil { // forged, or older than its keys
			return Visit{}, errNoVisit
		}
		id, _ = session.Values["visit"].(string)
	}
	if id == "" || len(id) > 64 {
		return Visit{}, errNoVisit
	}
	v, err := s.db.VisitByID(r.Context(), acts.PortalID(portal), id)
	if errors.Is(err, acts.NotFound) || err == nil && v.State == store.Frozen {
		return Visit{}, errNoVisit
	}
	if err != nil {
		return Visit{}, fmt.Errorf("visit: %w", err)
	}
	return Visit{Visit: v, ID: id}, nil
}

// allow refuses a visitor without the right that the route asks for, and one who may not see what its address names.
func (s *Server) allow(r *http.Request, v Visit, rt route) error {
	if err := s.service.Must(r.Context(), v, rights[rt.proof]); err != nil {
		return err
	}
	if strings.Contains(rt.pattern, "/{act}") {
		act, err := pathID[acts.ActID](r, "act")
		if err != nil {
			return err
		}
		return s.service.MustSeeAct(r.Context(), v, act)
	}
	if strings.Contains(rt.pattern, "/{deal}") {
		deal, err := pathID[acts.DealID](r, "deal")
		if err != nil {
			return err
		}
		return s.service.MustSeeDeal(r.Context(), v, deal)
	}
	return nil
}

// withNews takes what repairs have made along to a page that an administrator reads, once.
func (s *Server) withNews(r *http.Request, v Visit) (Visit, error) {
	if !v.Admin || !v.Restored || r.Method != http.MethodGet {
		return v, nil
	}
	var err error
	v.News, err = s.service.Restored(r.Context(), v)
	return v, err
}

// Route is a line of the table for who reads it outside: what it matches, how it is proven, and the right that it asks for.
type Route struct {
	Pattern string
	Proof   string
	Right   acts.Right // "" where no visit is needed
}

// Routes are all addresses of the program.
func Routes() []Route {
	var list []Route
	for _, r := range new(Server).routes() {
		list = append(list, Route{Pattern: r.pattern, Proof: string(r.proof), Right: rights[r.proof]})
	}
	return list
}
