package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"
)

// actsPerPart is the number of acts of one part of a long run.
const actsPerPart = 500

// part is one part of a long run, with its result when it has run. The file of results has one line per part: these fields in this order.
type part struct {
	Seed                 uint64
	Acts, Kills, Portals int
	Clean                bool
	Took                 time.Duration
}

// key identifies a part in the file of results.
func (p part) key() string { return fmt.Sprint(p.Seed, p.Acts, p.Kills, p.Portals) }

// partsOf divides a run into parts with consecutive seeds.
func partsOf(p plan) (parts []part) {
	n := (p.acts + actsPerPart - 1) / actsPerPart
	for i := range n {
		parts = append(parts, part{Seed: p.seed + uint64(i), Acts: p.acts*(i+1)/n - p.acts*i/n, Kills: p.kills*(i+1)/n - p.kills*i/n, Portals: p.portals})
	}
	return parts
}

// runParts runs the parts of a long run one after the other and keeps the result of each in a file, so that the run can be stopped and
// continued. It prints how long the rest will take.
func runParts(ctx context.Context, p plan) (clean bool, err error) {
	results, err := readParts(p.resumeFile)
	if err != nil {
		return false, err
	}
	parts := partsOf(p)
	clean = true
	var took time.Duration
	for i, planned := range parts {
		result, known := results[planned.key()]
		if !known {
			fmt.Printf("crashtest: part %d of %d\n", i+1, len(parts))
			if result, err = runPart(ctx, p, planned); err != nil {
				return false, fmt.Errorf("part %d: %w", i+1, err)
			}
			if err := appendPart(p.resumeFile, result); err != nil {
				return false, err
			}
		}
		clean = clean && result.Clean
		took += result.Took
		fmt.Printf("crashtest: part %d of %d, seed %d: clean %t in %v; %d acts and %d kills; the rest will take about %v\n", i+1, len(parts), result.Seed, result.Clean, result.Took,
			result.Acts, result.Kills, estimateRemaining(took, i+1, len(parts)).Round(time.Minute))
	}
	return clean, nil
}

// runPart runs one part and returns it with its result.
func runPart(ctx context.Context, p plan, result part) (part, error) {
	p.seed, p.acts, p.kills = result.Seed, result.Acts, result.Kills
	began := time.Now()
	clean, err := runTest(ctx, p)
	result.Clean, result.Took = clean, time.Since(began).Round(time.Second)
	return result, err
}

// readParts reads the results of earlier parts; a file that does not exist holds none.
func readParts(file string) (map[string]part, error) {
	results := map[string]part{}
	f, err := os.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return results, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		var p part
		if _, err := fmt.Sscan(lines.Text(), &p.Seed, &p.Acts, &p.Kills, &p.Portals, &p.Clean, (*int64)(&p.Took)); err != nil {
			return nil, fmt.Errorf("%s: %q is no result of a part: %w", file, strings.TrimSpace(lines.Text()), err)
		}
		results[p.key()] = p
	}
	return results, lines.Err()
}

// appendPart adds the result of a part to the file that readParts reads.
func appendPart(file string, p part) error {
	f, err := os.OpenFile(file, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(f, p.Seed, p.Acts, p.Kills, p.Portals, p.Clean, int64(p.Took))
	return errors.Join(err, f.Close())
}
