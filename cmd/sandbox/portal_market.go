package main

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/integrations/bitrix24/bitrix24test/php"
)

// portalAppView is a page that contains only the app.
type portalAppView struct {
	portalShell
	Heading string
	Frame   *portalFrame
}

// marketplacePages serves the marketplace, where the app is installed, and the frame of the whole app.
type marketplacePages struct{ *portalPages }

func (s marketplacePages) market(w http.ResponseWriter, r *http.Request) {
	s.show(w, r, http.StatusOK, portalMarket(s.shell(r, "Маркет"), s.appName(), s.code, s.portal.Installed()))
}

// appPage shows the app as opened from the left menu, or the app's own page.
func (s marketplacePages) appPage(w http.ResponseWriter, r *http.Request) {
	if app := r.PathValue("app"); app != fmt.Sprint(bitrix24test.AppID) {
		s.missing(w, r, "Приложения с номером «"+app+"» нет.")
		return
	}
	if s.answerPoll(w, r) {
		return
	}
	me := s.portal.SignedIn(r)
	view := portalAppView{portalShell: s.shell(r, s.appName()), Heading: s.appName()}
	options := bitrix24test.Fields{"URI": r.URL.RequestURI()}
	place := number(r.URL.Query().Get("place"))
	if deal := r.URL.Query().Get("deal"); deal != "" {
		options["ID"] = deal
	}
	for _, code := range []string{"LEFT_MENU", "CRM_ANALYTICS_MENU", "CRM_DEAL_LIST_MENU"} {
		for _, p := range s.portal.Placements(code, me) {
			if place == p.ID {
				view.Heading, view.Title = p.Title, p.Title
				view.Frame = s.frameOf(s.portal.Open(me, p.Code, p.Handler, options))
			}
		}
	}
	switch {
	case view.Frame != nil:
	case !s.portal.Installed():
		http.Redirect(w, r, "/marketplace/install/"+s.code+"/", http.StatusFound)
		return
	default:
		view.Frame = s.frameOf(s.portal.OpenApp(me, linkParams(r)))
	}
	s.showApp(w, r, view)
}

// appView opens the app by a link from a notification: /marketplace/view/{code}/?params[actId]=42.
func (s marketplacePages) appView(w http.ResponseWriter, r *http.Request) {
	if !s.checkCode(w, r) || s.answerPoll(w, r) {
		return
	}
	me := s.portal.SignedIn(r)
	view := portalAppView{portalShell: s.shell(r, s.appName()), Heading: s.appName()}
	places := s.portal.Placements("REST_APP_URI", me)
	if len(places) == 0 {
		s.missing(w, r, "Приложение ещё не установлено.")
		return
	}
	options := linkParams(r)
	if from := r.Header.Get("Referer"); strings.HasPrefix(from, s.portal.URL()) {
		options["URI"] = strings.TrimPrefix(from, s.portal.URL())
	}
	view.Frame = s.frameOf(s.portal.Open(me, places[0].Code, places[0].Handler, options))
	s.showApp(w, r, view)
}

// showApp sends a page with the app in full width.
func (s marketplacePages) showApp(w http.ResponseWriter, r *http.Request, view portalAppView) {
	view.Frame.Full = true
	s.show(w, r, http.StatusOK, portalAppPage(view))
}

// linkParams parses params[k]=v; a malformed query has none.
func linkParams(r *http.Request) bitrix24test.Fields {
	query, err := php.ParseBrackets(r.URL.RawQuery)
	if err != nil {
		return bitrix24test.Fields{}
	}
	params, _ := query["params"].(bitrix24test.Fields)
	if params == nil {
		params = bitrix24test.Fields{}
		list, _ := query["params"].([]any)
		for i, v := range list {
			params[strconv.Itoa(i)] = v
		}
	}
	return params
}

// installPage shows the app's install page to an administrator until the app reports that it has finished;
// other users see a placeholder.
func (s marketplacePages) installPage(w http.ResponseWriter, r *http.Request) {
	if !s.checkCode(w, r) || s.answerPoll(w, r) {
		return
	}
	view := portalAppView{portalShell: s.shell(r, "Установка приложения"), Heading: "Установка: " + s.appName()}
	if s.portal.Installed() {
		s.show(w, r, http.StatusOK, portalInstalled(view, s.code))
		return
	}
	if !view.User.Admin {
		admin := s.portal.Admin()
		s.show(w, r, http.StatusOK, portalNotInstalled(view, s.userName(admin), fmt.Sprintf("/marketplace/install/%s/?as=%d", s.code, admin)))
		return
	}
	view.Frame = s.frameOf(s.portal.OpenApp(view.User.ID, nil))
	s.showApp(w, r, view)
}

// isPoll reports whether the request is a poll of a page, which must not open the app again.
func isPoll(r *http.Request) bool { return r.Header.Get("X-Portal-Live") != "" }

// answerPoll responds to a poll with the page without the app, and reports whether it did.
func (s marketplacePages) answerPoll(w http.ResponseWriter, r *http.Request) bool {
	if !isPoll(r) {
		return false
	}
	s.show(w, r, http.StatusOK, portalMessage(s.shell(r, s.appName()), ""))
	return true
}

// checkCode reports whether the URL has the code of our app, and answers with an error page when it has not.
func (s marketplacePages) checkCode(w http.ResponseWriter, r *http.Request) bool {
	if code := r.PathValue("code"); code != s.code {
		s.missing(w, r, "Приложение «"+code+"» не установлено.")
		return false
	}
	return true
}
