package paper_test

import (
	"bytes"
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/xunjian/xunjian/bulletins/paper"
	"github.com/xunjian/xunjian/bulletins/period"
	"github.com/xunjian/xunjian/inspect"
)

// A source is a made-up district: so many sites and accounts, of which some
// fail, and faults of every kind and stage.
type source struct {
	sites, accounts, faults int
}

var units = []string{"教育局", "财政局", "卫生健康局", "人民政府办公室", "文化和旅游局", "交通运输局"}

func (s source) Register(context.Context, time.Time) (out []*inspect.Site, err error) {
	for i := range s.sites {
		out = append(out, &inspect.Site{ID: fmt.Sprintf("s%03d", i), Kind: inspect.Website, Name: fmt.Sprintf("青岚区%s网站%d", units[i%len(units)], i+1), Unit: units[i%len(units)], Code: fmt.Sprintf("14990200%02d", i), Home: fmt.Sprintf("http://s%d.example.gov.cn/", i), Portal: i == 0,
			Columns: []inspect.Column{{Name: "要闻", Genre: inspect.News}, {Name: "通知公告", Genre: inspect.Notice}, {Name: "政策文件", Genre: inspect.Policy}}})
	}
	for i := range s.accounts {
		out = append(out, &inspect.Site{ID: fmt.Sprintf("a%04d", i), Kind: inspect.Account, Name: fmt.Sprintf("青岚%s发布%d", units[i%len(units)], i+1), Unit: units[i%len(units)], Account: &inspect.MediaAccount{Platform: inspect.Platforms[i%3]}})
	}
	return out, nil
}

func (s source) Results(_ context.Context, span inspect.Span, _ time.Time) (out []inspect.Conclusion, err error) {
	if span.From.Before(time.Date(2026, 5, 1, 0, 0, 0, 0, inspect.Zone)) {
		return nil, nil
	}
	all, err := s.Register(context.Background(), time.Time{})
	for i, x := range all {
		r := inspect.Conclusion{Inspection: x.ID + span.From.Format("0102"), Site: x.ID, At: span.To.AddDate(0, 0, -1-i%5), RulebookID: "r", Version: "1", Digest: "sha256:r",
			Grade: inspect.Grade{Verdict: inspect.Passed, Points: 92.5, Scored: x.Portal}, Counts: inspect.Counts{Fetched: 100 + i, Due: 1000, Untold: i % 7, Asked: 300, Broken: i % 4}}
		if x.Account != nil {
			r.Counts.Fetched, r.Counts.Asked, r.Counts.Broken = 0, 0, 0
		}
		switch (i + int(span.From.Month())) % 9 {
		case 0:
			r.Grade.Verdict, r.Grade.Vetoes = inspect.Failed, []string{"SV-4a"}
		case 1:
			r.Grade.Verdict, r.Grade.Undecided = inspect.Undecided, []string{"SV-1a：有未能判定或待人工确认的问题"}
		}
		out = append(out, r)
	}
	return out, err
}

func (s source) Tallies(_ context.Context, ids []string) (out []inspect.CheckCount, err error) {
	for i, id := range ids {
		out = append(out, inspect.CheckCount{Inspection: id, Check: "a11y-img-alt", Outcome: inspect.Fail, State: inspect.Confirmed, Findings: 1 + i%5, Places: 9})
	}
	return out, nil
}

func (s source) Life(_ context.Context, span inspect.Span, _ time.Time) (*period.Life, error) {
	l := &period.Life{}
	for i := range s.sites {
		id := fmt.Sprintf("s%03d", i)
		l.Published = append(l.Published, inspect.ColumnVolume{Site: id, Column: "要闻", Items: 20 + i}, inspect.ColumnVolume{Site: id, Column: "政策文件", Items: 2})
		l.Visits = append(l.Visits, inspect.Visits{Site: id, Visited: 2900, Told: 2880, Failed: i % 3})
		l.Interpreted = append(l.Interpreted, inspect.Interpreted{Site: id, Documents: 2, Paired: i % 3 % 2})
	}
	for i := range s.accounts {
		if i%5 > 0 {
			l.Posts = append(l.Posts, inspect.Posts{Account: fmt.Sprintf("a%04d", i), Posts: 4 + i%9, Whole: i%2 == 0})
		}
	}
	return l, nil
}

func (s source) Inspection(context.Context, string) (*inspect.Inspection, error) {
	return &inspect.Inspection{Site: &inspect.Site{}}, nil
}

// faultKinds go round; the third begins like a formula, the fourth holds what
// a page would run.
var faultKinds = []struct {
	check, title, message string
	severity              inspect.Part
}{
	{"column-stale", "栏目更新不及时", "“要闻”栏目最近更新于 2026-09-20，距检查日已 28 天，超过 2 周", inspect.Veto},
	{"link-broken", "链接无法打开", "链接“网上办事”打不开：页面不存在（404）", inspect.Deduction},
	{"typo", "错别字", "=HYPERLINK(\"http://x\")", inspect.Deduction},
	{"misstatement", "表述错误", "<script>alert(1)</script>“㛃䶮”\x00\x0b", inspect.Veto},
	{"a11y-img-alt", "图片没有替代文本", "正文中 3 张图片没有替代文本", inspect.Advice},
}

func (s source) Faults(context.Context, time.Time) (out []period.Fault, err error) {
	begun := time.Date(2026, 9, 28, 9, 0, 0, 0, inspect.Zone)
	for i := range s.faults {
		k := faultKinds[i%len(faultKinds)]
		at := begun.AddDate(0, 0, i%31)
		f := period.Fault{Fingerprint: fmt.Sprintf("%024x", 4096+i*7919), Site: fmt.Sprintf("s%03d", i%s.sites), Check: k.check, Title: k.title, Severity: k.severity, Items: []period.Clause{{ID: "SV-4a"}}, Remedy: "及时发布或归并栏目。",
			URL: fmt.Sprintf("http://s%d.example.gov.cn/xw/%d.html?a=1&b=2", i%s.sites, i), Locus: "要闻", Message: k.message, Seen: at, Confirmed: at,
			Turns: []period.Turn{{At: at, Stage: inspect.StageConfirmed}}}
		switch i % 5 {
		case 1:
			f.Ordered, f.Due = at, at.AddDate(0, 0, 5)
			f.Turns = append(f.Turns, period.Turn{At: at, Stage: inspect.StageOrdered})
		case 2:
			f.Closed = at.AddDate(0, 0, 4)
			f.Turns = append(f.Turns, period.Turn{At: f.Closed, Stage: inspect.StageVerified})
		case 3:
			f.Waived, f.Why = at.AddDate(0, 0, 90), "系统改版期间"
			f.Turns = append(f.Turns, period.Turn{At: at.AddDate(0, 0, 2), Stage: inspect.StageWaived})
		}
		if i%11 == 10 {
			f.Confirmed, f.Turns = time.Time{}, []period.Turn{{At: at, Stage: inspect.StageSuspected}}
		}
		out = append(out, f)
	}
	return out, nil
}

var sampleOptions = paper.Options{Issuer: "青岚区人民政府办公室", To: "区直各单位", Number: "青政办函〔2026〕12号", Date: time.Date(2026, 11, 6, 0, 0, 0, 0, inspect.Zone),
	Copies: "区委办公室，区人大常委会办公室", Letterhead: paper.FileHead, Deadline: time.Date(2026, 11, 20, 0, 0, 0, 0, inspect.Zone)}

func bulletin(t testing.TB, s source) *period.Bulletin {
	t.Helper()
	p, err := period.Parse("2026-10")
	if err != nil {
		t.Fatal(err)
	}
	b, err := period.Compile(t.Context(), s, period.Options{Period: p, Known: time.Date(2026, 11, 2, 0, 0, 0, 0, inspect.Zone),
		Rules: &inspect.Rulebook{ID: "r", Title: "政府网站与政务新媒体检查指标", Source: "国办秘函〔2019〕19号", Digest: "sha256:now", Items: []inspect.Item{{ID: "SV-4a", Title: "栏目不更新"}}}})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// sample is a notice of a middling district: its table of faults takes several
// sheets.
func sample(t testing.TB) *paper.Paper {
	t.Helper()
	return paper.KindOf("notice").Make(bulletin(t, source{12, 20, 60}), sampleOptions)[0]
}

func written(t testing.TB, format string, p *paper.Paper) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := paper.FormatOf(format).Write(t.Context(), &b, p); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
