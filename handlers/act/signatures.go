package act

import (
	"archive/zip"
	"io"
	"mime"
	"net/http"

	"acts24/acts"
	"acts24/acts/signed"
	"acts24/handlers/web"
	"acts24/store"
	"acts24/views"
)

// signedPackage handles GET /p/{portal}/acts/{act}/package: the signed files of the act's document with an index as a zip.
func (h *Handler) signedPackage(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	act, err := web.PathID[acts.ActID](r, "act")
	if err != nil {
		return err
	}
	archive, name, err := h.Service.EDO.Archive(r.Context(), v, act)
	if err != nil {
		return err
	}
	header := w.Header()
	header.Set("Content-Type", "application/zip")
	header.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	header.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name + ".zip"}))
	out := zip.NewWriter(w)
	err = archive.Write(func(name string) (io.Writer, error) {
		return out.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: h.Now().In(web.Zone(v))})
	})
	if err == nil {
		err = out.Close()
	}
	if err != nil { // a part has been sent: the browser must see that the rest is missing
		h.Log.ErrorContext(r.Context(), "package broken off", "portal", v.Portal, "act", act, "err", err)
		panic(http.ErrAbortHandler)
	}
	return nil
}

// repeatPackage handles POST /p/{portal}/acts/{act}/package: fetches the signed files again that SBIS did not have.
func (h *Handler) repeatPackage(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	act, err := web.PathID[acts.ActID](r, "act")
	if err != nil {
		return err
	}
	return h.done(w, r, v, act, h.Service.EDO.RepeatPackage(r.Context(), v, act))
}

// signaturesView formats who signed the act's document; nil before its signed files were requested.
func signaturesView(v web.Visit, details store.ActDetails) *views.Signatures {
	doc := details.Document
	if doc == nil || doc.Package == signed.StateNone {
		return nil
	}
	at := web.Base(v) + "/acts/" + web.ID(details.Act.ID) + "/package"
	m := views.Signatures{Note: doc.PackageNote, Unchecked: signed.Unchecked, Busy: doc.Package.UnderWay()}
	if hasCopy(details, acts.SideSigned) {
		m.Package = at
	}
	switch doc.Package {
	case signed.StateFetching:
		m.Note = "Документ и подписи загружаются из СБИС."
	case signed.StatePrinting:
		m.Note = "СБИС готовит печатную форму: она появится в комплекте позже."
	}
	if doc.Package.Repeatable() {
		m.Repeat = at
	}
	for _, s := range store.SignaturesOf(details.Files) {
		one := views.Signature{Title: s.Role(), File: s.Of, Wrong: s.Wrong()}
		for _, f := range s.Facts() {
			one.Facts = append(one.Facts, views.Fact{Name: f.Name, Value: f.Value})
		}
		m.List = append(m.List, one)
	}
	return &m
}
