package edo_test

import (
	"archive/zip"
	"bytes"
	"io"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"acts24/cmd/app/apptest"
	"acts24/integrations/sbis/sbistest"
)

const packagePath = firstAct + "/package"

// awaitPackage waits until the block of the signatures contains the words.
func awaitPackage(s *apptest.Site, words string) {
	s.T.Helper()
	s.Await("«"+words+"» in the signatures", func() bool { return strings.Contains(apptest.Text(s.ActPage(firstAct), "signatures"), words) })
}

// awaitFetched waits until nothing more of the package is awaited.
func awaitFetched(s *apptest.Site) {
	s.T.Helper()
	s.Await("the package", func() bool { return s.Count(`edo_documents WHERE package NOT IN ('fetching', 'printing')`) == 1 })
	s.AwaitQuiet()
}

// attachedFiles returns how many files of the operator are in the item of the act.
func attachedFiles(s *apptest.Site) int {
	list, _ := s.Portal.Item(s.ItemType(), s.AwaitItem())[s.ItemField("Подписанный комплект ЭДО")].([]any)
	return len(list)
}

// entries returns the files of the act's package by name.
func entries(s *apptest.Site) map[string]string {
	s.T.Helper()
	p, err := s.Manager.Get(packagePath)
	if err != nil || p.Status != http.StatusOK || p.Header.Get("Content-Type") != "application/zip" {
		s.T.Fatalf("the package: %d, %v", p.Status, err)
	}
	r, err := zip.NewReader(strings.NewReader(p.Body), int64(len(p.Body)))
	if err != nil {
		s.T.Fatal(err)
	}
	found := map[string]string{}
	for _, f := range r.File {
		in, err := f.Open()
		if err != nil {
			s.T.Fatal(err)
		}
		text, err := io.ReadAll(in)
		if err != nil {
			s.T.Fatal(err)
		}
		found[f.Name] = string(text)
	}
	return found
}

// named returns the file whose name contains a text.
func named(files map[string]string, part string) string {
	for name, body := range files {
		if strings.Contains(name, part) {
			return body
		}
	}
	return ""
}

// Both signed: the package has both titles with their signatures and both print forms, the page names the signers, and each file is in the
// item once, although answers were lost.
func TestSignedPackage(t *testing.T) {
	t.Parallel()
	s, document := sentAct(t, false)
	if apptest.TestID(s.ActPage(firstAct), "signatures").Length() != 0 {
		t.Error("signatures are shown before the counterparty has decided")
	}
	if p, err := s.Manager.Get(packagePath); err != nil || p.Status != http.StatusNotFound {
		t.Errorf("the package of an unsigned act: %d, %v", p.Status, err)
	}
	s.Must(s.SBIS.Fault(sbistest.Fault{Method: "GET", Kind: sbistest.FaultCut, Count: 1}))
	s.Must(s.SBIS.Fault(sbistest.Fault{Method: "СБИС.ПрочитатьДокумент", Kind: sbistest.FaultReset, Count: 1}))
	s.Must(s.SBIS.PerformMove(document, sbistest.MoveRequest{Move: sbistest.MoveSignByCounterparty, Power: "6f1d3e0a-8f0c-4c25-9d3b-2f6a1b7c9d10"}))
	awaitStatus(s, signedLabel)
	awaitFetched(s)
	text := apptest.Text(s.ActPage(firstAct), "signatures")
	for _, want := range []string{"Исполнитель", "Заказчик", "Петров Пётр Петрович", "Удостоверяющий центр песочницы", "6f1d3e0a-8f0c-4c25-9d3b-2f6a1b7c9d10",
		"https://m4d.nalog.gov.ru/", "(МСК)", "не проверяются"} {
		if !strings.Contains(text, want) {
			t.Errorf("the signatures lack %q: %s", want, text)
		}
	}
	if n := strings.Count(text, "Подпись относится к этому файлу."); n != 2 {
		t.Errorf("%d signatures belong to their files, want 2: %s", n, text)
	}
	files := entries(s)
	if len(files) != 7 || !strings.Contains(files["Опись.txt"], "6f1d3e0a") || !strings.HasPrefix(named(files, "(СБИС).pdf"), "%PDF-") {
		t.Errorf("the package has %d files: %v", len(files), slices.Sorted(maps.Keys(files)))
	}
	view, _ := s.SBIS.Document(document)
	for _, f := range view.Files {
		kept, ok := s.SBIS.File(document, f.Name)
		if !ok || !bytes.Equal(kept, []byte(files[f.Name])) || files[f.Name+".sgn"] == "" {
			t.Errorf("%s of the package is not what SBIS has, or has no signature", f.Name)
		}
	}
	s.Await("five files in the item", func() bool { return attachedFiles(s) == 5 })
	s.AwaitQuiet()
	if n := attachedFiles(s); n != 5 {
		t.Errorf("%d files in the item, want 5", n)
	}
	if n := s.Count(`act_files WHERE side = 'signed'`); n != 5 {
		t.Errorf("%d files are stored, want 5", n)
	}
	if n := s.Count(`edo_documents WHERE package_note LIKE '%http%'`) + s.Count(`files WHERE name LIKE '%http%'`); n != 0 {
		t.Error("a link of SBIS is stored")
	}
	if p, err := s.Manager.Post(packagePath, nil); err != nil || p.Status != http.StatusConflict {
		t.Errorf("repeating a complete package: %d, %v", p.Status, err)
	}
}

// A print form that never becomes ready ends the requests; the rest of the package is there, and a person repeats it.
func TestPrintFormIsNeverReady(t *testing.T) {
	t.Parallel()
	s, document := sentAct(t, false)
	s.SBIS.SetPrintForms(0, true, 0)
	s.MoveDocument(document, sbistest.MoveSignByCounterparty)
	awaitPackage(s, "СБИС готовит печатную форму")
	awaitPackage(s, "СБИС не подготовил печатную форму")
	requests := func() (n int) {
		for _, l := range s.SBIS.Trace().Lines() {
			if l.Method == "GET" && l.Status != http.StatusOK {
				n++
			}
		}
		return n
	}
	before := requests()
	if files := entries(s); named(files, "(СБИС).pdf") != "" || named(files, "ON_NSCHFDOPPR") == "" || named(files, "ON_NSCHFDOPPOK") == "" {
		t.Errorf("the package is %v", slices.Sorted(maps.Keys(files)))
	}
	s.AwaitQuiet()
	if n := requests(); n != before {
		t.Errorf("%d further requests", n-before)
	}
	s.SBIS.SetPrintForms(0, false, 0)
	p, err := s.Manager.Post(packagePath, nil)
	s.Page(p, err, http.StatusOK)
	awaitFetched(s)
	if named(entries(s), "(СБИС).pdf") == "" {
		t.Error("the repeated package has no print form")
	}
	if n := s.Count(`act_files WHERE side = 'signed'`); n != 5 {
		t.Errorf("%d files are stored, want 5: nothing twice", n)
	}
}

// Files of 300 MB are not read to their end and leave nothing on disk: the act shows why, nothing is requested again by itself, and a person repeats
// it. The files that fit are in the package. It is not parallel, because temporary files are counted.
func TestPackageIsTooLarge(t *testing.T) {
	const read = 64 << 20 // what is taken of a file at most: the limit of 20 MB and what the system buffers
	for name, tt := range map[string]struct {
		titles, printForm int
		want              string
		kept              int
	}{
		"the print form":            {0, 300, "больше, чем мы храним (печатная форма до 20 МБ)", 4},
		"the titles":                {300, 0, "больше, чем мы храним (титулы с подписями до 20 МБ вместе)", 0},
		"all titles together":       {8, 0, "больше, чем мы храним (титулы с подписями до 20 МБ вместе)", 0},
		"the titles and their form": {300, 300, "больше, чем мы храним (титулы с подписями до 20 МБ вместе)", 0},
	} {
		t.Run(name, func(t *testing.T) {
			temporary := t.TempDir()
			t.Setenv("TMPDIR", temporary)
			s, document := sentAct(t, false)
			s.SBIS.PadTitles(tt.titles)
			s.SBIS.SetPrintForms(0, false, tt.printForm)
			s.MoveDocument(document, sbistest.MoveSignByCounterparty)
			awaitPackage(s, tt.want)
			downloads := func() (n int) {
				for _, l := range s.SBIS.Trace().Lines() {
					if l.Method == "GET" {
						n++
					}
					if l.Bytes > read {
						t.Errorf("%d bytes of a file were taken", l.Bytes)
					}
				}
				return n
			}
			s.AwaitQuiet()
			before := downloads()
			s.AdvanceTo(s.Clock.Now().AddDate(0, 0, 3))
			s.AwaitQuiet()
			if after := downloads(); after != before || s.Count(`tasks WHERE kind = 'edo.signed'`) != 0 {
				t.Errorf("%d further downloads", after-before)
			}
			if n := s.Count(`act_files WHERE side = 'signed'`); n != tt.kept {
				t.Errorf("%d files are stored, want %d", n, tt.kept)
			}
			if left, err := os.ReadDir(temporary); err != nil || len(left) != 0 {
				t.Errorf("left on disk: %v, %v", left, err)
			}
			if n := s.Count(`act_events WHERE kind = 'package'`); n != 1 {
				t.Errorf("%d lines of history", n)
			}
			s.SBIS.PadTitles(0)
			s.SBIS.SetPrintForms(0, false, 0)
			p, err := s.Manager.Post(packagePath, nil)
			s.Page(p, err, http.StatusOK)
			awaitFetched(s)
			if named(entries(s), "(СБИС).pdf") == "" || named(entries(s), "ON_NSCHFDOPPOK") == "" {
				t.Errorf("the repeated package is %v", slices.Sorted(maps.Keys(entries(s))))
			}
		})
	}
}

// The package of a refused act has only our title with our signature and print form.
func TestPackageOfARefusedAct(t *testing.T) {
	t.Parallel()
	s, document := sentAct(t, false)
	s.MoveDocument(document, sbistest.MoveReject)
	awaitPackage(s, "Исполнитель")
	awaitFetched(s)
	text := apptest.Text(s.ActPage(firstAct), "signatures")
	if strings.Contains(text, "Заказчик") || len(entries(s)) != 5 {
		t.Errorf("the signatures are %s, the files of the package %v; want no signature of the counterparty and five files", text, slices.Sorted(maps.Keys(entries(s))))
	}
}

// An act that both annul keeps the package that it has, which states the annulment; what SBIS was still making is requested a few more times only.
func TestPackageOfAnAnnulledAct(t *testing.T) {
	t.Parallel()
	for name, printed := range map[string]bool{"the package is complete": true, "the print form never becomes ready": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, document := sentAct(t, false)
			s.SBIS.SetPrintForms(0, !printed, 0)
			s.MoveDocument(document, sbistest.MoveSignByCounterparty)
			awaitStatus(s, signedLabel)
			if printed {
				awaitFetched(s)
			} else {
				awaitPackage(s, "СБИС готовит печатную форму")
			}
			proposeInSBIS(s, document, "us", "Двойной акт")
			awaitState(s, "ждём контрагента")
			s.MoveDocument(document, sbistest.MoveAgreeAnnulment)
			awaitStatus(s, annulledLabel)
			awaitFetched(s)
			files := entries(s)
			if !strings.Contains(files["Опись.txt"], annulledLabel) || named(files, "ON_NSCHFDOPPOK") == "" || (named(files, "(СБИС).pdf") != "") != printed {
				t.Errorf("the package is %v: %s", slices.Sorted(maps.Keys(files)), files["Опись.txt"])
			}
			if n := s.Count(`act_files WHERE side = 'signed' AND current`); n != attachedFiles(s) || printed && n != 5 {
				t.Errorf("%d files are stored, %d are in the item", n, attachedFiles(s))
			}
			calls := len(s.SBIS.Trace().Lines())
			s.AdvanceMinute()
			s.AwaitQuiet()
			for _, l := range s.SBIS.Trace().Lines()[calls:] {
				if l.Method == "GET" {
					t.Error("a file is requested again")
				}
			}
		})
	}
}

// The registry gathers the packages of selected acts, each in a folder, and lists the acts that have none.
func TestPackagesOfTheRegistry(t *testing.T) {
	t.Parallel()
	s, _ := signedAct(t, false)
	awaitFetched(s)
	s.HandOver(s.Deal(3))
	path, doc := s.StartBulk(s.BulkForm("signed", "1", "2"))
	if text := doc.Text(); !strings.Contains(text, "Подписанного комплекта нет") {
		t.Errorf("an act without a package: %s", text)
	}
	p, err := s.Manager.Get(path + "/file")
	if err != nil || p.Status != http.StatusOK {
		t.Fatalf("the archive: %d, %v", p.Status, err)
	}
	r, err := zip.NewReader(strings.NewReader(p.Body), int64(len(p.Body)))
	if err != nil || len(r.File) != 7 {
		t.Fatalf("%d entries, %v", len(r.File), err)
	}
	for _, f := range r.File {
		if !strings.HasPrefix(f.Name, "Акт № ") || strings.Count(f.Name, "/") != 1 {
			t.Errorf("the entry %q", f.Name)
		}
	}
}
