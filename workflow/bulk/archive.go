package bulk

import (
	"archive/zip"
	"context"
	"fmt"
	"io"
	"path"
	"strings"
	"time"

	"acts24/acts"
	"acts24/store"
	"acts24/workflow"
)

// Archive writes the documents of a bulk into a zip, one by one as they are read. Documents that are no longer
// available are listed in a file inside.
func (s *Service) Archive(ctx context.Context, v workflow.Visit, b store.Bulk, w io.Writer) error {
	ids, err := s.db.Scope(v.Portal).Bulks().WaitingActs(ctx, b.ID)
	if err != nil {
		return err
	}
	a := archive{Writer: zip.NewWriter(w), taken: map[string]bool{}, at: s.now()}
	for _, id := range ids {
		err := s.archiveOne(ctx, v, b.Action, id, &a)
		why, known := refusal(err)
		switch {
		case err == nil:
		case known:
			a.missing = append(a.missing, fmt.Sprintf("Акт %d: %s", id, why))
		default:
			return fmt.Errorf("archive act %d: %w", id, err)
		}
	}
	return a.end()
}

func (s *Service) archiveOne(ctx context.Context, v workflow.Visit, what store.BulkAction, id acts.ActID, a *archive) error {
	scope := s.db.Scope(v.Portal)
	act, err := scope.Acts().Get(ctx, id)
	if err != nil {
		return err
	}
	if err := s.checkAllowed(ctx, scope, store.Bulk{Action: what}, v.Permissions(), act); err != nil {
		return err
	}
	if gather := s.actions[what].Archive; gather != nil {
		return gather(ctx, v, act, a.add)
	}
	if what == store.BulkXML {
		file, err := scope.Acts().XML(ctx, id)
		if err != nil {
			return err
		}
		entry, err := a.add(file.Name)
		if err != nil {
			return err
		}
		return scope.Files().Copy(ctx, file, entry)
	}
	name, body, err := s.acts.PrintForm(ctx, v, id)
	if err != nil {
		return err
	}
	entry, err := a.add(name)
	if err != nil {
		return err
	}
	_, err = entry.Write(body)
	return err
}

// archive is a zip with unique names, ignoring case.
type archive struct {
	*zip.Writer
	taken   map[string]bool
	at      time.Time
	missing []string
}

func (a *archive) add(name string) (io.Writer, error) {
	ending := path.Ext(name)
	stem := strings.TrimSuffix(name, ending)
	for n := 2; a.taken[strings.ToLower(name)]; n++ {
		name = fmt.Sprintf("%s (%d)%s", stem, n, ending)
	}
	a.taken[strings.ToLower(name)] = true
	return a.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: a.at})
}

// end writes the list of what is missing and closes the archive.
func (a *archive) end() error {
	if len(a.missing) > 0 {
		entry, err := a.add("Не вошли в архив.txt")
		if err != nil {
			return err
		}
		if _, err := io.WriteString(entry, strings.Join(a.missing, "\r\n")+"\r\n"); err != nil {
			return err
		}
	}
	return a.Close()
}
