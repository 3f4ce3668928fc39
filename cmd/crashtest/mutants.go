package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"acts24/cmd/crashtest/rules"
)

// mutant is a deliberate fault of the program that the crash test must find.
type mutant struct {
	name       string
	file       string // of the module
	old, new   string // old must occur exactly once
	killPoints string // the points at which replicas are killed
	kills      int
	rule       string // part of the name of a rule that must be broken
}

// remoteCalls are the points of calls to remote systems.
const remoteCalls = "^(portal|sbis)"

// mutantTimeout is when a run with a mutant is given up.
const mutantTimeout = 20 * time.Minute

// mutants are faults in the code that makes every effect happen exactly once.
var mutants = []mutant{
	{"no look before a call of a batch is repeated", "workflow/queue_batch.go", "effects[i].Unclear = d.Task.Unclear", "effects[i].Unclear = false", "^portal after crm.(item.add|timeline)", 8, "exactly one"},
	{"the intent is not stored before the call", "store/queue/task.go", "sent_at = coalesce(t.sent_at, clock_timestamp())", "sent_at = t.sent_at", "^portal after crm.(item.add|timeline)", 8, "exactly one"},
	{"a lease is shorter than a call", "store/queue/task.go", "UPDATE tasks t SET lease_until = clock_timestamp() + make_interval(secs => :term) FROM held",
		"UPDATE tasks t SET lease_until = clock_timestamp() + make_interval(secs => CAST(:term AS float8) / 50) FROM held", "^portal before crm.(item.add|timeline)", 8, "exactly one"},
	{"the position in the list of changes moves before its events", "workflow/edo/poll.go", "		return s.db.InTx(ctx, f.Portal, func(tx store.Tx) error {\n			for _, r := range reports {",
		"		f.EventID, f.EventAt = at.EventID, at.EventAt\n		if err := s.db.InTx(ctx, f.Portal, func(tx store.Tx) error { return queue.AdvanceFeed(ctx, tx, *f) }); err != nil {\n			return err\n		}\n" +
			"		return s.db.InTx(ctx, f.Portal, func(tx store.Tx) error {\n			for _, r := range reports {", "^db (before INSERT edo_events|after COMMIT of UPDATE feeds event_id)", 20, "follows its document"},
	{"a letter is sent again after an unclear call", "workflow/crm/letter.go", "draft, t.Unclear, hold", "draft, false, hold", "^portal after crm.activity.add", 4, "a letter that was asked for"},
	{"a trigger is executed again without a look at the history", "workflow/robots/trigger.go", "last > *run.LastMove {", "last < 0 {", "^portal after crm.automation", 4, "a deal that triggers move"},
	{"a repeated call of a robot is a new one", "store/robots/robots.go", "VALUES (:portal, :token, :robot", "VALUES (:portal, CAST(:token AS text) || clock_timestamp(), :robot", remoteCalls, 2, "a robot does its work once"},
	{"a task is ended before its result is stored", "workflow/queue_retry.go", "		if d.StoreResult != nil {\n			if err := d.StoreResult(ctx, tx, r); err != nil {\n				return err\n			}\n		}\n		return queue.Done(ctx, tx, t)\n	})\n",
		"		return queue.Done(ctx, tx, t)\n	})\n	if err == nil && d.StoreResult != nil {\n		err = q.db.InTx(ctx, t.Portal, func(tx store.Tx) error { return d.StoreResult(ctx, tx, r) })\n	}\n", "after COMMIT of DELETE tasks", 8, "exactly one"},
	{"a document has a new key with every call", "workflow/edo/put.go", "workflow.Document{ID: doc.ID,", "workflow.Document{ID: uuid.NewString(),", remoteCalls, 2, "no document without an act"},
	{"a form does not find its act", "workflow/act_form.go", "return r.Acts().OfForm(ctx, f.Key)", "return 0, nil", "INSERT acts", 4, "every answer to a manager"},
	{"a signature does not move its deal", "workflow/history.go", "	if e.From != e.To {\n		if err := queue.Enqueue(ctx, tx, task.MoveDeal", "	if e.From != e.To && e.To != acts.StatusSigned {\n		if err := queue.Enqueue(ctx, tx, task.MoveDeal", remoteCalls, 2, "a deal is at the stage"},
}

// writeOverlay writes the mutated file and a description for go build -overlay into dir, and returns the path of the description.
func (m mutant) writeOverlay(dir, module string) (path string, err error) {
	source := filepath.Join(module, filepath.FromSlash(m.file))
	body, err := os.ReadFile(source)
	if err != nil {
		return "", fmt.Errorf("mutant: %w", err)
	}
	if n := bytes.Count(body, []byte(m.old)); n != 1 {
		return "", fmt.Errorf("mutant %q: its text occurs %d times in %s, want once", m.name, n, m.file)
	}
	replaced := filepath.Join(dir, "mutant.go")
	if err := os.WriteFile(replaced, bytes.Replace(body, []byte(m.old), []byte(m.new), 1), 0o600); err != nil {
		return "", fmt.Errorf("mutant: %w", err)
	}
	description, err := json.Marshal(map[string]map[string]string{"Replace": {source: replaced}})
	if err != nil {
		return "", fmt.Errorf("mutant: %w", err)
	}
	path = filepath.Join(dir, "overlay.json")
	return path, os.WriteFile(path, description, 0o600)
}

// runMutants runs the crash test with each selected mutant and prints which were found; allFound is true when every one was.
func runMutants(ctx context.Context, p plan) (allFound bool, err error) {
	module, err := moduleRoot(ctx)
	if err != nil {
		return false, err
	}
	allFound = true
	for _, m := range mutants {
		if !p.mutants.MatchString(m.name) {
			continue
		}
		began := time.Now()
		broken, err := m.run(ctx, p, module)
		if err != nil {
			return false, err
		}
		took := time.Since(began).Round(time.Second)
		if !slices.ContainsFunc(broken, func(rule string) bool { return strings.Contains(rule, m.rule) }) {
			allFound = false
			fmt.Printf("NOT FOUND  %s (%v): the broken rules are %q, want %q among them\n", m.name, took, broken, m.rule)
			continue
		}
		fmt.Printf("found      %s (%v): %s\n", m.name, took, strings.Join(broken, "; "))
	}
	return allFound, nil
}

// moduleRoot returns the folder of the sources.
func moduleRoot(ctx context.Context) (string, error) {
	out, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return "", fmt.Errorf("find the module: %w", err)
	}
	return strings.TrimSpace(string(out)), nil
}

// run runs the crash test with the mutant in a process of its own, and returns the broken rules.
func (m mutant) run(ctx context.Context, p plan, module string) (broken []string, err error) {
	dir, err := os.MkdirTemp("", "acts24-mutant-")
	if err != nil {
		return nil, fmt.Errorf("mutant: %w", err)
	}
	defer os.RemoveAll(dir)
	overlay, err := m.writeOverlay(dir, module)
	if err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("mutant: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, mutantTimeout)
	defer cancel()
	run := exec.CommandContext(ctx, self, "-acts", "24", "-kills", fmt.Sprint(m.kills), "-portals", "2", "-settle", fmt.Sprint(p.settleTimeout), "-seed", fmt.Sprint(p.seed), "-factor", fmt.Sprint(p.factor),
		"-only", m.killPoints, "-overlay", overlay)
	run.Stderr = os.Stderr
	out, err := run.Output()
	var ended *exec.ExitError
	switch {
	case err == nil:
		return nil, nil
	case !errors.As(err, &ended) || ended.ExitCode() != 1:
		return nil, fmt.Errorf("mutant %q: %w\n%s", m.name, err, out)
	}
	return brokenRules(string(out)), nil
}

// brokenRules returns the rules that a printed report calls broken: their lines begin with the number of violations.
func brokenRules(report string) (broken []string) {
	for line := range strings.Lines(report) {
		count, name, _ := strings.Cut(strings.TrimSpace(line), " ")
		name = strings.TrimSpace(name)
		if n, err := strconv.Atoi(count); err == nil && n > 0 && slices.Contains(rules.Names(), name) {
			broken = append(broken, name)
		}
	}
	return broken
}
