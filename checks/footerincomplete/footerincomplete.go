// Package footerincomplete is the check footer-incomplete: identity items that
// the foot of a page does not show.
package footerincomplete

import (
	"context"
	_ "embed"
	"strings"

	"github.com/xunjian/xunjian/inspect"
)

//go:embed rule.md
var rule string

// Check is the check footer-incomplete.
var Check = inspect.NewCheck("footer-incomplete", rule, inspect.PerPage, struct{}{}, run).Timeless()

// names are the items in the words of a notice, by their number less one.
var names = [...]string{"党政机关（事业单位）网站标识", "“我为政府网站找错”入口", "网站标识码", "主办单位", "联系方式", "ICP备案编号",
	"公安机关备案标识", "站点地图"}

// A set says which items were seen: bit 0 is FT-1.
type set uint8

const complete set = 1<<len(names) - 1

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	if !asked(p.Page.Parts().Kind) {
		p.Due(0)
		return nil
	}
	have := shown(p.Page)
	if have == complete {
		return nil
	}
	if byScript(p.Page, have) {
		p.Report(inspect.Finding{Outcome: inspect.Unknown, Locus: "foot", Template: true,
			Message: "页面底部由脚本或框架生成，未能判定标识信息是否齐全"})
		return nil
	}
	for i, name := range names {
		if have&(1<<i) == 0 {
			id := "FT-" + string(rune('1'+i))
			p.Report(inspect.Finding{Locus: id, Class: id, Template: true, Message: "页面底部没有" + name})
		}
	}
	return nil
}

// asked reports whether a page of the kind surely carries the site's foot.
func asked(k inspect.PageKind) bool {
	switch k {
	case inspect.HomePage, inspect.ColumnPage, inspect.OrgInfo, inspect.MessageBoard, inspect.SiteMap:
		return true
	}
	return k.IsContent()
}

// shown searches the whole page, since a foot need not be marked as one.
func shown(p *inspect.Page) set {
	have := inLinks(p)
	texts := p.Texts()
	for i := len(texts) - 1; i >= 0 && have != complete; i-- { // the foot stands last
		s := texts[i].Data
		if len(s) > 3000 {
			continue
		}
		for _, m := range words {
			if have&m.items != m.items && strings.Contains(s, m.text) {
				have |= m.items
			}
		}
	}
	if have&(1<<2) != 0 && !codeShown(p) {
		have &^= 1 << 2
	}
	return have
}

// words name items in the text.
var words = []struct {
	text  string
	items set
}{
	{"标识码", 1 << 2}, {"找错", 1 << 1}, {"主办", 1 << 3}, {"承办单位", 1 << 3},
	{"电话", 1 << 4}, {"联系方式", 1 << 4}, {"联系我们", 1 << 4}, {"热线", 1 << 4}, {"邮箱", 1 << 4}, {"E-mail", 1 << 4}, {"TEL", 1 << 4}, {"Tel", 1 << 4},
	{"ICP", 1 << 5}, {"IPC备", 1 << 5}, {"公网安备", 1 << 6}, {"公网备", 1 << 6}, {"公安备案", 1 << 6}, {"公安机关备案", 1 << 6},
	{"站点地图", 1 << 7}, {"网站地图", 1 << 7}, {"网站导航", 1 << 7}, {"本站地图", 1 << 7}, {"网站导图", 1 << 7},
}

// codeShown reports whether a code follows the label 标识码.
func codeShown(p *inspect.Page) bool {
	for _, c := range p.Codes() {
		if c.Where == "foot" {
			return true
		}
	}
	return false
}
