// Package tablestest reads back the files that package tables writes, for tests.
package tablestest

import (
	"bytes"
	"encoding/csv"
	"errors"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Workbook reads the rows of the first sheet, numbers and days as the file has them.
func Workbook(body []byte) (rows [][]string, err error) {
	f, err := excelize.OpenReader(bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return f.GetRows(f.GetSheetName(0), excelize.Options{RawCellValue: true})
}

// CSV reads the records of a CSV file in the format that a Russian Excel opens: with a byte order mark, separated by semicolons.
func CSV(body string) ([][]string, error) {
	text, ok := strings.CutPrefix(body, "\uFEFF")
	if !ok {
		return nil, errors.New("no byte order mark")
	}
	r := csv.NewReader(strings.NewReader(text))
	r.Comma = ';'
	return r.ReadAll()
}
