package workflow

import (
	"fmt"
	"net/url"

	"acts24/acts"
	"acts24/store"
)

// AppLink returns the address of the act's page inside the portal.
func AppLink(p store.Portal, id acts.ActID) string {
	return fmt.Sprintf("/marketplace/view/%s/?params[actId]=%d", p.AppCode, id)
}

// NoticeTag returns the tag of a notice in the portal: the notification of a later state replaces that of an earlier one.
func NoticeTag(notice int64) string { return fmt.Sprintf("acts24|notice|%d", notice) }

// PageLink returns the link from a notification to one of our pages.
func PageLink(p store.Portal, page string) string {
	return fmt.Sprintf("/marketplace/view/%s/?params[page]=%s", p.AppCode, page)
}

// IsOperatorLink reports whether a link of SBIS is safe to show or to send; http is only for a fake of SBIS on this machine.
func IsOperatorLink(link string) bool {
	u, err := url.Parse(link)
	return err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http" && u.Hostname() == "127.0.0.1")
}
