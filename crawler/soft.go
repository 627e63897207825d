package crawler

import (
	"context"
	"hash/fnv"
	"strconv"
	"strings"
	"sync"

	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/inspect/zh"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// softPrints tell "not found" pages that are sent as found. Each host is asked
// once for two addresses that cannot exist; what it answers is its print.
type softPrints struct {
	mu    sync.Mutex
	hosts map[string]*hostPrint
}

type hostPrint struct {
	once  sync.Once
	pages map[uint64]bool // prints of its answers; empty: it says 404 honestly
}

// judge marks a page that only says that something is not there, or that is a
// wall in the way of robots.
func (s *softPrints) judge(ctx context.Context, r *run, f *fetcher, p *inspect.Page) {
	if p.Reading != nil || !p.Readable() {
		return
	}
	if p.LinksOnly && p.Says(longest+1) && len(s.host(ctx, r, f, p.URL).pages) == 0 {
		return // neither a wall nor what a host answers where nothing is, and too long to say so itself
	}
	if challenge(p) {
		p.Verdict, p.Cause, p.Detail = inspect.CouldNotTell, inspect.Blocked, "返回的是防护验证页"
		return
	}
	if inspect.SamePage(p.URL, r.site.Home) {
		return
	}
	says := saysNotFound(p)
	p.Print = printOf(p)
	if h := s.host(ctx, r, f, p.URL); h.pages[p.Print] {
		// A shell that a script fills is the same at every address; only one
		// that also says so is a page that is not there.
		p.Verdict, p.Cause, p.Detail = inspect.CouldNotTell, inspect.SoftNotFound, "与该网站对不存在地址的应答相同，页面或由脚本生成"
		if says != "" {
			p.Verdict, p.Detail = inspect.Fault, "与该网站对不存在地址的应答相同，并提示“"+says+"”"
		}
		return
	}
	if says != "" {
		p.Verdict, p.Cause, p.Detail = inspect.Fault, inspect.SoftNotFound, "页面提示“"+says+"”"
	}
}

// has reports whether a page that was fine is now what its host answers where
// nothing is.
func (s *softPrints) has(ctx context.Context, r *run, f *fetcher, u string, print uint64) bool {
	h := s.host(ctx, r, f, u)
	return h.pages[print] || print == 0 && len(h.pages) > 0 // nobody took its print
}

func (s *softPrints) host(ctx context.Context, r *run, f *fetcher, u string) *hostPrint {
	scheme, rest, _ := strings.Cut(u, "://")
	host, _, _ := strings.Cut(rest, "/")
	origin := scheme + "://" + host
	s.mu.Lock()
	h := s.hosts[origin]
	if h == nil {
		h = &hostPrint{pages: map[uint64]bool{}}
		s.hosts[origin] = h
	}
	s.mu.Unlock()
	h.once.Do(func() { h.probe(ctx, r, f, origin) })
	return h
}

// probe asks for two addresses of different shape that no site has.
func (h *hostPrint) probe(ctx context.Context, r *run, f *fetcher, origin string) {
	sum := fnv.New32a()
	sum.Write([]byte(origin))
	name := "/xunjian-no-such-page-" + strconv.FormatUint(uint64(sum.Sum32()), 36)
	var prints []uint64
	for _, path := range []string{name + ".html", name + "/"} {
		ex := &exchange{url: origin + path, pageOnly: true}
		f.fetch(ex)
		if ex.err != nil || ex.status/100 != 2 || ex.raw == nil {
			continue
		}
		p := r.page(ctx, f, ex, r.judge(ctx, ex), "", 0)
		if p.IsHTML() && !inspect.SamePage(p.Landed(), r.site.Home) {
			prints = append(prints, printOf(p))
		}
	}
	for _, x := range prints {
		h.pages[x] = true
	}
}

// printOf is a hash of what a page says, digits and addresses left out, since
// such pages like to repeat what was asked for and to count down.
func printOf(p *inspect.Page) uint64 {
	const prime = 1099511628211 // FNV-1a, by hand: a call for each byte costs more than the hash
	h := uint64(14695981039346656037)
	for _, c := range []byte(p.Title()) {
		h = (h ^ uint64(c)) * prime
	}
	for _, n := range p.Texts() {
		if strings.Contains(n.Data, "xunjian-no-such-page") {
			continue
		}
		for i := 0; i < len(n.Data); i++ {
			if c := n.Data[i]; c > ' ' && (c < '0' || c > '9') {
				h = (h ^ uint64(c)) * prime
			}
		}
	}
	return h
}

var notFoundPhrases = []string{"页面不存在", "页面未找到", "页面找不到", "您访问的页面不存在", "您访问的页面找不到", "信息已删除", "该信息不存在", "文章不存在", "内容不存在", "无法找到该页", "找不到页面", "您要访问的页面", "404 not found", "404错误", "错误404", "404页面", "page not found"}

// longest is how many bytes a page says at most that only says that something
// is not there.
const longest = 1500

// saysNotFound is the phrase by which a short page, or a page's title, says
// that what was asked for is not there; "" if nothing does. A long page that
// speaks of such things is an article.
func saysNotFound(p *inspect.Page) string {
	title := strings.ToLower(p.Title())
	length := 0
	for _, n := range p.Texts() {
		length += len(n.Data)
		if length > longest {
			return ""
		}
	}
	if len(p.Labels()["articletitle"].Content) > 0 && length > 600 {
		return ""
	}
	for _, w := range notFoundPhrases {
		if strings.Contains(title, w) {
			return w
		}
	}
	if length > 450 {
		return ""
	}
	for _, n := range p.Texts() {
		s := strings.ToLower(zh.Fold(n.Data))
		for _, w := range notFoundPhrases {
			if strings.Contains(s, w) {
				return w
			}
		}
	}
	return ""
}

// challenge recognises the pages by which walls test a visitor: hardly any
// text, and a script that sets a cookie or asks to prove something.
func challenge(p *inspect.Page) bool {
	length := 0
	for _, n := range p.Texts() {
		length += len(n.Data)
		if length > 400 {
			return false
		}
	}
	for _, n := range p.Texts() {
		for _, w := range []string{"访问被阻断", "安全验证", "请完成验证", "拖动滑块", "访问验证", "人机验证", "Just a moment", "Checking your browser", "您的访问请求可能对网站造成安全威胁", "请求被拦截"} {
			if strings.Contains(n.Data, w) {
				return true
			}
		}
	}
	if length > 60 || len(p.Elements(atom.A)) > 0 {
		return false
	}
	for _, n := range p.Elements(atom.Script) {
		if s := scriptText(n); strings.Contains(s, "document.cookie") || strings.Contains(s, "__jsl") || strings.Contains(s, "acw_sc__") || strings.Contains(s, "wzws") || strings.Contains(s, "eval(function(p,a,c,k") {
			return true
		}
	}
	return false
}

func scriptText(n *html.Node) string {
	if n.FirstChild == nil {
		return ""
	}
	return n.FirstChild.Data
}
