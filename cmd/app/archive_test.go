package app_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"acts24/cmd/app"
	"acts24/cmd/app/apptest"
)

// The operator hands out the acts and files of a portal that has removed the app with its data, until they are erased; the audit log records
// it, and other portals are not in the archive.
func TestArchiveOfARemovedPortal(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 2)
	act := s.FormPaperAct(s.Deal(1), "company")
	p, err := s.Manager.Upload(act+"/files/ours", nil, apptest.Scan)
	s.Page(p, err, http.StatusOK)
	s.AwaitQuiet()
	s.Portal.Uninstall(true)
	s.Await("the portal is frozen", func() bool { return s.Count("portals WHERE state = 'frozen'") == 1 })
	path := filepath.Join(t.TempDir(), "portal.zip")
	var out bytes.Buffer
	s.Must(app.TenantsCommand(t.Context(), s.AppConfig, []string{"archive", "1", path}, &out))
	if !strings.Contains(out.String(), "1 acts with 1 files") {
		t.Errorf("printed %s", &out)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the archive: %v, %v", info, err)
	}
	archive, err := zip.OpenReader(path)
	s.Must(err)
	defer archive.Close()
	var data struct {
		Number         string
		Lines, History []any
	}
	scan := ""
	for _, f := range archive.File {
		body, err := f.Open()
		s.Must(err)
		text, err := io.ReadAll(body)
		s.Must(err)
		if strings.HasSuffix(f.Name, "act.json") {
			s.Must(json.Unmarshal(text, &data))
		} else {
			scan = string(text)
		}
	}
	if data.Number != "1" || len(data.Lines) == 0 || len(data.History) == 0 || scan != string(apptest.Scan.Body) {
		t.Errorf("the archive has %+v and the file %q", data, scan)
	}
	if n := s.Count(`audit WHERE portal_id = 1 AND action = 'archive' AND user_id = 0`); n != 1 {
		t.Errorf("%d records in the audit log", n)
	}
	for name, args := range map[string][]string{"an existing file": {"archive", "1", path}, "an unknown portal": {"archive", "99", path + "2"}, "no file": {"archive", "1"}, "another word": {"erase", "1", path + "2"}} {
		if err := app.TenantsCommand(t.Context(), s.AppConfig, args, io.Discard); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
