package web

import (
	"time"

	"acts24/acts"
	"acts24/store"
	"acts24/views"
	"acts24/workflow"
)

// DayOf is the day of a moment in its own zone, as midnight of UTC.
func DayOf(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

// Zone returns the time zone of the portal.
func Zone(v Visit) *time.Location { return workflow.ZoneOf(v.Zone) }

// Options are the choices of a field, given as pairs of value and label.
func Options(chosen string, pairs ...string) []views.Option {
	var list []views.Option
	for i := 0; i+1 < len(pairs); i += 2 {
		list = append(list, views.Option{Value: pairs[i], Label: pairs[i+1], Chosen: pairs[i] == chosen})
	}
	return list
}

// OwnOptions are our companies as choices of a field.
func OwnOptions(own []store.OwnCompany, chosen acts.CompanyID) []views.Option {
	var list []views.Option
	for _, c := range own {
		list = append(list, views.Option{Value: ID(c.ID), Label: OwnName(own, c), Chosen: c.ID == chosen})
	}
	return list
}

// OwnName returns the name of our company, or its requisites if another one has the same name.
func OwnName(own []store.OwnCompany, c store.OwnCompany) string {
	for _, other := range own {
		if other.ID != c.ID && other.Party.Name == c.Party.Name {
			return c.Party.Requisites()
		}
	}
	return c.Party.Name
}

// Money formats a sum in roubles.
func Money(k acts.Kopecks) string { return views.Money(k.String()) }
