package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"acts24/store"
	"acts24/store/queue"
	"acts24/store/reseal"
	"acts24/store/schema"
)

// CheckRoot returns an error when the program would serve as root without permission.
func CheckRoot(cfg Config) error {
	if os.Geteuid() == 0 && !cfg.AllowRoot {
		return errors.New("actsd serve needs no rights of root: run it as a user of its own, or set ACTS_ALLOW_ROOT=true")
	}
	return nil
}

// openStore opens the database for a command of an operator.
func openStore(ctx context.Context, cfg Config) (*store.DB, *store.Keys, error) {
	if cfg.DatabaseURL == "" || cfg.Keys == "" {
		return nil, nil, errors.New("ACTS_DATABASE_URL and ACTS_KEYS must be set as for actsd serve")
	}
	keys, err := store.ParseKeys(cfg.Keys)
	if err != nil {
		return nil, nil, err
	}
	if err := schema.CheckVersion(ctx, cfg.DatabaseURL); err != nil {
		return nil, nil, err
	}
	db, err := store.Open(cfg.DatabaseURL, keys, store.Options{Connections: 2})
	return db, keys, err
}

// Reseal seals all stored secrets under the newest key and prints which keys are still in use.
func Reseal(ctx context.Context, cfg Config, out io.Writer) error {
	db, keys, err := openStore(ctx, cfg)
	if err != nil {
		return err
	}
	defer db.Close()
	n, err := reseal.All(ctx, db)
	fmt.Fprintf(out, "%d values sealed under the key %s\n", n, keys.Newest())
	if err != nil {
		return err
	}
	used, err := reseal.KeysInUse(ctx, db)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "keys in use: %s\n", strings.Join(used, ", "))
	return nil
}

// Tenants prints all portals with the state of their background work.
func Tenants(ctx context.Context, cfg Config, out io.Writer) error {
	db, _, err := openStore(ctx, cfg)
	if err != nil {
		return err
	}
	defer db.Close()
	list, err := queue.Tenants(ctx, db)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "ID\tADDRESS\tSTATE\tSINCE\tWAITING\tOLDEST\tDEAD\tNOT REACHED")
	for _, t := range list {
		since := t.Since
		if t.Frozen != nil {
			since = *t.Frozen
		}
		fmt.Fprintf(table, "%d\t%s\t%s\t%s\t%d\t%s\t%d\t%d\n", t.ID, t.Origin, t.State, since.UTC().Format(time.DateOnly), t.Waiting,
			(time.Duration(t.Age) * time.Second).String(), t.Dead, t.OpenBreakers)
	}
	return table.Flush()
}

// Check examines everything that actsd serve needs, prints a line for each, and returns an error when something is wrong.
func Check(ctx context.Context, cfg Config, out io.Writer) error {
	bad := 0
	report := func(what string, err error) bool {
		if err != nil {
			bad++
			fmt.Fprintf(out, "FAIL  %s: %s\n", what, strings.ReplaceAll(err.Error(), "\n", "; "))
			return false
		}
		fmt.Fprintf(out, "ok    %s\n", what)
		return true
	}
	report("configuration", cfg.check())
	for _, text := range cfg.warnings() {
		fmt.Fprintf(out, "warn  %s\n", text)
	}
	if report("schema", schema.CheckVersion(ctx, cfg.DatabaseURL)) {
		checkDatabase(ctx, cfg, report)
	}
	client := &http.Client{Timeout: 10 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for _, address := range []string{cfg.AuthURL, cfg.SBISURL} {
		report(address+" answers", reach(ctx, client, address))
	}
	if bad > 0 {
		return fmt.Errorf("%d checks failed", bad)
	}
	return nil
}

func checkDatabase(ctx context.Context, cfg Config, report func(string, error) bool) {
	f, err := schema.ReadFacts(ctx, cfg.DatabaseURL)
	if !report("database: PostgreSQL "+f.Server+" as "+f.Role, err) {
		return
	}
	report("the role is bound by row-level security", errorIf(f.Unbound, "it is a superuser, bypasses row-level security or owns the tables: use acts_app"))
	report("search ignores case in Russian", errorIf(!f.Similar, "create the database with --locale=C.UTF-8 or another UTF-8 locale"))
	keys, err := store.ParseKeys(cfg.Keys)
	if err != nil {
		report("keys", err)
		return
	}
	db, err := store.Open(cfg.DatabaseURL, keys, store.Options{Connections: 1})
	if err != nil {
		report("keys", err)
		return
	}
	defer db.Close()
	used, err := reseal.KeysInUse(ctx, db)
	report("keys in use: "+strings.Join(used, ", "), errors.Join(err, reseal.CheckKeys(ctx, db, keys)))
}

// errorIf returns an error with the text when something is wrong.
func errorIf(wrong bool, text string) error {
	if wrong {
		return errors.New(text)
	}
	return nil
}

// reach returns an error when nothing answers at an address; any answer will do.
func reach(ctx context.Context, client *http.Client, address string) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	answer, err := client.Do(r)
	if err != nil {
		return err
	}
	return answer.Body.Close()
}
