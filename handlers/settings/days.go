package settings

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"acts24/acts/workday"
	"acts24/handlers/web"
	"acts24/store"
	"acts24/views"
	"acts24/workflow/setup"
)

var termLabels = map[string]string{
	"unsigned": "Рабочих дней на подпись заявителя", "our-signature": "Рабочих дней на нашу подпись в СБИС",
	"invitation": "Рабочих дней до напоминания о приглашении", "again": "Рабочих дней до второго напоминания", "accepted": "Дней между напоминаниями о принятом без подписи",
	"annulment": "Рабочих дней на ответ об аннулировании",
}

// daysView formats the working days of the portal and the settings.
func daysView(kept store.Settings, typed *setup.DaysForm, now time.Time) views.Days {
	c := kept.Calendar
	m := views.Days{PortalSettings: portalDays(c), KnownYears: knownYears(workday.Years()), ExtraDaysOff: strings.Join(russianDays(c.DaysOff), ", "), ExtraWorkdays: strings.Join(russianDays(c.DaysOn), ", ")}
	for _, t := range setup.Terms {
		field := views.TermField{Name: t.Name, Label: termLabels[t.Name], Value: strconv.Itoa(t.Days(kept.ReminderTerms()))}
		if typed != nil {
			field.Value = typed.Terms[t.Name]
		}
		m.Terms = append(m.Terms, field)
	}
	for year := now.Year(); year <= now.AddDate(0, 1, 0).Year(); year++ {
		if !workday.Known(year) {
			m.UnknownYear = fmt.Sprintf("Календаря на %d год ещё нет: дни считаются по статье 112 ТК РФ. Переносы, которые назначит Правительство, впишите ниже.", year)
		}
	}
	var letters []string
	for _, day := range kept.Letters {
		letters = append(letters, strconv.Itoa(day))
	}
	m.LetterDays = strings.Join(letters, ", ")
	if typed != nil {
		m.ExtraDaysOff, m.ExtraWorkdays, m.LetterDays = typed.Off, typed.On, typed.Letters
	}
	return m
}

// knownYears returns the years with a known production calendar and the rule for the others.
func knownYears(list []workday.Year) string {
	var decreed, early []string
	for _, y := range list {
		if y.Decree {
			decreed = append(decreed, strconv.Itoa(y.Year))
		} else {
			early = append(early, strconv.Itoa(y.Year))
		}
	}
	words := "Производственный календарь: " + strings.Join(decreed, ", ") + " — по постановлениям Правительства"
	if len(early) > 0 {
		words += "; " + strings.Join(early, ", ") + " — по открытым данным, сверьте переносы с постановлением"
	}
	return words + ". Остальные годы — по статье 112 ТК РФ: праздник, который выпал на выходной, переносит его на следующий рабочий день; " +
		"январские выходные переносит только Правительство."
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

// days handles GET /p/{portal}/settings/days: the working days and the terms of reminders.
func (h *Handler) days(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	return h.renderDays(w, r, v, http.StatusOK, nil, nil)
}

// renderDays renders the working days as stored or as typed.
func (h *Handler) renderDays(w http.ResponseWriter, r *http.Request, v web.Visit, status int, typed *setup.DaysForm, tried error) error {
	kept, err := h.DB.Scope(v.Portal).Portals().Settings(r.Context())
	if err != nil {
		return err
	}
	m := daysView(kept, typed, h.Now().In(web.Zone(v)))
	m.SettingsFrame = settingsFrame(r, v, "/days", tried)
	return web.Render(w, r, status, views.DaysPage(m))
}

// saveDays handles POST /p/{portal}/settings/days: stores the working days and the terms of reminders.
func (h *Handler) saveDays(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	if err := r.ParseForm(); err != nil {
		return web.BadForm(err)
	}
	form := setup.DaysForm{Off: r.PostForm.Get("days-off"), On: r.PostForm.Get("days-on"), Letters: r.PostForm.Get("letters"), Terms: map[string]string{}}
	for _, t := range setup.Terms {
		if r.PostForm.Has(t.Name) {
			form.Terms[t.Name] = strings.TrimSpace(r.PostForm.Get(t.Name))
		}
	}
	err := h.Service.Setup.SaveDays(r.Context(), v, form)
	return redirectOrRetry(w, r, v, "/days?done=saved", err, func(status int) error { return h.renderDays(w, r, v, status, &form, err) })
}
