package main

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"
)

// A soak has failures of all kinds at a tenth of their usual rate, over the given time.
const (
	soakRate   = 0.1
	soakFactor = 0.1 // 200 portals are polled 40 times as often with the usual one
	soakSettle = 10 * time.Minute

	maxGrowth      = 1.05 // of the last third of a soak against the middle one
	samplesPerSoak = 360
	sampleInterval = 2 * time.Second // in other runs
)

// soakSizes returns the numbers of acts and failures of a soak that takes so long. In other runs kills are 3 seconds apart, immediate restarts of the
// database 10 seconds, and spoiled connections 3 seconds.
func soakSizes(d time.Duration) map[string]int {
	every := func(interval time.Duration) int { return max(int(d/interval), 1) }
	return map[string]int{"acts": every(3 * time.Second), "kills": every(30 * time.Second), "pauses": every(100 * time.Second), "restarts": every(100 * time.Second),
		"toxics": every(30 * time.Second), "portals": 200}
}

// awaitSoakTurn waits for the time of the next act of a soak: the acts are spread evenly over it.
func (l *load) awaitSoakTurn(ctx context.Context) {
	l.mu.Lock()
	turn := l.soakTurns
	l.soakTurns++
	l.mu.Unlock()
	p := l.harness.plan
	sleep(ctx, time.Until(l.began.Add(time.Duration(turn)*p.soak/time.Duration(p.acts))))
}

// paceFailures spreads kills and pauses evenly over a soak, until ctx is done.
func (l *load) paceFailures(ctx context.Context) {
	p := l.harness.plan
	for ; p.soak > 0 && ctx.Err() == nil; sleep(ctx, 100*time.Millisecond) {
		share := min(float64(time.Since(l.began))/float64(p.soak), 1)
		l.harness.nemesis.limitFaults(int(share * float64(p.faults())))
	}
}

// sample is what the process of a replica used at one moment.
type sample struct {
	at          time.Duration // since the beginning of the load
	startNumber int           // 1 for the first process of the replica; a killed replica is started again
	memory      float64       // resident, MiB
	goroutines  float64
}

// usage holds what the processes of a run used over time.
type usage struct {
	interval time.Duration // between two samples

	mu      sync.Mutex
	samples map[string][]sample // by the name of the replica
}

// watch samples the replicas until ctx is done.
func (u *usage) watch(ctx context.Context, replicas []*replica, soak time.Duration) {
	u.samples, u.interval = map[string][]sample{}, sampleInterval
	if soak > 0 {
		u.interval = soak / samplesPerSoak
	}
	began := time.Now()
	for _, r := range replicas {
		go func() {
			for tick := time.NewTicker(u.interval); ctx.Err() == nil; {
				if s, err := r.sample(ctx); err == nil { // a replica that has just been killed or waits for the database gives no sample; growth needs enough of them
					s.at = time.Since(began)
					u.mu.Lock()
					u.samples[r.name] = append(u.samples[r.name], s)
					u.mu.Unlock()
				}
				select {
				case <-ctx.Done():
				case <-tick.C:
				}
			}
		}()
	}
}

// sample reads the metrics of the process that runs now.
func (r *replica) sample(ctx context.Context) (s sample, err error) {
	r.mu.Lock()
	s.startNumber = r.starts
	r.mu.Unlock()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+r.metrics+"/metrics", nil)
	if err != nil {
		return s, err
	}
	answer, err := client.Do(request)
	if err != nil {
		return s, err
	}
	defer answer.Body.Close()
	lines := bufio.NewScanner(answer.Body)
	for lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), " ")
		switch name {
		case "process_resident_memory_bytes":
			_, err = fmt.Sscan(value, &s.memory)
			s.memory /= 1 << 20
		case "go_goroutines":
			_, err = fmt.Sscan(value, &s.goroutines)
		}
		if err != nil {
			return s, fmt.Errorf("%s: %w", lines.Text(), err)
		}
	}
	if err := lines.Err(); err != nil {
		return s, fmt.Errorf("read the metrics of %s: %w", r.name, err)
	}
	if s.memory == 0 || s.goroutines == 0 {
		return s, fmt.Errorf("the metrics of %s do not contain memory and goroutines", r.name)
	}
	return s, nil
}

// summarize describes what the replicas used in each tenth of the load, and in a soak what the one that was not killed used more and more of.
func (u *usage) summarize(replicas []*replica, soak, loaded time.Duration) (lines, growing []string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	whole := loaded
	if soak > 0 {
		whole = soak
	}
	for _, r := range replicas {
		line := ""
		for n := range time.Duration(10) {
			memory, goroutines, count := means(u.samples[r.name], n*whole/10, (n+1)*whole/10)
			if count == 0 {
				line += "  -"
				continue
			}
			line += fmt.Sprintf("  %.1f/%.0f", memory, goroutines)
		}
		lines = append(lines, fmt.Sprintf("MiB and goroutines of %s in each tenth of the load:%s", r.name, line))
	}
	if soak > 0 {
		var comparison string
		comparison, growing = growth(u.samples[replicas[0].name], soak, u.interval)
		lines = append(lines, replicas[0].name+" was not killed; its means of the middle third and of the last one: "+comparison)
	}
	return lines, growing
}

// means returns the means of the samples of a period, and their number.
func means(samples []sample, from, until time.Duration) (memory, goroutines float64, count int) {
	for _, s := range samples {
		if s.at >= from && s.at < until {
			memory, goroutines, count = memory+s.memory, goroutines+s.goroutines, count+1
		}
	}
	n := float64(max(count, 1))
	return memory / n, goroutines / n, count
}

// growth compares the last third of a soak with the middle one: neither the mean of the memory nor that of the goroutines of the process that has
// run from the beginning may have grown by more than maxGrowth. At least half of the expected samples of each third must be there.
func growth(samples []sample, soak, interval time.Duration) (comparison string, growing []string) {
	var ofFirstStart []sample
	for _, s := range samples {
		if s.startNumber == 1 {
			ofFirstStart = append(ofFirstStart, s)
		}
	}
	memory, goroutines, count := means(ofFirstStart, soak/3, soak*2/3)
	lastMemory, lastGoroutines, lastCount := means(ofFirstStart, soak*2/3, soak)
	if need := max(int(soak/3/interval/2), 1); min(count, lastCount) < need {
		growing = append(growing, fmt.Sprintf("the process of the first start was sampled %d times in the middle third and %d times in the last one, %d times are needed", count, lastCount, need))
	}
	if lastMemory > memory*maxGrowth {
		growing = append(growing, fmt.Sprintf("memory grew from %.1f to %.1f MiB, %.1f are allowed", memory, lastMemory, memory*maxGrowth))
	}
	if lastGoroutines > goroutines*maxGrowth {
		growing = append(growing, fmt.Sprintf("goroutines grew from %.1f to %.1f, %.1f are allowed", goroutines, lastGoroutines, goroutines*maxGrowth))
	}
	return fmt.Sprintf("%.1f to %.1f MiB, %.1f to %.1f goroutines, in %d and %d samples", memory, lastMemory, goroutines, lastGoroutines, count, lastCount), growing
}
