package bitrix24

import (
	"errors"
	"net/http"
	"strconv"
)

// report tells the budget what a request taught us: the operating time of each method that ran, and limits met.
func (r request) report(a *answer, err error) []Usage {
	var usage []Usage
	if a != nil {
		usage = r.usage(a)
	}
	var e *Error
	if errors.As(err, &e) && e.limited() {
		usage = append(usage, Usage{Method: r.limitedMethod(e), ResetAt: e.resetAt, Limited: true})
	}
	return usage
}

// limited tells an answer that was given for a limit, also when a balancer gave it without a word of JSON.
func (e *Error) limited() bool {
	return e.Status == http.StatusTooManyRequests || e.Status == http.StatusServiceUnavailable || e.meaning().is(limit)
}

// limitedMethod is the method whose time is used up, or "" when the limit is the whole portal's (section 10.4).
func (r request) limitedMethod(e *Error) string {
	if len(r.runs) == 1 && (e.Status == http.StatusTooManyRequests || hasCode(e, "operation_time_limit")) {
		return r.runs[0]
	}
	return ""
}

// retryAfter reads the moment of Retry-After by the clock of the answer itself; 0 when it does not say.
func retryAfter(h http.Header) int64 {
	seconds, err := strconv.ParseInt(h.Get("Retry-After"), 10, 64)
	if err != nil || seconds <= 0 || seconds > 24*3600 {
		return 0
	}
	sent, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return 0
	}
	return sent.Unix() + seconds
}

// usageOf folds the times of several commands into one figure per method: the last minutes' sum only grows, so the
// largest is the latest.
type usageOf map[string]Usage

func (u usageOf) add(method string, s span) {
	if s == (span{}) {
		return
	}
	known := u[method]
	if s.Operating >= known.Operating {
		known.Operating, known.ResetAt = s.Operating, max(s.ResetAt, known.ResetAt)
	}
	known.Method = method
	u[method] = known
}

func (u usageOf) refuse(method string) {
	known := u[method]
	known.Method, known.Limited = method, true
	u[method] = known
}

func (u usageOf) list() []Usage {
	usage := make([]Usage, 0, len(u))
	for _, method := range sortedKeys(u) {
		usage = append(usage, u[method])
	}
	return usage
}
