package main

import (
	"embed"
	"net/http"
	"path"
)

//go:embed assets
var portalAssets embed.FS

// portalAsset serves the stylesheet and the script of the portal's own pages.
func portalAsset(w http.ResponseWriter, r *http.Request) {
	sendAsset(w, r, r.PathValue("name"))
}

// portalScript serves the library that apps load from the portal.
func portalScript(w http.ResponseWriter, r *http.Request) { sendAsset(w, r, "bx24.js") }

func sendAsset(w http.ResponseWriter, r *http.Request, name string) {
	raw, err := portalAssets.ReadFile("assets/" + path.Base(name))
	if err != nil {
		http.NotFound(w, r)
		return
	}
	kind := "text/javascript; charset=utf-8"
	if path.Ext(name) == ".css" {
		kind = "text/css; charset=utf-8"
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Cache-Control", "no-cache")
	w.Header().Set("Access-Control-Allow-Origin", "*")
	_, _ = w.Write(raw)
}
