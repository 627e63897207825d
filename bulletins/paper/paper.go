// Package paper makes of a compiled period what an office issues: a kind of
// paper says what stands in it, a format writes it. One kind, one file; one
// format, one file. A paper holds no number of its own: its text names figures
// of the bulletin, and its tables are the bulletin's rows.
package paper

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/xunjian/xunjian/bulletins/period"
)

// A Style is how a block of text is set.
type Style string

// The styles of GB/T 9704.
const (
	Body  Style = "body"
	Head1 Style = "head1" // 一、
	Head2 Style = "head2" // （一）
	Head3 Style = "head3" // 1.
	Note  Style = "note"  // small, below a table
)

// A Span is a run of text. One that prints a figure names it.
type Span struct {
	Text   string
	Figure string // id; "": none
	Data   bool   // a name, an address or a message: words that are not ours
}

// A Text is a paragraph.
type Text []Span

// String is the text without its marks.
func (t Text) String() string {
	var b strings.Builder
	for _, s := range t {
		b.WriteString(s.Text)
	}
	return b.String()
}

// A Block is a paragraph, a table or a chart.
type Block struct {
	Style Style
	Text  Text
	Table *Table
	Chart *Chart
}

// A CellKind is what a column of a table holds.
type CellKind string

// The kinds of cell.
const (
	Words  CellKind = "words"
	Number CellKind = "number" // to as many decimals as its column says
	Day    CellKind = "day"
	Share  CellKind = "share" // N of D, in percent
)

// A ColumnHead names a column of a table and how wide it is beside the others.
type ColumnHead struct {
	Name     string
	Width    int // share of the whole
	Kind     CellKind
	Decimals int
}

// A Cell is one value. An empty one prints a dash.
type Cell struct {
	Text string
	N, D int64 // of a number: N in the smallest decimal; of a share: N of D
	At   time.Time
	URL  string
	Some bool // a number or share is known
}

// A Table is rows under heads.
type Table struct {
	Caption string
	Heads   []ColumnHead
	Rows    [][]Cell
	Total   []Cell // nil: none
}

// An Annex is a table of its own. Detail ones are for those who work with the
// numbers: they are not printed.
type Annex struct {
	Title  string
	Wide   bool // on landscape sheets
	Detail bool
	Before []Text
	Table  *Table
	After  []Text
}

// A Chart is a picture of some series, with the same in words.
type Chart struct {
	Title  string
	Unit   string
	Labels []string
	Series []Series
	Alt    string
}

// A Series is a line of a chart. Values are in hundredths; a gap is -1.
type Series struct {
	Name   string
	Values []int64
}

// Letterheads, see [Options].
const (
	NoLetterhead = "none"
	FileHead     = "file"
	LetterHead   = "letter"
)

// Options are what an office sets.
type Options struct {
	Issuer     string    // 发文机关
	To         string    // 主送机关
	Number     string    // 发文字号; "": not numbered yet
	Date       time.Time // of the signature; zero: no date
	Copies     string    // 抄送
	Letterhead string    // none, file or letter
	Draft      bool      // 监测初稿
	Deadline   time.Time // by which units repair; zero: as their orders say
	Public     bool      // what quotes offending words is left out
	Template   []byte    // the office's own docx; nil: ours
	Window     time.Time // until when units may object to the preview
}

// unconfirmed reports whether a paper lists, apart, what nobody has confirmed:
// that is for who confirms, and no unit reads it of another.
func (o *Options) unconfirmed() bool { return o.Draft && o.Window.IsZero() }

// A Paper is what is issued.
type Paper struct {
	Kind    string
	Name    string // of its file, without extension
	Title   []string
	Options Options
	Blocks  []Block
	Annexes []Annex
	Source  *period.Bulletin
	Of      string // the unit or site it is of; "": all
}

// Printed are the annexes that are printed, in order of their numbers.
func (p *Paper) Printed() (out []Annex) {
	for _, a := range p.Annexes {
		if !a.Detail {
			out = append(out, a)
		}
	}
	return out
}

// Heading is the title in one line.
func (p *Paper) Heading() string { return strings.Join(p.Title, "") }

// A Kind makes papers of a bulletin: one, or one for each unit or site.
type Kind struct {
	Name    string
	Chinese string
	Make    func(*period.Bulletin, Options) []*Paper
}

// Kinds is the table of kinds, in display order.
var Kinds = []Kind{
	{"notice", "检查通报", notice},
	{"selfcheck", "自查报告", selfcheck},
	{"scorecard", "单位评分卡", scorecards},
	{"appraisal", "年度考评", appraisal},
	{"ledger", "整改台账", ledger},
	{"yearform", "网站工作年度报表（草稿）", yearForms},
	{"crosscheck", "信息公开年报核对表", crosscheck},
}

// KindOf is the kind of a name, or nil.
func KindOf(name string) *Kind {
	for i := range Kinds {
		if Kinds[i].Name == name {
			return &Kinds[i]
		}
	}
	return nil
}

// A Format writes a paper.
type Format struct {
	Name  string
	Write func(context.Context, io.Writer, *Paper) error
	// PerTable says that a file of the format holds one table: Write is given
	// the paper with one annex at a time.
	PerTable bool
}

// Formats is the table of formats, in display order.
var Formats = []Format{
	{Name: "docx", Write: DOCX},
	{Name: "pdf", Write: PDF},
	{Name: "xlsx", Write: XLSX},
	{Name: "html", Write: HTML},
	{Name: "json", Write: JSON},
	{Name: "csv", Write: CSV, PerTable: true},
}

// FormatOf is the format of a name, or nil.
func FormatOf(name string) *Format {
	for i := range Formats {
		if Formats[i].Name == name {
			return &Formats[i]
		}
	}
	return nil
}

// A File is a paper in a format.
type File struct {
	Name string
	Data []byte
}

// Files writes a paper in the format: one file, or one for each of its tables.
func (f *Format) Files(ctx context.Context, p *Paper) (out []File, err error) {
	papers := []*Paper{p}
	if f.PerTable {
		papers = p.apart()
	}
	for _, x := range papers {
		var b bytes.Buffer
		if err := f.Write(ctx, &b, x); err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name, err)
		}
		out = append(out, File{x.Name + "." + f.Name, b.Bytes()})
	}
	return out, nil
}

// apart is a paper for each table.
func (p *Paper) apart() (out []*Paper) {
	for _, a := range p.Tables() {
		x := *p
		x.Name, x.Blocks, x.Annexes = p.Name+"-"+a.Title, nil, []Annex{a}
		out = append(out, &x)
	}
	return out
}

// Tables are all tables of the paper, those in its text first.
func (p *Paper) Tables() (out []Annex) {
	head := ""
	for i := range p.Blocks {
		switch b := &p.Blocks[i]; {
		case b.Table != nil:
			title := cmp.Or(b.Table.Caption, head, p.Heading())
			out = append(out, Annex{Title: title, Table: b.Table})
		case b.Style == Head1 || b.Style == Head2:
			_, head, _ = strings.Cut(b.Text.String(), "、")
		}
	}
	return append(out, p.Annexes...)
}

// printRows is how many rows of a table are printed; all of them stand in the
// workbook. The number is ours: some ten sheets.
const printRows = 300

// cut is a table as it is printed, and how many rows were left out.
func cut(t *Table) (rows [][]Cell, left int) {
	if len(t.Rows) <= printRows {
		return t.Rows, 0
	}
	return t.Rows[:printRows], len(t.Rows) - printRows
}

// Text is the cell as it is printed.
func (h ColumnHead) Text(c Cell) string {
	switch {
	case h.Kind == Words:
		return c.Text
	case h.Kind == Day && !c.At.IsZero():
		return dayText(c.At)
	case h.Kind == Number && c.Some:
		return decimal(c.N, h.Decimals)
	case h.Kind == Share && c.Some && c.D > 0:
		return period.Percent(c.N, c.D)
	}
	return "—"
}

func decimal(n int64, decimals int) string {
	if decimals == 0 {
		return fmt.Sprint(n)
	}
	scale := int64(1)
	for range decimals {
		scale *= 10
	}
	sign := ""
	if n < 0 {
		sign, n = "-", -n
	}
	return fmt.Sprintf("%s%d.%0*d", sign, n/scale, decimals, n%scale)
}
