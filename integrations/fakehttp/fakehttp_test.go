package fakehttp

import (
	"bytes"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestFaults(t *testing.T) {
	var f Faults
	for _, fault := range []Fault{
		{Kind: "reset", Method: "a", Count: 2}, {Kind: "late", DelayText: "2s"}, {Kind: "never", Probability: 1e-12},
	} {
		if err := f.Add(fault); err != nil {
			t.Fatal(err)
		}
	}
	of := func(method string) Plan {
		return f.Draw(func(x Fault) bool { return x.Method == "" || x.Method == method })
	}
	if late, found := of("b").Find("reset", "late"); !found || late.Kind != "late" || late.Delay != 2*time.Second {
		t.Errorf("another method gets %+v", late)
	}
	for n, want := range []string{"reset,late", "reset,late", "late"} {
		if got := strings.Join(of("a").Kinds(), ","); got != want {
			t.Errorf("call %d gets %s, want %s", n, got, want)
		}
	}
	f.Clear()
	if plan := of("a"); len(plan) != 0 || plan.Has("late") {
		t.Errorf("%v is left after Clear", plan)
	}
	if f.Add(Fault{Kind: "late", DelayText: "soon"}) == nil {
		t.Error("a delay of words is accepted")
	}
}

func TestDrawIsRepeatable(t *testing.T) {
	drawn := func() (hits string) {
		var f Faults
		f.Seed(7)
		_ = f.Add(Fault{Kind: "x", Probability: 0.5})
		for range 50 {
			hits += strings.Join(append(f.Draw(func(Fault) bool { return true }).Kinds(), "."), "")
		}
		return hits
	}
	if a, b := drawn(), drawn(); a != b || !strings.Contains(a, "x") || !strings.Contains(a, "..") {
		t.Errorf("drawn %s and %s", a, b)
	}
}

func TestJournal(t *testing.T) {
	var j Journal[map[string]int64]
	for range 3 {
		j.Add(map[string]int64{"n": j.Next()})
	}
	var out bytes.Buffer
	n, err := j.WriteTo(&out)
	if want := "{\"n\":1}\n{\"n\":2}\n{\"n\":3}\n"; err != nil || out.String() != want || n != int64(len(want)) {
		t.Errorf("wrote %q, %d, %v", out.String(), n, err)
	}
	j.Reset()
	if len(j.Lines()) != 0 || j.Calls() != 3 || j.Next() != 4 {
		t.Error("Reset changes the numbers or keeps the lines")
	}
}

func TestSavedState(t *testing.T) {
	path := filepath.Join(t.TempDir(), "below", "state.json")
	var state struct{ N int }
	if found, err := LoadFile(path, &state); found || err != nil {
		t.Fatalf("a missing file: %v, %v", found, err)
	}
	state.N = 5
	if err := SaveFile(path, state); err != nil {
		t.Fatal(err)
	}
	state.N = 0
	if found, err := LoadFile(path, &state); !found || err != nil || state.N != 5 {
		t.Errorf("loaded %d, %v, %v", state.N, found, err)
	}
}

func TestServe(t *testing.T) {
	var address string
	t.Run("a test", func(t *testing.T) {
		var pages Pages
		address = Serve(t, http.HandlerFunc(pages.ServePage))
		for _, want := range []int{http.StatusNotFound, http.StatusTeapot} {
			resp, err := http.Get(address)
			if err != nil || resp.StatusCode != want {
				t.Fatalf("%v, %v; want %d", resp, err, want)
			}
			_ = resp.Body.Close()
			pages.SetPages(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) }))
		}
	})
	if resp, err := http.Get(address); err == nil {
		t.Errorf("a closed fake answers %d", resp.StatusCode)
	}
	clock := NewClock(time.Unix(100, 0))
	if clock.Advance(time.Minute); clock.Now().Unix() != 160 {
		t.Errorf("the clock stands at %v", clock.Now())
	}
}
