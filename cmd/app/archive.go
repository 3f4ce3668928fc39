package app

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"

	"acts24/acts"
	"acts24/store"
	"acts24/store/audit"
	"acts24/store/recovery"
)

const archiveUsage = "usage: actsd tenants [archive ID FILE.zip]"

// TenantsCommand lists the portals, or writes the archive of one: also of one that has removed the app and is not erased yet.
func TenantsCommand(ctx context.Context, cfg Config, args []string, out io.Writer) error {
	if len(args) == 0 {
		return Tenants(ctx, cfg, out)
	}
	if len(args) != 3 || args[0] != "archive" {
		return errors.New(archiveUsage)
	}
	id, err := strconv.ParseInt(args[1], 10, 64)
	if err != nil {
		return errors.New(archiveUsage)
	}
	db, _, err := openStore(ctx, cfg)
	if err != nil {
		return err
	}
	defer db.Close()
	return archivePortal(ctx, db, acts.PortalID(id), args[2], out)
}

// archivePortal writes all acts of a portal with their files to a new file that only its owner reads. The audit log is written first.
func archivePortal(ctx context.Context, db *store.DB, portal acts.PortalID, path string, out io.Writer) (err error) {
	if _, err := db.Scope(portal).Portals().Get(ctx); err != nil {
		return fmt.Errorf("portal %d: %w", portal, err)
	}
	if err := audit.Add(ctx, db, portal, audit.Record{Action: audit.Archive}); err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	archive := zip.NewWriter(file)
	actCount, files := 0, 0
	for after := acts.ActID(0); ; {
		page, err := recovery.ArchivedActs(ctx, db.Scope(portal), after)
		if err != nil {
			return err
		}
		if len(page) == 0 {
			break
		}
		for _, one := range page {
			after = one.ID
			n, err := archiveAct(ctx, db.Scope(portal), archive, one)
			if err != nil {
				return fmt.Errorf("act %d: %w", one.ID, err)
			}
			actCount, files = actCount+1, files+n
		}
	}
	if err := archive.Close(); err != nil {
		return err
	}
	fmt.Fprintf(out, "%d acts with %d files written to %s\n", actCount, files, path)
	return nil
}

// archiveAct writes the folder of an act: its data with its rows and history as JSON, and its files.
func archiveAct(ctx context.Context, scope store.Scope, archive *zip.Writer, one recovery.ArchivedAct) (files int, err error) {
	folder := fmt.Sprintf("%d/", one.ID)
	data, err := archive.Create(folder + "act.json")
	if err != nil {
		return 0, err
	}
	if _, err := data.Write(one.Data); err != nil {
		return 0, err
	}
	for _, id := range one.Files {
		f, err := scope.Files().Get(ctx, id)
		if err != nil {
			return files, err
		}
		entry, err := archive.Create(fmt.Sprintf("%s%d %s", folder, id, safeName(f.Name)))
		if err != nil {
			return files, err
		}
		if err := scope.Files().Copy(ctx, f, entry); err != nil {
			return files, err
		}
		files++
	}
	return files, nil
}

// safeName replaces what could leave the folder of an act when the archive is unpacked.
func safeName(name string) string {
	safe := []rune(name)
	for i, r := range safe {
		if r < ' ' || r == '/' || r == '\\' || r == ':' {
			safe[i] = '_'
		}
	}
	return string(safe)
}
