package setup

import (
	"context"
	"strings"

	"acts24/acts"
	"acts24/store"
	"acts24/workflow"
)

// BasisForm is the administrator's choice of the deal fields that name the document of acts.
type BasisForm struct {
	Source             string // "", "text" or "parts"
	Text, Number, Date string // codes of fields
	Name               string
}

// basisForm returns the form of the stored rules.
func basisForm(r store.BasisRules) BasisForm {
	f := BasisForm{Text: r.Text, Number: r.Number, Date: r.Date, Name: r.Name}
	switch {
	case r.Text != "":
		f.Source = "text"
	case r.Number != "":
		f.Source = "parts"
	}
	if f.Name == "" {
		f.Name = "Договор"
	}
	return f
}

// BasisRules returns the stored rules, and the fields that can be chosen. When the portal does not answer there are no
// fields, and stale is the message.
func (s *Service) BasisRules(ctx context.Context, v workflow.Visit) (form BasisForm, fields []workflow.DealField, stale string, err error) {
	scope := s.db.Scope(v.Portal)
	settings, err := scope.Portals().Settings(ctx)
	if err != nil {
		return form, nil, "", err
	}
	p, err := scope.Portals().Get(ctx)
	if err != nil {
		return form, nil, "", err
	}
	if fields, err = s.crm.DealFields(ctx, p); err != nil {
		s.log.WarnContext(ctx, "fields of deals not read", "portal", v.Portal, "err", err)
		return basisForm(settings.Basis), nil, "Битрикс24 сейчас не отвечает, поля сделок прочитать не удалось. Обновите страницу.", nil
	}
	return basisForm(settings.Basis), fields, "", nil
}

// SaveBasisRules stores which fields of deals name the document of their acts.
func (s *Service) SaveBasisRules(ctx context.Context, v workflow.Visit, f BasisForm) error {
	p, err := s.db.Scope(v.Portal).Portals().Get(ctx)
	if err != nil {
		return err
	}
	fields, err := s.crm.DealFields(ctx, p)
	if err != nil {
		return err
	}
	var faults acts.Faults
	names := map[string]string{}
	take := func(part, code string, types ...string) string {
		names[store.BasisField+part] = ""
		for _, field := range fields {
			for _, t := range types {
				if field.Code == code && field.Type == t {
					names[store.BasisField+part] = field.Name
					return code
				}
			}
		}
		faults.Add(part, "Выберите поле сделки.")
		return ""
	}
	rules := store.BasisRules{Name: workflow.Clip(f.Name, 255)}
	for _, part := range []string{"text", "number", "date"} {
		names[store.BasisField+part] = ""
	}
	switch f.Source {
	case "":
	case "text":
		rules.Text = take("text", f.Text, "string")
	case "parts":
		rules.Number, rules.Date = take("number", f.Number, "string"), take("date", f.Date, "date", "datetime")
		if strings.TrimSpace(rules.Name) == "" {
			faults.Add("name", "Назовите документ, например «Договор».")
		}
	default:
		faults.Add("source", "Выберите, откуда брать основание.")
	}
	if err := faults.Err(); err != nil {
		return err
	}
	return s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		settings, err := tx.Portals().Settings(ctx)
		if err != nil {
			return err
		}
		settings.Basis = rules
		if err := tx.Portals().SaveDealNames(ctx, names); err != nil {
			return err
		}
		return tx.Portals().SaveSettings(ctx, settings)
	})
}
