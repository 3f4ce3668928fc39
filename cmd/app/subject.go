package app

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"regexp"
	"strings"
	"text/tabwriter"
	"time"

	"acts24/acts"
	"acts24/store"
	"acts24/store/subject"
)

const subjectUsage = "usage: actsd subject export|erase --inn INN | --email ADDRESS | --user ID [--portal ID] [--yes]"

var innPattern = regexp.MustCompile(`^(\d{10}|\d{12})$`)

// subjectRequest is a command about the data of a person or counterparty.
type subjectRequest struct {
	erase, yes bool
	subject    subject.Subject
	portal     acts.PortalID // 0 for all
}

// Subject exports or erases what is stored about a person or counterparty: `export` prints JSON, portal by portal, `erase` prints a table of
// what is erased and what is kept. Without --yes it changes nothing. now is the business time against which terms are counted.
func Subject(ctx context.Context, cfg Config, args []string, now time.Time, out io.Writer) error {
	r, err := parseSubject(args)
	if err != nil {
		return err
	}
	db, _, err := openStore(ctx, cfg)
	if err != nil {
		return err
	}
	defer db.Close()
	portals, err := subject.Portals(ctx, db, r.portal)
	if err != nil {
		return err
	}
	if len(portals) == 0 {
		return errors.New("there is no such portal: see actsd tenants")
	}
	if r.erase {
		return eraseSubject(ctx, db, portals, r, now, out)
	}
	return exportSubject(ctx, db, portals, r, out)
}

func parseSubject(args []string) (r subjectRequest, err error) {
	if len(args) == 0 || args[0] != "export" && args[0] != "erase" {
		return r, errors.New(subjectUsage)
	}
	r.erase = args[0] == "erase"
	flags := flag.NewFlagSet("subject", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	inn, email := flags.String("inn", "", ""), flags.String("email", "", "")
	user, portal := flags.Int64("user", 0, ""), flags.Int64("portal", 0, "")
	flags.BoolVar(&r.yes, "yes", false, "")
	if err := flags.Parse(args[1:]); err != nil || flags.NArg() > 0 {
		return r, errors.New(subjectUsage)
	}
	r.subject = subject.Subject{INN: *inn, Email: strings.ToLower(strings.TrimSpace(*email)), User: acts.UserID(*user)}
	r.portal = acts.PortalID(*portal)
	named := 0
	for _, given := range []bool{r.subject.INN != "", r.subject.Email != "", r.subject.User != 0} {
		if given {
			named++
		}
	}
	switch {
	case named != 1:
		return r, errors.New(subjectUsage)
	case r.subject.INN != "" && !innPattern.MatchString(r.subject.INN):
		return r, errors.New("an INN has 10 or 12 digits")
	case r.subject.Email != "" && !strings.Contains(r.subject.Email, "@"):
		return r, errors.New("an e-mail address contains @")
	case r.subject.User != 0 && r.portal == 0:
		return r, errors.New("ids of users belong to a portal: give --portal, too")
	}
	return r, nil
}

func exportSubject(ctx context.Context, db *store.DB, portals []subject.Portal, r subjectRequest, out io.Writer) error {
	type portalData struct {
		Portal acts.PortalID                `json:"portal"`
		Origin string                       `json:"origin"`
		Data   map[string][]json.RawMessage `json:"data"`
	}
	found := []portalData{}
	for _, p := range portals {
		data, err := subject.Export(ctx, db, p.ID, r.subject)
		if err != nil {
			return fmt.Errorf("portal %d: %w", p.ID, err)
		}
		if len(data) > 0 {
			found = append(found, portalData{Portal: p.ID, Origin: p.Origin, Data: data})
		}
	}
	text := json.NewEncoder(out)
	text.SetIndent("", "  ")
	return text.Encode(found)
}

func eraseSubject(ctx context.Context, db *store.DB, portals []subject.Portal, r subjectRequest, now time.Time, out io.Writer) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "PORTAL\tTABLE\tROWS\tRESULT\tUNTIL\tWHAT, WHY")
	for _, p := range portals {
		list, err := subject.Erase(ctx, db, p.ID, r.subject, now, !r.yes)
		if err != nil {
			return errors.Join(table.Flush(), fmt.Errorf("portal %d: %w", p.ID, err))
		}
		for _, o := range list {
			result, until := "kept", "-"
			switch {
			case o.Erased && r.yes:
				result = "erased"
			case o.Erased:
				result = "to erase"
			}
			if !o.Until.IsZero() {
				until = o.Until.Format(time.DateOnly)
			}
			fmt.Fprintf(table, "%d\t%s\t%d\t%s\t%s\t%s\n", p.ID, o.Table, o.Rows, result, until, o.Why)
		}
	}
	if err := table.Flush(); err != nil {
		return err
	}
	if !r.yes {
		fmt.Fprintln(out, "Nothing was changed: repeat with --yes to erase.")
	}
	return nil
}
