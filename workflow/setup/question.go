package setup

import (
	"context"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"acts24/acts"
	"acts24/acts/letters"
	"acts24/store"
	"acts24/store/queue"
	"acts24/store/task"
	"acts24/workflow"
)

// QuestionForm is the typed form of the rules for questions.
type QuestionForm struct {
	Automatic, Once, HandOver bool
	Days, Valid               string
	Subject, Body, Native     string
	Fields                    map[string]string // part of the answer → code of a deal's field
}

// SaveQuestionRules stores how counterparties are asked. Fields of a native form must be fields of deals.
func (s *Service) SaveQuestionRules(ctx context.Context, v workflow.Visit, f QuestionForm) error {
	rules, err := f.parse()
	if err != nil {
		return err
	}
	names, err := s.fieldNames(ctx, v, f.Fields)
	if err != nil {
		return err
	}
	rules.Fields = f.Fields
	return s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		settings, err := tx.Portals().Settings(ctx)
		if err != nil {
			return err
		}
		settings.Question = rules
		if err := tx.Portals().SaveDealNames(ctx, names); err != nil {
			return err
		}
		return tx.Portals().SaveSettings(ctx, settings)
	})
}

func (f QuestionForm) parse() (store.QuestionRules, error) {
	var faults acts.Faults
	number := func(field, text string, most int) int {
		n, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil || n < 1 || n > most {
			faults.Add(field, "Число дней от 1 до %d.", most)
		}
		return n
	}
	r := store.QuestionRules{Off: !f.Automatic, Once: f.Once, HandOver: f.HandOver, Days: number("days", f.Days, 60), Valid: number("valid", f.Valid, 365),
		Subject: strings.TrimSpace(f.Subject), Body: strings.TrimSpace(strings.ReplaceAll(f.Body, "\r", "")), Native: strings.TrimSpace(f.Native)}
	switch {
	case !strings.Contains(r.Body, letters.LinkMark):
		faults.Add("body", "В письме нужна ссылка: %s.", letters.LinkMark)
	case utf8.RuneCountInString(r.Body) > 5000:
		faults.Add("body", "Не длиннее 5000 знаков.")
	}
	if r.Subject == "" || utf8.RuneCountInString(r.Subject) > 200 {
		faults.Add("subject", "Тема письма: от 1 до 200 знаков.")
	}
	if u, err := url.Parse(r.Native); r.Native != "" && (err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "") {
		faults.Add("native", "Укажите ссылку целиком: https://…")
	}
	return r, faults.Err()
}

// fieldNames returns the names in crm.item.* of the fields that a native form fills, "" for a part without one: our own
// field holds it.
func (s *Service) fieldNames(ctx context.Context, v workflow.Visit, codes map[string]string) (map[string]string, error) {
	named := map[string]string{}
	for part, code := range codes {
		if code = strings.ToUpper(strings.TrimSpace(code)); code != "" {
			named[part] = code
		}
	}
	p, err := s.db.Scope(v.Portal).Portals().Get(ctx)
	if err != nil {
		return nil, err
	}
	found := map[string]string{}
	if len(named) > 0 {
		if found, err = s.crm.DealFieldNames(ctx, p, named); err != nil {
			return nil, err
		}
	}
	var faults acts.Faults
	names := map[string]string{}
	for part := range codes {
		names[store.PortalFieldPrefix+part] = found[part]
		if code := named[part]; code != "" && found[part] == "" {
			faults.Add("field-"+part, "В сделках нет поля %s.", workflow.Clip(code, 60))
		}
	}
	return names, faults.Err()
}

// InviteCounterparty looks up the deal's counterparty at SBIS again and invites it when SBIS cannot find it.
func (s *Service) InviteCounterparty(ctx context.Context, v workflow.Visit, deal acts.DealID) error {
	err := s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		if _, err := tx.Deals().Lock(ctx, deal); err != nil {
			return err
		}
		return queue.Enqueue(ctx, tx, task.InviteCounterparty(deal))
	})
	s.wake()
	return err
}
