package handlers_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
)

// preferences returns the texts of the block on a counterparty's tab.
func preferences(s *apptest.Site, path string) (last, all string) {
	s.T.Helper()
	p, err := s.Manager.Get(path)
	doc := s.Page(p, err, http.StatusOK)
	return apptest.TestID(doc, "preference").Text(), strings.Join(strings.Fields(apptest.TestID(doc, "preferences").Text()), " ")
}

// The tab of a company shows how it exchanges acts: the last choice in any deal, who made it, and earlier choices.
func TestCompanyTabShowsTheExchange(t *testing.T) {
	t.Parallel()
	s, deal := apptest.StartAsking(t)
	p, err := s.Manager.OpenDeal(deal)
	s.Page(p, err, http.StatusOK)
	company := int64(s.Portal.Item(bitrix24test.Deal, deal)["companyId"].(float64))
	tab := fmt.Sprintf("/p/1/companies/%d", company)
	if last, all := preferences(s, tab); last != "" || !strings.Contains(all, "Способ обмена ещё не выбран") {
		t.Errorf("before any choice: %q, %q", last, all)
	}
	p, err = s.Manager.Post(fmt.Sprintf("/p/1/deals/%d/answer", deal), url.Values{"channel": {"email"}, "email": {"buh@client.ru"}, "comment": {"До обеда"}})
	s.Page(p, err, http.StatusOK)
	last, all := preferences(s, tab)
	if last != "На бумаге по e-mail: buh@client.ru" || !strings.Contains(all, "указал сотрудник") || !strings.Contains(all, "До обеда") ||
		!strings.Contains(all, "СделкаПродвижение продукции № 1") || strings.Contains(all, "Прежние") {
		t.Errorf("after one choice: %q, %q", last, all)
	}
	s.Exec(fmt.Sprintf(`INSERT INTO answers (portal_id, deal_id, company_id, contact_id, source, channel, party_kind, operator, participant, contact, phone, at) VALUES
		(1, %d, %d, 0, 'form', 'edo', 'company', '2BM', '2BM-7700000000-770001001-201501010101', 'Анна', '+7 495 123-45-67', '2026-11-25 09:00Z'),
		(1, %[1]d, 0, 88, 'crm', 'edo', 'person', '2BE', '', '', '', '2026-11-25 09:00Z')`, deal, company))
	last, all = preferences(s, tab)
	for _, words := range []string{"КонтактАнна, +7 495 123-45-67", "ответ контрагента, 25.11.2026 12:00", "Прежние ответы: 1", "На бумаге по e-mail: buh@client.ru указал", "в сделке Продвижение"} {
		if !strings.Contains(all, words) {
			t.Errorf("after two choices there is no %q in %q", words, all)
		}
	}
	if last != "ЭДО: Диадок (Контур), 2BM-7700000000-770001001-201501010101" {
		t.Errorf("the last choice is %q", last)
	}
	if last, all := preferences(s, "/p/1/contacts/88"); last != "ЭДО: СБИС (Тензор)" || !strings.Contains(all, "из полей сделки") || !strings.Contains(all, "ИП") {
		t.Errorf("of a contact: %q, %q", last, all)
	}
	s.Exec(`INSERT INTO people (portal_id, user_id, visibility) VALUES (1, ` + fmt.Sprint(s.Portal.Manager()) + `, '{77}')`)
	if last, all := preferences(s, tab); last == "" || strings.Contains(all, "Продвижение") {
		t.Errorf("a user who may not see the deal reads %q", all)
	}
}
