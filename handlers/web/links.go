package web

import (
	"net/http"
	"strconv"

	"acts24/acts"
	"acts24/acts/roles"
	"acts24/store/people"
	"acts24/views"
)

// PathID parses an id in the address.
func PathID[T ~int64](r *http.Request, name string) (T, error) {
	id, err := strconv.ParseInt(r.PathValue(name), 10, 64)
	if err != nil || id < 0 {
		return 0, acts.Errorf(acts.NotFound, "Такой страницы нет.")
	}
	return T(id), nil
}

// ID formats an id for URLs.
func ID[T ~int64](n T) string { return strconv.FormatInt(int64(n), 10) }

// Base is the beginning of the addresses of a visit: /p/{portal}.
func Base(v Visit) string { return PortalBase(v.Key) }

// PortalBase is the beginning of the addresses of the portal with the key.
func PortalBase(key string) string { return "/p/" + key }

// Frame is what every page of a visit has around its content.
func Frame(v Visit, title string) views.Frame {
	theme := ""
	if v.Theme != people.ThemeSystem {
		theme = string(v.Theme)
	}
	return views.Frame{Title: title, Theme: theme, Base: Base(v), Origin: v.Origin, Admin: v.May(roles.RightAdminister), ReadOnly: v.May(roles.RightView) && !v.May(roles.RightWork),
		OwnOnly: !v.Grouped && !v.Visibility.All(), Restored: v.RestoredParts, Repairing: v.Admin && v.Repairing}
}

// PortalLink returns a link to a page of the portal, which opens in its slider inside the frame.
func PortalLink(v Visit, text, path string) views.Link {
	return views.Link{Text: text, Path: path, Href: v.Origin + path}
}

// DealLink leads to the card of a deal.
func DealLink(v Visit, deal acts.DealID, title string) views.Link {
	return PortalLink(v, title, "/crm/deal/details/"+ID(deal)+"/")
}

// CompanyLink leads to the card of a company.
func CompanyLink(v Visit, company acts.CompanyID, title string) views.Link {
	return PortalLink(v, title, "/crm/company/details/"+ID(company)+"/")
}

// ContactLink leads to the card of a contact.
func ContactLink(v Visit, contact acts.ContactID, title string) views.Link {
	return PortalLink(v, title, "/crm/contact/details/"+ID(contact)+"/")
}

// BuyerLink returns a link to the card with the requisites of the counterparty.
func BuyerLink(v Visit, company acts.CompanyID, contact acts.ContactID, deal acts.DealID) views.Link {
	switch {
	case company != 0:
		return CompanyLink(v, company, "Открыть карточку компании")
	case contact != 0:
		return ContactLink(v, contact, "Открыть карточку контакта")
	}
	return DealLink(v, deal, "Открыть сделку")
}
