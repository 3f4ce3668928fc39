package app_test

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// An act with a future date is refused by the form; a draft with a future date gets no number and is not handed over.
func TestAnActOfTheFutureIsAFault(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	_, action, f := s.tab(s.deal(1))
	today := f.Get("date")
	at, err := time.Parse(time.DateOnly, today)
	s.must(err)
	for _, medium := range []string{"paper-company", "electronic-company"} {
		f.Set("type", medium)
		f.Set("date", at.AddDate(0, 0, 1).Format(time.DateOnly))
		p, err := s.manager.Post(action, f)
		if text := testid(s.page(p, err, http.StatusUnprocessableEntity), "fault-date").Text(); !strings.Contains(text, "Дата акта ещё не наступила") {
			t.Errorf("%s: %q", medium, text)
		}
	}
	f.Set("date", today)
	p, err := s.manager.Post(action, f)
	s.page(p, err, http.StatusOK)
	paper := s.formPaper(s.deal(3), "company")
	s.sql(`UPDATE acts SET act_date = act_date + 1`) // as an earlier release allowed
	for _, path := range []string{"/p/1/acts/1/send", paper + "/number"} {
		p, err := s.manager.Post(path, nil)
		if doc := s.page(p, err, http.StatusUnprocessableEntity); !strings.Contains(doc.Find(".alert").Text(), "Дата акта ещё не наступила") {
			t.Errorf("%s: %q", path, doc.Find(".alert").Text())
		}
	}
	if n := s.count(`acts WHERE number <> ''`); n != 0 {
		t.Errorf("%d acts have a number", n)
	}
}

// Numbers out of date order and late invoices give warnings in the form, on the act's page and for acts
// formed in bulk; they block nothing.
func TestUnusualDatesAreToldAndStopNothing(t *testing.T) {
	t.Parallel()
	s := start(t, 1, sweeping)
	s.ourCompany("function", "СЧФДОП", "vat", "22", "vat-ground", "ст. 149 НК РФ")
	numbered := s.formPaper(s.deal(1), "company")
	s.does(numbered+"/number", nil, "Подготовка акта")
	_, action, f := s.tab(s.deal(3))
	today, err := time.Parse(time.DateOnly, f.Get("date"))
	s.must(err)
	old := today.AddDate(0, 0, -6).Format(time.DateOnly)
	f.Set("date", old)
	p, err := s.manager.Post(action, f)
	s.page(p, err, http.StatusOK)
	_, act, _ := strings.Cut(p.Path, "formed=")
	page := s.act("/p/1/acts/" + act)
	if text := testid(page, "presend-check").Text(); !strings.Contains(text, "не по порядку дат") || !strings.Contains(text, "п. 3 ст. 168 НК РФ") {
		t.Errorf("the page of the act shows %q", text)
	}
	if bad := testid(page, "presend-check").Find("li.bad").Text(); bad != "" {
		t.Errorf("stopped by %q", bad)
	}
	_, action, f = s.tab(s.deal(5))
	f.Set("date", old)
	f.Set("signer", "") // the form is shown again
	p, err = s.manager.Post(action, f)
	if text := testid(s.page(p, err, http.StatusUnprocessableEntity), "presend-check").Text(); !strings.Contains(text, "не по порядку дат") || !strings.Contains(text, "п. 3 ст. 168 НК РФ") {
		t.Errorf("the form shows %q", text)
	}
	s.formMany(s.deal(7))
	s.await("the act of the list", func() bool { return s.count("acts") == 3 })
	s.sql(`UPDATE acts SET act_date = act_date - 6 WHERE id = 3`)
	if text := testid(s.act("/p/1/acts/3"), "presend-check").Text(); !strings.Contains(text, "не по порядку дат") || !strings.Contains(text, "п. 3 ст. 168 НК РФ") {
		t.Errorf("the act of the list shows %q", text)
	}
}
