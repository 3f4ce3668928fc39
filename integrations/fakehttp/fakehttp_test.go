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
	draw := func(method string) Plan {
		return f.Draw(func(x Fault) bool { return x.Method == "" || x.Method == method })
	}
	if late, found := draw("b").Find("reset", "late"); !found || late.Kind != "late" || late.Delay != 2*time.Second {
		t.Errorf("a call of another method gets %+v, want the late fault of 2 s", late)
	}
	for n, want := range []string{"reset,late", "reset,late", "late"} {
		if got := strings.Join(draw("a").Kinds(), ","); got != want {
			t.Errorf("call %d gets %s, want %s", n, got, want)
		}
	}
	f.Clear()
	if plan := draw("a"); len(plan) != 0 || plan.Has("late") {
		t.Errorf("after Clear a call gets %v, want nothing", plan)
	}
	if f.Add(Fault{Kind: "late", DelayText: "soon"}) == nil {
		t.Error("a delay in words is accepted")
	}
}

func TestDrawIsRepeatable(t *testing.T) {
	drawAll := func() (hits string) { // x for a call with the fault, . for one without it
		var f Faults
		f.Seed(7)
		if err := f.Add(Fault{Kind: "x", Probability: 0.5}); err != nil {
			t.Fatal(err)
		}
		for range 50 {
			if f.Draw(func(Fault) bool { return true }).Has("x") {
				hits += "x"
			} else {
				hits += "."
			}
		}
		return hits
	}
	if a, b := drawAll(), drawAll(); a != b || !strings.Contains(a, "x") || !strings.Contains(a, ".") {
		t.Errorf("drawn %s and %s with the same seed, want the same calls, some with the fault", a, b)
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
		t.Errorf("wrote %q, %d bytes, %v; want %q", out.String(), n, err, want)
	}
	j.Reset()
	if len(j.Lines()) != 0 || j.Calls() != 3 || j.Next() != 4 {
		t.Errorf("after Reset: lines %v, %d calls; want no lines and 3 calls before the fourth", j.Lines(), j.Calls())
	}
}

func TestFullJournalDropsItsOldestTenth(t *testing.T) {
	var j Journal[int]
	for i := range maxLines + 1 {
		j.Add(i)
	}
	lines := j.Lines()
	if first, last := lines[0], lines[len(lines)-1]; first != maxLines/10 || last != maxLines || len(lines) != maxLines-maxLines/10+1 {
		t.Errorf("%d lines from %d to %d, want those from %d to %d", len(lines), first, last, maxLines/10, maxLines)
	}
}

func TestSaveAndLoadFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "below", "state.json")
	var state struct{ N int }
	if found, err := LoadFile(path, &state); found || err != nil {
		t.Fatalf("LoadFile of a missing file = %v, %v; want false", found, err)
	}
	state.N = 5
	if err := SaveFile(path, state); err != nil {
		t.Fatal(err)
	}
	state.N = 0
	if found, err := LoadFile(path, &state); !found || err != nil || state.N != 5 {
		t.Errorf("LoadFile = %v, %v with %d; want true with 5", found, err, state.N)
	}
}

func TestServe(t *testing.T) {
	var address string
	t.Run("open until its test ends", func(t *testing.T) {
		var pages Pages
		address = Serve(t, http.HandlerFunc(pages.ServePage))
		for _, want := range []int{http.StatusNotFound, http.StatusTeapot} {
			resp, err := http.Get(address)
			if err != nil || resp.StatusCode != want {
				t.Fatalf("GET = %v, %v; want status %d", resp, err, want)
			}
			_ = resp.Body.Close()
			pages.SetPages(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) }))
		}
	})
	if resp, err := http.Get(address); err == nil {
		_ = resp.Body.Close()
		t.Errorf("after the end of its test the fake answers %d", resp.StatusCode)
	}
}

func TestClock(t *testing.T) {
	clock := NewClock(time.Unix(100, 0))
	if clock.Advance(time.Minute); clock.Now().Unix() != 160 {
		t.Errorf("the clock shows %d, want 160", clock.Now().Unix())
	}
}
