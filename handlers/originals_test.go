package handlers_test

import (
	"net/http"
	"strings"
	"testing"

	"acts24/acts"
	"acts24/acts/papercode"
	"acts24/cmd/app/apptest"
)

// Originals are recorded by the numbers of their acts; a number that fits no act or several is reported and stays in the field.
func TestOriginalsByNumber(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	first, second := s.SendPaperAct(s.Deal(1)), s.SendPaperAct(s.Deal(5))
	s.SendPaperAct(s.Deal(7))
	s.SendPaperAct(s.Deal(9))
	s.Exec(`UPDATE acts SET number = 'А-1' WHERE number = '1'; UPDATE acts SET number = 'Б, 2' WHERE number = '2'`)
	s.Exec(`UPDATE acts SET act_date = act_date - interval '1 year', number = '4' WHERE number = '3'`)
	doc := s.PostAction("/p/1/acts/originals", apptest.Form("numbers", "№ А-1\nнет такого\r\n4"), "")
	text := strings.Join(strings.Fields(apptest.TestID(doc, "original-results").Text()), " ")
	for _, want := range []string{"А-1 Оригинал получен.", "нет такого Бумажного акта с таким номером нет.", "4 Актов с таким номером несколько."} {
		if !strings.Contains(text, want) {
			t.Errorf("the results lack %q: %s", want, text)
		}
	}
	if left := apptest.TestID(doc, "original-numbers").Text(); left != "нет такого\n4" {
		t.Errorf("the field keeps %q", left)
	}
	if got := apptest.ActStatus(s.ActPage(first)); got != acts.StatusSigned.Label() {
		t.Errorf("the act is «%s»", got)
	}
	if got := apptest.ActStatus(s.ActPage(second)); got != acts.StatusSent.Label() {
		t.Errorf("another act is «%s»", got)
	}
	again := s.PostAction("/p/1/acts/originals", apptest.Form("numbers", "А-1"), "")
	if text := apptest.TestID(again, "original-results").Text(); !strings.Contains(text, "Оригинал уже получен") {
		t.Errorf("the second time: %s", text)
	}
	s.Exec(`UPDATE acts SET original_on = act_date WHERE number = '4' AND act_date = (SELECT min(act_date) FROM acts)`)
	row := s.PostAction("/p/1/acts/originals", apptest.Form("numbers", "А-1 4\t"+strings.Repeat("5", acts.MaxNumberLength+1)), "")
	text = strings.Join(strings.Fields(apptest.TestID(row, "original-results").Text()), " ")
	for _, want := range []string{"А-1 Оригинал уже получен", "4 Оригинал получен.", "55 Бумажного акта с таким номером нет."} {
		if !strings.Contains(text, want) {
			t.Errorf("the results of numbers in a row lack %q: %s", want, text)
		}
	}
	third := papercode.Of(acts.Act{ID: acts.ActID(s.Number(`SELECT id FROM acts WHERE number = 'Б, 2'`)), Medium: acts.MediumPaper})
	scanned := s.PostAction("/p/1/acts/originals", apptest.Form("numbers", third+"\n"), "")
	if text := strings.Join(strings.Fields(apptest.TestID(scanned, "original-results").Text()), " "); !strings.Contains(text, "Оригинал получен. № Б, 2 от") {
		t.Errorf("the result of a scanned code: %s", text)
	}
	for text, want := range map[string]string{"": "Введите номера", strings.Repeat("1\n", 3): "", numbers(201): "не больше 200"} {
		p, err := s.Manager.Post("/p/1/acts/originals", apptest.Form("numbers", text))
		status := http.StatusOK
		if want != "" {
			status = http.StatusUnprocessableEntity
		}
		if fault := apptest.TestID(s.Page(p, err, status), "fault-numbers").Text(); !strings.Contains(fault, want) {
			t.Errorf("the fault of %.20q is %q", text, fault)
		}
	}
}

func numbers(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("x" + strings.Repeat("y", i) + ",")
	}
	return b.String()
}
