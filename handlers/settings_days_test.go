package handlers_test

import (
	"net/http"
	"strings"
	"testing"

	"acts24/cmd/app/apptest"
)

// An administrator sets the terms of reminders and the days off; faults are shown at their fields and typed values are kept.
func TestDaysAndTerms(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	admin := s.AdminAtMenu()
	typed := apptest.Form("unsigned", "0", "our-signature", "2", "invitation", "4", "again", "3", "accepted", "много", "days-off", "31.12.2026, завтра", "days-on", "")
	p, err := admin.Post("/p/1/settings/days", typed)
	doc := s.Page(p, err, http.StatusUnprocessableEntity)
	for field, want := range map[string]string{"unsigned": "0", "our-signature": "2", "invitation": "4", "accepted": "много", "days-off": "31.12.2026, завтра"} {
		if got := doc.Find(`[name="`+field+`"]`).AttrOr("value", ""); got != want {
			t.Errorf("%s holds %q, want %q", field, got, want)
		}
	}
	for _, field := range []string{"unsigned", "accepted", "days-off"} {
		if apptest.TestID(doc, "fault-"+field).Length() != 1 {
			t.Errorf("no fault at %s", field)
		}
	}
	typed.Set("unsigned", "2")
	typed.Set("accepted", "14")
	typed.Set("days-off", "31.12.2026")
	p, err = admin.Post("/p/1/settings/days", typed)
	if doc = s.Page(p, err, http.StatusUnprocessableEntity); apptest.TestID(doc, "fault-again").Length() != 1 {
		t.Error("the second invitation before the first is no fault")
	}
	typed.Set("again", "5")
	p, err = admin.Post("/p/1/settings/days", typed)
	s.Page(p, err, http.StatusOK)
	p, err = admin.Get("/p/1/settings/days")
	doc = s.Page(p, err, http.StatusOK)
	for field, want := range map[string]string{"unsigned": "2", "our-signature": "2", "invitation": "4", "again": "5", "accepted": "14", "days-off": "31.12.2026"} {
		if got := doc.Find(`[name="`+field+`"]`).AttrOr("value", ""); got != want {
			t.Errorf("%s is kept as %q, want %q", field, got, want)
		}
	}
	if known := apptest.TestID(doc, "known-years").Text(); !strings.Contains(known, "2023, 2024, 2025, 2026 — по постановлениям") || !strings.Contains(known, "2027 — по открытым данным") {
		t.Errorf("known years: %q", known)
	}
}
