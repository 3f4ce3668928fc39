package app

import (
	"net/http"
	"strings"
	"time"
)

// fileTime is how long a slow network may take over a form with files or a table of acts; everything else has the server's usual time.
const fileTime = 5 * time.Minute

// patient gives uploads of files more time to arrive, and exports more time to be made and sent.
func patient(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		upload := r.Method == http.MethodPost && strings.Contains(r.URL.Path, "/files/")
		export := r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, "/export")
		if upload || export {
			c := http.NewResponseController(w) // where the connection has no deadlines, it has the usual time
			_ = c.SetReadDeadline(time.Now().Add(fileTime))
			_ = c.SetWriteDeadline(time.Now().Add(fileTime + time.Minute))
		}
		next.ServeHTTP(w, r)
	})
}
