package handlers_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"acts24/cmd/app/apptest"
)

func times(n int, name string, body []byte) (files []apptest.UploadFile) {
	for i := range n {
		files = append(files, apptest.UploadFile{Name: fmt.Sprint(i, name), Body: body})
	}
	return files
}

// Every fault of an upload is shown at its field, and nothing of the upload is stored.
func TestBadUploadsChangeNothing(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	act := s.FormPaperAct(s.Deal(1), "company")
	s.AwaitQuiet()
	files := s.Count(`files`)
	many := make([]apptest.UploadFile, 25)
	for i := range many {
		many[i] = apptest.UploadFile{Name: "стр.pdf", Body: fmt.Appendf(apptest.PDF(64), "%d", i)}
	}
	good := apptest.UploadFile{Name: "скан.pdf", Body: apptest.PDF(64)}
	for name, tt := range map[string]struct {
		files   []apptest.UploadFile
		message string
	}{
		"a program under another name":           {[]apptest.UploadFile{{Name: "акт.pdf", Body: []byte("MZ\x90\x00\x03 это программа")}}, "«акт»: Нужен PDF, JPEG или PNG"},
		"a phone photo in an unsupported format": {[]apptest.UploadFile{{Name: "IMG_1.HEIC", Body: []byte("\x00\x00\x00\x20ftypheic\x00\x00\x00\x00 фото")}}, "Сохраните его как JPEG"},
		"an empty file":                          {[]apptest.UploadFile{{Name: "акт.pdf"}}, "Файл пустой"},
		"no file":                                {nil, "Выберите файл"},
		"21 MB":                                  {times(1, ".pdf", apptest.PDF(21<<20)), "Файл больше 20 МБ"},
		"an invalid file among valid ones":       {[]apptest.UploadFile{good, {Name: "../../\"договор\".docx", Body: []byte("PK\x03\x04")}}, "«договор»: Нужен PDF, JPEG или PNG"},
		"six of 19 MB":                           {times(6, ".pdf", apptest.PDF(19<<20)), "до 100 МБ"},
		"more files than an act may have":        {many, "не больше 20 файлов"},
	} {
		t.Run(name, func(t *testing.T) {
			s.T = t
			p, err := s.Manager.Upload(act+"/files/ours", nil, tt.files...)
			refused(s, s.Page(p, err, http.StatusUnprocessableEntity), tt.message, files)
		})
	}
	t.Run("truncated in the middle", func(t *testing.T) {
		s.T = t
		for _, more := range []string{"", strings.Repeat("\x00", 1000), strings.Repeat("\x00", 1<<20), "\r\n--b", "\r\n--b\r\n", "\r\n--b\r\nContent-"} {
			p, err := s.Manager.Send(act+"/files/ours", "multipart/form-data; boundary=b", strings.NewReader(half+more))
			refused(s, s.Page(p, err, http.StatusUnprocessableEntity), "Файл не дошёл целиком", files)
		}
	})
	t.Run("the client disconnects", func(t *testing.T) {
		s.T = t
		gone(s, act+"/files/ours")
		refused(s, s.ActPage(act), "", files)
		if strings.Contains(s.Logs.String(), "level=ERROR") {
			t.Error("a person who went away is no error of ours")
		}
	})
	s.T = t
	nasty := apptest.UploadFile{Name: "../../etc/\"па;роли\".exe", Body: apptest.PDF(2 << 10)}
	p, err := s.Manager.Upload(act+"/files/ours", nil, nasty)
	doc := s.Page(p, err, http.StatusOK)
	if got := apptest.TestID(doc, "copies-ours").Find("ul.files a").Text(); got != "пароли.pdf" {
		t.Errorf("the file is called %q", got)
	}
}

// refused expects a message at the field of our copies, an unchanged act, and nothing stored.
func refused(s *apptest.Site, doc *goquery.Document, message string, files int) {
	s.T.Helper()
	if got := apptest.TestID(doc, "fault-ours").Text(); !strings.Contains(got, message) {
		s.T.Errorf("the field shows %q, want %q", got, message)
	}
	if got := apptest.ActStatus(doc); got != apptest.DraftLabel {
		s.T.Errorf("the act is «%s»", got)
	}
	if kept, all := s.Count(`act_files`), s.Count(`files`); kept != 0 || all != files {
		s.T.Errorf("%d copies and %d files are kept, want none and %d", kept, all, files)
	}
}

// half is the beginning of an upload.
const half = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n%PDF-1.7 половина"

// gone sends half of the announced body and closes the connection.
func gone(s *apptest.Site, path string) {
	s.T.Helper()
	address, err := url.Parse(s.AppURL)
	if err != nil {
		s.T.Fatal(err)
	}
	conn, err := net.Dial("tcp", address.Host)
	if err != nil {
		s.T.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 100000\r\n\r\n%s",
		path, address.Host, s.Manager.Cookies(path), half)
	_ = conn.(*net.TCPConn).CloseWrite()
	_, _ = io.Copy(io.Discard, conn) // until the program closes the connection
}
