package app

import (
	"net/http"
	"strings"
	"time"
)

// uploadTime is how long a slow network may take over a form with files; everything else has the server's usual time.
const uploadTime = 5 * time.Minute

// archiveTime is how long an archive of many documents may take to leave.
const archiveTime = 10 * time.Minute

// patient gives uploads of files more time to arrive, and archives to leave.
func patient(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := http.NewResponseController(w) // where the connection has no deadlines, there is nothing to lengthen
		if r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, "/zip") {
			_ = c.SetWriteDeadline(time.Now().Add(archiveTime))
		}
		if r.Method == http.MethodPost && strings.Contains(r.URL.Path, "/files/") {
			_ = c.SetReadDeadline(time.Now().Add(uploadTime))
			_ = c.SetWriteDeadline(time.Now().Add(uploadTime + time.Minute))
		}
		next.ServeHTTP(w, r)
	})
}
