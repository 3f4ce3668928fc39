package act

import (
	"context"
	"fmt"
	"mime"
	"net/http"

	"acts24/acts"
	"acts24/acts/scan"
	"acts24/handlers/web"
	"acts24/store"
)

// uploadSize is the maximum size of a form with files, in bytes: several pages of a scan.
const uploadSize = 5*scan.MaxSize + 1<<20

// upload handles POST /p/{portal}/acts/{act}/files/{side}: stores signed copies of the act.
func (h *Handler) upload(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	act, err := web.PathID[acts.ActID](r, "act")
	if err != nil {
		return err
	}
	side := acts.Side(r.PathValue("side"))
	if side != acts.SideOurs && side != acts.SideTheirs {
		return acts.Errorf(acts.NotFound, "Такой страницы нет.")
	}
	files, form, drop, err := web.ReadUploads(r, string(side))
	defer drop()
	if err == nil {
		err = h.Service.Acts.UploadCopies(r.Context(), v, act, side, files, form["replace"] != "")
	}
	return h.done(w, r, v, act, err)
}

// copyFile handles GET /p/{portal}/acts/{act}/files/{file}: a signed copy of the act, always as a download.
func (h *Handler) copyFile(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	act, err := web.PathID[acts.ActID](r, "act")
	if err != nil {
		return err
	}
	n, err := web.PathID[int64](r, "file")
	if err != nil {
		return err
	}
	scope := h.DB.Scope(v.Portal)
	file, err := scope.Acts().File(r.Context(), act, n)
	if err != nil {
		return err
	}
	return giveFile(w, r, scope, file)
}

// xml handles GET /p/{portal}/acts/{act}/xml: the electronic document of the act.
func (h *Handler) xml(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	act, err := web.PathID[acts.ActID](r, "act")
	if err != nil {
		return err
	}
	scope := h.DB.Scope(v.Portal)
	file, err := scope.Acts().XML(r.Context(), act)
	if err != nil {
		return err
	}
	return giveFile(w, r, scope, file)
}

// giveFile writes a stored file as a download.
func giveFile(w http.ResponseWriter, r *http.Request, scope store.Scope, file store.File) error {
	header := w.Header()
	header.Set("Content-Type", file.Type)
	header.Set("Content-Length", fmt.Sprint(file.Size))
	header.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	header.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": file.Name}))
	return scope.Files().Copy(r.Context(), file, w)
}

// print handles GET /p/{portal}/acts/{act}/print: the print form, as a download or, with ?view, for the preview on our page.
func (h *Handler) print(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	return givePDF(w, r, v, h.Service.Acts.PrintForm)
}

// printUPD handles GET /p/{portal}/acts/{act}/upd: the printed УПД, as a download or, with ?view, in the browser.
func (h *Handler) printUPD(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	return givePDF(w, r, v, h.Service.Acts.PrintUPD)
}

// givePDF sends the PDF that render makes of the act in the URL.
func givePDF(w http.ResponseWriter, r *http.Request, v web.Visit, render func(context.Context, web.Visit, acts.ActID) (string, []byte, error)) error {
	act, err := web.PathID[acts.ActID](r, "act")
	if err != nil {
		return err
	}
	name, body, err := render(r.Context(), v, act)
	if err != nil {
		return err
	}
	disposition := "attachment"
	if r.URL.Query().Get("view") != "" {
		disposition = "inline"
	}
	header := w.Header()
	header.Set("Content-Type", "application/pdf")
	header.Set("Content-Length", fmt.Sprint(len(body)))
	header.Set("Content-Security-Policy", "frame-ancestors 'self' "+web.OriginOf(v.Origin))
	header.Set("Content-Disposition", mime.FormatMediaType(disposition, map[string]string{"filename": name}))
	_, err = w.Write(body)
	return err
}
