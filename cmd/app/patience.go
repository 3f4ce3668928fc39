package app

import (
	"net/http"
	"strings"
	"time"
)

// fileTime is how long a slow network may take over a form with files or a table of acts; everything else has the server's usual time.
const fileTime = 5 * time.Minute

// archiveTime is how long an archive of many documents may take to leave.
const archiveTime = 10 * time.Minute

// patient gives uploads of files more time to arrive, exports more time to be made and sent, and archives to leave.
func patient(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		upload := r.Method == http.MethodPost && strings.Contains(r.URL.Path, "/files/")
		export := r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, "/export")
		c := http.NewResponseController(w) // where the connection has no deadlines, it has the usual time
		switch {
		case r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, "/file"):
			_ = c.SetWriteDeadline(time.Now().Add(archiveTime))
		case upload || export:
			_ = c.SetReadDeadline(time.Now().Add(fileTime))
			_ = c.SetWriteDeadline(time.Now().Add(fileTime + time.Minute))
		}
		next.ServeHTTP(w, r)
	})
}
