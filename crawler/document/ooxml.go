package document

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/xunjian/xunjian/inspect"
	"github.com/xuri/excelize/v2"
)

// zipForm tells the formats apart that are zip archives inside.
func zipForm(data []byte) form {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return form{format: "zip", why: "压缩包已损坏"}
	}
	for _, f := range z.File {
		switch {
		case strings.EqualFold(f.Name, "word/document.xml"):
			return form{format: "docx", read: (*reader).docx}
		case strings.EqualFold(f.Name, "xl/workbook.xml"):
			return form{format: "xlsx", read: (*reader).xlsx}
		case strings.EqualFold(f.Name, "OFD.xml"):
			return form{format: "ofd", read: (*reader).ofd}
		}
	}
	return form{format: "zip", read: (*reader).zip}
}

// open opens a file of an archive, within what may still be unpacked.
func (r *reader) open(f *zip.File) (io.ReadCloser, error) {
	if f.Flags&1 != 0 {
		return nil, errEncrypted
	}
	in, err := f.Open()
	if err != nil {
		return nil, err
	}
	return &limited{in: in, r: r}, nil
}

// limited counts what is unpacked against the limit of the whole file, so that
// an archive cannot grow without end, whatever sizes it declares.
type limited struct {
	in io.ReadCloser
	r  *reader
}

func (l *limited) Read(p []byte) (int, error) {
	if l.r.plain <= 0 || l.r.ctx.Err() != nil {
		return 0, errLimit
	}
	n, err := l.in.Read(p[:min(int64(len(p)), l.r.plain)])
	l.r.plain -= int64(n)
	return n, err
}

func (l *limited) Close() error { return l.in.Close() }

// docx reads the text parts of a word-processor file.
func (r *reader) docx(d *inspect.Document, data []byte) error {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return err
	}
	images := 0
	for _, f := range z.File {
		if strings.HasPrefix(f.Name, "word/media/") {
			images++
		}
	}
	for _, f := range z.File {
		name, hidden, ok := wordPart(f.Name)
		if !ok {
			continue
		}
		in, err := r.open(f)
		if err != nil {
			return err
		}
		w := &wordReader{}
		err = w.read(xml.NewDecoder(in))
		in.Close()
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		p := inspect.DocumentPart{Name: name, Hidden: hidden, Text: w.shown.String(), Tables: w.tables}
		if name == "" {
			p.Images = images
		}
		if err := r.add(d, p); err != nil {
			return err
		}
		if w.hidden.Len() > 0 {
			if err := r.add(d, inspect.DocumentPart{Name: strings.TrimSpace(name + " 隐藏或已删除的文字"), Hidden: true, Text: w.hidden.String()}); err != nil {
				return err
			}
		}
	}
	return nil
}

// wordPart names the parts of a word-processor file that hold text.
func wordPart(file string) (name string, hidden, ok bool) {
	base := strings.TrimSuffix(strings.TrimPrefix(file, "word/"), ".xml")
	kind := strings.TrimRight(base, "0123456789")
	switch {
	case !strings.HasPrefix(file, "word/"):
		return "", false, false
	case base == "document":
		return "", false, true
	case kind == "header":
		return "页眉", false, true
	case kind == "footer":
		return "页脚", false, true
	case kind == "footnotes" || kind == "endnotes":
		return "注释", false, true
	case kind == "comments":
		return "批注", true, true
	}
	return "", false, false
}

// A wordReader walks through WordprocessingML.
type wordReader struct {
	shown, hidden strings.Builder
	tables        [][][]string
	stack         []*wordTable // tables that are open, outermost first
	run           struct{ vanish, deleted bool }
	inText        bool
}

type wordTable struct {
	rows [][]string
	cell strings.Builder
}

func (w *wordReader) read(x *xml.Decoder) error {
	x.Strict = false
	depth := 0
	for {
		t, err := x.RawToken()
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.StartElement:
			if depth++; depth > 512 {
				return errLimit
			}
			if err := w.start(x, t); err != nil {
				return err
			}
		case xml.EndElement:
			depth--
			w.end(t.Name.Local)
		case xml.CharData:
			if w.inText {
				w.write(string(t))
			}
		}
	}
}

func (w *wordReader) start(_ *xml.Decoder, t xml.StartElement) error {
	switch t.Name.Local {
	case "tbl":
		w.stack = append(w.stack, &wordTable{})
	case "tr":
		if tb := w.table(); tb != nil {
			tb.rows = append(tb.rows, nil)
		}
	case "t", "delText", "instrText":
		w.inText = t.Name.Local != "instrText"
		w.run.deleted = t.Name.Local == "delText"
	case "vanish":
		w.run.vanish = !slices.ContainsFunc(t.Attr, func(a xml.Attr) bool { return a.Name.Local == "val" && (a.Value == "0" || a.Value == "false") })
	case "tab":
		w.write("\t")
	case "br", "cr":
		w.write("\n")
	}
	return nil
}

func (w *wordReader) end(name string) {
	tb := w.table()
	switch name {
	case "t", "delText", "instrText":
		w.inText = false
	case "r":
		w.run.vanish, w.run.deleted = false, false
	case "p":
		w.write("\n")
	case "tc":
		if tb != nil && len(tb.rows) > 0 {
			last := len(tb.rows) - 1
			tb.rows[last] = append(tb.rows[last], strings.TrimSpace(tb.cell.String()))
			tb.cell.Reset()
		}
	case "tbl":
		if tb != nil {
			w.stack = w.stack[:len(w.stack)-1]
			w.tables = append(w.tables, tb.rows)
		}
	}
}

func (w *wordReader) table() *wordTable {
	if len(w.stack) == 0 {
		return nil
	}
	return w.stack[len(w.stack)-1]
}

// write puts text where it belongs: aside if no reader sees it, into the cell
// that is open, or into the running text.
func (w *wordReader) write(s string) {
	switch tb := w.table(); {
	case w.run.vanish || w.run.deleted:
		if s != "\n" {
			w.hidden.WriteString(s)
		}
	case tb != nil:
		tb.cell.WriteString(s)
	default:
		w.shown.WriteString(s)
	}
}

// xlsx reads the sheets of a workbook; what is hidden in one makes a part of
// its own.
func (r *reader) xlsx(d *inspect.Document, data []byte) error {
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{RawCellValue: true, UnzipSizeLimit: maxPlain, UnzipXMLSizeLimit: maxPlain})
	switch {
	case errors.Is(err, excelize.ErrWorkbookPassword), errors.Is(err, excelize.ErrWorkbookFileFormat):
		return errEncrypted
	case err != nil && strings.Contains(err.Error(), "unzip size exceeds"):
		return errLimit
	case err != nil:
		return err
	}
	defer f.Close()
	for _, name := range f.GetSheetList() {
		if err := r.sheet(d, f, name); err != nil {
			return err
		}
	}
	return nil
}

func (r *reader) sheet(d *inspect.Document, f *excelize.File, name string) error {
	visible, err := f.GetSheetVisible(name)
	if err != nil {
		return err
	}
	rows, err := f.Rows(name)
	if err != nil {
		return err
	}
	defer rows.Close()
	s := newGrid("工作表“"+name+"”", !visible)
	for rows.Next() {
		cells, err := rows.Columns()
		if err != nil {
			return err
		}
		s.row(cells, rows.GetRowOpts().Hidden, func(col int) bool {
			letter, err := excelize.ColumnNumberToName(col + 1)
			if err != nil {
				return false
			}
			shown, err := f.GetColVisible(name, letter)
			return err == nil && !shown
		})
		if r.cells+s.cells > maxCells || r.ctx.Err() != nil {
			return errLimit
		}
	}
	comments, err := f.GetComments(name)
	if err == nil {
		for _, c := range comments {
			s.notes = append(s.notes, c.Text)
		}
	}
	return s.addTo(r, d)
}
