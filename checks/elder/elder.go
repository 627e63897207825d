// Package elder finds the entry to a version for the old or the disabled on a
// home page, for checks that ask for it.
package elder

import (
	"slices"
	"strings"
	"unicode"

	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/inspect/zh"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Options are the options of the check elder-entry.
type Options struct {
	// Words are what entries are called.
	Words []string `yaml:"words"`
	// Suffixes may follow a word, any number of them; other letters make it a
	// name of something else.
	Suffixes []string `yaml:"suffixes"`
	// Signs are pieces of addresses, ids and handlers by which tool bars are known.
	Signs []string `yaml:"signs"`
}

// Default are the options of its rule page, for a rulebook without it.
func Default() Options {
	return Options{Words: slices.Clone(words), Suffixes: slices.Clone(suffixes), Signs: slices.Clone(signs)}
}

var (
	words    = []string{"无障碍", "长者", "关怀版", "关怀模式", "适老", "长辈版", "长辈模式", "关爱版", "亲情版", "老年版", "老年模式", "大字版", "阅读辅助", "辅助阅读", "读屏", "语音播报"}
	suffixes = []string{"版", "版本", "模式", "浏览", "阅读", "通道", "服务", "助手", "入口", "工具", "工具条", "工具栏", "辅助", "化", "开关", "功能", "页面", "专版"}
	signs    = []string{"govwza.cn", "aria.start", "aria.oldFixedStart", "ariascripts", "cniil_slb", "mobile_ghb", "a11ytoolbar", "WX-easyRead", "WXA11y", "kqNav",
		"toolbarSwitch", "toolbarElderlySwitch", "accessiblereading", "barrierfree", "wzaweb", "wza_pc"}
	// prefixes are what stands before a name that is a command.
	prefixes = []string{"进入", "打开", "开启", "启用", "切换到", "切换至", "切换", "使用", "政府网站", "网站", "网页", "本站"}
)

// A Sight is what a home page shows of an entry.
type Sight struct {
	Word     string // that names the one easiest to reach; "" if none is named
	Wired    bool   // it leads somewhere, or a handler takes the click
	Keyboard bool   // and a keyboard reaches it
	Tool     bool   // the script or marks of a known tool bar
	Scripts  bool   // scripts that may write one

	Entry Entry // the one to open
}

// An Entry is where a named element leads.
type Entry struct {
	Word    string // its name; "" if nothing is named
	Address string // "" if no link says
	Self    bool   // a link says the home page itself
	Handler bool   // a script takes the click, perhaps besides
	rank    int    // how sure the name is
}

// Look reads a home page.
func (o Options) Look(p *inspect.Page) (s Sight) {
	base := inspect.NewBase(p.Landed())
	p.Each(func(n *html.Node) {
		if n.DataAtom == atom.Script {
			src := inspect.Attr(n, "src")
			s.Scripts = s.Scripts || src != "" || n.FirstChild != nil && holds(n.FirstChild.Data, o.Words)
			s.Tool = s.Tool || holds(src, o.Signs) || n.FirstChild != nil && holds(n.FirstChild.Data, o.Signs)
			return
		}
		marks := inspect.Attr(n, "id") + " " + inspect.Attr(n, "class") + " " + inspect.Attr(n, "onclick") + " " + inspect.Attr(n, "href")
		s.Tool = s.Tool || holds(marks, o.Signs)
		o.element(p, base, n, &s)
	})
	return s
}

func holds(s string, pieces []string) bool {
	return s != "" && slices.ContainsFunc(pieces, func(x string) bool { return strings.Contains(s, x) })
}

// element takes an element that is named as an entry: the best of them counts.
func (o Options) element(p *inspect.Page, base *inspect.Base, n *html.Node, s *Sight) {
	at := carrier(n)
	if at == nil {
		return
	}
	word, rank := o.named(n, at == n)
	if word == "" {
		return
	}
	href, linked := inspect.LookupAttr(at, "href")
	href = strings.TrimSpace(href)
	e := Entry{Word: word, Handler: inspect.Attr(at, "onclick") != "", rank: rank}
	if linked && !dead(href) {
		switch u, scheme := base.Resolve(href); {
		case scheme != inspect.HTTP: // javascript: and what no visitor reads
			e.Handler = true
		case inspect.SamePage(u, p.URL) || inspect.SamePage(u, p.Landed()):
			e.Self = true
		default:
			e.Address = u
		}
	}
	if e.better(s.Entry) {
		s.Entry = e
	}
	wired := e.Address != "" || e.Self || e.Handler
	reach := wired && (linked || at.DataAtom == atom.Button || at.DataAtom == atom.Input || inspect.Attr(at, "tabindex") != "")
	if s.Word == "" || wired && !s.Wired || reach && !s.Keyboard {
		s.Word, s.Wired, s.Keyboard = word, wired, reach
	}
}

// better prefers the surer name, then what can be opened, then what does
// something at all.
func (e Entry) better(than Entry) bool {
	worth := func(e Entry) int {
		switch {
		case e.Address != "":
			return 3
		case e.Self || e.Handler:
			return 2
		case e.Word != "":
			return 1
		}
		return 0
	}
	a, b := worth(e), worth(than)
	if a == 1 || b <= 1 { // a dead claim is no rival, however sure its name
		return a > b
	}
	return e.rank > than.rank || e.rank == than.rank && a > b
}

// dead reports whether a link's address does nothing.
func dead(href string) bool {
	h := strings.ToLower(href)
	return h == "" || h[0] == '#' || strings.HasPrefix(h, "javascript:void") || strings.Trim(h, ";") == "javascript:"
}

// carrier is what takes the click on an element: itself, or something near
// around it; nil if nothing does.
func carrier(n *html.Node) *html.Node {
	for x, i := n, 0; x != nil && i < 5; x, i = x.Parent, i+1 {
		switch x.DataAtom {
		case atom.A, atom.Area, atom.Button:
			return x
		case atom.Input:
			switch strings.ToLower(inspect.Attr(x, "type")) {
			case "button", "submit", "image":
				return x
			}
		}
		role := inspect.Attr(x, "role")
		if inspect.Attr(x, "onclick") != "" || role == "button" || role == "link" {
			return x
		}
	}
	return nil
}

// named is the name by which an element is called an entry, and how sure the
// name is. What takes the click is called by its text too.
func (o Options) named(n *html.Node, text bool) (word string, rank int) {
	names := []string{inspect.Attr(n, "title"), inspect.Attr(n, "alt"), inspect.Attr(n, "aria-label")}
	if n.DataAtom == atom.Input {
		names = append(names, inspect.Attr(n, "value"))
	} else if text {
		names = append(names, inspect.TextOf(n))
	}
	for _, name := range names {
		if w, r := o.Name(name); r > rank {
			word, rank = w, r
		}
	}
	return word, rank
}

// Name is the name as it is shown and how sure it is: 0 if it calls no entry,
// 3 if it calls a version. The whole of it must be made of words and suffixes:
// news and columns that speak of such things have other words besides.
func (o Options) Name(s string) (shown string, rank int) {
	if len(s) > 200 {
		return "", 0
	}
	shown = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return r
		}
		return -1
	}, zh.Compact(s))
	rest := shown
	if n := len([]rune(shown)); n > 16 {
		return "", 0
	}
	for _, x := range prefixes {
		if cut, ok := strings.CutPrefix(rest, x); ok {
			rest = cut
		}
	}
	words := 0
	for rest != "" {
		if w := longest(rest, o.Words); w > 0 {
			words++
			rest = rest[w:]
		} else if x := longest(rest, o.Suffixes); x > 0 && words > 0 {
			rest = rest[x:]
		} else {
			return "", 0
		}
	}
	switch {
	case words == 0:
		return "", 0
	case strings.HasSuffix(shown, "版") || strings.HasSuffix(shown, "版本") || strings.HasSuffix(shown, "模式"):
		return shown, 3
	case strings.HasSuffix(shown, "服务") || strings.HasSuffix(shown, "通道") || slices.Contains(o.Words, shown):
		return shown, 1
	}
	return shown, 2
}

// longest is the length of the longest of the pieces that s begins with.
func longest(s string, pieces []string) (n int) {
	for _, x := range pieces {
		if strings.HasPrefix(s, x) {
			n = max(n, len(x))
		}
	}
	return n
}
