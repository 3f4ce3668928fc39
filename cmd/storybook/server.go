package main

import (
	"html/template"
	"image"
	"image/png"
	"io/fs"
	"mime"
	"net/http"
	"path"

	"acts24/handlers/web"
	"acts24/static"
	"acts24/views/stories"
)

var index = template.Must(template.New("").Parse(`<!DOCTYPE html>
<html lang="en"><meta charset="utf-8"><title>Stories</title>
<h1>Stories</h1>
<ul>{{range .}}<li><a href="/stories/{{.Name}}">{{.Name}}</a> <a href="/stories/{{.Name}}?theme=light">light</a> <a href="/stories/{{.Name}}?theme=dark">dark</a></li>{{end}}</ul>
</html>`))

// newHandler serves the list of stories, the stories, the static files of the pages, and a picture where a page shows an uploaded one.
func newHandler() http.Handler {
	all := map[string]stories.Story{}
	for _, s := range stories.All() {
		all[s.Name()] = s
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		_ = index.Execute(w, stories.All()) // an error means that the client is gone
	})
	mux.HandleFunc("GET /stories/{page}/{state}", func(w http.ResponseWriter, r *http.Request) {
		s, found := all[r.PathValue("page")+"/"+r.PathValue("state")]
		if !found {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Security-Policy", web.Policy+"'self'")
		if err := web.Render(w, r, http.StatusOK, s.Render(r.URL.Query().Get("theme"))); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
	})
	mux.HandleFunc("GET /static/{version}/{name}", func(w http.ResponseWriter, r *http.Request) {
		body, err := fs.ReadFile(static.FS, r.PathValue("name"))
		if err != nil {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", mime.TypeByExtension(path.Ext(r.PathValue("name"))))
		_, _ = w.Write(body)
	})
	mux.HandleFunc("GET /p/7/acts/{act}/files/{file}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "image/png")
		_ = png.Encode(w, image.NewGray(image.Rect(0, 0, 60, 80)))
	})
	mux.HandleFunc("GET /favicon.ico", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	return mux
}
