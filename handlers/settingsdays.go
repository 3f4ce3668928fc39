package handlers

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"acts24/acts/workday"
	"acts24/store"
	"acts24/views"
	"acts24/workflow"
)

var termLabels = map[string]string{
	"unsigned": "Рабочих дней на подпись заявителя", "our-signature": "Рабочих дней на нашу подпись в СБИС",
	"invitation": "Рабочих дней до напоминания о приглашении", "again": "Рабочих дней до второго напоминания", "accepted": "Дней между напоминаниями о принятом без подписи",
}

// daysView words what the portal and the administrator say of working days.
func daysView(kept store.Settings, typed *workflow.DaysForm, now time.Time) views.Days {
	c := kept.Calendar
	m := views.Days{Portal: portalDays(c), Off: strings.Join(russianDays(c.DaysOff), ", "), On: strings.Join(russianDays(c.DaysOn), ", ")}
	for _, t := range workflow.Terms {
		field := views.TermField{Name: t.Name, Label: termLabels[t.Name], Value: strconv.Itoa(t.Days(kept.Remind()))}
		if typed != nil {
			field.Value = typed.Terms[t.Name]
		}
		m.Terms = append(m.Terms, field)
	}
	for year := now.Year(); year <= now.AddDate(0, 1, 0).Year(); year++ {
		if !workday.Known(year) {
			m.Unknown = fmt.Sprintf("Производственный календарь на %d год ещё не учтён: считаются только постоянные праздники. Перенесённые дни впишите ниже.", year)
		}
	}
	if typed != nil {
		m.Off, m.On = typed.Off, typed.On
	}
	return m
}

func portalDays(c workday.Overrides) string {
	words := "Порядок: дни, вписанные здесь; рабочие и выходные дни календаря портала; производственный календарь; выходные недели."
	if len(c.YearHolidays) > 0 {
		words += " Праздники портала: " + strings.Join(c.YearHolidays, ", ") + "."
	}
	if len(c.YearWorkdays) > 0 {
		words += " Рабочие дни портала: " + strings.Join(c.YearWorkdays, ", ") + "."
	}
	if c.WorkStart != "" {
		words += " День начинается в " + c.WorkStart + " ч."
	}
	return words
}

func russianDays(days []string) []string {
	out := make([]string, len(days))
	for i, d := range days {
		out[i] = d
		if day, err := time.Parse(time.DateOnly, d); err == nil {
			out[i] = views.Date(day)
		}
	}
	return out
}

// days shows the working days and the terms of reminders.
func (s *Server) days(w http.ResponseWriter, r *http.Request, v Visit) error {
	return s.renderDays(w, r, v, http.StatusOK, nil, nil)
}

// renderDays draws the working days, as they are kept or as they were typed.
func (s *Server) renderDays(w http.ResponseWriter, r *http.Request, v Visit, status int, typed *workflow.DaysForm, tried error) error {
	kept, err := s.db.Scope(v.Portal).Settings(r.Context())
	if err != nil {
		return err
	}
	m := daysView(kept, typed, s.now().In(zoneOf(v)))
	m.SettingsFrame = settingsFrame(r, v, "/days", tried)
	return render(w, r, status, views.DaysPage(m))
}

// saveDays keeps the administrator's days and the term of the reminder.
func (s *Server) saveDays(w http.ResponseWriter, r *http.Request, v Visit) error {
	if err := r.ParseForm(); err != nil {
		return badForm(err)
	}
	form := workflow.DaysForm{Off: r.PostForm.Get("days-off"), On: r.PostForm.Get("days-on"), Terms: map[string]string{}}
	for _, t := range workflow.Terms {
		form.Terms[t.Name] = strings.TrimSpace(r.PostForm.Get(t.Name))
	}
	err := s.service.SaveDays(r.Context(), v, form)
	return settled(w, r, v, "/days?done=saved", err, func(status int) error { return s.renderDays(w, r, v, status, &form, err) })
}
