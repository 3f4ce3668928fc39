package handlers

import (
	"net/http"
	"strconv"
	"time"

	"acts24/acts"
	"acts24/store"
	"acts24/views"
	"acts24/workflow"
)

// pathID reads a positive number out of the address.
func pathID[T ~int64](r *http.Request, name string) (T, error) {
	id, err := strconv.ParseInt(r.PathValue(name), 10, 64)
	if err != nil || id < 0 {
		return 0, acts.Errorf(acts.NotFound, "Такой страницы нет.")
	}
	return T(id), nil
}

func id[T ~int64](n T) string { return strconv.FormatInt(int64(n), 10) }

func base(v Visit) string { return "/p/" + id(v.Portal) }

func frameOf(v Visit, title string) views.Frame {
	return views.Frame{Title: title, Base: base(v), Origin: v.Origin, Admin: v.May(acts.Administer), ReadOnly: v.May(acts.See) && !v.May(acts.Work),
		Restored: v.News, Repairing: v.Admin && v.Repairing}
}

// zoneOf is the zone of the portal.
func zoneOf(v Visit) *time.Location { return workflow.ZoneOf(v.Zone) }

// portalLink leads to a card of the CRM, in the portal's slider where there is one.
func portalLink(v Visit, text, path string) views.Link {
	return views.Link{Text: text, Path: path, Href: v.Origin + path}
}

func dealLink(v Visit, deal acts.DealID, title string) views.Link {
	return portalLink(v, title, "/crm/deal/details/"+id(deal)+"/")
}

// card leads from the short links of a list to a card of the portal; where scripts run they have made whole links of them.
func (s *Server) card(kind string) func(http.ResponseWriter, *http.Request, Visit) error {
	return func(w http.ResponseWriter, r *http.Request, v Visit) error {
		n, err := pathID[int64](r, "id")
		if err != nil {
			return err
		}
		http.Redirect(w, r, v.Origin+"/crm/"+kind+"/details/"+id(n)+"/", http.StatusSeeOther)
		return nil
	}
}

// buyerLink leads to the card where the requisites of a deal's counterparty are kept.
func buyerLink(v Visit, company acts.CompanyID, contact acts.ContactID, deal acts.DealID) views.Link {
	switch {
	case company != 0:
		return portalLink(v, "Открыть карточку компании", "/crm/company/details/"+id(company)+"/")
	case contact != 0:
		return portalLink(v, "Открыть карточку контакта", "/crm/contact/details/"+id(contact)+"/")
	}
	return dealLink(v, deal, "Открыть сделку")
}

// foreign reports whether the deal is in another currency than its acts.
func foreign(d store.Deal) bool { return d.Currency != "" && d.Currency != "RUB" }

// live reports whether the script only looks again at what is on its way.
func live(r *http.Request) bool { return r.Header.Get("X-Acts-Live") != "" }

func options(chosen string, pairs ...string) []views.Option {
	var list []views.Option
	for i := 0; i+1 < len(pairs); i += 2 {
		list = append(list, views.Option{Value: pairs[i], Label: pairs[i+1], Chosen: pairs[i] == chosen})
	}
	return list
}

func ownOptions(own []store.OwnCompany, chosen acts.CompanyID) []views.Option {
	var list []views.Option
	for _, c := range own {
		list = append(list, views.Option{Value: id(c.ID), Label: c.Party.Name, Chosen: c.ID == chosen})
	}
	return list
}
