package app_test

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

// pdf returns size bytes that begin like a PDF.
func pdf(size int) []byte {
	body := make([]byte, size)
	copy(body, "%PDF-1.7 ")
	return body
}

func times(n int, name string, body []byte) (files []apptest.UploadFile) {
	for i := range n {
		files = append(files, apptest.UploadFile{Name: fmt.Sprint(i, name), Body: body})
	}
	return files
}

// Every fault of an upload is shown at its field, and nothing of the upload is stored.
func TestBadUploadsChangeNothing(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	act := s.formPaper(s.deal(1), "company")
	s.quiet()
	files := s.count(`files`)
	many := make([]apptest.UploadFile, 25)
	for i := range many {
		many[i] = apptest.UploadFile{Name: "стр.pdf", Body: fmt.Appendf(pdf(64), "%d", i)}
	}
	good := apptest.UploadFile{Name: "скан.pdf", Body: pdf(64)}
	for name, tt := range map[string]struct {
		files []apptest.UploadFile
		says  string
	}{
		"a program under another name":           {[]apptest.UploadFile{{Name: "акт.pdf", Body: []byte("MZ\x90\x00\x03 это программа")}}, "«акт»: Нужен PDF, JPEG или PNG"},
		"a phone photo in an unsupported format": {[]apptest.UploadFile{{Name: "IMG_1.HEIC", Body: []byte("\x00\x00\x00\x20ftypheic\x00\x00\x00\x00 фото")}}, "Сохраните его как JPEG"},
		"an empty file":                          {[]apptest.UploadFile{{Name: "акт.pdf"}}, "Файл пустой"},
		"no file":                                {nil, "Выберите файл"},
		"21 MB":                                  {times(1, ".pdf", pdf(21<<20)), "Файл больше 20 МБ"},
		"an invalid file among valid ones":       {[]apptest.UploadFile{good, {Name: "../../\"договор\".docx", Body: []byte("PK\x03\x04")}}, "«договор»: Нужен PDF, JPEG или PNG"},
		"six of 19 MB":                           {times(6, ".pdf", pdf(19<<20)), "до 100 МБ"},
		"more files than an act may have":        {many, "не больше 20 файлов"},
	} {
		t.Run(name, func(t *testing.T) {
			s.t = t
			p, err := s.manager.Upload(act+"/files/ours", nil, tt.files...)
			s.refused(s.page(p, err, http.StatusUnprocessableEntity), tt.says, files)
		})
	}
	t.Run("truncated in the middle", func(t *testing.T) {
		s.t = t
		for _, more := range []string{"", strings.Repeat("\x00", 1000), strings.Repeat("\x00", 1<<20), "\r\n--b", "\r\n--b\r\n", "\r\n--b\r\nContent-"} {
			p, err := s.manager.Send(act+"/files/ours", "multipart/form-data; boundary=b", strings.NewReader(half+more))
			s.refused(s.page(p, err, http.StatusUnprocessableEntity), "Файл не дошёл целиком", files)
		}
	})
	t.Run("the client disconnects", func(t *testing.T) {
		s.t = t
		s.gone(act + "/files/ours")
		s.refused(s.act(act), "", files)
		if strings.Contains(s.logs.String(), "level=ERROR") {
			t.Error("a person who went away is no error of ours")
		}
	})
	s.t = t
	nasty := apptest.UploadFile{Name: "../../etc/\"па;роли\".exe", Body: pdf(2 << 10)}
	p, err := s.manager.Upload(act+"/files/ours", nil, nasty)
	doc := s.page(p, err, http.StatusOK)
	if got := testid(doc, "copies-ours").Find("ul.files a").Text(); got != "пароли.pdf" {
		t.Errorf("the file is called %q", got)
	}
}

// refused expects a message at the field of our copies, an unchanged act, and nothing stored.
func (s *site) refused(doc *goquery.Document, says string, files int) {
	s.t.Helper()
	if got := testid(doc, "fault-ours").Text(); !strings.Contains(got, says) {
		s.t.Errorf("the field shows %q, want %q", got, says)
	}
	if got := status(doc); got != draftLabel {
		s.t.Errorf("the act is «%s»", got)
	}
	if kept, all := s.count(`act_files`), s.count(`files`); kept != 0 || all != files {
		s.t.Errorf("%d copies and %d files are kept, want none and %d", kept, all, files)
	}
}

// half is the beginning of an upload.
const half = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n%PDF-1.7 половина"

// gone sends half of the announced body and closes the connection.
func (s *site) gone(path string) {
	s.t.Helper()
	address, err := url.Parse(s.AppURL)
	if err != nil {
		s.t.Fatal(err)
	}
	conn, err := net.Dial("tcp", address.Host)
	if err != nil {
		s.t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 100000\r\n\r\n%s",
		path, address.Host, s.manager.Cookies(path), half)
	_ = conn.(*net.TCPConn).CloseWrite()
	_, _ = io.Copy(io.Discard, conn) // until the program closes the connection
}
