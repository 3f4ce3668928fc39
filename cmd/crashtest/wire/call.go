package wire

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
)

// call is a request to a fake as seen on the wire.
type call struct {
	system  string   // "portal" or "sbis"
	methods []string // that it executes, more than one for a batch
}

// callOf returns the call of a request: a method of the portal, the commands of a batch, a method of SBIS, a file.
func callOf(r *http.Request, body []byte) call {
	path := strings.Trim(r.URL.Path, "/")
	switch {
	case r.URL.Host == SBISHost && r.Method == http.MethodGet:
		return call{"sbis", []string{"file"}}
	case r.URL.Host == SBISHost && path == "oauth/service":
		return call{"sbis", []string{path}}
	case r.URL.Host == SBISHost:
		return call{"sbis", []string{sbisMethod(body)}}
	case path == "oauth/token":
		return call{"portal", []string{"oauth.token"}}
	}
	method := strings.TrimSuffix(strings.TrimPrefix(path, "rest/"), ".json")
	if method == "batch" {
		return call{"portal", batchMethods(body)}
	}
	return call{"portal", []string{method}}
}

// sbisMethod returns the method of a JSON-RPC request to SBIS.
func sbisMethod(body []byte) string {
	var in struct{ Method string }
	if json.Unmarshal(body, &in) != nil || in.Method == "" {
		return "unreadable"
	}
	return in.Method
}

// batchMethods returns the distinct methods of a batch.
func batchMethods(body []byte) []string {
	var in struct{ Cmd map[string]string }
	if json.Unmarshal(body, &in) != nil || len(in.Cmd) == 0 {
		return []string{"batch"}
	}
	var methods []string
	for _, cmd := range in.Cmd {
		method, _, _ := strings.Cut(cmd, "?")
		methods = append(methods, strings.TrimSuffix(method, ".json"))
	}
	slices.Sort(methods)
	return slices.Compact(methods)
}
