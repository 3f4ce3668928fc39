package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestPercentile(t *testing.T) {
	for name, tt := range map[string]struct {
		sorted   []int64
		p50, p99 int64
	}{
		"one value":                 {[]int64{7}, 7, 7},
		"two values":                {[]int64{1, 9}, 1, 9},
		"an odd number":             {[]int64{1, 5, 9}, 5, 9},
		"one outlier of a hundred":  {append(make([]int64, 99), 80), 0, 0},
		"two outliers of a hundred": {append(make([]int64, 98), 80, 90), 0, 80},
	} {
		t.Run(name, func(t *testing.T) {
			if p50, p99 := percentile(tt.sorted, 50), percentile(tt.sorted, 99); p50 != tt.p50 || p99 != tt.p99 {
				t.Errorf("p50 %d, p99 %d; want %d, %d", p50, p99, tt.p50, tt.p99)
			}
		})
	}
}

func TestMedianKeepsTheOrderOfItsValues(t *testing.T) {
	rounds := []float64{5, 1, 9, 3, 7}
	if m := median(rounds); m != 5 || rounds[1] != 1 {
		t.Errorf("median %v of %v", m, rounds)
	}
}

func TestLoad(t *testing.T) {
	var requests atomic.Int64
	var visits sync.Map
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		visits.Store(r.Header.Get("X-Acts-Visit"), true)
		if r.URL.Path == "/broken" {
			http.Error(w, "an apology", http.StatusInternalServerError)
		}
	}))
	defer server.Close()
	page := target{name: "page", url: server.URL + "/a", visits: []string{"visit=1", "visit=2", "visit=3"}}
	got, err := page.load(context.Background(), 2, 20*time.Millisecond)
	if err != nil || got.p50 <= 0 || got.p99 < got.p50 || got.rate <= 0 {
		t.Errorf("load = %+v, %v", got, err)
	}
	var used []string
	visits.Range(func(visit, _ any) bool { used = append(used, visit.(string)); return true })
	foreign := slices.ContainsFunc(used, func(visit string) bool { return !slices.Contains(page.visits, visit) })
	if want := int(min(requests.Load(), 3)); foreign || len(used) != want {
		t.Errorf("%d requests used the visits %q, want %d of %q", requests.Load(), used, want, page.visits)
	}
	page.url = server.URL + "/broken"
	if _, err := page.load(context.Background(), 2, time.Minute); err == nil || !strings.Contains(err.Error(), "/broken answered 500") {
		t.Errorf("a failing page: %v", err)
	}
}
