package registry

import (
	"mime"
	"net/http"
	"strconv"
	"strings"

	"acts24/acts"
	"acts24/handlers/web"
	"acts24/store"
	"acts24/store/list"
	"acts24/views"
)

// startBulk handles POST /p/{portal}/acts/bulk: selects acts of a list for an action and redirects to its page.
func (h *Handler) startBulk(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	if err := r.ParseForm(); err != nil {
		return web.BadForm(err)
	}
	form, err := readBulk(r.PostForm, v)
	if err != nil {
		return err
	}
	made, err := h.Service.Bulk.Start(r.Context(), v, form)
	if err != nil {
		return err
	}
	return h.toBulk(w, r, v, made)
}

// toBulk redirects to the page of a bulk action.
func (h *Handler) toBulk(w http.ResponseWriter, r *http.Request, v web.Visit, bulk int64) error {
	http.Redirect(w, r, web.Base(v)+"/bulks/"+web.ID(bulk), http.StatusSeeOther)
	return nil
}

// bulks handles GET /p/{portal}/bulks: the latest bulk actions of the visitor.
func (h *Handler) bulks(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	found, err := h.DB.Scope(v.Portal).Bulks().OfUser(r.Context(), v.User)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, views.BulksPage(bulksView(v, found)))
}

// bulk handles GET /p/{portal}/bulks/{bulk}: the dry run or the progress of a bulk action.
func (h *Handler) bulk(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	bulk, err := web.PathID[int64](r, "bulk")
	if err != nil {
		return err
	}
	return h.renderBulk(w, r, v, bulk, http.StatusOK, nil)
}

// renderBulk renders the page of a bulk action with the error of the last step.
func (h *Handler) renderBulk(w http.ResponseWriter, r *http.Request, v web.Visit, bulk int64, status int, tried error) error {
	b, err := h.Service.Bulk.Find(r.Context(), v, bulk)
	if err != nil {
		return err
	}
	scope := h.DB.Scope(v.Portal)
	m := bulkView(v, b)
	if b.State == store.BulkChoosing {
		people, err := scope.People().Active(r.Context())
		if err != nil {
			return err
		}
		m.People = targets(v, people)
	} else {
		groups, err := scope.Bulks().Groups(r.Context(), bulk, v.Visibility)
		if err != nil {
			return err
		}
		m.Groups = groupViews(v, b, groups)
	}
	if tried != nil {
		web.ShowError(&m.Frame, "", tried)
	}
	return web.Render(w, r, status, views.BulkPage(m))
}

// changeBulk runs a step of a bulk action and redirects to its page, or shows the page with the error.
func (h *Handler) changeBulk(w http.ResponseWriter, r *http.Request, v web.Visit, do func(bulk int64) error) error {
	bulk, err := web.PathID[int64](r, "bulk")
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return web.BadForm(err)
	}
	err = do(bulk)
	if err == nil {
		return h.toBulk(w, r, v, bulk)
	}
	if status := web.Status(err); status == http.StatusConflict || status == http.StatusUnprocessableEntity {
		return h.renderBulk(w, r, v, bulk, status, err)
	}
	return err
}

// chooseTarget handles POST /p/{portal}/bulks/{bulk}/target: sets the new responsible employee.
func (h *Handler) chooseTarget(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	return h.changeBulk(w, r, v, func(bulk int64) error {
		to, _ := strconv.ParseInt(r.PostForm.Get("to"), 10, 64) // 0 removes the responsible
		return h.Service.Bulk.ChooseTarget(r.Context(), v, bulk, acts.UserID(to))
	})
}

// runBulk handles POST /p/{portal}/bulks/{bulk}/run: starts a bulk action after its dry run.
func (h *Handler) runBulk(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	return h.changeBulk(w, r, v, func(bulk int64) error { return h.Service.Bulk.Run(r.Context(), v, bulk) })
}

// cancelBulk handles POST /p/{portal}/bulks/{bulk}/cancel: stops a bulk action before its next act.
func (h *Handler) cancelBulk(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	return h.changeBulk(w, r, v, func(bulk int64) error { return h.Service.Bulk.Cancel(r.Context(), v, bulk) })
}

// bulkFile handles GET /p/{portal}/bulks/{bulk}/file: the selected acts as an archive of documents or as a table.
func (h *Handler) bulkFile(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	bulk, err := web.PathID[int64](r, "bulk")
	if err != nil {
		return err
	}
	b, err := h.Service.Bulk.Find(r.Context(), v, bulk)
	switch {
	case err != nil:
		return err
	case b.Action.Changes() || b.State != store.BulkChecked || b.Waiting == 0:
		return acts.Errorf(acts.NotFound, "Такого файла нет.")
	case b.Action.Archives():
		return h.writeArchive(w, r, v, b)
	}
	return h.writeActs(w, r, v, plainWorkbook, list.ActFilter{Visibility: v.Visibility, Zone: web.Zone(v), Bulk: b.ID}, list.Sort{}, "Выбранные акты")
}

// writeArchive writes the documents of a bulk action as a zip while it reads them.
func (h *Handler) writeArchive(w http.ResponseWriter, r *http.Request, v web.Visit, b store.Bulk) error {
	header := w.Header()
	header.Set("Content-Type", "application/zip")
	header.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	what := strings.ToUpper(string(b.Action))
	if b.Action == store.BulkSigned {
		what = "подписанные комплекты"
	}
	name := "Акты " + b.CreatedAt.In(web.Zone(v)).Format("02.01.2006") + " " + what + ".zip"
	header.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	if err := h.Service.Bulk.Archive(r.Context(), v, b, w); err != nil {
		h.Log.ErrorContext(r.Context(), "archive broken off", "portal", v.Portal, "bulk", b.ID, "err", err)
		panic(http.ErrAbortHandler)
	}
	return nil
}
