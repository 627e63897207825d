package paper

import (
	"archive/zip"
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"github.com/xunjian/xunjian/inspect"
)

// XLSX writes every table of a paper as a sheet with filters, a head that
// stays, and real numbers and dates. The same paper gives the same bytes.
func XLSX(_ context.Context, w io.Writer, p *Paper) (err error) {
	f := excelize.NewFile()
	defer f.Close()
	b := &book{f: f, formats: map[string]int{}}
	for i, a := range p.Tables() {
		name := sheetName(i+1, a.Title)
		if i == 0 { // a new workbook has a sheet; to take it away would read all others
			err = f.SetSheetName("Sheet1", name)
		} else {
			_, err = f.NewSheet(name)
		}
		if err == nil {
			err = b.sheet(name, &a)
		}
		if err != nil {
			return err
		}
	}
	stamp := p.Source.Period.Span().To.UTC().Format(time.RFC3339)
	if err := f.SetDocProps(&excelize.DocProperties{Title: p.Heading(), Creator: p.Options.Issuer, Language: "zh-CN", Created: stamp, Modified: stamp}); err != nil {
		return err
	}
	var raw bytes.Buffer
	if err := f.Write(&raw); err != nil {
		return err
	}
	return repack(w, raw.Bytes())
}

// repack writes a package again in the order of its names and without times.
func repack(w io.Writer, raw []byte) error {
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return err
	}
	slices.SortFunc(z.File, func(a, b *zip.File) int { return cmp.Compare(a.Name, b.Name) })
	out := zip.NewWriter(w)
	for _, f := range z.File {
		from, err := f.Open()
		if err != nil {
			return err
		}
		to, err := out.CreateHeader(&zip.FileHeader{Name: f.Name, Method: zip.Deflate, Modified: epoch})
		if err == nil {
			_, err = io.Copy(to, from) // #nosec G110 -- a workbook that excelize just made
		}
		if err = cmp.Or(err, from.Close()); err != nil {
			return err
		}
	}
	return out.Close()
}

// maxSheetName is how long the name of a sheet may be.
const maxSheetName = 31

func sheetName(n int, title string) string {
	name := fmt.Sprintf("%d %s", n, strings.NewReplacer("[", "（", "]", "）", ":", "：", "*", "", "?", "", "/", "、", `\`, "、", "'", "").Replace(title))
	for utf8.RuneCountInString(name) > maxSheetName {
		_, size := utf8.DecodeLastRuneInString(name)
		name = name[:len(name)-size]
	}
	return name
}

// A book is a workbook under way.
type book struct {
	f       *excelize.File
	formats map[string]int
	tables  int
}

// format is the style of cells with a number format.
func (b *book) format(code string, head bool) (int, error) {
	key := fmt.Sprint(code, head)
	if id, ok := b.formats[key]; ok {
		return id, nil
	}
	s := &excelize.Style{Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}}
	if code != "" {
		s.CustomNumFmt = &code
	}
	if head {
		s.Font = &excelize.Font{Bold: true}
		s.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"DDE6F0"}}
	}
	id, err := b.f.NewStyle(s)
	b.formats[key] = id
	return id, err
}

func (b *book) sheet(name string, a *Annex) error {
	paper, orientation, zero := 9, "portrait", 0
	if a.Wide {
		orientation = "landscape"
	}
	fit := true
	if err := b.f.SetSheetProps(name, &excelize.SheetPropsOptions{FitToPage: &fit}); err != nil {
		return err
	}
	if err := b.f.SetPageLayout(name, &excelize.PageLayoutOptions{Size: &paper, Orientation: &orientation, FitToHeight: &zero}); err != nil {
		return err
	}
	if err := b.f.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: "'" + name + "'!$1:$1", Scope: name}); err != nil {
		return err
	}
	w, err := b.f.NewStreamWriter(name)
	if err != nil {
		return err
	}
	if err := b.rows(w, a.Table); err != nil {
		return err
	}
	return w.Flush()
}

// rows writes head and rows, and makes them a table with filters.
func (b *book) rows(w *excelize.StreamWriter, t *Table) error {
	heads := slices.Clone(t.Heads)
	linked := t.linked()
	if linked {
		heads = append(heads, ColumnHead{Name: "网址", Width: 24})
	}
	for i, h := range heads {
		if err := w.SetColWidth(i+1, i+1, float64(max(8, h.Width*13/10))); err != nil {
			return err
		}
	}
	if err := w.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	bold, err := b.format("", true)
	if err != nil {
		return err
	}
	head := make([]any, len(heads))
	for i, h := range heads {
		head[i] = excelize.Cell{StyleID: bold, Value: h.Name}
	}
	if err := w.SetRow("A1", head); err != nil {
		return err
	}
	for n, r := range t.Rows {
		row := make([]any, 0, len(heads))
		for i, h := range t.Heads {
			c, err := b.cell(h, r[i])
			if err != nil {
				return err
			}
			row = append(row, c)
		}
		if linked {
			row = append(row, excelize.Cell{Value: rowURL(r)})
		}
		if err := w.SetRow(fmt.Sprintf("A%d", n+2), row); err != nil {
			return err
		}
	}
	if len(t.Rows) == 0 {
		return nil
	}
	last, err := excelize.CoordinatesToCellName(len(heads), len(t.Rows)+1)
	if err != nil {
		return err
	}
	b.tables++
	plain := false
	return w.AddTable(&excelize.Table{Range: "A1:" + last, Name: fmt.Sprintf("表%d", b.tables), StyleName: "TableStyleLight1", ShowRowStripes: &plain})
}

// excelEpoch is day 0 of a spreadsheet.
var excelEpoch = time.Date(1899, 12, 30, 0, 0, 0, 0, inspect.Zone)

// cell is a value with the format in which it is shown. Text stays text,
// whatever it begins with.
func (b *book) cell(h ColumnHead, c Cell) (excelize.Cell, error) {
	var value any
	code := ""
	switch {
	case h.Kind == Words:
		value = c.Text
	case h.Kind == Day && !c.At.IsZero():
		value, code = inspect.DaysBetween(excelEpoch, c.At), "yyyy-mm-dd"
	case h.Kind == Number && c.Some && h.Decimals > 0:
		scale := 1.0
		for range h.Decimals {
			scale *= 10
		}
		value, code = float64(c.N)/scale, "0."+strings.Repeat("0", h.Decimals)
	case h.Kind == Number && c.Some:
		value, code = c.N, "0"
	case h.Kind == Share && c.Some && c.D > 0:
		value, code = float64(c.N)/float64(c.D), "0.00%"
	}
	id, err := b.format(code, false)
	return excelize.Cell{StyleID: id, Value: value}, err
}
