package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strings"
)

// planned is a node of a plan as the server wrote it down.
type planned struct {
	Node   string    `json:"Node Type"`
	Table  string    `json:"Relation Name"`
	Rows   float64   `json:"Actual Rows"`
	Loops  float64   `json:"Actual Loops"`
	Gone   float64   `json:"Rows Removed by Filter"`
	Hit    int       `json:"Shared Hit Blocks"`
	Read   int       `json:"Shared Read Blocks"`
	Inside []planned `json:"Plans"`
}

// warmth is how often a statement is asked before its plan counts: the server makes plans for any value after five times.
const warmth = 8

// measurePlans asks every list of the largest tenant and reads in the server's log how it was answered.
func (h *hall) measurePlans(ctx context.Context, r *report) error {
	for _, set := range []string{"session_preload_libraries = 'auto_explain'", "auto_explain.log_analyze = on", "auto_explain.log_buffers = on",
		"auto_explain.log_format = 'json'", "auto_explain.log_timing = off"} {
		if err := h.exec(ctx, "ALTER ROLE acts_app SET "+set); err != nil {
			return err
		}
	}
	err := h.whileLogging(ctx, "auto_explain.log_min_duration", "0", func(base string) error {
		list, err := h.subjects(ctx, base, h.tenants[len(h.tenants)-1])
		if err != nil {
			return err
		}
		for _, page := range list {
			if err := h.plansOf(ctx, page, r); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, name := range []string{"session_preload_libraries", "auto_explain.log_analyze", "auto_explain.log_buffers", "auto_explain.log_format", "auto_explain.log_timing"} {
		if err := h.exec(ctx, "ALTER ROLE acts_app RESET "+name); err != nil {
			return err
		}
	}
	return nil
}

func (h *hall) plansOf(ctx context.Context, page subject, r *report) error {
	client := newClient()
	defer client.CloseIdleConnections()
	for turn := range warmth {
		if _, err := page.ask(ctx, client, turn, io.Discard); err != nil {
			return err
		}
	}
	log, err := h.logged(func() error {
		_, err := page.ask(ctx, client, warmth, io.Discard)
		return err
	})
	if err != nil {
		return err
	}
	blocks, scanned, sorted := 0, 0.0, 0.0
	plans, err := plansIn(log)
	if err != nil {
		return err
	}
	for _, p := range plans {
		blocks += p.Hit + p.Read
		p.walk(func(n planned) {
			rows := (n.Rows + n.Gone) * max(n.Loops, 1)
			switch {
			case n.Node == "Seq Scan":
				scanned = max(scanned, rows)
			case n.Node == "Sort" || n.Node == "Incremental Sort":
				sorted = max(sorted, rows)
			}
		})
	}
	r.add(line{what: page.name + ", blocks", value: float64(blocks), note: fmt.Sprintf("%d statements", len(plans))})
	r.add(line{what: page.name + ", rows read without an index", value: scanned, goal: goalRows})
	r.add(line{what: page.name + ", rows sorted", value: sorted, goal: goalRows})
	return nil
}

func (p planned) walk(see func(planned)) {
	see(p)
	for _, inner := range p.Inside {
		inner.walk(see)
	}
}

var planInLog = regexp.MustCompile(`(?m)^.* LOG:  duration: [0-9.]+ ms  plan:\n((?:\t.*\n?)+)`)

// plansIn reads the plans of the pages' statements out of a log.
func plansIn(log []byte) (list []planned, err error) {
	for _, found := range planInLog.FindAllSubmatch(log, -1) {
		var one struct {
			Text string  `json:"Query Text"`
			Plan planned `json:"Plan"`
		}
		if err := json.Unmarshal(bytes.ReplaceAll(found[1], []byte("\n\t"), []byte("\n")), &one); err != nil {
			return nil, fmt.Errorf("read a plan: %w", err)
		}
		if !strings.Contains(one.Text, "set_config") {
			list = append(list, one.Plan)
		}
	}
	return list, nil
}
