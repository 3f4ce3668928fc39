package main

import (
	"encoding/base64"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"acts24/integrations/bitrix24/bitrix24test"
)

const maxUpload = 32 << 20

// switchUser signs another person in.
func (s *portalPages) switchUser(w http.ResponseWriter, r *http.Request) {
	s.setUser(w, number(r.FormValue("user")))
	if u, err := url.Parse(r.Header.Get("Referer")); err == nil { // ?as= would win over the choice
		query := u.Query()
		query.Del("as")
		u.RawQuery = query.Encode()
		r.Header.Set("Referer", u.String())
	}
	s.back(w, r, nil)
}

// move puts an item on another stage.
func (s *portalPages) move(w http.ResponseWriter, r *http.Request) {
	err := s.portal.Move(s.portal.SignedIn(r), int(number(r.FormValue("type"))), number(r.FormValue("id")), r.FormValue("stage"))
	s.back(w, r, err)
}

// edit saves the card's form; an empty file input changes nothing.
func (s *portalPages) edit(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseMultipartForm(maxUpload); err != nil {
		s.back(w, r, err)
		return
	}
	entityType, id := int(number(r.FormValue("type"))), number(r.FormValue("id"))
	change := bitrix24test.Fields{}
	item := s.portal.Item(entityType, id)
	for _, f := range s.portal.ItemFields(entityType) {
		switch {
		case f.Kind == "file":
			if files := r.MultipartForm.File[f.Name]; len(files) > 0 {
				value, err := uploaded(f, files, item[f.Name])
				if err != nil {
					s.back(w, r, err)
					return
				}
				change[f.Name] = value
			}
		case r.MultipartForm.Value[f.Name] != nil:
			change[f.Name] = r.FormValue(f.Name)
		}
	}
	s.back(w, r, s.portal.Change(s.portal.SignedIn(r), entityType, id, change))
}

// uploaded adds files to those that a multiple field has, and replaces the one of a single field.
func uploaded(f bitrix24test.FieldInfo, files []*multipart.FileHeader, have any) (any, error) {
	kept, _ := have.([]any)
	out := []any{}
	for _, old := range kept {
		if m, ok := old.(map[string]any); ok {
			out = append(out, bitrix24test.Fields{"id": m["id"]})
		}
	}
	for _, header := range files {
		body, err := header.Open()
		if err != nil {
			return nil, fmt.Errorf("open upload: %w", err)
		}
		raw, err := io.ReadAll(body)
		_ = body.Close()
		if err != nil {
			return nil, fmt.Errorf("read upload: %w", err)
		}
		pair := []any{header.Filename, base64.StdEncoding.EncodeToString(raw)}
		if !f.Multiple {
			return pair, nil
		}
		out = append(out, pair)
	}
	return out, nil
}

// saveRows replaces the product rows of a deal; a row without a name goes away.
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
			row.DiscountRate = numberOf(old, "discountRate")
			if rate, taxed := old["taxRate"].(float64); taxed {
				row.TaxRate = &rate
			}
		}
		rows = append(rows, row)
	}
	s.portal.SetRows(s.portal.SignedIn(r), entityType, id, rows)
	s.back(w, r, nil)
}

func at(list []string, i int) string {
	if i < len(list) {
		return list[i]
	}
	return ""
}

func decimal(s string) float64 {
	n, err := strconv.ParseFloat(strings.ReplaceAll(strings.TrimSpace(s), ",", "."), 64)
	if err != nil {
		return 0
	}
	return n
}

// create adds an item of a smart process, with or without a parent deal.
func (s *portalPages) create(w http.ResponseWriter, r *http.Request) {
	entityType := int(number(r.FormValue("type")))
	f := bitrix24test.Fields{"title": r.FormValue("title")}
	if deal := number(r.FormValue("deal")); deal > 0 {
		f["parentId2"] = deal
	}
	id, err := s.portal.Create(s.portal.SignedIn(r), entityType, f)
	if err != nil {
		s.back(w, r, err)
		return
	}
	http.Redirect(w, r, fmt.Sprintf("/crm/type/%d/details/%d/", entityType, id), http.StatusSeeOther)
}

// remove deletes the item of a card.
func (s *portalPages) remove(w http.ResponseWriter, r *http.Request) {
	entityType, id := int(number(r.FormValue("type"))), number(r.FormValue("id"))
	if err := s.portal.Delete(s.portal.SignedIn(r), entityType, id); err != nil {
		s.back(w, r, err)
		return
	}
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

func (s *portalPages) finishTask(w http.ResponseWriter, r *http.Request) {
	s.portal.CompleteTask(s.portal.SignedIn(r), number(r.FormValue("id")), r.FormValue("done") == "1")
	s.back(w, r, nil)
}

func (s *portalPages) readBell(w http.ResponseWriter, r *http.Request) {
	s.portal.ReadNotifications(s.portal.SignedIn(r))
	s.back(w, r, nil)
}

// moveClock turns the business clock forward: advance=24h.
func (s *portalPages) moveClock(w http.ResponseWriter, r *http.Request) {
	s.back(w, r, s.portal.Advance(r.FormValue("advance")))
}

// uninstall removes the app, as the administrator does in the market; it can be installed again at once.
func (s *portalPages) uninstall(w http.ResponseWriter, r *http.Request) {
	s.portal.Uninstall(r.FormValue("clean") == "1")
	s.portal.Drain()
	s.portal.Reinstall()
	s.back(w, r, nil)
}
