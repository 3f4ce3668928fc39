package workflow

import (
	"fmt"

	"acts24/acts"
	"acts24/store"
)

// AppLink returns the address of the act's page inside the portal.
func AppLink(p store.Portal, id acts.ActID) string {
	return fmt.Sprintf("/marketplace/view/%s/?params[actId]=%d", p.AppCode, id)
}

// PageLink returns the link from a notification to one of our pages.
func PageLink(p store.Portal, page string) string {
	return fmt.Sprintf("/marketplace/view/%s/?params[page]=%s", p.AppCode, page)
}
