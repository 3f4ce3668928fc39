package registry

import (
	"net/url"
	"strconv"
	"time"

	"acts24/acts"
	"acts24/acts/workday"
	"acts24/handlers/web"
	"acts24/store"
	"acts24/store/list"
	"acts24/views"
)

// reportQuery is the parsed address of the report.
type reportQuery struct {
	filter list.ReportFilter
	faults map[string]string
	typed  map[string]string // dates with a fault
}

// readReportQuery parses the address of the report. Conditions that cannot be read become faults and do not narrow the report.
func readReportQuery(q url.Values) reportQuery {
	a := reportQuery{faults: map[string]string{}, typed: map[string]string{}}
	for name, into := range map[string]*time.Time{"from": &a.filter.From, "to": &a.filter.To} {
		if text := q.Get(name); text != "" {
			day, ok := workday.ParseTyped(text)
			if !ok {
				a.faults[name], a.typed[name] = workday.TypedHint, text
			}
			*into = day
		}
	}
	if f := a.filter; !f.From.IsZero() && !f.To.IsZero() && f.To.Before(f.From) {
		a.faults["to"], a.typed["to"] = "Конец периода раньше начала.", views.Date(f.To)
		a.filter.To = time.Time{}
	}
	if text := q.Get("own"); text != "" {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n <= 0 {
			a.faults["own"] = "Такой организации нет. Выберите её из списка."
		} else {
			a.filter.Own = acts.CompanyID(n)
		}
	}
	return a
}

// query returns the conditions as the form sends them.
func (a reportQuery) query() url.Values {
	return filterQuery(a.acts(), "")
}

// acts returns the conditions of the report as those of the list to which its cells lead.
func (a reportQuery) acts() list.ActFilter {
	return list.ActFilter{From: a.filter.From, To: a.filter.To, Conditions: list.Conditions{Own: a.filter.Own}}
}

// form formats the filter above the report.
func (a reportQuery) form(v web.Visit, own []store.OwnCompany) views.ReportFilter {
	page := web.Base(v) + "/report"
	f := views.ReportFilter{Action: page, From: views.Date(a.filter.From), To: views.Date(a.filter.To), Any: len(a.query()) > 0 || len(a.faults) > 0, Faults: a.faults}
	for name, text := range a.typed {
		if name == "from" {
			f.From = text
		} else {
			f.To = text
		}
	}
	chosen := a.filter.Own
	f.Own = withChosen(append([]views.Option{{Label: "Все", Chosen: chosen == 0}}, web.OwnOptions(own, chosen)...), chosen != 0, web.ID(chosen), "Организация "+web.ID(chosen))
	for _, one := range []struct{ code, label string }{{"xlsx", "Excel (.xlsx)"}, {"csv", "CSV (.csv)"}} {
		q := a.query()
		q.Set("format", one.code)
		f.Exports = append(f.Exports, views.Export{Code: one.code, Label: one.label, Href: address(page+"/export", q)})
	}
	return f
}

// months returns the months of the trend: those of the period, at most maxMonths, else the last twelve.
func (a reportQuery) months(today time.Time) (first time.Time, number int) {
	last := today
	if !a.filter.To.IsZero() && a.filter.To.Before(today) {
		last = a.filter.To
	}
	number = trendMonths
	if from := a.filter.From; !from.IsZero() && !from.After(last) {
		number = min((last.Year()-from.Year())*12+int(last.Month()-from.Month())+1, maxMonths)
	}
	return time.Date(last.Year(), last.Month()-time.Month(number)+1, 1, 0, 0, 0, 0, time.UTC), number
}
