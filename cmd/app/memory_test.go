package app_test

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"acts24/acts/scan"
	"acts24/cmd/app/apptest"
	"acts24/store/list"
	"acts24/store/storetest"
)

// maxUploadMemory is the additional memory that the program may use for the largest file, in KiB.
const maxUploadMemory = 16 << 10

// needMemoryOfProcesses skips the test on a system that does not show the memory of a process; in CI it fails.
func needMemoryOfProcesses(t *testing.T) {
	t.Helper()
	_, err := os.Stat("/proc/self/clear_refs")
	switch {
	case err == nil:
	case os.Getenv("CI") == "true":
		t.Fatal(err)
	default:
		t.Skip("this system does not show the memory of a process")
	}
}

// The largest copy is uploaded, written to the field of the item and downloaded in ranges; the program, run
// as a separate process, needs little more memory than before. The content of the file does not matter.
func TestALargeCopyIsNeverInMemory(t *testing.T) {
	t.Parallel()
	needMemoryOfProcesses(t)
	s, process := startApart(t)
	act := s.FormPaperAct(s.Deal(1), "company")
	copies := func() int { return s.Count(`act_files WHERE crm_file_id > 0`) }
	upload := func(n int, body []byte) {
		p, err := s.Manager.Upload(act+"/files/ours", nil, apptest.UploadFile{Name: fmt.Sprint(n, ".pdf"), Body: body})
		s.Page(p, err, http.StatusOK)
		s.Await("the copy in the card", func() bool { return copies() == n })
	}
	upload(1, apptest.PDF(1000)) // warm-up
	if err := os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", process.ID()), []byte("5"), 0); err != nil {
		t.Fatal(err)
	}
	before := memory(t, process, "VmRSS")
	large := apptest.PDF(scan.MaxSize - 100<<10)
	copy(large[1<<20:], "середина")
	upload(2, large)
	link, _ := apptest.TestID(s.ActPage(act), "copies-ours").Find(`a[download="2.pdf"]`).Attr("href")
	p, err := s.Manager.Get(link)
	if err != nil || p.Status != http.StatusOK || !bytes.Equal([]byte(p.Body), large) {
		t.Errorf("the copy came back with %d bytes of %d, status %d, %v", len(p.Body), len(large), p.Status, err)
	}
	peak := memory(t, process, "VmHWM")
	t.Logf("before %d KiB, peak %d KiB", before, peak)
	if peak-before > maxUploadMemory {
		t.Errorf("the program took %d KiB more, want at most %d", peak-before, maxUploadMemory)
	}
}

// maxMemory is the limit of the program's memory, in KiB.
const maxMemory = 128 << 10

// The largest tables are created and sent within the memory limit.
func TestALargeTableIsNeverInMemory(t *testing.T) {
	t.Parallel()
	needMemoryOfProcesses(t)
	s, process := startApart(t)
	s.HandOver(s.Deal(1))
	s.AddCopies(list.MaxExported)
	p, err := s.Manager.Get("/p/1/acts/export?format=csv")
	if doc := s.Page(p, err, http.StatusUnprocessableEntity); !strings.Contains(apptest.TestID(doc, "message").Text(), "больше 100 000 строк") {
		t.Errorf("too many acts are answered with %q", apptest.TestID(doc, "message").Text())
	}
	s.Exec(`DELETE FROM acts WHERE id = (SELECT max(id) FROM acts)`)
	s.Exec(`INSERT INTO act_lines SELECT l.portal_id, a.id, l.n, l.row_id, l.name, l.unit, l.quantity, l.price, l.rate, l.net, l.tax, l.gross
		FROM acts a, act_lines l WHERE l.act_id = 1 AND a.id > 1 AND l.n = 1 AND a.id < 99000; ANALYZE`)
	if err := os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", process.ID()), []byte("5"), 0); err != nil {
		t.Fatal(err)
	}
	before := memory(t, process, "VmRSS")
	for _, format := range []string{"xlsx", "csv", "1c"} {
		start := time.Now()
		p, err := s.Manager.Get("/p/1/acts/export?format=" + format)
		if err != nil || p.Status != http.StatusOK {
			t.Fatalf("%s: status %d, %v\n%.500s", format, p.Status, err, p.Body)
		}
		t.Logf("%s: %d bytes in %s", format, len(p.Body), time.Since(start).Round(10*time.Millisecond))
	}
	peak := memory(t, process, "VmHWM")
	t.Logf("before %d KiB, peak %d KiB", before, peak)
	if peak > maxMemory {
		t.Errorf("the program had %d KiB, want at most %d", peak, maxMemory)
	}
}

// Two thousand visitors who send their headers a byte at a time need little memory, and others are answered meanwhile.
func TestSlowVisitorsNeedLittleMemory(t *testing.T) {
	t.Parallel()
	needMemoryOfProcesses(t)
	const visitors, maxMore = 2000, 64 << 10 // KiB
	s, process := startApart(t)
	before := memory(t, process, "VmRSS")
	var slow []net.Conn
	for range visitors {
		conn, err := net.Dial("tcp", strings.TrimPrefix(s.AppURL, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if _, err := conn.Write([]byte("GET /healthz HTTP/1.1\r\nHost: acts.example\r\nX-Slow: ")); err != nil {
			t.Fatal(err)
		}
		slow = append(slow, conn)
	}
	s.ActPage(s.FormPaperAct(s.Deal(1), "company"))
	for _, conn := range slow {
		_, _ = conn.Write([]byte("x")) // the program may have closed it
	}
	peak := memory(t, process, "VmHWM")
	t.Logf("before %d KiB, peak %d KiB", before, peak)
	if peak-before > maxMore {
		t.Errorf("the program took %d KiB more, want at most %d", peak-before, maxMore)
	}
	for _, conn := range slow { // each is closed, or the test does not end
		_, _ = io.Copy(io.Discard, conn)
	}
}

// startApart runs the program as a separate process.
func startApart(t *testing.T) (s *apptest.Site, process *apptest.Process) {
	t.Helper()
	address := apptest.FreeAddress(t)
	w := apptest.NewWorld(t, "http://"+address, 1)
	dsn, owner := storetest.DSN(t)
	cfg := w.Config(dsn, 0.1)
	cfg.Addr = address
	program := filepath.Join(t.TempDir(), "actsd")
	if output, err := exec.Command("go", "build", "-o", program, "acts24/cmd/actsd").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	process, err := apptest.StartProcess(t.Context(), program, cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := process.Stop(); err != nil {
			t.Error(err)
		}
	})
	s = &apptest.Site{World: w, T: t, Portal: w.Portals[0], Clock: &apptest.Clock{}, OwnerDSN: owner, AppConfig: cfg}
	if err := apptest.Connect(s.Portal, w.AppURL, apptest.OurCompany); err != nil {
		t.Fatal(err)
	}
	s.Manager = apptest.NewVisitor(s.Portal, s.Portal.Manager(), w.AppURL)
	return s, process
}

// memory returns a field of a process's status, in KiB.
func memory(t *testing.T, process *apptest.Process, field string) int64 {
	t.Helper()
	kib, err := process.Memory(field)
	if err != nil {
		t.Fatalf("no %s: %v", field, err)
	}
	return kib
}
