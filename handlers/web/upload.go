package web

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"

	"acts24/acts"
	"acts24/acts/scan"
	"acts24/workflow"
)

// maxFields is the number of fields of a form with files, besides the files.
const maxFields = 20

// ReadUploads stores the files of a form in temporary files, checks each and reads the few other fields. Reading stops at the first part
// beyond the limits. drop removes the files.
func ReadUploads(r *http.Request, field string) (files []workflow.Upload, form map[string]string, drop func(), err error) {
	var drops []func()
	drop = func() {
		for _, d := range drops {
			d()
		}
	}
	form = map[string]string{}
	_, media, _ := mime.ParseMediaType(r.Header.Get("Content-Type")) // MultipartReader reports an invalid header
	end := &formEndWatcher{ReadCloser: r.Body, mark: []byte("--" + media["boundary"] + "--")}
	r.Body = end
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, form, drop, BadForm(err)
	}
	var faults acts.Faults
	for count := 1; ; count++ {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) && end.seen {
			return files, form, drop, faults.Err()
		}
		if err != nil {
			return nil, form, drop, badUpload(err, field)
		}
		isField := part.FileName() == "" && part.FormName() != "file"
		if count > scan.MaxCount+maxFields || !isField && len(files)+len(faults) >= scan.MaxCount {
			return nil, form, drop, acts.Faults{{Field: field, Text: fmt.Sprintf("За один раз загружается не больше %d файлов. Загрузите остальные отдельно.", scan.MaxCount)}}
		}
		if isField {
			text, _ := io.ReadAll(io.LimitReader(part, 1000))
			form[part.FormName()] = string(text)
			continue
		}
		f, d, err := spool(part)
		drops = append(drops, d)
		switch {
		case acts.KindOf(err) == acts.Invalid && part.FileName() == "": // no file was chosen
		case acts.KindOf(err) == acts.Invalid:
			faults.Add(field, "«%s»: %s", scan.SafeName(part.FileName(), ""), acts.Message(err))
		case err != nil:
			return nil, form, drop, badUpload(err, field)
		default:
			files = append(files, f)
		}
	}
}

// formEndWatcher looks for the end mark of a form: a form that was cut off between two files looks complete otherwise.
type formEndWatcher struct {
	io.ReadCloser
	mark, last []byte
	seen       bool
}

// Read passes the body on.
func (e *formEndWatcher) Read(p []byte) (int, error) {
	n, err := e.ReadCloser.Read(p)
	e.last = append(e.last, p[:n]...)
	e.seen = e.seen || bytes.Contains(e.last, e.mark)
	e.last = append(e.last[:0], e.last[max(0, len(e.last)-len(e.mark)):]...)
	return n, err
}

func spool(part *multipart.Part) (workflow.Upload, func(), error) {
	defer part.Close()
	return workflow.SaveUpload(part, part.FileName())
}

// badUpload returns the error of an incomplete or too large upload.
func badUpload(err error, field string) error {
	if Status(err) == http.StatusRequestEntityTooLarge {
		return acts.Faults{{Field: field, Text: "За один раз можно загрузить до 100 МБ. Загрузите файлы по частям."}}
	}
	return acts.Faults{{Field: field, Text: "Файл не дошёл целиком. Загрузите его ещё раз."}}
}
