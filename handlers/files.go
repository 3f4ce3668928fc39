package handlers

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"

	"acts24/acts"
	"acts24/store"
	"acts24/workflow"
)

// uploadSize is how much one form with files may send: several pages of a scan at once.
const uploadSize = 5*acts.MostCopy + 1<<20

// upload keeps signed copies of an act.
func (s *Server) upload(w http.ResponseWriter, r *http.Request, v Visit) error {
	act, err := pathID[acts.ActID](r, "act")
	if err != nil {
		return err
	}
	side := acts.Side(r.PathValue("side"))
	if side != acts.Ours && side != acts.Theirs {
		return acts.Errorf(acts.NotFound, "Такой страницы нет.")
	}
	files, form, drop, err := readUploads(r, string(side))
	defer drop()
	if err == nil {
		err = s.service.UploadCopies(r.Context(), v, act, side, files, form["replace"] != "")
	}
	return s.done(w, r, v, act, err)
}

// readUploads keeps the files of a form aside, each checked, and reads its few other fields. drop removes them.
func readUploads(r *http.Request, field string) (files []workflow.Upload, form map[string]string, drop func(), err error) {
	var drops []func()
	drop = func() {
		for _, d := range drops {
			d()
		}
	}
	form = map[string]string{}
	_, media, _ := mime.ParseMediaType(r.Header.Get("Content-Type")) // a bad one is said to be bad by the next line
	end := &ending{ReadCloser: r.Body, mark: []byte("--" + media["boundary"] + "--")}
	r.Body = end
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, form, drop, badForm(err)
	}
	var faults acts.Faults
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) && end.seen {
			return files, form, drop, faults.Err()
		}
		if err != nil {
			return nil, form, drop, badUpload(err, field)
		}
		if part.FileName() == "" && part.FormName() != "file" {
			text, _ := io.ReadAll(io.LimitReader(part, 1000))
			form[part.FormName()] = string(text)
			continue
		}
		f, d, err := spool(part)
		drops = append(drops, d)
		switch {
		case acts.KindOf(err) == acts.Invalid && part.FileName() == "": // no file was chosen
		case acts.KindOf(err) == acts.Invalid:
			faults.Add(field, "«%s»: %s", acts.CopyName(part.FileName(), ""), acts.Sentence(err))
		case err != nil:
			return nil, form, drop, badUpload(err, field)
		default:
			files = append(files, f)
		}
	}
}

// ending watches for the end mark of a form: a form that was cut off between two files looks like a whole one otherwise.
type ending struct {
	io.ReadCloser
	mark, last []byte
	seen       bool
}

// Read passes the body on.
func (e *ending) Read(p []byte) (int, error) {
	n, err := e.ReadCloser.Read(p)
	e.last = append(e.last, p[:n]...)
	e.seen = e.seen || bytes.Contains(e.last, e.mark)
	e.last = append(e.last[:0], e.last[max(0, len(e.last)-len(e.mark)):]...)
	return n, err
}

func spool(part *multipart.Part) (workflow.Upload, func(), error) {
	defer part.Close()
	return workflow.Spool(part, part.FileName())
}

// badUpload words what went wrong on the way.
func badUpload(err error, field string) error {
	if statusOf(err) == http.StatusRequestEntityTooLarge {
		return acts.Faults{{Field: field, Text: "За один раз можно загрузить до 100 МБ. Загрузите файлы по частям."}}
	}
	return acts.Faults{{Field: field, Text: "Файл не дошёл целиком. Загрузите его ещё раз."}}
}

// copyFile gives one signed copy of an act: always to be saved, never shown by the browser.
func (s *Server) copyFile(w http.ResponseWriter, r *http.Request, v Visit) error {
	act, err := pathID[acts.ActID](r, "act")
	if err != nil {
		return err
	}
	n, err := pathID[int64](r, "file")
	if err != nil {
		return err
	}
	scope := s.db.Scope(v.Portal)
	file, err := scope.FileOfAct(r.Context(), act, n)
	if err != nil {
		return err
	}
	return giveFile(w, r, scope, file)
}

// xml gives the electronic document of an act.
func (s *Server) xml(w http.ResponseWriter, r *http.Request, v Visit) error {
	act, err := pathID[acts.ActID](r, "act")
	if err != nil {
		return err
	}
	scope := s.db.Scope(v.Portal)
	file, err := scope.XMLOfAct(r.Context(), act)
	if err != nil {
		return err
	}
	return giveFile(w, r, scope, file)
}

func giveFile(w http.ResponseWriter, r *http.Request, scope store.Scope, file store.File) error {
	h := w.Header()
	h.Set("Content-Type", file.Type)
	h.Set("Content-Length", fmt.Sprint(file.Size))
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": file.Name}))
	return scope.CopyFile(r.Context(), file, w)
}

// print gives the print form of an act, to be saved or, in our own page, to be looked at.
func (s *Server) print(w http.ResponseWriter, r *http.Request, v Visit) error {
	act, err := pathID[acts.ActID](r, "act")
	if err != nil {
		return err
	}
	name, body, err := s.service.PrintForm(r.Context(), v, act)
	if err != nil {
		return err
	}
	way := "attachment"
	if r.URL.Query().Get("view") != "" {
		way = "inline"
	}
	h := w.Header()
	h.Set("Content-Type", "application/pdf")
	h.Set("Content-Length", fmt.Sprint(len(body)))
	h.Set("Content-Security-Policy", "frame-ancestors 'self' "+originOf(v.Origin))
	h.Set("Content-Disposition", mime.FormatMediaType(way, map[string]string{"filename": name}))
	_, err = w.Write(body)
	return err
}
