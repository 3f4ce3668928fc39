package main

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"acts24/cmd/app/apptest"
)

// administrator returns the administrator of a portal with a browser.
func (h *harness) administrator(portal int) *apptest.Visitor {
	p := h.world.Portals[portal]
	return apptest.NewVisitor(p, p.Admin(), h.balancer.url())
}

// settingsPages are the settings pages of a portal, which its administrator has open.
type settingsPages struct {
	admin *apptest.Visitor
	base  string // path before /settings
}

// openSettings opens the app as the administrator of a portal.
func (h *harness) openSettings(portal int) (settingsPages, error) {
	admin := h.administrator(portal)
	page, err := admin.Open("LEFT_MENU", "/placement/menu", 0)
	if err != nil {
		return settingsPages{}, fmt.Errorf("open the app: %w", err)
	}
	return settingsPages{admin, strings.TrimSuffix(page.Path, "/acts")}, nil
}

// post posts a form of the settings; path begins after /settings.
func (s settingsPages) post(path string, form url.Values) error {
	page, err := s.admin.Post(s.base+"/settings"+path, form)
	if err != nil {
		return fmt.Errorf("post %s: %w", path, err)
	}
	if page.Status != http.StatusOK {
		return fmt.Errorf("post %s: status %d: %s", path, page.Status, alertOf(page.Body))
	}
	return nil
}
