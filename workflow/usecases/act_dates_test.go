package usecases_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"acts24/cmd/app/apptest"
)

// An act with a future date is refused by the form; a draft with a future date gets no number and is not handed over.
func TestAnActOfTheFutureIsAFault(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	_, action, f := s.DealTab(s.Deal(1))
	today := f.Get("date")
	at, err := time.Parse("02.01.2006", today)
	s.Must(err)
	for _, medium := range []string{"paper-company", "electronic-company"} {
		f.Set("type", medium)
		f.Set("date", at.AddDate(0, 0, 1).Format(time.DateOnly))
		p, err := s.Manager.Post(action, f)
		if text := apptest.TestID(s.Page(p, err, http.StatusUnprocessableEntity), "fault-date").Text(); !strings.Contains(text, "Дата акта ещё не наступила") {
			t.Errorf("%s: %q", medium, text)
		}
	}
	f.Set("date", today)
	p, err := s.Manager.Post(action, f)
	s.Page(p, err, http.StatusOK)
	paper := s.FormPaperAct(s.Deal(3), "company")
	s.Exec(`UPDATE acts SET act_date = act_date + 1`) // as an earlier release allowed
	for _, path := range []string{"/p/1/acts/1/send", paper + "/number"} {
		p, err := s.Manager.Post(path, nil)
		if doc := s.Page(p, err, http.StatusUnprocessableEntity); !strings.Contains(doc.Find(".alert").Text(), "Дата акта ещё не наступила") {
			t.Errorf("%s: %q", path, doc.Find(".alert").Text())
		}
	}
	if n := s.Count(`acts WHERE number <> ''`); n != 0 {
		t.Errorf("%d acts have a number", n)
	}
}

// Numbers out of date order and late invoices give warnings in the form, on the act's page and for acts
// formed in bulk; they block nothing.
func TestUnusualDatesAreShownAndStopNothing(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1, apptest.FastReconcile)
	s.SaveOurCompany("function", "СЧФДОП", "vat", "22", "vat-ground", "ст. 149 НК РФ")
	numbered := s.FormPaperAct(s.Deal(1), "company")
	s.PostAction(numbered+"/number", nil, "Подготовка акта")
	_, action, f := s.DealTab(s.Deal(3))
	today, err := time.Parse("02.01.2006", f.Get("date"))
	s.Must(err)
	old := today.AddDate(0, 0, -6).Format(time.DateOnly)
	f.Set("date", old)
	p, err := s.Manager.Post(action, f)
	s.Page(p, err, http.StatusOK)
	_, act, _ := strings.Cut(p.Path, "formed=")
	page := s.ActPage("/p/1/acts/" + act)
	if text := apptest.TestID(page, "presend-check").Text(); !strings.Contains(text, "не по порядку дат") || !strings.Contains(text, "п. 3 ст. 168 НК РФ") {
		t.Errorf("the page of the act shows %q", text)
	}
	if bad := apptest.TestID(page, "presend-check").Find("li.bad").Text(); bad != "" {
		t.Errorf("stopped by %q", bad)
	}
	_, action, f = s.DealTab(s.Deal(5))
	f.Set("date", old)
	f.Set("signer", "") // the form is shown again
	p, err = s.Manager.Post(action, f)
	if text := apptest.TestID(s.Page(p, err, http.StatusUnprocessableEntity), "presend-check").Text(); !strings.Contains(text, "не по порядку дат") || !strings.Contains(text, "п. 3 ст. 168 НК РФ") {
		t.Errorf("the form shows %q", text)
	}
	s.FormActs(s.Deal(7))
	s.Await("the act of the list", func() bool { return s.Count("acts") == 3 })
	s.Exec(`UPDATE acts SET act_date = act_date - 6 WHERE id = 3`)
	if text := apptest.TestID(s.ActPage("/p/1/acts/3"), "presend-check").Text(); !strings.Contains(text, "не по порядку дат") || !strings.Contains(text, "п. 3 ст. 168 НК РФ") {
		t.Errorf("the act of the list shows %q", text)
	}
}
