package usecases_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
)

// requisiteOf returns the id of the only requisites of a deal's company.
func requisiteOf(s *apptest.Site, deal int64) int64 {
	s.T.Helper()
	id, err := strconv.ParseInt(fmt.Sprint(s.Portal.RequisitesOf(bitrix24test.Company, int64(s.Portal.Item(bitrix24test.Deal, deal)["companyId"].(float64)))[0]["ID"]), 10, 64)
	s.Must(err)
	return id
}

// Private persons, самозанятые and foreign parties are refused at the choice of the type, each with its own
// message; ids of presets differ between portals.
func TestUnsupportedPartiesAreRefusedAtTheType(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.Portal.RenumberPresets(21, 17, 35)
	selfEmployed, kazakh := s.Portal.AddPreset("Самозанятый", 1), s.Portal.AddPreset("Организация", 6)
	n := 0
	for name, tt := range map[string]struct {
		change fields
		want   string
	}{
		"a private person":                          {fields{"PRESET_ID": 35}, "физическое лицо: так указано"},
		"a private person without ИНН":              {fields{"PRESET_ID": 35, "RQ_INN": ""}, "физическое лицо: так указано"},
		"самозанятый":                               {fields{"PRESET_ID": selfEmployed}, "самозанятый"},
		"foreign":                                   {fields{"PRESET_ID": kazakh, "RQ_INN": "180140012345"}, "иностранное лицо"},
		"a person with the preset of organisations": {fields{"PRESET_ID": 21}, "не видно, ИП это или физическое лицо"},
		"an ИП":                                     {fields{"PRESET_ID": 17}, ""},
		"an ОГРНИП in the preset of a person":       {fields{"PRESET_ID": 35, "RQ_OGRNIP": "320500300000121"}, ""},
	} {
		n += 2
		deal := s.Deal(n)
		s.Portal.ChangeRequisite(requisiteOf(s, deal), tt.change)
		doc, action, f := s.DealTab(deal)
		for _, list := range []string{"presend-check", "print-check"} {
			text := apptest.TestID(doc, list).Find("li.bad").Text()
			if (tt.want == "") != (text == "") || !strings.Contains(text, tt.want) || strings.Contains(text, "КПП") || strings.Contains(text, "опечатка") {
				t.Errorf("%s, %s: %q", name, list, text)
			}
		}
		if tt.want == "" {
			continue
		}
		for _, medium := range []string{"paper-person", "electronic-company"} {
			f.Set("type", medium)
			p, err := s.Manager.Post(action, f)
			if text := apptest.TestID(s.Page(p, err, http.StatusUnprocessableEntity), "fault-type").Text(); !strings.Contains(text, tt.want) {
				t.Errorf("%s, %s: the type shows %q", name, medium, text)
			}
		}
	}
	if n := s.Count("acts"); n != 0 {
		t.Errorf("%d acts", n)
	}
}

// When the name of an ИП cannot be split with certainty, the form requires it before an act is formed.
func TestANameThatCannotBeReadIsAskedFor(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	for i, name := range []string{"Глава КФХ Петров Пётр Петрович", "МАМЕДОВ А.Г.", "ИНДИВИДУАЛЬНЫЙ ПРЕДПРИНИМАТЕЛЬ ПЕТРОВ ПЁТР ПЕТРОВИЧ"} {
		deal := s.Deal(2 * (i + 1))
		s.Portal.ChangeRequisite(requisiteOf(s, deal), fields{"RQ_COMPANY_NAME": name, "RQ_LAST_NAME": "", "RQ_FIRST_NAME": "", "RQ_SECOND_NAME": ""})
		doc, _, _ := s.DealTab(deal)
		text := apptest.TestID(doc, "presend-check").Find("li.bad").Text()
		if asked := strings.Contains(text, "заполните поля «Фамилия» и «Имя»"); asked != (i < 2) {
			t.Errorf("%s: the check shows %q", name, text)
		}
		if stored := s.Count(fmt.Sprintf("deals WHERE id = %d AND buyer ->> 'last' = 'ПЕТРОВ' AND buyer ->> 'first' = 'ПЁТР'", deal)); stored != map[bool]int{true: 0, false: 1}[i < 2] {
			t.Errorf("%s: the parts were read wrongly", name)
		}
	}
}

// Invisible characters are removed from the requisites, and the form names the fields.
func TestHiddenCharactersOfRequisitesAreShown(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	deal := s.Deal(1)
	inn := fmt.Sprint(s.Portal.Requisite(requisiteOf(s, deal))["RQ_INN"])
	s.Portal.ChangeRequisite(requisiteOf(s, deal), fields{"RQ_INN": inn[:2] + " " + inn[2:4] + "\u00a0" + inn[4:], "RQ_KPP": "780201001\u200b", "RQ_OGRN": "\ufeff"})
	s.Portal.AddBankDetail(fields{"ENTITY_ID": requisiteOf(s, deal), "RQ_BANK_NAME": "Банк", "RQ_BIK": "044525225", "RQ_ACC_NUM": "4070 2810 0000 0000 0001"})
	doc, action, f := s.DealTab(deal)
	for _, list := range []string{"presend-check", "print-check"} {
		if text := apptest.TestID(doc, list).Text(); !strings.Contains(text, "убраны лишние пробелы и невидимые знаки: ИНН, КПП, ОГРН, расчётный счёт.") || apptest.TestID(doc, list).Find("li.bad").Length() != 0 {
			t.Errorf("%s shows %q", list, text)
		}
	}
	f.Set("send", "1")
	p, err := s.Manager.Post(action, f)
	s.Page(p, err, http.StatusOK)
	if n := s.Count("acts WHERE party_kind = 'company' AND buyer ->> 'kpp' = '780201001' AND buyer ->> 'account' = '40702810000000000001' AND buyer ->> 'inn' = '" + inn + "'"); n != 1 {
		t.Error("the act does not have the clean numbers")
	}
}

// Our own ИП that issues invoices needs the registration day of the ОГРНИП: the settings and the check require it,
// and reading the CRM again keeps it while the ОГРНИП is the same.
func TestTheDayOfTheOGRNIPIsASetting(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.AddSoleProprietor()
	s.Exec(`UPDATE own_companies SET manual_numbers = false, vat_regimes = '[{"regime": "22"}]', party = party || '{"ogrn": "320500300000121"}' WHERE id = 99`)
	admin, at := s.AdminAtMenu(), "/p/1/settings/companies/99"
	sole := func(more ...string) url.Values {
		return apptest.OurCompanyForm(append([]string{"participant", "2BEffffffffffffffffffffffffffffffff", "signer", "Громов Алексей", "position", "Индивидуальный предприниматель",
			"ground", "", "function", "СЧФДОП", "vat", "22", "account", "0"}, more...)...)
	}
	for day, want := range map[string]string{"": "п. 6 ст. 169 НК РФ", "15.01.2126": "ещё не наступил", "15": "Дата — день.месяц.год"} {
		p, err := admin.Post(at, sole("registered", day))
		doc := s.Page(p, err, http.StatusUnprocessableEntity)
		card := apptest.TestID(doc, "company-99")
		if text := card.Find(`[data-testid="fault-registered"]`).Text(); !strings.Contains(text, want) || card.Find(`[name="registered"]`).AttrOr("value", "-") != day {
			t.Errorf("%q: %q", day, text)
		}
		if apptest.TestID(doc, "company-1").Find(`[name="registered"]`).Length() != 0 {
			t.Error("a company is required to enter the day of an ОГРНИП")
		}
	}
	checked := func() string {
		s.T.Helper()
		_, action, f := s.DealTab(s.Deal(1))
		f.Set("own", "99")
		f.Set("change-own", "1")
		p, err := s.Manager.Post(action, f)
		return apptest.TestID(s.Page(p, err, http.StatusOK), "presend-check").Find("li.bad").Text()
	}
	s.Exec(`UPDATE own_companies SET function = 'СЧФДОП' WHERE id = 99`) // as an earlier release allowed
	if text := checked(); !strings.Contains(text, "п. 6 ст. 169 НК РФ") {
		t.Errorf("the check before forming shows %q", text)
	}
	p, err := admin.Post(at, sole("registered", "2020-03-02"))
	doc := s.Page(p, err, http.StatusOK)
	if day := apptest.TestID(doc, "company-99").Find(`[name="registered"]`).AttrOr("value", ""); day != "02.03.2020" {
		t.Errorf("kept as %q", day)
	}
	if text := checked(); strings.Contains(text, "п. 6 ст. 169 НК РФ") {
		t.Errorf("the check still shows %q", text)
	}
}
