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

// part is one part of a long run, with its result.
type part struct {
	Seed                 uint64
	Acts, Kills, Portals int
	Clean                bool
	Took                 time.Duration
}

// key identifies a part in the file of results.
func (t part) key() string { return fmt.Sprint(t.Seed, t.Acts, t.Kills, t.Portals) }

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
	done, err := readParts(p.resume)
	if err != nil {
		return false, err
	}
	parts := partsOf(p)
	clean = true
	var took time.Duration
	measured := 0
	for i, t := range parts {
		was, known := done[t.key()]
		if !known {
			fmt.Printf("crashtest: part %d of %d\n", i+1, len(parts))
			one := p
			one.seed, one.acts, one.kills = t.Seed, t.Acts, t.Kills
			began := time.Now()
			if t.Clean, err = runTest(ctx, one); err != nil {
				return false, fmt.Errorf("part %d: %w", i+1, err)
			}
			t.Took = time.Since(began).Round(time.Second)
			if err := appendPart(p.resume, t); err != nil {
				return false, err
			}
			was = t
		}
		clean = clean && was.Clean
		took, measured = took+was.Took, measured+1
		fmt.Printf("crashtest: part %d of %d, seed %d: clean %t in %v; %d acts and %d kills; the rest will take about %v\n", i+1, len(parts), was.Seed, was.Clean, was.Took,
			was.Acts, was.Kills, (took / time.Duration(measured) * time.Duration(len(parts)-i-1)).Round(time.Minute))
	}
	return clean, nil
}

// readParts reads the results of earlier parts; a file that does not exist holds none.
func readParts(file string) (map[string]part, error) {
	done := map[string]part{}
	f, err := os.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return done, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var t part
		if _, err := fmt.Sscan(lines.Text(), &t.Seed, &t.Acts, &t.Kills, &t.Portals, &t.Clean, (*int64)(&t.Took)); err != nil {
			return nil, fmt.Errorf("%s: %q is no result of a part: %w", file, strings.TrimSpace(lines.Text()), err)
		}
		done[t.key()] = t
	}
	return done, nil
}

func appendPart(file string, t part) error {
	f, err := os.OpenFile(file, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(f, t.Seed, t.Acts, t.Kills, t.Portals, t.Clean, int64(t.Took))
	return errors.Join(err, f.Close())
}
