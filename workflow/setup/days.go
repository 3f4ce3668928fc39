package setup

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"acts24/acts"
	"acts24/acts/workday"
	"acts24/store"
	"acts24/workflow"
)

// DaysForm is the typed form of working days and terms.
type DaysForm struct {
	Off, On string
	Letters string            // working days after sending on which the counterparty gets a letter: 5, 10, 20
	Terms   map[string]string // by their names
}

// Term is one of the terms of reminders: its name in forms and its maximum in days.
type Term struct {
	Name string
	Most int
	in   func(*acts.Terms) *int
}

// Terms are all of them.
var Terms = []Term{
	{"unsigned", 60, func(t *acts.Terms) *int { return &t.Unsigned }},
	{"our-signature", 30, func(t *acts.Terms) *int { return &t.OurSignature }},
	{"invitation", 30, func(t *acts.Terms) *int { return &t.Invitation }},
	{"again", 60, func(t *acts.Terms) *int { return &t.Again }},
	{"accepted", 365, func(t *acts.Terms) *int { return &t.Accepted }},
	{"annulment", 60, func(t *acts.Terms) *int { return &t.Annulment }},
}

// Days is the term in days.
func (t Term) Days(of acts.Terms) int { return *t.in(&of) }

// readTerms reads the terms that the form has; the others stay at their usual values. The second invitation comes after the first.
func (f DaysForm) readTerms(faults *acts.Faults) (terms acts.Terms) {
	terms = acts.DefaultTerms
	for _, t := range Terms {
		if _, has := f.Terms[t.Name]; !has {
			continue
		}
		n, err := strconv.Atoi(strings.TrimSpace(f.Terms[t.Name]))
		if err != nil || n < 1 || n > t.Most {
			faults.Add(t.Name, "От 1 до %d дней.", t.Most)
		}
		*t.in(&terms) = n
	}
	if len(*faults) == 0 && terms.Again <= terms.Invitation {
		faults.Add("again", "Второе напоминание приходит позже первого: больше %d.", terms.Invitation)
	}
	return terms
}

// SaveDays stores the administrator's days and the terms of reminders.
func (s *Service) SaveDays(ctx context.Context, v workflow.Visit, f DaysForm) error {
	var faults acts.Faults
	off, on := readDays(&faults, "days-off", f.Off), readDays(&faults, "days-on", f.On)
	for _, day := range off {
		if slices.Contains(on, day) {
			faults.Add("days-on", "День %s указан и выходным, и рабочим.", day)
		}
	}
	terms, letters := f.readTerms(&faults), readLetters(&faults, f.Letters)
	if err := faults.Err(); err != nil {
		return err
	}
	return s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		settings, err := tx.Portals().Settings(ctx)
		if err != nil {
			return err
		}
		settings.Calendar.DaysOff, settings.Calendar.DaysOn = off, on
		settings.Terms, settings.Letters = terms, letters
		return tx.Portals().SaveSettings(ctx, settings)
	})
}

// maxLetters is the largest number of letters about one act, maxLetterDay the last working day for one.
const maxLetters, maxLetterDay = 3, 90

// readLetters reads the working days of letters to the counterparty, each later than the one before; empty means no letters.
func readLetters(faults *acts.Faults, text string) (days []int) {
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(",; \n\r\t", r) }) {
		n, err := strconv.Atoi(word)
		switch {
		case err != nil || n < 1 || n > maxLetterDay:
			faults.Add("letters", "«%s» не подходит. Укажите рабочие дни от 1 до %d, например 5, 10, 20.", workflow.Clip(word, 20), maxLetterDay)
			return nil
		case len(days) > 0 && n <= days[len(days)-1]:
			faults.Add("letters", "Каждое следующее письмо позже предыдущего: после %d укажите больший день.", days[len(days)-1])
			return nil
		case len(days) == maxLetters:
			faults.Add("letters", "Об одном акте пишут не больше трёх раз.")
			return nil
		}
		days = append(days, n)
	}
	return days
}

// readDays reads days typed one after another: 05.11.2027, 06.11.2027.
func readDays(faults *acts.Faults, field, text string) (days []string) {
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(",; \n\r\t", r) }) {
		day, ok := workday.ParseTyped(word)
		if !ok {
			faults.Add(field, "«%s» не дата. Дни указываются как 05.11.2027.", workflow.Clip(word, 20))
			continue
		}
		days = append(days, day.Format(time.DateOnly))
	}
	if len(days) > 100 {
		faults.Add(field, "Не больше ста дней.")
	}
	return days
}

// maxLogo is the largest logo, in bytes.
const maxLogo = 1 << 20

// SaveLogo stores the logo of our company for print forms.
func (s *Service) SaveLogo(ctx context.Context, v workflow.Visit, company acts.CompanyID, files []workflow.Upload) error {
	if len(files) != 1 || files[0].Media == "application/pdf" {
		return acts.Faults{{Field: "logo", Text: "Выберите один файл PNG или JPEG."}}
	}
	body, err := files[0].Open()
	if err != nil {
		return fmt.Errorf("open logo: %w", err)
	}
	defer body.Close()
	image := io.LimitReader(body, maxLogo+1)
	return s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		id, err := tx.Files().Add(ctx, files[0].Name, files[0].Media, image, s.now())
		if err != nil {
			return err
		}
		file, err := tx.Files().Get(ctx, id)
		if err != nil {
			return err
		}
		if file.Size > maxLogo {
			return acts.Faults{{Field: "logo", Text: "Логотип больше 1 МБ. Уменьшите картинку."}}
		}
		return tx.Companies().SetLogo(ctx, company, id)
	})
}
