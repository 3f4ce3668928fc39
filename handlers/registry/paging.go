package registry

import (
	"encoding/base64"
	"net/url"
	"strconv"
	"strings"
	"time"

	"acts24/acts"
	"acts24/handlers/web"
	"acts24/store/list"
	"acts24/views"
)

func address(page string, q url.Values) string {
	if len(q) == 0 {
		return page
	}
	return page + "?" + q.Encode()
}

// sealKey encodes the position of a page for a portal.
func sealKey(k list.PageKey, portal acts.PortalID) string {
	return base64.RawURLEncoding.EncodeToString([]byte(web.ID(portal) + "." + views.InputDate(k.Day) + "." + web.ID(k.ID)))
}

// openKey decodes the position of a page; an invalid one or one of another portal is the first page.
func openKey(text string, portal acts.PortalID) list.PageKey {
	plain, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(plain) > 64 {
		return list.PageKey{}
	}
	of, rest, _ := strings.Cut(string(plain), ".")
	written, number, _ := strings.Cut(rest, ".")
	day, err := time.Parse(time.DateOnly, written)
	n, wrong := strconv.ParseInt(number, 10, 64)
	if err != nil || wrong != nil || n <= 0 || day.Year() < 1 || of != web.ID(portal) {
		return list.PageKey{}
	}
	return list.PageKey{Day: day, ID: acts.ActID(n)}
}

// sealDealKey encodes the position of a page of deals for a portal.
func sealDealKey(k list.DealKey, portal acts.PortalID) string {
	return sealKey(list.PageKey{Day: k.Day, ID: acts.ActID(k.ID)}, portal)
}

// openDealKey decodes the position of a page of deals.
func openDealKey(text string, portal acts.PortalID) list.DealKey {
	k := openKey(text, portal)
	return list.DealKey{Day: k.Day, ID: acts.DealID(k.ID)}
}

// cappedCount returns a count, «100+» where counting stopped.
func cappedCount(n int) string {
	if n > list.MaxCounted {
		return strconv.Itoa(list.MaxCounted) + "+"
	}
	return strconv.Itoa(n)
}
