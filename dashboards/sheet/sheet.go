// Package sheet is a list as a file: csv for spreadsheets and programs, xlsx, and
// json. Rows are written as they come, and no cell is ever a formula.
package sheet

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/xunjian/xunjian/inspect"
)

// A Column is one of a list.
type Column[T any] struct {
	Key, Title string // of JSON; of a table
	Value      func(T) any
}

// Of makes a column.
func Of[T any](key, title string, value func(T) any) Column[T] {
	return Column[T]{key, title, value}
}

// Types are the media types of the formats.
var Types = map[string]string{"csv": "text/csv; charset=utf-8", "json": "application/json; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}

// Begun asks for the first row before anything is written: what is refused is
// told as any other answer tells it. stop ends the rows when nobody reads them.
func Begun[T any](rows iter.Seq2[T, error]) (all iter.Seq2[T, error], stop func(), err error) {
	next, stop := iter.Pull2(rows)
	first, err, any := next()
	if any && err != nil {
		stop()
		return nil, nil, err
	}
	return func(yield func(T, error) bool) {
		for row, err, ok := first, error(nil), any; ok && yield(row, err); row, err, ok = next() {
		}
	}, stop, nil
}

// Write writes a list as a file of a format; tr is a title in the language of
// whoever reads it. When it fails, the answer is broken off: half a file must not
// look whole.
func Write[T any](w io.Writer, format string, columns []Column[T], tr func(string) string, rows iter.Seq2[T, error]) error {
	titles := make([]any, len(columns))
	for i, c := range columns {
		titles[i] = tr(c.Title)
	}
	switch format {
	case "csv":
		return asCSV(w, columns, titles, rows)
	case "xlsx":
		return asXLSX(w, columns, titles, rows)
	}
	return asJSON(w, columns, rows)
}

// Break breaks an answer off that has begun.
func Break() { panic(http.ErrAbortHandler) }

func asCSV[T any](w io.Writer, columns []Column[T], titles []any, rows iter.Seq2[T, error]) error {
	if _, err := io.WriteString(w, "\uFEFF"); err != nil { // by which spreadsheets know UTF-8
		return err
	}
	out := csv.NewWriter(w)
	line := make([]string, len(columns))
	write := func(cells func(int) any) error {
		for i := range columns {
			line[i] = tame(cells(i))
		}
		return out.Write(line)
	}
	if err := write(func(i int) any { return titles[i] }); err != nil {
		return err
	}
	for row, err := range rows {
		if err != nil {
			return err
		}
		if err := write(func(i int) any { return columns[i].Value(row) }); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// tame is a cell as text that no spreadsheet takes for a formula.
func tame(v any) string {
	s := fmt.Sprint(plainCell(v))
	if _, isText := v.(string); isText && s != "" && strings.ContainsRune("=+-@＝＋－＠\t\r\n|%", []rune(s)[0]) {
		return "'" + s
	}
	return s
}

// plainCell is a value as every format writes it.
func plainCell(v any) any {
	switch x := v.(type) {
	case time.Time:
		if x.IsZero() {
			return ""
		}
		return x.In(inspect.Zone).Format(time.RFC3339)
	case []string:
		return strings.Join(x, "、")
	case string:
		return strings.ReplaceAll(x, "\x00", "")
	}
	return v
}

func asJSON[T any](w io.Writer, columns []Column[T], rows iter.Seq2[T, error]) error {
	sep := "[\n"
	for row, err := range rows {
		if err != nil {
			return err
		}
		var line strings.Builder
		for i, c := range columns {
			v := c.Value(row)
			if _, isList := v.([]string); !isList {
				v = plainCell(v)
			}
			value, err := json.Marshal(v)
			if err != nil {
				return err
			}
			fmt.Fprintf(&line, "%s%q:%s", map[bool]string{true: "{", false: ","}[i == 0], c.Key, value)
		}
		if _, err := io.WriteString(w, sep+line.String()+"}"); err != nil {
			return err
		}
		sep = ",\n"
	}
	_, err := io.WriteString(w, map[bool]string{true: "[]\n", false: "\n]\n"}[sep == "[\n"])
	return err
}

// sheetRows is how many rows a sheet holds, below its heading; a longer list
// goes on on the next.
const sheetRows = 1_000_000

func asXLSX[T any](w io.Writer, columns []Column[T], titles []any, rows iter.Seq2[T, error]) (err error) {
	f := excelize.NewFile()
	defer func() { err = errors.Join(err, f.Close()) }()
	var sheet *excelize.StreamWriter
	n, sheets := sheetRows, 0
	for row, err := range rows {
		if err != nil {
			return err
		}
		if n == sheetRows {
			n = 0
			sheets++
			if sheet, err = beginSheet(f, sheet, sheets, titles); err != nil {
				return err
			}
		}
		cells := make([]any, len(columns))
		for i, c := range columns {
			cells[i] = plainCell(c.Value(row))
			if text, ok := cells[i].(string); ok {
				cells[i] = clip(text)
			}
		}
		n++
		if err := sheet.SetRow(fmt.Sprintf("A%d", n+1), cells); err != nil {
			return err
		}
	}
	if sheet == nil {
		if sheet, err = beginSheet(f, nil, 1, titles); err != nil {
			return err
		}
	}
	if err := sheet.Flush(); err != nil {
		return err
	}
	return f.Write(w)
}

func beginSheet(f *excelize.File, last *excelize.StreamWriter, n int, titles []any) (*excelize.StreamWriter, error) {
	if last != nil {
		if err := last.Flush(); err != nil {
			return nil, err
		}
	}
	name := fmt.Sprintf("Sheet%d", n)
	if _, err := f.NewSheet(name); err != nil {
		return nil, err
	}
	s, err := f.NewStreamWriter(name)
	if err != nil {
		return nil, err
	}
	return s, s.SetRow("A1", titles)
}

// clip keeps a text within what a cell holds.
func clip(s string) string {
	if r := []rune(s); len(r) > excelize.TotalCellChars {
		return string(r[:excelize.TotalCellChars])
	}
	return s
}

// List is a list that is in memory.
func List[T any](all []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, x := range all {
			if !yield(x, nil) {
				return
			}
		}
	}
}
