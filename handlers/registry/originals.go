package registry

import (
	"net/http"
	"slices"
	"strings"

	"acts24/acts"
	"acts24/handlers/web"
	"acts24/store/list"
	"acts24/views"
)

// maxOriginals is the largest number of originals that are recorded at once.
const maxOriginals = 200

// originals handles GET /p/{portal}/acts/originals: the page where received originals are recorded by the numbers of their acts.
func (h *Handler) originals(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	return web.Render(w, r, http.StatusOK, views.OriginalsPage(emptyOriginals(v)))
}

// emptyOriginals returns the page before numbers were sent.
func emptyOriginals(v web.Visit) views.Originals {
	m := views.Originals{Frame: web.Frame(v, "Оригиналы актов"), Action: web.Base(v) + "/acts/originals", Back: web.Base(v) + "/acts?original=1"}
	m.Menu = true
	return m
}

// saveOriginals handles POST /p/{portal}/acts/originals: records today as the day on which the originals of the given acts came. Numbers
// that match no act, or several, are reported and stay in the field.
func (h *Handler) saveOriginals(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	if err := r.ParseForm(); err != nil {
		return web.BadForm(err)
	}
	m := emptyOriginals(v)
	numbers := readNumbers(r.PostForm.Get("numbers"))
	switch {
	case len(numbers) == 0:
		m.Typed, m.Fault = r.PostForm.Get("numbers"), "Введите номера актов, каждый с новой строки."
		return web.Render(w, r, http.StatusUnprocessableEntity, views.OriginalsPage(m))
	case len(numbers) > maxOriginals:
		m.Typed, m.Fault = r.PostForm.Get("numbers"), "За один раз можно отметить не больше 200 актов. Разделите список."
		return web.Render(w, r, http.StatusUnprocessableEntity, views.OriginalsPage(m))
	}
	found, err := list.PaperByNumber(r.Context(), h.DB.Scope(v.Portal), v.Visibility, numbers)
	if err != nil {
		return err
	}
	var open []string
	for _, number := range numbers {
		result, err := h.recordOriginal(r, v, number, actsWithNumber(found, number))
		if err != nil {
			return err
		}
		if !result.Done {
			open = append(open, number)
		}
		m.Results = append(m.Results, result)
	}
	m.Typed = strings.Join(open, "\n")
	return web.Render(w, r, http.StatusOK, views.OriginalsPage(m))
}

// recordOriginal records the original of the only act with a number, or returns why it does not.
func (h *Handler) recordOriginal(r *http.Request, v web.Visit, number string, found []list.PaperAct) (views.OriginalResult, error) {
	result := views.OriginalResult{Number: number}
	for _, a := range found {
		result.Acts = append(result.Acts, views.Link{Text: "№ " + a.Number + " от " + views.Date(a.Date) + ", " + a.Buyer, Href: web.Base(v) + "/acts/" + web.ID(a.ID)})
	}
	switch {
	case len(found) == 0:
		result.Text = "Бумажного акта с таким номером нет."
	case len(found) > 1:
		result.Text = "Актов с таким номером несколько. Откройте нужный и отметьте оригинал в нём."
	case found[0].OriginalOn != nil:
		result.Text, result.Done = "Оригинал уже получен "+views.Date(*found[0].OriginalOn)+".", true
	default:
		err := h.Service.Acts.Original(r.Context(), v, found[0].ID, "")
		if message := web.Message(err); err != nil && message == "" {
			return result, err
		} else if err != nil {
			result.Text = message
			return result, nil
		}
		result.Text, result.Done = "Оригинал получен.", true
	}
	return result, nil
}

// actsWithNumber returns the acts with a number.
func actsWithNumber(found []list.PaperAct, number string) []list.PaperAct {
	return slices.DeleteFunc(slices.Clone(found), func(a list.PaperAct) bool { return a.Number != number })
}

// readNumbers splits typed or scanned numbers: one on each line, or separated by commas or semicolons. «№ 5» is read as «5».
func readNumbers(text string) []string {
	var numbers []string
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' || r == ',' || r == ';' }) {
		number := strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(part), "№"))
		if number != "" && len([]rune(number)) <= acts.MaxNumberLength && !slices.Contains(numbers, number) {
			numbers = append(numbers, number)
		}
	}
	return numbers
}
