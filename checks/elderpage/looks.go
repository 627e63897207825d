package elderpage

import (
	"hash/fnv"
	"maps"
	"regexp"
	"strings"
	"unicode"

	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/inspect/zh"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// looks are what a visitor sees of a page, small enough to keep.
type looks struct {
	words   uint64 // what is read, without counters, clocks and dates
	sheets  uint64 // what gives it its looks
	scripts bool   // a script may change them
}

func (a looks) same(b looks) bool { return a.words == b.words && a.sheets == b.sheets }

// sameSizes reports whether a browser measured the same sizes on two pages. How
// many letters have each is left out: a counter may have grown by one.
func sameSizes(a, b map[int]int) bool {
	pixels := func(m map[int]int) map[int]bool {
		out := map[int]bool{}
		for px := range m {
			out[px] = true
		}
		return out
	}
	return maps.Equal(pixels(a), pixels(b))
}

// passing is what changes between two looks at one page: days of the week,
// halves of the day, dates in Chinese digits.
var passing = regexp.MustCompile(`(星期|周|礼拜)[一二三四五六日天]|上午|下午|中午|凌晨|晚上|[零〇一二三四五六七八九十]+(年|月|日|号|时|点|分|秒)`)

func looksOf(p *inspect.Page) (l looks) {
	text := passing.ReplaceAllString(zh.Compact(p.Text()), "")
	text = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return r
		}
		return -1
	}, text)
	h := fnv.New64a()
	h.Write([]byte(text))
	l.words = h.Sum64()
	h.Reset()
	base := inspect.NewBase(p.Landed())
	for _, n := range p.Elements(atom.Link, atom.Style, atom.Body, atom.Html) {
		if n.DataAtom == atom.Link && !strings.Contains(strings.ToLower(inspect.Attr(n, "rel")), "stylesheet") {
			continue
		}
		href, _ := base.Resolve(inspect.Attr(n, "href"))
		h.Write([]byte("\x00" + n.Data + href + inspect.Attr(n, "class") + inspect.Attr(n, "style")))
		if n.DataAtom == atom.Style && n.FirstChild != nil {
			h.Write([]byte(n.FirstChild.Data))
		}
	}
	p.Each(func(n *html.Node) {
		if s := inspect.Attr(n, "style"); s != "" {
			h.Write([]byte("\x01" + n.Data + s))
		}
	})
	l.sheets = h.Sum64()
	l.scripts = scripted(p)
	return l
}

// scripted reports whether scripts could change the page.
func scripted(p *inspect.Page) bool {
	for _, n := range p.Elements(atom.Script) {
		if t := strings.ToLower(inspect.Attr(n, "type")); t == "" || t == "module" || strings.Contains(t, "javascript") {
			return true
		}
	}
	return false
}

// shellLetters is how much running text a page must have of its own, to be
// more than a shell that a script or a frame fills.
const shellLetters = 20

// opaque says why nothing follows from what is missing from a page; "" if it
// can be judged. A browser helps where scripts are why.
func opaque(p *inspect.Page) (why string, browser bool) {
	if len(p.Elements(atom.Frameset)) > 0 {
		return "页面由框架组成，框架内的内容没有读取", false
	}
	letters, prose := 0, 0
	for _, n := range p.Texts() {
		_, k := zh.Han(n.Data)
		letters += k
		if inspect.Within(n.Parent, atom.A, atom.Button, atom.Nav, atom.Header, atom.Footer) == nil {
			prose += k
		}
	}
	switch {
	case prose >= shellLetters:
		return "", false
	case len(p.Elements(atom.Iframe)) > 0:
		return "页面内容由框架提供，框架内的内容没有读取", false
	case !p.Ran && scripted(p):
		return "页面内容可能由脚本写入，源代码中几乎没有正文", true
	case letters == 0:
		return "页面没有可读的文字", false
	}
	return "", false
}
