package annualreport

import (
	"errors"
	"regexp"
	"strconv"
	"strings"

	"github.com/xunjian/xunjian/checks/locus"
	"github.com/xunjian/xunjian/checks/sketch"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/inspect/zh"
	"golang.org/x/net/html/atom"
)

// first is the first year whose reports have the tables that are in force.
const first = 2019

// A Reading is what was read of a page or an attachment that is an annual report.
type Reading struct {
	Title     string
	Year      int     // 0: not told
	Report    *Report // nil: see Err
	Err       error
	Declared  []Declared
	Normative *Normative    // nil: not found
	Text      sketch.Sketch // of its text
}

// A Declared is a number of items that a report says were published in a column.
type Declared struct {
	Name  string
	Count int
}

// Normative is the row of 行政规范性文件 in part two.
type Normative struct{ Issued, Repealed, Valid int }

type memo struct{}

// Of reads a page or an attachment, once for all checks; nil if it is no
// annual report of the years that have the tables.
func Of(p *inspect.Page) *Reading {
	return inspect.Memo(p, memo{}, func() *Reading {
		if p.Document != nil {
			return ofDocument(p.Document)
		}
		return ofPage(p)
	})
}

func ofPage(p *inspect.Page) *Reading {
	q := p.Parts()
	title := q.Heading + " " + q.Title
	if q.Kind != inspect.AnnualReportPage || old(title) {
		return nil
	}
	r := reading(title, p.Text(), CellsOf(p))
	if errors.Is(r.Err, ErrNoTable) && pictured(p) {
		r.Err = ErrPicture
	}
	return r
}

// ofDocument reads an attachment that names itself a report at its head.
func ofDocument(d *inspect.Document) *Reading {
	var text strings.Builder
	var rows [][]string
	images := 0
	for _, part := range d.Parts {
		text.WriteString(part.Text)
		text.WriteByte('\n')
		for _, t := range part.Tables {
			for _, row := range t {
				var cells []string
				for _, c := range row {
					cells = append(cells, zh.Compact(c))
				}
				rows = append(rows, cells)
			}
		}
		rows = append(rows, lines(part.Text)...)
		images += part.Images
	}
	title := titleIn(text.String())
	if title == "" || old(title) {
		return nil
	}
	r := reading(title, text.String(), rows)
	if errors.Is(r.Err, ErrNoTable) && images > 0 {
		r.Err = ErrPicture
	}
	return r
}

func reading(title, text string, rows [][]string) *Reading {
	r := &Reading{Title: strings.TrimSpace(title), Text: sketch.Of(text)}
	r.Report, r.Err = Read(rows)
	told := &Report{}
	if r.Report != nil {
		told = r.Report
	}
	compact := zh.Compact(text)
	told.Tell(title, compact)
	r.Year = told.Year
	r.Declared = declared(compact)
	r.Normative = normative(rows)
	return r
}

var titlePattern = regexp.MustCompile(`20\d\d年(?:度)?政府信息公开(?:工作)?年度报告`)

// titleIn is the title that stands in the first lines, "" if there is none.
func titleIn(text string) string {
	head := zh.Compact(text[:min(len(text), 1500)])
	return titlePattern.FindString(head)
}

// lines are the rows of tables that came as lines of text, as from a PDF: a
// label, then numbers, parted by blanks.
func lines(text string) (out [][]string) {
	for line := range strings.Lines(text) {
		if cells := strings.Fields(zh.Fold(line)); len(cells) >= 4 {
			out = append(out, cells)
		}
	}
	return out
}

// old reports whether a report is of a year before the tables were prescribed.
func old(title string) bool {
	m := yearPattern.FindStringSubmatch(title)
	if m == nil {
		return false
	}
	y, err := strconv.Atoi(m[1])
	return err == nil && y < first
}

// pictured reports whether the text of the page holds pictures.
func pictured(p *inspect.Page) bool {
	for _, n := range p.Elements(atom.Img) {
		if locus.InBody(p, n) {
			return true
		}
	}
	return false
}

var declaredPattern = regexp.MustCompile(`([\p{Han}]{2,16}?)(?:类)?(?:信息|文件|稿件)?(\d{1,6})(?:余)?条`)

// declared are the numbers that the text gives by kind of information, as in
// 政务要闻信息638条、通知公告信息240条. A number that is rounded is none.
func declared(text string) (out []Declared) {
	for _, m := range declaredPattern.FindAllStringSubmatch(text, 60) {
		if strings.Contains(m[0], "余条") {
			continue
		}
		n, err := strconv.Atoi(m[2])
		if err != nil {
			continue
		}
		name := m[1]
		for _, w := range []string{"公开发布", "发布", "公开", "其中", "更新", "上传", "共"} {
			if _, rest, ok := strings.Cut(name, w); ok && rest != "" {
				name = rest
			}
		}
		name = strings.TrimSuffix(strings.TrimSuffix(name, "文件"), "信息")
		if len([]rune(name)) >= 2 {
			out = append(out, Declared{name, n})
		}
	}
	return out
}

// normative finds the row of 行政规范性文件: issued, repealed, in force.
func normative(rows [][]string) *Normative {
	for _, cells := range rows {
		cells = trimmed(cells)
		if len(cells) < 4 || !strings.HasSuffix(cells[len(cells)-4], "规范性文件") {
			continue
		}
		if n := numbers(cells[len(cells)-3:]); len(n) == 3 && !n[0].Blank && !n[2].Blank {
			return &Normative{n[0].N, n[1].N, n[2].N}
		}
	}
	return nil
}
