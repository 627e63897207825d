// Package annualreportunbalanced is the check annual-report-unbalanced: the
// tables of an annual report on government information that do not reconcile.
package annualreportunbalanced

import (
	"context"
	_ "embed"
	"errors"
	"strings"

	"github.com/xunjian/xunjian/checks/annualreport"
	"github.com/xunjian/xunjian/inspect"
)

//go:embed rule.md
var rule string

// Check is the check annual-report-unbalanced.
var Check = inspect.NewCheck("annual-report-unbalanced", rule, inspect.PerPage, struct{}{}, run).Timeless().AlsoFiles()

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	r := annualreport.Of(p.Page)
	if r == nil {
		p.Due(0)
		return nil
	}
	if r.Err != nil {
		f := inspect.Finding{Outcome: inspect.Unknown, Locus: "table", Message: "年度报告数据未能核对：" + r.Err.Error()}
		if errors.Is(r.Err, annualreport.ErrPicture) { // a person sees at once whether the picture is the table
			f.Outcome, f.Class, f.Message = inspect.Review, "picture", "年度报告没有可识别的申请办理情况表格，表格疑似以图片发布，无法复制和核对"
		}
		p.Report(f)
		return nil
	}
	for _, f := range r.Report.Faults() {
		class, _, _ := strings.Cut(f.Locus, " ")
		g := inspect.Finding{Locus: f.Locus, Class: class, Message: f.Message}
		switch {
		case class == "RC-7":
			g.Outcome = inspect.Review
		case f.Doubt != "":
			g.Outcome = inspect.Unknown
			g.Message += "；" + f.Doubt + "，未能判定"
		}
		p.Report(g)
	}
	return nil
}
