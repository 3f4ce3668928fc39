package main

import (
	"embed"
	"net/http"
	"path"

	"github.com/a-h/templ"

	"acts24/integrations/sbis/sbistest"
)

// sbisPages serves the pages of the fake SBIS, on which people process documents.
type sbisPages struct{ server *sbistest.Server }

// newSBISPages returns the handler of the fake SBIS pages: the list of documents and a page for each.
func newSBISPages(server *sbistest.Server) http.Handler {
	p := &sbisPages{server: server}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", p.list)
	mux.HandleFunc("GET /opendoc.html", p.open)
	mux.HandleFunc("POST /cabinet/{id}/{move}", p.act)
	mux.HandleFunc("GET /cabinet/{id}/files/{name}", p.file)
	mux.HandleFunc("GET /cabinet/assets/{name}", sbisAsset)
	return mux
}

// list shows the documents of one folder.
func (p *sbisPages) list(w http.ResponseWriter, r *http.Request) {
	p.render(w, r, http.StatusOK, sbisList(p.listView(r.URL.Query().Get("folder"))))
}

// open shows one document; links of SBIS to documents point here.
func (p *sbisPages) open(w http.ResponseWriter, r *http.Request) {
	p.show(w, r, r.URL.Query().Get("guid"), http.StatusOK, "")
}

// show renders a document with an error message, if any.
func (p *sbisPages) show(w http.ResponseWriter, r *http.Request, id string, status int, problem string) {
	doc, ok := p.server.Document(id)
	if !ok {
		p.render(w, r, http.StatusNotFound, sbisNothing(p.shell("Документ не найден", "")))
		return
	}
	p.render(w, r, status, sbisDocument(p.documentView(doc, problem)))
}

// act performs the action of a button; an action that is no longer possible gives an error message.
func (p *sbisPages) act(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	err := p.server.PerformMove(id, sbistest.MoveRequest{
		Move: sbistest.Move(r.PathValue("move")), Comment: r.FormValue("comment"),
		Outcome: r.FormValue("outcome"), By: r.FormValue("by"),
	})
	if err != nil {
		p.show(w, r, id, http.StatusConflict, "Не получилось: "+err.Error()+".")
		return
	}
	http.Redirect(w, r, "/opendoc.html?guid="+id, http.StatusSeeOther)
}

// file serves the exact bytes of a file.
func (p *sbisPages) file(w http.ResponseWriter, r *http.Request) {
	data, ok := p.server.File(r.PathValue("id"), r.PathValue("name"))
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Disposition", "attachment")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = w.Write(data)
}

func (p *sbisPages) render(w http.ResponseWriter, r *http.Request, status int, page templ.Component) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = page.Render(r.Context(), w)
}

//go:embed assets/sbis.css assets/sbis.js
var sbisFiles embed.FS

func sbisAsset(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-cache")
	http.ServeFileFS(w, r, sbisFiles, path.Join("assets", r.PathValue("name")))
}
