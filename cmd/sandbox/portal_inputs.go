package main

import (
	"strconv"

	"acts24/integrations/bitrix24/bitrix24test"
)

// inputs returns the editable fields of the card.
func (s *portalPages) inputs(entityType int, item bitrix24test.Fields) []portalField {
	var out []portalField
	for _, f := range s.portal.ItemFields(entityType) {
		own := len(f.Name) > 5 && f.Name[:5] == "ufCrm"
		common := f.Name == "title" || f.Name == "comments" || f.Name == "companyId" || f.Name == "assignedById" || f.Name == "parentId2"
		if f.ReadOnly || !own && !common {
			continue
		}
		in := portalField{Name: f.Name, Title: f.Title, Kind: inputKind(f), Value: textOf(item, f.Name)}
		if in.Kind == "date" && len(in.Value) > 10 {
			in.Value = in.Value[:10]
		}
		for _, o := range f.Options {
			in.Options = append(in.Options, portalOption{strconv.FormatInt(o.ID, 10), o.Value, o.ID == idOf(item, f.Name)})
		}
		switch {
		case f.Name == "assignedById":
			in.Kind, in.Options = "enumeration", s.userOptions(idOf(item, f.Name))
		case f.Name == "companyId":
			in.Kind, in.Options = "enumeration", s.companyOptions(idOf(item, f.Name))
		case f.Kind == "file":
			in.Multiple, in.Files = f.Multiple, s.fileOptions(item[f.Name])
		}
		out = append(out, in)
	}
	return out
}

func (s *portalPages) userOptions(chosen int64) []portalOption {
	var out []portalOption
	for _, u := range s.portal.Users() {
		out = append(out, portalOption{strconv.FormatInt(u.ID, 10), u.FullName(), u.ID == chosen})
	}
	return out
}

// companyOptions returns the companies to choose from.
func (s *portalPages) companyOptions(chosen int64) []portalOption {
	var out []portalOption
	for _, c := range s.portal.Items(bitrix24test.Company) {
		if id := idOf(c, "id"); textOf(c, "isMyCompany") != "Y" || id == chosen {
			out = append(out, portalOption{strconv.FormatInt(id, 10), textOf(c, "title"), id == chosen})
		}
	}
	return out
}

func (s *portalPages) fileOptions(v any) []portalOption {
	files, many := v.([]any)
	if !many {
		files = []any{v}
	}
	var out []portalOption
	for _, raw := range files {
		m, _ := raw.(map[string]any)
		if f, ok := s.portal.File(idOf(m, "id")); ok {
			out = append(out, portalOption{Value: strconv.FormatInt(f.ID, 10), Title: f.Name})
		}
	}
	return out
}

func inputKind(f bitrix24test.FieldInfo) string {
	switch f.Kind {
	case "date", "enumeration", "boolean", "file":
		return f.Kind
	case "double", "integer", "crm_company", "crm_entity":
		return "number"
	}
	return "text"
}
