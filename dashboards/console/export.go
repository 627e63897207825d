package console

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/xunjian/xunjian/inspect"
)

// A column is one of a list that is exported.
type column[T any] struct {
	key, title string // of JSON; of a table, to be translated
	value      func(T) any
}

// exported says in which format a list is asked for; "" when it is for a page.
func (q *request) exported() string {
	switch f := q.r.FormValue("format"); f {
	case "csv", "xlsx", "json":
		return f
	}
	return ""
}

// export sends a whole list as a file, row by row.
func export[T any](q *request, name string, columns []column[T], rows iter.Seq2[T, error]) error {
	format := q.exported()
	kinds := map[string]string{"csv": "text/csv; charset=utf-8", "json": "application/json; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
	titles := make([]any, len(columns))
	for i, c := range columns {
		titles[i] = q.tr(c.title)
	}
	// The first row is asked for before anything is sent: what is refused is
	// told as any other page tells it.
	next, stop := iter.Pull2(rows)
	defer stop()
	first, err, any := next()
	if any && err != nil {
		return err
	}
	all := func(yield func(T, error) bool) {
		for row, err, ok := first, error(nil), any; ok && yield(row, err); row, err, ok = next() {
		}
	}
	file := name + "-" + q.desk.Now().In(inspect.Zone).Format("20060102") + "." + format
	q.w.Header().Set("Content-Type", kinds[format])
	q.w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": file}))
	switch format {
	case "csv":
		err = asCSV(q.w, columns, titles, all)
	case "json":
		err = asJSON(q.w, columns, all)
	case "xlsx":
		err = asXLSX(q.w, columns, titles, all)
	}
	if err != nil {
		q.log("export broke off", err)
		panic(http.ErrAbortHandler) // half a file must not look whole
	}
	return nil
}

func asCSV[T any](w io.Writer, columns []column[T], titles []any, rows iter.Seq2[T, error]) error {
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
		if err := write(func(i int) any { return columns[i].value(row) }); err != nil {
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

func asJSON[T any](w io.Writer, columns []column[T], rows iter.Seq2[T, error]) error {
	sep := "[\n"
	for row, err := range rows {
		if err != nil {
			return err
		}
		var line strings.Builder
		for i, c := range columns {
			v := c.value(row)
			if _, isList := v.([]string); !isList {
				v = plainCell(v)
			}
			value, err := json.Marshal(v)
			if err != nil {
				return err
			}
			fmt.Fprintf(&line, "%s%q:%s", map[bool]string{true: "{", false: ","}[i == 0], c.key, value)
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

func asXLSX[T any](w io.Writer, columns []column[T], titles []any, rows iter.Seq2[T, error]) (err error) {
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
			cells[i] = plainCell(c.value(row))
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

// list is a list that is in memory, as export takes it.
func list[T any](all []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, x := range all {
			if !yield(x, nil) {
				return
			}
		}
	}
}

// caseColumns are those of a list of cases.
func (q *request) caseColumns() []column[*inspect.Case] {
	type c = *inspect.Case
	d := q.desk
	due := func(x c) time.Time {
		if x.Order == nil {
			return time.Time{}
		}
		return x.Order.Due
	}
	return []column[c]{
		{"fingerprint", "指纹", func(x c) any { return x.Fingerprint }},
		{"stage", "状态", func(x c) any { return q.tr("状态|" + x.Stage.Chinese()) }},
		{"severity", "性质", func(x c) any { return q.tr(x.Severity.Chinese()) }},
		{"unit", "责任单位", func(x c) any { return d.UnitName(x.Unit) }},
		{"site", "网站或账号", func(x c) any { return d.TargetName(x.Site) }},
		{"check", "检查项", func(x c) any { return d.CheckTitle(x.Check) }},
		{"items", "指标", func(x c) any { return x.Items }},
		{"message", "问题", func(x c) any { return x.Message }},
		{"url", "网址", func(x c) any { return x.URL }},
		{"locus", "位置", func(x c) any { return x.Locus }},
		{"places", "处数", func(x c) any { return x.Places }},
		{"first", "首次发现", func(x c) any { return x.First }},
		{"last", "最近发现", func(x c) any { return x.Last }},
		{"due", "整改期限", func(x c) any { return due(x) }},
		{"relapses", "回潮次数", func(x c) any { return x.Relapses }},
	}
}
