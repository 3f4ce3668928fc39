package workflow

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
)

// Archive writes the documents of a bulk into a zip, one after the other as they are read. What cannot be had any more
// is named in a list inside.
func (s *Service) Archive(ctx context.Context, v Visit, b store.Bulk, w io.Writer) error {
	ids, err := s.db.Scope(v.Portal).WaitingActs(ctx, b.ID)
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

func (s *Service) archiveOne(ctx context.Context, v Visit, what store.BulkAction, id acts.ActID, a *archive) error {
	scope := s.db.Scope(v.Portal)
	act, err := scope.Act(ctx, id)
	if err != nil {
		return err
	}
	if err := s.may(ctx, scope, store.Bulk{Action: what}, v.standing(), act); err != nil {
		return err
	}
	if what == store.BulkXML {
		file, err := scope.XMLOfAct(ctx, id)
		if err != nil {
			return err
		}
		entry, err := a.add(file.Name)
		if err != nil {
			return err
		}
		return scope.CopyFile(ctx, file, entry)
	}
	name, body, err := s.PrintForm(ctx, v, id)
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

// archive is a zip whose names are all different, also where big and small letters are one.
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
