package console

import (
	"iter"
	"mime"

	"github.com/xunjian/xunjian/dashboards/sheet"
	"github.com/xunjian/xunjian/inspect"
)

// exported says in which format a list is asked for; "" when it is for a page.
func (q *request) exported() string {
	if f := q.r.FormValue("format"); sheet.Types[f] != "" {
		return f
	}
	return ""
}

// export sends a whole list as a file, row by row.
func export[T any](q *request, name string, columns []sheet.Column[T], rows iter.Seq2[T, error]) error {
	all, stop, err := sheet.Begun(rows)
	if err != nil {
		return err
	}
	defer stop()
	format := q.exported()
	file := name + "-" + q.desk.Now().In(inspect.Zone).Format("20060102") + "." + format
	q.w.Header().Set("Content-Type", sheet.Types[format])
	q.w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": file}))
	if err := sheet.Write(q.w, format, columns, q.words, all); err != nil {
		q.log("export broke off", err)
		sheet.Break()
	}
	return nil
}
