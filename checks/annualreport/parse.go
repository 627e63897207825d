// Package annualreport reads annual reports on government information
// (政府信息公开工作年度报告), from pages and from attachments, for the checks
// that hold their numbers against each other and against the site.
package annualreport

import (
	"errors"
	"regexp"
	"strconv"
	"strings"

	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/inspect/zh"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

var ErrNoTable = errors.New("页面没有可识别的申请办理情况表格（可能在附件中）")
var ErrPicture = errors.New("页面没有可识别的申请办理情况表格，表格可能是图片")
var ErrTorn = errors.New("申请办理情况表格残缺，不能逐项核对")

// fewestResults is how many rows of results a table has at least in the
// formats in force since 2019; fewer mean that we did not read all.
const fewestResults = 15

// CellsOf are the rows of all tables of a page, each as the texts of its own
// cells: merged cells of earlier rows do not repeat.
func CellsOf(p *inspect.Page) [][]string {
	var out [][]string
	for _, tr := range p.Elements(atom.Tr) {
		var cells []string
		for c := tr.FirstChild; c != nil; c = c.NextSibling {
			if c.Type == html.ElementNode && (c.DataAtom == atom.Td || c.DataAtom == atom.Th) {
				cells = append(cells, zh.Compact(inspect.TextOf(c)))
			}
		}
		out = append(out, cells)
	}
	return out
}

// textCells are the rows of a report that came as plain text: a cell a line, a
// blank line between rows.
func textCells(text string) [][]string {
	var out [][]string
	for part := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n\n") {
		var cells []string
		for line := range strings.SplitSeq(part, "\n") {
			cells = append(cells, zh.Compact(line))
		}
		out = append(out, cells)
	}
	return out
}

// Read makes a report of the rows of its tables.
func Read(rows [][]string) (*Report, error) {
	r := &Report{}
	seen := 0 // 1: received, 2: before, 4: total, 8: after
	for _, cells := range rows {
		if n := numbers(cells); len(n) == 15 && len(trimmed(cells)) == 15 && seen == 15 && r.lawsuits == nil {
			r.lawsuits = (*[15]Cell)(n)
			continue
		}
		if len(cells) < 8 {
			if seen&1 != 0 && seen&8 == 0 && len(cells) > 1 && rowName(strings.Join(cells, "")) != "" {
				return nil, ErrTorn
			}
			continue
		}
		label, n := cells[len(cells)-8], numbers(cells[len(cells)-7:])
		name := rowName(label)
		if len(n) != 7 || name == "" {
			if seen&1 != 0 && seen&8 == 0 {
				return nil, ErrTorn
			}
			continue
		}
		seen = r.take(seen, Row{name, [7]Cell(n)})
	}
	switch {
	case seen == 0:
		return nil, ErrNoTable
	case seen != 15 || len(r.results) < fewestResults:
		return nil, ErrTorn
	}
	return r, nil
}

// take puts a row into its place.
func (r *Report) take(seen int, x Row) int {
	switch {
	case x.name == "本年新收":
		r.Received = x
		return seen | 1
	case x.name == "上年结转":
		r.Before = x
		return seen | 2
	case x.name == "总计" && seen&1 != 0:
		r.Total = x
		return seen | 4
	case x.name == "结转下年度继续办理":
		r.After = x
		return seen | 8
	case seen&3 == 3 && seen&4 == 0:
		r.results = append(r.results, x)
	}
	return seen
}

// trimmed is cells without blank ones at the ends.
func trimmed(cells []string) []string {
	for len(cells) > 0 && cells[0] == "" {
		cells = cells[1:]
	}
	for len(cells) > 0 && cells[len(cells)-1] == "" {
		cells = cells[:len(cells)-1]
	}
	return cells
}

// numbers reads cells that are all numbers or blank; nil if one is neither, or all are blank.
func numbers(cells []string) []Cell {
	var out []Cell
	some := false
	for _, s := range cells {
		s = strings.TrimSuffix(strings.ReplaceAll(s, ",", ""), "件")
		switch s {
		case "", "-", "—", "/", "无", "——", "--":
			out = append(out, Cell{Blank: true})
			continue
		}
		n, err := strconv.Atoi(s)
		if err != nil || n < 0 {
			return nil
		}
		some = true
		out = append(out, Cell{N: n})
	}
	if !some {
		return nil
	}
	return out
}

var (
	yearPattern   = regexp.MustCompile(`(20\d\d)年`)
	periodPattern = regexp.MustCompile(`(?:统计)?(?:期限|时限|时间|周期|期间)[^。]{0,8}?(20\d\d)年1月1日`)
	toldPattern   = regexp.MustCompile(`(?:收到|新收|受理)[^。，；、\d]{0,12}政府信息公开申请(\d+)件`)
)

// Tell adds what title and text say.
func (r *Report) Tell(title, text string) {
	if m := yearPattern.FindStringSubmatch(title); m != nil {
		r.Year, _ = strconv.Atoi(m[1])
	}
	if m := periodPattern.FindStringSubmatch(text); m != nil {
		r.periodYear, _ = strconv.Atoi(m[1])
	}
	if all := toldPattern.FindAllStringSubmatch(text, 2); len(all) == 1 { // more than one may tell parts
		r.Told, _ = strconv.Atoi(all[0][1])
	}
}
