// Package serviceformbroken is the check service-form-broken.
package serviceformbroken

import (
	"context"
	_ "embed"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/xunjian/xunjian/checks/called"
	"github.com/xunjian/xunjian/checks/guides"
	"github.com/xunjian/xunjian/checks/locus"
	"github.com/xunjian/xunjian/checks/words"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/inspect/zh"
)

//go:embed rule.md
var rule string

// Check is the check service-form-broken.
var Check = inspect.NewCheck("service-form-broken", rule, inspect.PerSite, struct{}{}, run).Timeless().Gathering(gather, look{})

var (
	named = regexp.MustCompile(`《([^《》\n]{2,40}(?:表|申请书|登记书|申报书))》`)
	// names are how links to forms are called.
	names = words.Of("申请表", "登记表", "审批表", "备案表", "申报表", "审核表", "样表", "空表", "空白表", "表格", "申请书", "登记书", "申报书", "示范文本")
	// filled are forms that the office itself makes or that are no forms to fill in.
	filled = []string{"一览表", "时间表", "价目表", "收费表", "流程表", "目录表", "公示表", "统计表", "安排表", "分类表", "标准表"}
)

const most = 30

// A look is what is kept of a page: of a guide its forms, of any other page the
// names of the files that it offers.
type look struct {
	Guide string
	Forms []string // that the guide names
	Links []offer  // to forms, from a guide
	Files bool     // the guide offers files, whatever they are called
	Names []string // of forms for download anywhere
}

type offer struct{ Name, URL string }

func gather(p *inspect.Pass) any {
	if p.Page.Document != nil || !p.Page.Readable() {
		return nil
	}
	g := guides.Of(p.Page)
	out := look{}
	links, texts := p.Page.Links(), called.Names(p.Page)
	for i := range links {
		l := &links[i]
		if l.Kind != inspect.Attachment && !l.Follows() || len(out.Names) >= most {
			continue
		}
		text := texts[i]
		file, form := l.Kind == inspect.Attachment, names.In(text)
		if form {
			out.Names = append(out.Names, strings.Clone(text))
			if g != nil && l.URL != "" && (file || strings.Contains(text, "下载")) {
				out.Links = append(out.Links, offer{strings.Clone(text), strings.Clone(l.URL)})
			}
		}
		out.Files = out.Files || file || form || strings.Contains(inspect.Host(l.URL), "zwfw") && locus.InBody(p.Page, l.Node)
	}
	if g != nil && g.Why == "" && g.Sure() {
		out.Guide = strings.Clone(g.Name)
		out.Forms = forms(g.Text)
	}
	if out.Guide == "" && len(out.Names) == 0 && len(out.Links) == 0 {
		return nil
	}
	return out
}

// forms are the forms that a guide names, each once.
func forms(text string) (out []string) {
	for _, m := range named.FindAllStringSubmatch(text, -1) {
		name := strings.Clone(zh.Compact(m[1]))
		if !slices.Contains(out, name) && !slices.ContainsFunc(filled, func(w string) bool { return strings.HasSuffix(name, w) }) {
			out = append(out, name)
		}
	}
	return out
}

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	var offered []string
	for g := range p.Gathered {
		if x, ok := g.Kept.(look); ok {
			offered = append(offered, x.Names...)
		}
	}
	due := 0
	for g := range p.Gathered {
		x, ok := g.Kept.(look)
		if !ok || x.Guide == "" && len(x.Links) == 0 {
			continue
		}
		due++
		broken(p, g.Page, x)
		if !x.Files {
			absent(p, g.Page, x, offered)
		}
	}
	p.Due(due)
	return nil
}

// broken tells of forms that do not open.
func broken(p *inspect.Pass, page *inspect.Facts, x look) {
	for _, l := range x.Links {
		t := p.Link(l.URL)
		if t == nil || t.Verdict != inspect.Fault {
			continue
		}
		p.Report(inspect.Finding{URL: page.URL, Locus: l.URL, Class: "broken", Tentative: true,
			Evidence: inspect.Evidence{Status: t.Status, Fetched: t.Fetched, Digest: t.Digest},
			Message:  fmt.Sprintf("办事指南的表格“%s”打不开：%s（%s）", l.Name, t.Cause.Chinese(), inspect.Readable(l.URL))})
	}
}

// absent tells of forms that a guide without any file names and that no page
// offers; it may still lie where nobody looked.
func absent(p *inspect.Pass, page *inspect.Facts, x look, offered []string) {
	var missing []string
	for _, f := range x.Forms {
		if !slices.ContainsFunc(offered, func(n string) bool { return strings.Contains(n, f) || len(n) > 15 && strings.Contains(f, n) }) {
			missing = append(missing, f)
		}
	}
	if len(missing) == 0 {
		return
	}
	p.Report(inspect.Finding{Outcome: inspect.Review, URL: page.URL, Locus: "forms", Class: "absent", Evidence: page.Evidence,
		Value: float64(len(missing)), Unit: "个",
		Message: fmt.Sprintf("办事指南“%s”列出《%s》，没有找到空表或样表下载，请人工确认", x.Guide, strings.Join(missing, "》《"))})
}
