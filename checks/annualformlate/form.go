package annualformlate

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/inspect/zh"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A form is the numbers of a 政府网站工作年度报表 that must add up, by label.
type form struct{ N map[string]int }

// cells are the labels that matter, in the order in which they stand. A total
// has no name of its own: it belongs to the block before it.
var cells = []struct{ key, word string }{
	{"解读材料", "解读材料"}, {"解读产品", "解读产品"}, {"媒体评论", "媒体评论"},
	{"自然人", "自然人办件"}, {"法人", "法人办件"}, {"收到", "收到留言"}, {"办结", "办结留言"},
}

var blocks = []struct{ key, word string }{{"解读总数", "解读信息发布"}, {"办件总数", "办件量"}}

// formOf reads the form on a page or in an attachment, nil if it is none.
func formOf(p *inspect.Page) *form {
	var rows [][]string
	if d := p.Document; d != nil {
		for _, part := range d.Parts {
			for _, t := range part.Tables {
				rows = append(rows, t...)
			}
		}
		if !strings.Contains(flat(rows), "网站") {
			return nil
		}
	} else {
		q := p.Parts()
		if !strings.Contains(q.Title+q.Heading, "报表") {
			return nil
		}
		for _, tr := range p.Elements(atom.Tr) {
			var row []string
			for c := tr.FirstChild; c != nil; c = c.NextSibling {
				if c.Type == html.ElementNode {
					row = append(row, inspect.TextOf(c))
				}
			}
			rows = append(rows, row)
		}
	}
	f := &form{N: map[string]int{}}
	block := ""
	for _, row := range rows {
		block = f.take(row, block)
	}
	if len(f.N) == 0 {
		return nil
	}
	return f
}

func flat(rows [][]string) string {
	var b strings.Builder
	for _, r := range rows[:min(len(rows), 5)] {
		b.WriteString(strings.Join(r, ""))
	}
	return b.String()
}

// take reads one row: its last cell is the number, the cell before its label.
func (f *form) take(row []string, block string) string {
	for _, c := range row {
		for _, b := range blocks {
			if strings.Contains(zh.Compact(c), b.word) {
				block = b.key
			}
		}
	}
	if len(row) < 2 {
		return block
	}
	n, err := strconv.Atoi(zh.Compact(row[len(row)-1]))
	if err != nil || n < 0 {
		return block
	}
	label := zh.Compact(row[len(row)-2])
	if strings.HasPrefix(label, "总数") && block != "" {
		f.N[block] = n
		return block
	}
	for _, c := range cells {
		if strings.Contains(label, c.word) {
			f.N[c.key] = n
		}
	}
	return block
}

type fault struct{ locus, message string }

// faults are the sums that do not hold, among cells that are all there.
func (f *form) faults() (out []fault) {
	if f == nil {
		return nil
	}
	sum := func(total string, parts ...string) {
		all, ok := f.N[total]
		if !ok {
			return
		}
		n := 0
		for _, p := range parts {
			v, there := f.N[p]
			if !there {
				return
			}
			n += v
		}
		if n != all {
			out = append(out, fault{total, fmt.Sprintf("年度报表“%s”填报为%d，各项之和为%d", total, all, n)})
		}
	}
	sum("解读总数", "解读材料", "解读产品", "媒体评论")
	sum("办件总数", "自然人", "法人")
	got, ok1 := f.N["收到"]
	done, ok2 := f.N["办结"]
	if ok1 && ok2 && done > got {
		out = append(out, fault{"留言办理", fmt.Sprintf("年度报表办结留言%d条，多于收到留言%d条", done, got)})
	}
	return out
}
