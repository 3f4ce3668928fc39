package registry

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"os"
	"time"

	"acts24/acts"
	"acts24/handlers/tables"
	"acts24/handlers/web"
	"acts24/store/list"
	"acts24/views"
)

// maxExports is the number of files that are made at a time, of different portals; the next export waits for its turn.
const maxExports = 2

// exportTime limits the making of a file, with the wait for its turn; the deadline of the connection is a little longer.
const exportTime = 4 * time.Minute

// format is a file format in which a list of acts can be exported.
type format struct {
	code, label, name, media string
	lines                    bool // a row per line of an act
	columns                  []tables.Column
	rows                     func(web.Visit, list.ExportedAct) [][]any
	open                     func(io.Writer, []tables.Column) (tables.Table, error)
}

const xlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// plainWorkbook has a row for each act.
var plainWorkbook = format{code: "xlsx", label: "Excel (.xlsx)", name: "%s %s.xlsx", media: xlsxType, columns: actColumns, rows: actCells, open: workbook}

var formats = []format{
	plainWorkbook,
	{code: "csv", label: "CSV (.csv)", name: "%s %s.csv", media: "text/csv; charset=utf-8", columns: actColumns, rows: actCells,
		open: func(w io.Writer, columns []tables.Column) (tables.Table, error) { return tables.NewCSV(w, columns) }},
	{code: "1c", label: "Таблица для 1С (.xlsx)", name: "%s для 1С %s.xlsx", media: xlsxType, lines: true, columns: lineColumns, rows: lineCells, open: workbook},
}

func workbook(w io.Writer, columns []tables.Column) (tables.Table, error) {
	return tables.NewWorkbook(w, "Акты", columns)
}

func formatOf(r *http.Request) (format, error) {
	for _, f := range formats {
		if f.code == r.URL.Query().Get("format") {
			return f, nil
		}
	}
	return format{}, acts.Errorf(acts.Invalid, "Такой выгрузки нет. Выберите её в списке «Выгрузить».")
}

func exportLinks(page string, q url.Values) []views.Export {
	var list []views.Export
	for _, f := range formats {
		q.Set("format", f.code)
		list = append(list, views.Export{Code: f.code, Label: f.label, Href: address(page+"/export", q)})
	}
	return list
}

// export handles GET /p/{portal}/companies/{company}/export, GET /p/{portal}/contacts/{contact}/export, GET /p/{portal}/acts/export: the
// acts of a list with its filter as a file. The file is complete before its first byte is sent, so an error is a page and never half a
// table.
func (h *Handler) export(of listOf) func(http.ResponseWriter, *http.Request, web.Visit) error {
	return func(w http.ResponseWriter, r *http.Request, v web.Visit) error {
		m, filter, err := of(r, v)
		if err != nil {
			return err
		}
		f, err := formatOf(r)
		if err != nil {
			return err
		}
		a := readListQuery(r.URL.Query(), v, filter)
		if len(a.faults) > 0 {
			return acts.Errorf(acts.Invalid, "Выгрузка не построена: в условиях фильтра ошибка. Вернитесь к списку и исправьте отмеченное.")
		}
		return h.writeActs(w, r, v, f, a.filter, a.page.Sort, m.Export)
	}
}

// writeActs writes the acts of a filter as a file named after the list and the day.
func (h *Handler) writeActs(w http.ResponseWriter, r *http.Request, v web.Visit, f format, filter list.ActFilter, sort list.Sort, what string) error {
	look, err := h.DB.Scope(v.Portal).People().ListPreferences(r.Context(), v.User)
	if err != nil {
		return err
	}
	file, err := os.CreateTemp("", "acts24-export-*")
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	defer os.Remove(file.Name())
	defer file.Close()
	today := web.DayOf(h.Now().In(web.Zone(v)))
	ctx, stop := context.WithTimeout(r.Context(), exportTime)
	defer stop()
	err = h.writeTable(ctx, file, f.ofColumns(look), v, filter, sort, today)
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return acts.Errorf(acts.Unavailable, "Выгрузка идёт слишком долго. Вернитесь к списку, сузьте период или добавьте условия и повторите.")
	}
	if err != nil {
		return err
	}
	return sendFile(w, file, f.media, fmt.Sprintf(f.name, what, views.Date(today)))
}

// writeTable writes the table to a file that is not sent yet.
func (h *Handler) writeTable(ctx context.Context, file io.Writer, f format, v web.Visit, filter list.ActFilter, sort list.Sort, today time.Time) error {
	leave, err := h.awaitExport(ctx, v)
	if err != nil {
		return err
	}
	defer leave()
	t, err := f.open(file, f.columns)
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	n := 0
	err = list.EachAct(ctx, h.exports.Scope(v.Portal), filter, sort, f.lines, today, func(a list.ExportedAct) error {
		for _, row := range f.rows(v, a) {
			if n++; n > list.MaxExported { // an act can have many rows
				return list.ErrTooManyActs
			}
			if err := t.Row(row...); err != nil {
				return fmt.Errorf("row %d of a table: %w", n, err)
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	return t.Finish()
}

// awaitExport waits for the turn of an export: one portal never has all turns.
func (h *Handler) awaitExport(ctx context.Context, v web.Visit) (leave func(), err error) {
	own, err := h.portalExports.Enter(ctx, web.ID(v.Portal))
	if err != nil {
		return nil, err
	}
	all, err := h.allExports.Enter(ctx, "")
	if err != nil {
		own()
		return nil, err
	}
	return func() { all(); own() }, nil
}

// sendFile sends a finished file.
func sendFile(w http.ResponseWriter, file *os.File, media, name string) error {
	size, err := file.Seek(0, io.SeekEnd)
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	h := w.Header()
	h.Set("Content-Type", media)
	h.Set("Content-Length", fmt.Sprint(size))
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	_, _ = io.Copy(w, file) // an error means that the client is gone
	return nil
}
