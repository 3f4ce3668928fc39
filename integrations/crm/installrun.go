package crm

import (
	"context"
	"fmt"

	"acts24/integrations/bitrix24"
)

// reply is the result of one command; for a list it includes the results of its further pages.
type reply struct {
	command bitrix24.Command
	pages   []page
}

type page struct {
	answers *bitrix24.BatchResult
	key     string
	start   int
}

// results holds the replies of several batches by the keys of their commands.
type results map[string]*reply

// get decodes the result of a command; for a list its first page.
func (r results) get(key string, out any) error {
	return r[key].pages[0].answers.Get(key, out)
}

// allRows returns the rows of all pages of a list; rows extracts them from a page.
func allRows[Page, Row any](r results, key string, rows func(Page) []Row) ([]Row, error) {
	var all []Row
	for _, p := range r[key].pages {
		var got Page
		if err := p.answers.Get(p.key, &got); err != nil {
			return nil, err
		}
		all = append(all, rows(got)...)
	}
	return all, nil
}

// run executes groups of commands, as many per call as possible. The commands of a group refer to each other, so they are in one call.
func (i *installer) run(ctx context.Context, groups ...[]bitrix24.Command) (results, error) {
	found := results{}
	for len(groups) > 0 {
		var batch []bitrix24.Command
		for len(groups) > 0 && len(batch)+len(groups[0]) <= bitrix24.MaxBatch {
			batch, groups = append(batch, groups[0]...), groups[1:]
		}
		if len(batch) == 0 {
			continue
		}
		answers, err := i.client.Batch(ctx, batch, false)
		if err != nil {
			return nil, err
		}
		for _, c := range batch {
			found[c.Key] = &reply{c, []page{{answers, c.Key, 0}}}
		}
	}
	return found, i.readNextPages(ctx, found)
}

// singleGroups returns one group per command, for commands without references.
func singleGroups(commands ...bitrix24.Command) (groups [][]bitrix24.Command) {
	for _, c := range commands {
		groups = append(groups, []bitrix24.Command{c})
	}
	return groups
}

// readNextPages reads the further pages of all lists among the replies; the next pages of all lists share calls.
func (i *installer) readNextPages(ctx context.Context, found results) error {
	for {
		var further []bitrix24.Command
		owners, starts := map[string]*reply{}, map[string]int{}
		for key, r := range found {
			last := r.pages[len(r.pages)-1]
			next, more := last.answers.Next(last.key)
			if !more {
				continue
			}
			if next <= last.start {
				return fmt.Errorf("%s: %w", r.command.Method, bitrix24.ErrStuckCursor)
			}
			c := r.command.With(next, "start").As(fmt.Sprintf("%s_p%d", key, next))
			further, owners[c.Key], starts[c.Key] = append(further, c), r, next
		}
		for len(further) > 0 {
			n := min(len(further), bitrix24.MaxBatch)
			answers, err := i.client.Batch(ctx, further[:n], false)
			if err != nil {
				return err
			}
			for _, c := range further[:n] {
				owners[c.Key].pages = append(owners[c.Key].pages, page{answers, c.Key, starts[c.Key]})
			}
			further = further[n:]
		}
		if len(owners) == 0 {
			return nil
		}
	}
}
