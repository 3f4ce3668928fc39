package app

import (
	"net/http"
	"strings"
	"time"
)

// uploadTime is how long a slow network may take over a form with files; everything else has the server's usual time.
const uploadTime = 5 * time.Minute

// patient gives uploads of files more time to arrive.
func patient(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && strings.Contains(r.URL.Path, "/files/") {
			c := http.NewResponseController(w) // where the connection has no deadlines, an upload has the usual time
			_ = c.SetReadDeadline(time.Now().Add(uploadTime))
			_ = c.SetWriteDeadline(time.Now().Add(uploadTime + time.Minute))
		}
		next.ServeHTTP(w, r)
	})
}
