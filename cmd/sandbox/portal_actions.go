package main

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/integrations/bitrix24/bitrix24test/prices"
)

// switchUser logs in another user.
func (s *portalPages) switchUser(w http.ResponseWriter, r *http.Request) {
	s.setUser(w, number(r.FormValue("user")))
	if u, err := url.Parse(r.Header.Get("Referer")); err == nil { // ?as= would override the choice
		query := u.Query()
		query.Del("as")
		u.RawQuery = query.Encode()
		r.Header.Set("Referer", u.String())
	}
	s.back(w, r, nil)
}

// move moves an item to another stage.
func (s *portalPages) move(w http.ResponseWriter, r *http.Request) {
	err := s.portal.Move(s.portal.SignedIn(r), int(number(r.FormValue("type"))), number(r.FormValue("id")), r.FormValue("stage"))
	s.back(w, r, err)
}

// saveRows replaces the product rows of a deal; rows without a name are deleted.
func (s *portalPages) saveRows(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		s.back(w, r, err)
		return
	}
	entityType, id := int(number(r.FormValue("type"))), number(r.FormValue("id"))
	known := map[int64]bitrix24test.Fields{}
	for _, row := range s.portal.Rows(entityType, id) {
		known[idOf(row, "id")] = row
	}
	var rows []bitrix24test.Row
	for i, name := range r.PostForm["name"] {
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		row := bitrix24test.Row{ID: number(at(r.PostForm["row"], i)), Name: name, Price: decimal(at(r.PostForm["price"], i)), Quantity: decimal(at(r.PostForm["quantity"], i))}
		if old := known[row.ID]; old != nil {
			row.Measure, row.TaxIncluded, row.ProductID = int(numberOf(old, "measureCode")), textOf(old, "taxIncluded") == "Y", idOf(old, "productId")
			row.NoMeasure, row.Type = row.Measure == 0, int(numberOf(old, "type"))
			row.DiscountRate = numberOf(old, "discountRate")
			if idOf(old, "discountTypeId") == prices.DiscountAbsolute {
				row.DiscountSum = numberOf(old, "discountSum")
			}
			if row.Price == numberOf(old, "price") {
				row.PriceExclusive = numberOf(old, "priceExclusive")
			}
			if rate, taxed := old["taxRate"].(float64); taxed {
				row.TaxRate = &rate
			}
		}
		rows = append(rows, row)
	}
	s.portal.SetRows(s.portal.SignedIn(r), entityType, id, rows)
	s.back(w, r, nil)
}

// at returns the i-th text, or "" after the end of the list.
func at(list []string, i int) string {
	if i < len(list) {
		return list[i]
	}
	return ""
}

// decimal parses a typed number; 0 when it cannot be parsed.
func decimal(s string) float64 {
	n, err := strconv.ParseFloat(strings.ReplaceAll(strings.TrimSpace(s), ",", "."), 64)
	if err != nil {
		return 0
	}
	return n
}

func (s *portalPages) finishTask(w http.ResponseWriter, r *http.Request) {
	s.portal.CompleteTask(s.portal.SignedIn(r), number(r.FormValue("id")), r.FormValue("done") == "1")
	s.back(w, r, nil)
}

func (s *portalPages) removeTask(w http.ResponseWriter, r *http.Request) {
	me := s.portal.SignedIn(r)
	if !s.portal.DeleteTask(me, number(r.FormValue("id"))) {
		s.missing(w, r, "Задача не найдена.")
		return
	}
	http.Redirect(w, r, fmt.Sprintf("/company/personal/user/%d/tasks/", me), http.StatusSeeOther)
}

func (s *portalPages) readNotifications(w http.ResponseWriter, r *http.Request) {
	s.portal.ReadNotifications(s.portal.SignedIn(r))
	s.back(w, r, nil)
}

// uninstall removes the app, like the administrator's action in the market; it can be installed again immediately.
func (s *portalPages) uninstall(w http.ResponseWriter, r *http.Request) {
	s.portal.Uninstall(r.FormValue("clean") == "1")
	s.portal.Drain()
	s.portal.Reinstall()
	s.back(w, r, nil)
}
