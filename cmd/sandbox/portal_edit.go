package main

import (
	"encoding/base64"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"slices"
	"strconv"

	"acts24/integrations/bitrix24/bitrix24test"
)

const maxUpload = 32 << 20

// removeSuffix is the suffix of form fields with the numbers of files to be removed from a field.
const removeSuffix = ".remove"

// edit saves the card's form; a file field without uploads and removals stays unchanged.
func (s *portalPages) edit(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseMultipartForm(maxUpload); err != nil {
		s.back(w, r, err)
		return
	}
	entityType, id := int(number(r.FormValue("type"))), number(r.FormValue("id"))
	change := bitrix24test.Fields{}
	item := s.portal.Item(entityType, id)
	for _, f := range s.portal.ItemFields(entityType) {
		added, removed := r.MultipartForm.File[f.Name], r.MultipartForm.Value[f.Name+removeSuffix]
		switch {
		case f.Kind == "file" && len(added)+len(removed) > 0:
			value, err := filesAfter(f, item[f.Name], added, removed)
			if err != nil {
				s.back(w, r, err)
				return
			}
			change[f.Name] = value
		case f.Kind != "file" && r.MultipartForm.Value[f.Name] != nil:
			change[f.Name] = r.FormValue(f.Name)
		}
	}
	s.back(w, r, s.portal.Change(s.portal.SignedIn(r), entityType, id, change))
}

// filesAfter returns the value of a file field without removed files and with added ones; a single field holds the last
// file.
func filesAfter(f bitrix24test.FieldInfo, have any, added []*multipart.FileHeader, removed []string) (any, error) {
	out := []any{}
	kept, _ := have.([]any)
	for _, old := range kept {
		m, _ := old.(map[string]any)
		if id := idOf(m, "id"); !slices.Contains(removed, strconv.FormatInt(id, 10)) {
			out = append(out, bitrix24test.Fields{"id": m["id"]})
		}
	}
	for _, header := range added {
		pair, err := readUpload(header)
		if err != nil || !f.Multiple {
			return pair, err
		}
		out = append(out, pair)
	}
	if !f.Multiple {
		return "", nil
	}
	return out, nil
}

// readUpload returns a file of the form as a pair of name and content.
func readUpload(header *multipart.FileHeader) (any, error) {
	body, err := header.Open()
	if err != nil {
		return nil, fmt.Errorf("open upload: %w", err)
	}
	defer func() { _ = body.Close() }()
	raw, err := io.ReadAll(body)
	if err != nil {
		return nil, fmt.Errorf("read upload: %w", err)
	}
	return []any{header.Filename, base64.StdEncoding.EncodeToString(raw)}, nil
}
