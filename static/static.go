// Package static holds the files that pages load.
package static

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
)

//go:embed acts.css acts.js form.css form.js
var files embed.FS

// FS are the files.
var FS = files

var versions = map[string]string{}

func init() {
	for _, name := range []string{"acts.css", "acts.js", "form.css", "form.js"} {
		body, err := files.ReadFile(name)
		if err != nil {
			panic(err)
		}
		sum := sha256.Sum256(body)
		versions[name] = hex.EncodeToString(sum[:6])
	}
}

// Path is the address of a file; it changes with the file, so that browsers keep it for good.
func Path(name string) string { return "/static/" + versions[name] + "/" + name }
