package elderpage

import (
	"fmt"
	"slices"
	"strings"

	"github.com/xunjian/xunjian/checks/accname"
	"github.com/xunjian/xunjian/checks/adverts"
	"github.com/xunjian/xunjian/checks/captcha"
	"github.com/xunjian/xunjian/checks/places"
	"github.com/xunjian/xunjian/checks/viewport"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/inspect/zh"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A version is the page behind the entry.
type version struct {
	*inspect.Pass
	options
	front    *front
	page     *inspect.Page     // as the source sent it
	seen     *inspect.Page     // as the browser has it, else page
	shown    *inspect.Rendered // nil: no browser showed it
	homeSeen *inspect.Rendered // the home page there
	doubts   map[string]bool
	untold   map[string]bool
}

func newVersion(p *inspect.Pass, o options, f *front, page *inspect.Page) *version {
	v := &version{Pass: p, options: o, front: f, page: page, seen: page, doubts: map[string]bool{}, untold: map[string]bool{}}
	for r := range p.Rendered {
		switch {
		case inspect.SamePage(r.URL, f.url):
			v.homeSeen = r
		case v.shown != nil && v.shown.Problem == "":
		case inspect.SamePage(r.URL, page.URL) || inspect.SamePage(r.URL, page.Landed()):
			v.shown = r
		}
	}
	if v.wasShown(v.shown) {
		v.seen = document(page, v.shown)
	}
	return v
}

func (v *version) wasShown(r *inspect.Rendered) bool {
	return r != nil && r.Problem == "" && r.HTML != ""
}

// document is a page as a browser has it once scripts have run.
func document(p *inspect.Page, r *inspect.Rendered) *inspect.Page {
	return &inspect.Page{Target: inspect.Target{URL: p.Landed(), Status: p.Status, Verdict: inspect.Fine, Fetched: r.At, Digest: p.Digest},
		Type: "text/html", Body: []byte(r.HTML), Now: p.Now, Ran: true}
}

func (v *version) doubt(id, format string, args ...any) {
	if v.doubts[id] {
		return
	}
	v.doubts[id] = true
	mark := "（据第二手资料）"
	if id == "EL-1" { // the one whose text was read
		mark = ""
	}
	v.Report(inspect.Finding{Outcome: inspect.Review, URL: v.page.URL, Locus: id, Class: id, Evidence: inspect.Evidence{Status: v.page.Status, Fetched: v.page.Fetched, Digest: v.page.Digest},
		Message: fmt.Sprintf("工信部67号附件1 %s%s可能不符合：%s，请人工确认", id, mark, fmt.Sprintf(format, args...))})
}

func (v *version) cannot(id, why string) {
	if v.doubts[id] || v.untold[id] {
		return
	}
	v.untold[id] = true
	v.Report(inspect.Finding{Outcome: inspect.Unknown, URL: v.page.URL, Locus: id, Class: id, Message: id + " 未能判定：" + why})
}

// judged are the points of which something could be told.
func (v *version) judged() []string {
	return slices.DeleteFunc(slices.Clone(points), func(id string) bool { return v.untold[id] })
}

// judge says of every point that it may not be met, or that it cannot be told;
// what is left was looked at. What stands in a page counts though the page is
// a shell; what is missing from a shell proves nothing.
func (v *version) judge() error {
	if err := v.contents(); err != nil {
		return err
	}
	if why, browser := opaque(v.seen); why != "" {
		if browser {
			why += v.browser()
		}
		for _, id := range points {
			v.cannot(id, why)
		}
		return nil
	}
	v.layout()
	v.size()
	return nil
}

// contents judges what stands in the page.
func (v *version) contents() error {
	networks(v.Pass).Networks(v.seen, func(n string, _ *html.Node) {
		v.doubt("EL-1", "页面加载了广告联盟“%s”的内容", n)
	})
	if w := v.lure(); w != "" {
		v.doubt("EL-1", "页面上有诱导下载、付款的链接或按钮“%s”", w)
	}
	if _, why := viewport.Fixed(v.seen); why != "" {
		v.doubt("EL-3", "页面禁止或限制放大：%s", why)
	}
	tree, err := accname.For(v.seen)
	if err != nil {
		return err
	}
	captcha.Silent(tree, func(e *accname.Element) {
		v.doubt("EL-7", "验证码图片旁没有见到语音等替代方式：%s", places.Shown(e))
	})
	if adverts.Floating(v.seen) != nil {
		v.doubt("EL-10", "页面上的浮动窗口没有找到关闭按钮")
	}
	return nil
}

// lure is a link or button whose words induce.
func (v *version) lure() string {
	for _, n := range v.seen.Elements(atom.A, atom.Button) {
		s := zh.Compact(inspect.TextOf(n))
		for _, w := range v.Lures {
			if strings.Contains(s, w) && len([]rune(s)) <= 12 && !inspect.Hidden(n) {
				return s
			}
		}
	}
	return ""
}

// layout holds the version against the home page, as the browser has both
// where it showed both, else by their sources, which do not show what a script
// or a click makes of the one page.
func (v *version) layout() {
	a, b := v.front.shows, looksOf(v.page)
	ran := v.wasShown(v.homeSeen) && v.wasShown(v.shown)
	if ran {
		a, b = looksOf(document(&inspect.Page{Target: inspect.Target{URL: v.front.url}}, v.homeSeen)), looksOf(v.seen)
	} else if why, _ := opaque(v.page); v.front.opaque != "" || why != "" { // either source says too little
		v.cannot("EL-12", "两页源代码不足以比较，浏览器没有同时显示首页和入口打开的页面")
		return
	}
	switch {
	case !a.same(b), ran && !sameSizes(v.homeSeen.Sizes, v.shown.Sizes):
	case v.front.Entry.Handler:
		v.cannot("EL-12", "入口打开的页面与普通首页相同，但入口的点击由脚本处理，版面可能在点击后切换")
		v.switched()
	case !ran && (a.scripts || b.scripts):
		v.cannot("EL-12", "入口打开的页面与普通首页源代码相同，版面可能由脚本切换"+v.browser())
		v.switched()
	default:
		v.doubt("EL-12", "入口打开的页面与普通首页相同，没有看到专门的适老版面")
	}
}

// switched says that the size of letters may be another after the switch.
func (v *version) switched() {
	if v.shown == nil || v.shown.Problem != "" || len(v.shown.Sizes) == 0 || v.front.Entry.Handler {
		v.cannot("EL-4", "版面可能由脚本切换，字号不能由源代码判定")
	}
}

// browser says what a browser did about the page, or that one may help.
func (v *version) browser() string {
	ran := false
	for range v.Rendered {
		ran = true
	}
	switch {
	case v.shown != nil && v.shown.Problem != "":
		return "，浏览器未能显示该页：" + v.shown.Problem
	case v.shown != nil:
		return "，浏览器也没有测得"
	case ran:
		return "，浏览器没有打开该页"
	}
	return "，加 --deep 可由浏览器判定"
}
