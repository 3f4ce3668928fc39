package main

import (
	"time"

	"acts24/integrations/bitrix24/bitrix24test"
)

// batchCommands is the largest number of commands of one request.
const batchCommands = 50

// operatingLimit is the run time that one method may have within a window.
const operatingLimit = 480 * time.Second

// shortestTime returns the shortest time in which the limits of a portal let these numbers of commands of each method through, in full batches, beside
// requests of people, when each command takes cost: the larger of what the bucket and what the run time of one method allow. Time in which the
// last commands run is not counted.
func shortestTime(commands map[string]int, people int, cost time.Duration, l bitrix24test.Limits) time.Duration {
	all, windows := 0, time.Duration(0)
	for _, n := range commands {
		all += n
		if full := (time.Duration(n)*cost - 1) / operatingLimit; full > windows {
			windows = full
		}
	}
	requests := float64((all+batchCommands-1)/batchCommands + people)
	bucket := time.Duration((requests - l.Burst) / l.PerSecond * float64(time.Second))
	return max(bucket, windows*l.Window(), 0)
}
