package bitrix24test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// Placement is a spot where the app is embedded.
type Placement struct {
	ID          int64  `json:"id"`
	Code        string `json:"code"`
	Handler     string `json:"handler"`
	Title       string `json:"title"`
	Description string `json:"description"`
	Group       string `json:"group"`
	Langs       Fields `json:"langs"`
	User        int64  `json:"user"`
}

var placementCodes = []string{
	"LEFT_MENU", "REST_APP_URI", "PAGE_BACKGROUND_WORKER", "CRM_DEAL_DETAIL_TAB", "CRM_CONTACT_DETAIL_TAB",
	"CRM_COMPANY_DETAIL_TAB", "CRM_LEAD_DETAIL_TAB", "CRM_DEAL_LIST_TOOLBAR", "CRM_DEAL_LIST_MENU",
	"CRM_DEAL_DETAIL_TOOLBAR", "CRM_COMPANY_DETAIL_TOOLBAR", "CRM_CONTACT_DETAIL_TOOLBAR",
	"CRM_DEAL_DOCUMENTGENERATOR_BUTTON", "CRM_DEAL_ROBOT_DESIGNER_TOOLBAR", "CRM_ANALYTICS_MENU",
}

// codes lists the spots of this portal; smart processes have their own.
func (s *state) codes() []string {
	out := slices.Clone(placementCodes)
	for _, t := range s.Types {
		for _, spot := range []string{"DETAIL_TAB", "LIST_TOOLBAR", "DETAIL_TOOLBAR", "LIST_MENU"} {
			out = append(out, fmt.Sprintf("CRM_DYNAMIC_%d_%s", t.EntityTypeID, spot))
		}
	}
	return out
}

func placementList(c *call) (any, error) {
	var out []any
	for _, code := range c.st.codes() {
		if text(c.p["SCOPE"]) != "crm" || strings.HasPrefix(code, "CRM_") {
			out = append(out, code)
		}
	}
	return out, nil
}

func placementBind(c *call) (any, error) {
	code, handler := strings.ToUpper(text(c.p["PLACEMENT"])), text(c.p["HANDLER"])
	if !slices.Contains(c.st.codes(), code) {
		return nil, bad("ERROR_PLACEMENT_NOT_FOUND", "Placement not found")
	}
	if err := checkHandler(handler); err != nil {
		return nil, err
	}
	for _, p := range c.st.Placements {
		switch {
		case p.Code != code:
		case p.Handler == handler:
			return nil, bad("ERROR_CORE", "Unable to set placement handler: Handler already binded")
		case code == "REST_APP_URI" || code == "PAGE_BACKGROUND_WORKER":
			return nil, bad("ERROR_PLACEMENT_MAX_COUNT", "Placement handlers limit exceeded")
		}
	}
	langs := fields(c.p["LANG_ALL"])
	p := &Placement{
		ID: c.st.next("placement"), Code: code, Handler: handler, Langs: langs, User: integer(c.p["USER_ID"]),
		Title: text(c.p["TITLE"]), Description: text(c.p["DESCRIPTION"]), Group: text(c.p["GROUP_NAME"]),
	}
	if p.Title == "" {
		p.Title = text(fields(langs["ru"])["TITLE"])
	}
	if p.Title == "" {
		p.Title = c.cloud.App().Name
	}
	c.st.Placements = append(c.st.Placements, p)
	return true, nil
}

// checkHandler wants an address that a browser can open.
func checkHandler(handler string) error {
	u, err := url.Parse(handler)
	switch {
	case err != nil || u.Host == "":
		return bad("ERROR_WRONG_HANDLER_URL", "Wrong handler URL")
	case u.Scheme != "http" && u.Scheme != "https":
		return bad("ERROR_UNSUPPORTED_PROTOCOL", "Unsupported protocol")
	}
	return nil
}

func placementGet(c *call) (any, error) {
	out := []any{}
	for _, p := range c.st.Placements {
		langs := p.Langs
		if len(langs) == 0 {
			langs = Fields{"ru": Fields{"TITLE": p.Title, "DESCRIPTION": p.Description, "GROUP_NAME": p.Group}}
		}
		out = append(out, Fields{
			"placement": p.Code, "userId": p.User, "handler": p.Handler, "options": []any{}, "title": p.Title,
			"description": p.Description, "langAll": langs,
		})
	}
	return out, nil
}

// placementUnbind counts every row twice, once found and once deleted, as the real one does.
func placementUnbind(c *call) (any, error) {
	code, handler := strings.ToUpper(text(c.p["PLACEMENT"])), text(c.p["HANDLER"])
	before := len(c.st.Placements)
	c.st.Placements = slices.DeleteFunc(c.st.Placements, func(p *Placement) bool {
		return (code == "" || p.Code == code) && (handler == "" || p.Handler == handler)
	})
	return Fields{"count": 2 * (before - len(c.st.Placements))}, nil
}

// Placements lists what people can see at a spot: nothing before the install is finished.
func (p *Portal) Placements(code string, user int64) []Placement {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []Placement
	u := p.user(user)
	for _, pl := range p.st.Placements {
		if p.st.App.Installed && pl.Code == code && u != nil && !u.NoApp && (pl.User == 0 || pl.User == user) {
			out = append(out, *pl)
		}
	}
	return out
}
