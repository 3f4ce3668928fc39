package main

import "acts24/integrations/bitrix24/bitrix24test/contract"

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/integrations/bitrix24/bitrix24test/control"
)

// portalLink is a link to an external page, such as the SBIS account.
type portalLink struct{ Title, URL string }

// portalPages serves the pages of the fake portal for people.
type portalPages struct {
	portal *bitrix24test.Portal
	code   string
	links  []portalLink
}

// newPortalPages returns the handler of the portal's pages; appCode is the app's code in URLs.
func newPortalPages(portal *bitrix24test.Portal, appCode string, links ...portalLink) http.Handler {
	s := &portalPages{portal: portal, code: appCode, links: links}
	marketplace, mail, sandbox, rules := marketplacePages{s}, mailPages{s}, switchPages{s}, automationPages{s}
	mux := http.NewServeMux()
	for pattern, page := range map[string]http.HandlerFunc{
		"GET /{$}":                                             s.home,
		"GET /crm/deal/list/":                                  s.dealList,
		"GET /crm/deal/kanban/":                                s.dealKanban,
		"GET /crm/deal/details/{id}/":                          s.dealCard,
		"GET /crm/deal/automation/{category}/":                 rules.settings,
		"GET /crm/company/list/":                               s.companyList,
		"GET /crm/company/details/{id}/":                       s.companyCard,
		"GET /crm/contact/list/":                               s.contactList,
		"GET /crm/contact/details/{id}/":                       s.contactCard,
		"GET /crm/type/{type}/list/":                           s.itemList,
		"GET /crm/type/{type}/kanban/":                         s.itemKanban,
		"GET /crm/type/{type}/details/{id}/":                   s.itemCard,
		"GET /marketplace/{$}":                                 marketplace.market,
		"GET /marketplace/app/{app}/":                          marketplace.appPage,
		"GET /marketplace/view/{code}/":                        marketplace.appView,
		"GET /marketplace/install/{code}/":                     marketplace.installPage,
		"GET /online/":                                         s.notifications,
		"GET /mail/{$}":                                        mail.mailbox,
		"GET /mail/{id}/":                                      mail.letter,
		"GET /mail/{id}/files/{file}/":                         mail.attachment,
		"GET /crm/bin/":                                        s.bin,
		"GET /sandbox/":                                        sandbox.switches,
		"GET /company/personal/user/{id}/{$}":                  s.person,
		"GET /company/personal/user/{id}/tasks/{$}":            s.tasks,
		"GET /company/personal/user/{id}/tasks/task/view/{n}/": s.task,
		"GET /bitrix/services/main/ajax.php":                   s.file,

		"GET /_portal/frame/{sid}":            s.frameData,
		"POST /_portal/frame/{sid}/refresh":   s.frameRefresh,
		"POST /_portal/frame/{sid}/installed": s.frameInstalled,
		"GET /_portal/people":                 s.people,
		"POST /_portal/user":                  s.switchUser,
		"POST /_portal/move":                  s.move,
		"POST /_portal/edit":                  s.edit,
		"POST /_portal/rows":                  s.saveRows,
		"POST /_portal/create":                s.create,
		"POST /_portal/delete":                s.remove,
		"POST /_portal/restore":               s.restore,
		"POST /_portal/task":                  s.finishTask,
		"POST /_portal/task/delete":           s.removeTask,
		"POST /_portal/switch":                sandbox.change,
		"POST /_portal/read":                  s.readNotifications,
		"POST /_portal/clock":                 sandbox.moveClock,
		"POST /_portal/uninstall":             s.uninstall,
		"POST /_portal/automation/attach":     rules.attach,
		"POST /_portal/automation/detach":     rules.detach,

		"GET /_portal/assets/{name}": portalAsset,
		"GET /api/v1/{$}":            portalScript,
	} {
		mux.HandleFunc(pattern, page)
	}
	root := http.NewServeMux()
	root.Handle("/_sandbox/", control.Handler(portal))
	root.Handle("/", s.rememberUser(mux))
	return root
}

const userCookie = "portal_user"

// rememberUser stores the user of ?as= in a cookie, so that the links of the page keep that user.
func (s *portalPages) rememberUser(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if id, err := strconv.ParseInt(r.URL.Query().Get("as"), 10, 64); err == nil && r.Method == http.MethodGet {
			s.setUser(w, id)
		}
		next.ServeHTTP(w, r)
	})
}

func (s *portalPages) setUser(w http.ResponseWriter, id int64) {
	if _, ok := s.portal.User(id); ok {
		http.SetCookie(w, &http.Cookie{
			Name: userCookie, Value: strconv.FormatInt(id, 10), Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode,
		})
	}
}

// show sends a page.
func (s *portalPages) show(w http.ResponseWriter, r *http.Request, status int, page templ.Component) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = page.Render(r.Context(), w)
}

func (s *portalPages) missing(w http.ResponseWriter, r *http.Request, what string) {
	s.show(w, r, http.StatusNotFound, portalMessage(s.shell(r, "Не найдено"), what))
}

func (s *portalPages) home(w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, "/crm/deal/kanban/", http.StatusFound)
}

func pathNumber(r *http.Request, name string) int64 {
	n, err := strconv.ParseInt(r.PathValue(name), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// back redirects to the page that sent the form, within this portal only; an error is passed in the URL.
func (s *portalPages) back(w http.ResponseWriter, r *http.Request, problem error) {
	if r.Header.Get("Accept") == "application/json" {
		answerAction(w, problem)
		return
	}
	to := "/"
	if u, err := url.Parse(r.Header.Get("Referer")); err == nil && u.Path != "" {
		query := u.Query()
		query.Del("problem")
		query.Del("edit")
		if problem != nil {
			query.Set("problem", problemText(problem))
		}
		to = (&url.URL{Path: u.Path, RawQuery: query.Encode()}).String()
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// problemText returns the message of an error without its code.
func problemText(err error) string {
	var refusal *contract.Error
	if errors.As(err, &refusal) {
		return refusal.Text
	}
	return err.Error()
}
