package handlers

import (
	"io/fs"
	"net/http"
	"path"
	"strings"

	"acts24/acts"
	"acts24/handlers/web"
	"acts24/static"
	"acts24/views"
)

// health handles GET /healthz: the process runs.
func (s *Server) health(w http.ResponseWriter, _ *http.Request) error {
	w.WriteHeader(http.StatusOK)
	return nil
}

// readiness handles GET /readyz: the program accepts requests.
func (s *Server) readiness(w http.ResponseWriter, _ *http.Request) error {
	if err := s.ready(); err != nil {
		return acts.Errorf(acts.Unavailable, "Сервис ещё не готов.")
	}
	w.WriteHeader(http.StatusOK)
	return nil
}

// landing handles GET /: the page for a person who opens our address directly.
func (s *Server) landing(w http.ResponseWriter, r *http.Request) error {
	return web.Render(w, r, http.StatusOK, views.MessagePage(views.Message{Frame: views.Frame{Title: "Акты"}, Heading: "Акты для Битрикс24",
		Text: "Приложение открывается из портала Битрикс24: вкладка «Акты» в сделке или пункт «Реестр актов» в левом меню."}))
}

// static handles GET /static/{version}/{name}. The version is a hash of the file, so browsers cache it forever.
func (s *Server) static(w http.ResponseWriter, r *http.Request) error {
	name := path.Base(r.PathValue("name"))
	body, err := fs.ReadFile(static.FS, name)
	if err != nil || !strings.Contains(static.Path(name), "/"+r.PathValue("version")+"/") {
		return acts.Errorf(acts.NotFound, "Такого файла нет.")
	}
	types := map[string]string{".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
	w.Header().Set("Content-Type", types[path.Ext(name)])
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	web.WriteBody(w, http.StatusOK, body, web.AcceptsGzip(r)) // public files hold no secrets
	return nil
}
