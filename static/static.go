// Package static contains the stylesheets, scripts and other files that pages load.
package static

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
)

//go:embed acts.css lists.css fields.css acts.js fields.js lists.js form.css form.js
var files embed.FS

// FS contains the files.
var FS = files

var versions = map[string]string{}

func init() {
	for _, name := range []string{"acts.css", "lists.css", "fields.css", "acts.js", "fields.js", "lists.js", "form.css", "form.js"} {
		body, err := files.ReadFile(name)
		if err != nil {
			panic(err)
		}
		sum := sha256.Sum256(body)
		versions[name] = hex.EncodeToString(sum[:6])
	}
}

// Path returns the URL path of a file. It changes with the content of the file, so browsers cache it permanently.
func Path(name string) string { return "/static/" + versions[name] + "/" + name }
