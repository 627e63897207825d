// Package annualreportunbalanced is the check annual-report-unbalanced: the
// tables of an annual report on government information that do not reconcile.
package annualreportunbalanced

import (
	"context"
	_ "embed"
	"errors"
	"strconv"
	"strings"

	"github.com/xunjian/xunjian/checks/locus"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/inspect/zh"
	"golang.org/x/net/html/atom"
)

//go:embed rule.md
var rule string

// Check is the check annual-report-unbalanced.
var Check = inspect.NewCheck("annual-report-unbalanced", rule, inspect.PerPage, struct{}{}, run)

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	q := p.Page.Parts()
	if q.Kind != inspect.AnnualReportPage || old(q.Heading+" "+q.Title) {
		p.Due(0)
		return nil
	}
	r, err := read(cellsOf(p.Page))
	if err != nil {
		if errors.Is(err, errNoTable) && pictured(p.Page) {
			err = errPicture
		}
		p.Report(inspect.Finding{Outcome: inspect.Unknown, Locus: "table", Message: "年度报告数据未能核对：" + err.Error()})
		return nil
	}
	r.tell(q.Heading+" "+q.Title, zh.Compact(p.Page.Text()))
	for _, f := range r.faults() {
		class, _, _ := strings.Cut(f.locus, " ")
		g := inspect.Finding{Locus: f.locus, Class: class, Message: f.message}
		switch {
		case class == "RC-7":
			g.Outcome = inspect.Review
		case f.doubt != "":
			g.Outcome = inspect.Unknown
			g.Message += "；" + f.doubt + "，未能判定"
		}
		p.Report(g)
	}
	return nil
}

// old reports whether a report is of a year before the tables were prescribed.
func old(title string) bool {
	m := yearPattern.FindStringSubmatch(title)
	if m == nil {
		return false
	}
	y, err := strconv.Atoi(m[1])
	return err == nil && y < 2019
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
