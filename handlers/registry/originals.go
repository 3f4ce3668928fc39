package registry

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"acts24/acts"
	"acts24/acts/papercode"
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
	found, err := h.findPaper(r.Context(), v, withWords(numbers[:min(len(numbers), maxOriginals)]))
	if err != nil {
		return err
	}
	numbers = splitUnknown(numbers, found)
	switch {
	case len(numbers) == 0:
		m.Typed, m.Fault = r.PostForm.Get("numbers"), "Введите номера актов, каждый с новой строки."
		return web.Render(w, r, http.StatusUnprocessableEntity, views.OriginalsPage(m))
	case len(numbers) > maxOriginals:
		m.Typed, m.Fault = r.PostForm.Get("numbers"), "За один раз можно отметить не больше 200 актов. Разделите список."
		return web.Render(w, r, http.StatusUnprocessableEntity, views.OriginalsPage(m))
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

// findPaper reads the paper acts that have one of the numbers, or one of the codes that a scanner reads from their barcodes.
func (h *Handler) findPaper(ctx context.Context, v web.Visit, numbers []string) ([]list.PaperAct, error) {
	found, err := list.PaperByNumber(ctx, h.DB.Scope(v.Portal), v.Visibility, numbers)
	if err != nil {
		return nil, err
	}
	var ids []acts.ActID
	for _, number := range numbers {
		if id, ok := papercode.Parse(number); ok && !slices.ContainsFunc(found, func(a list.PaperAct) bool { return a.ID == id }) {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return found, nil
	}
	scanned, err := list.PaperByID(ctx, h.DB.Scope(v.Portal), v.Visibility, ids)
	return append(found, scanned...), err
}

// recordOriginal records the original of the only act with a number that waits for it, or returns why it does not.
func (h *Handler) recordOriginal(r *http.Request, v web.Visit, number string, found []list.PaperAct) (views.OriginalResult, error) {
	result := views.OriginalResult{Number: number}
	waiting := waitingForOriginal(found)
	named := found
	if len(waiting) == 1 {
		named = waiting
	}
	for _, a := range named {
		result.Acts = append(result.Acts, views.Link{Text: "№ " + a.Number + " от " + views.Date(a.Date) + ", " + a.Buyer, Href: web.Base(v) + "/acts/" + web.ID(a.ID)})
	}
	switch {
	case len(found) == 0:
		result.Text = "Бумажного акта с таким номером нет."
	case len(waiting) > 1:
		result.Text = "Актов с таким номером несколько. Откройте нужный и отметьте оригинал в нём."
	case len(waiting) == 0:
		result.Text, result.Done = "Оригинал уже получен "+views.Date(*found[0].OriginalOn)+".", true
	default:
		err := h.Service.Acts.Original(r.Context(), v, waiting[0].ID, "")
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

// waitingForOriginal returns the acts whose originals have not come. When several acts have the number, because each year or each of our
// organisations numbers its own, those that were not sent to the counterparty yet are left out.
func waitingForOriginal(found []list.PaperAct) []list.PaperAct {
	waiting := slices.DeleteFunc(slices.Clone(found), func(a list.PaperAct) bool { return a.OriginalOn != nil })
	if len(waiting) < 2 {
		return waiting
	}
	with := slices.DeleteFunc(slices.Clone(waiting), func(a list.PaperAct) bool {
		return a.Status != acts.StatusSent && a.Status != acts.StatusAcceptedUnsigned && a.Status != acts.StatusSigned
	})
	if len(with) == 0 {
		return waiting
	}
	return with
}

// actsWithNumber returns the acts with a number, or the one with a scanned code.
func actsWithNumber(found []list.PaperAct, number string) []list.PaperAct {
	id, _ := papercode.Parse(number)
	return slices.DeleteFunc(slices.Clone(found), func(a list.PaperAct) bool { return a.Number != number && a.ID != id })
}

// readNumbers splits typed or scanned numbers: one on each line, or separated by commas, semicolons or tabs. «№ 5» is read as «5».
func readNumbers(text string) []string {
	var numbers []string
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("\n\r\t,;\x00", r) }) {
		numbers = appendNumber(numbers, part)
	}
	return numbers
}

func appendNumber(numbers []string, text string) []string {
	number := strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(text), "№"))
	if number == "" || slices.Contains(numbers, number) {
		return numbers
	}
	return append(numbers, number)
}

// withWords returns numbers and the words of those that consist of several: a number may contain spaces, and spaces may separate numbers.
func withWords(numbers []string) []string {
	all := slices.Clone(numbers)
	for _, number := range numbers {
		for _, word := range strings.Fields(number) {
			all = appendNumber(all, word)
		}
	}
	return all
}

// splitUnknown replaces what is the number of no act by its words, if one of them is a number.
func splitUnknown(numbers []string, found []list.PaperAct) []string {
	known := func(number string) bool { return len(actsWithNumber(found, strings.TrimPrefix(number, "№"))) > 0 }
	var split []string
	for _, number := range numbers {
		words := strings.Fields(number)
		if known(number) || !slices.ContainsFunc(words, known) {
			words = []string{number}
		}
		for _, word := range words {
			split = appendNumber(split, word)
		}
	}
	return split
}
