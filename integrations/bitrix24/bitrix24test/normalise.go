package bitrix24test

import (
	"math"
	"strings"
	"time"

	"acts24/integrations/bitrix24/bitrix24test/contract"
	"acts24/integrations/bitrix24/bitrix24test/match"
	"acts24/integrations/bitrix24/bitrix24test/php"
)

// normalise converts a written value to the stored one; previous is the stored value that it replaces.
func (p *Portal) normalise(f field, v, previous any) (any, error) {
	if f.kind == "file" {
		return p.storeFiles(f, v, previous)
	}
	if !f.multiple {
		return p.normaliseOne(f, v)
	}
	if _, isList := v.([]any); !isList && v != "" && v != nil {
		if _, isMap := v.(map[string]any); !isMap {
			return nil, contract.Refuse("100", "Expected iterable value for multiple field, but got string instead")
		}
	}
	out := []any{}
	for _, x := range php.List(v) {
		one, err := p.normaliseOne(f, x)
		if err != nil {
			return nil, err
		}
		if one != nil && one != "" {
			out = append(out, one)
		}
	}
	return out, nil
}

// zeroIDs are the links that are 0 and not null when empty.
var zeroIDs = map[string]bool{"companyId": true, "contactId": true, "mycompanyId": true, "webformId": true}

func (p *Portal) normaliseOne(f field, v any) (any, error) {
	switch f.kind {
	case "boolean":
		return php.YesNo(php.Truth(v)), nil
	case "double":
		return p.normaliseNumber(f, v)
	case "integer", "user", "employee", "crm_company", "crm_contact", "crm_lead", "crm_quote", "crm_category", "crm_entity":
		return p.normaliseID(f, v)
	case "enumeration":
		return p.normaliseEnum(f, v)
	case "date", "datetime":
		return p.normaliseMoment(f, v)
	case "crm_multifield":
		return v, nil
	}
	if v == nil {
		return nil, nil
	}
	return strings.TrimSpace(strings.ReplaceAll(php.Text(v), "\x00", "")), nil
}

// normaliseNumber rounds to two digits after the point.
func (p *Portal) normaliseNumber(f field, v any) (any, error) {
	if v == nil || v == "" {
		return emptyNumber(f), nil
	}
	n, ok := php.Number(v)
	if !ok {
		return nil, notValid(f)
	}
	return math.Round(n*100) / 100, nil
}

func emptyNumber(f field) any {
	if f.user != nil {
		return nil
	}
	return 0.0
}

func (p *Portal) normaliseID(f field, v any) (any, error) {
	if v == nil || v == "" {
		if zeroIDs[f.name] {
			return 0.0, nil
		}
		return nil, nil
	}
	n, ok := php.Number(v)
	if !ok {
		return nil, notValid(f)
	}
	if n == 0 && !zeroIDs[f.name] && f.kind != "integer" && f.kind != "crm_category" {
		return nil, nil
	}
	return math.Trunc(n), nil
}

func (p *Portal) normaliseEnum(f field, v any) (any, error) {
	if v == nil || v == "" || php.Integer(v) == 0 {
		return nil, nil
	}
	for _, e := range f.user.Enum {
		if e.ID == php.Integer(v) {
			return float64(e.ID), nil
		}
	}
	return nil, notValid(f)
}

// normaliseMoment returns a time in the portal's zone; a date is midnight UTC in that zone, as on the cloud.
func (p *Portal) normaliseMoment(f field, v any) (any, error) {
	s := strings.TrimSpace(php.Text(v))
	if s == "" {
		return nil, nil
	}
	t, ok := match.Moment(s)
	if !ok {
		return nil, notValid(f)
	}
	if f.kind == "date" {
		y, m, d := t.Date()
		t = time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	}
	return p.stamp(t), nil
}

func notValid(f field) *contract.Error {
	return contract.Refuse("CRM_FIELD_ERROR_VALUE_NOT_VALID", "Значение поля \"%s\" указано неверно", f.title)
}

// empty returns the value of an unset field.
func (f field) empty() any {
	switch {
	case f.multiple:
		return []any{}
	case zeroIDs[f.name]:
		return 0.0
	case f.kind == "boolean":
		return "N"
	case f.kind == "double" && f.user == nil:
		return 0.0
	}
	return nil
}
