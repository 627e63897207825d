// Package guides reads a service guide (办事指南) once for all checks that judge
// one: which elements it names and what stands under them.
package guides

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/xunjian/xunjian/checks/loading"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/inspect/zh"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// An Element is one class of what a guide must say.
type Element struct {
	ID    string
	Name  string   // as the rule calls it
	Words []string // as guides call it
}

// Elements are the classes that the indicators list: the first four are known
// from a source, the others from memory.
var Elements = []Element{
	{"name", "事项名称", []string{"事项名称", "服务事项", "项目名称", "办理事项", "审批事项", "业务名称", "办理项目", "审批项目"}},
	{"basis", "设定依据", []string{"设定依据", "办理依据", "法律依据", "实施依据", "政策依据", "审批依据", "法律法规依据", "法规依据", "设立依据", "依据"}},
	{"conditions", "申请条件", []string{"申请条件", "办理条件", "受理条件", "审批条件", "申报条件", "申办条件", "享受条件", "准予条件", "条件", "办理对象", "申请对象"}},
	{"materials", "办理材料", []string{"办理材料", "申请材料", "所需材料", "申报材料", "提交材料", "提交的材料", "材料清单", "申办材料", "提供材料", "所需资料", "申报资料", "提供资料", "提交资料", "办理资料", "所需要件", "材料", "资料"}},
	{"place", "办理地点", []string{"办理地点", "受理地点", "办公地点", "办理地址", "办事地点", "办事窗口", "办理窗口", "受理窗口", "办公地址", "联系地址", "地址", "地点", "窗口"}},
	{"office", "办理机构", []string{"办理机构", "实施机关", "实施主体", "办理部门", "受理机构", "受理部门", "决定机构", "办理单位", "主管部门", "承办机构", "承办单位", "承办部门", "承办科室", "责任单位", "责任科室", "办事机构", "受理机关", "受理单位", "审批机关", "实施机构", "办理科室", "经办机构"}},
	{"fee", "收费标准", []string{"收费标准", "收费依据", "是否收费", "收费情况", "收费项目", "办理费用", "收费", "免费"}},
	{"hours", "办理时间", []string{"办理时间", "工作时间", "办公时间", "受理时间", "服务时间", "办理时限", "法定时限", "承诺时限", "办结时限", "办理期限", "法定期限", "承诺期限", "办理时限说明", "时限", "期限", "工作日"}},
	{"telephone", "联系电话", []string{"联系电话", "咨询电话", "联系方式", "咨询方式", "服务电话", "办公电话", "监督电话", "投诉电话", "电话"}},
	{"procedure", "办理流程", []string{"办理流程", "办理程序", "办事流程", "办事程序", "审批流程", "审批程序", "申报流程", "申报程序", "办理步骤", "申请流程", "申请程序", "工作流程", "办理环节", "业务流程", "流程图", "流程", "程序", "步骤"}},
}

// A Section is what stands under a label.
type Section struct {
	Element string // ID
	Label   string
	Texts   []string // pieces of text, as they stand apart on the page
}

// A Guide is what was read.
type Guide struct {
	Name     string
	Sections []Section // as labelled
	Labelled []string  // IDs that stand as labels, each once
	Missing  []*Element
	Text     string // of the page's own part, pieces parted by newlines
	Why      string // why it cannot be judged, for people; "" if it can
}

type memo struct{}

// Of reads a guide; nil if the page is none.
func Of(p *inspect.Page) *Guide {
	return inspect.Memo(p, memo{}, func() *Guide { return read(p) })
}

// sure is how many elements stand as labels in what is surely a guide.
const sure = 3

// Sure reports whether the page is laid out as a guide, element by element.
func (g *Guide) Sure() bool { return len(g.Labelled) >= sure }

func read(p *inspect.Page) *Guide {
	if p.Document != nil || !p.Readable() {
		return nil
	}
	kind := p.Parts().Kind
	if !kind.IsContent() && kind != inspect.OtherPage {
		return nil
	}
	g := &Guide{Name: p.Parts().Heading}
	if g.Name == "" {
		g.Name = p.Parts().Title
	}
	if !g.named() || kind != inspect.ServiceGuide && !laidOut(p) {
		return nil // most pages are left here, before their texts are read
	}
	g.sections(own(p))
	if !g.is(kind) || place(p) {
		return nil
	}
	g.missing()
	g.Why = why(p, g)
	return g
}

// others are words in the titles of what stands among guides and is none.
var others = []string{"通知", "公告", "通告", "手册", "模板", "范本", "承诺书", "政策", "办法", "规定", "意见", "软件", "下载", "问答", "解答", "解读", "那些事", "目录", "名单", "清单", "一览表", "细则", "批复", "函", "银行信息", "公示", "热点问题", "常见问题"}

// is reports whether the page is a guide: it stands among guides or is called
// one, or it is laid out as one, and its title does not say otherwise.
func (g *Guide) is(kind inspect.PageKind) bool {
	return (kind == inspect.ServiceGuide || full(g.Labelled)) && g.named()
}

// full reports whether so many elements stand as labels that nothing but a
// guide has them.
func full(labelled []string) bool {
	has := func(id string) bool { return slices.Contains(labelled, id) }
	return len(labelled) > sure+1 && has("materials") && (has("conditions") || has("basis"))
}

// named reports whether the title does not say that the page is something else.
func (g *Guide) named() bool {
	if strings.Contains(g.Name, "指南") {
		return true
	}
	return !slices.ContainsFunc(others, func(w string) bool { return strings.Contains(g.Name, w) })
}

// laidOut reports whether the page may be full of labels. It reads the texts
// that may hold one, each as if another followed, so it finds all labels that
// sections finds.
func laidOut(p *inspect.Page) bool {
	var labelled []string
	for _, n := range p.Texts() {
		if !mayLabel(n.Data) || inspect.Within(n, atom.A) != nil {
			continue
		}
		e, _, _ := labelOf(zh.Fold(n.Data), true)
		if e != "" && !slices.Contains(labelled, e) && !shared(n.Parent) {
			if labelled = append(labelled, e); full(labelled) {
				return true
			}
		}
	}
	return false
}

// stripped are what bare takes off a label's ends.
const stripped = "0123456789一二三四五六七八九十、.．()（）【[第①②③④⑤⑥⑦⑧⑨⑩◆●■·*-"

// longest and shortest are how many letters a label has.
const longest, shortest = 12, 2

// lasts are the last letters of all words of elements, and likely the low
// bytes of them.
var lasts, likely = func() (map[rune]bool, [256]bool) {
	all, low := map[rune]bool{}, [256]bool{}
	for i := range Elements {
		for _, w := range Elements[i].Words {
			r, _ := utf8.DecodeLastRuneInString(w)
			all[r], low[byte(r)] = true, true
		}
	}
	return all, low
}()

// numerals are the low bytes of the Han letters that bare takes off.
var numerals = func() (low [256]bool) {
	for _, r := range stripped {
		if r >= 0x4E00 && r <= 0x9FFF {
			low[byte(r)] = true
		}
	}
	return low
}()

// mayLabel reports whether labelOf may find a label at the head of a text: one
// needs a word of the elements, with its last letter, among the few letters
// before the colon. What bare takes off and what folding takes out does not
// count as a letter here.
func mayLabel(s string) bool {
	letters, last := 0, false
	for _, r := range s {
		if r >= 0xFF01 && r <= 0xFF5E {
			r -= 0xFEE0
		}
		switch {
		case r == ':':
			return last
		case likely[byte(r)] && lasts[r]:
			last = true
		case (r < 0x4E00 || r > 0x9FFF || numerals[byte(r)]) && takenOff(r):
			continue // no word ends in one of these
		}
		if letters++; letters > longest {
			return false
		}
	}
	return last
}

// takenOff reports whether bare may take a letter off, or folding takes it out.
func takenOff(r rune) bool {
	switch r {
	case ' ', '\t', '\n', '\r', '、', '.', '(', ')', '【', '】', '[', ']', '第', '①', '②', '③', '④', '⑤', '⑥', '⑦', '⑧', '⑨', '⑩', '◆', '●', '■', '·', '*', '-',
		'一', '二', '三', '四', '五', '六', '七', '八', '九', '十', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 0x200B, 0xFEFF, 0x200C, 0x200D:
		return true
	}
	return r < 0x4E00 && unicode.IsSpace(r)
}

// place reports whether the page gathers guides instead of being one.
func place(p *inspect.Page) bool {
	return len(p.List(inspect.Selectors{}).Items) >= 8 && p.Parts().Body == nil
}

// A piece is a text with what it says, folded.
type piece struct {
	node *html.Node
	text string
}

// own are the texts of the page's own part; where it begins no mark tells, so
// what is named as head, menu or foot is left out.
func own(p *inspect.Page) (out []piece) {
	for _, n := range p.Texts() {
		if shared(n.Parent) {
			continue
		}
		if s := zh.Fold(n.Data); s != "" {
			out = append(out, piece{n, s})
		}
	}
	return out
}

func shared(n *html.Node) bool {
	for ; n != nil && n.DataAtom != atom.Body; n = n.Parent {
		if n.DataAtom == atom.Nav || n.DataAtom == atom.Header || n.DataAtom == atom.Footer {
			return true
		}
		if aside(strings.ToLower(inspect.Attr(n, "class"))) || aside(strings.ToLower(inspect.Attr(n, "id"))) {
			return true
		}
	}
	return false
}

func aside(name string) bool {
	for _, w := range []string{"foot", "nav", "menu", "copyright", "crumb", "bottom"} {
		if strings.Contains(name, w) {
			return true
		}
	}
	return false
}

// sections parts the texts at the labels of elements.
func (g *Guide) sections(texts []piece) {
	var b strings.Builder
	for i, x := range texts {
		s := x.text
		b.WriteString(s)
		b.WriteByte('\n')
		if mayLabel(s) && inspect.Within(x.node, atom.A) == nil {
			if e, label, rest := labelOf(s, i+1 < len(texts)); e != "" {
				g.Sections = append(g.Sections, Section{Element: e, Label: label})
				if !slices.Contains(g.Labelled, e) {
					g.Labelled = append(g.Labelled, e)
				}
				if s = rest; s == "" {
					continue
				}
			}
		}
		if k := len(g.Sections); k > 0 {
			g.Sections[k-1].Texts = append(g.Sections[k-1].Texts, s)
		}
	}
	g.Text = b.String()
}

// labelOf reads a label at the head of a text: "三、办理材料", "收费标准：不收费".
func labelOf(s string, more bool) (element, label, rest string) {
	head, rest, colon := strings.Cut(s, ":")
	if !colon && !more {
		return "", "", ""
	}
	name := bare(head)
	if n := len([]rune(name)); n < shortest || n > longest {
		return "", "", ""
	}
	for i := range Elements {
		for _, w := range Elements[i].Words {
			// Words of two letters stand in any text; alone they are labels with a colon only.
			if name == w && (colon || len(w) > 6) || len(w) > 6 && (strings.HasSuffix(name, w) || strings.HasPrefix(name, w)) {
				return Elements[i].ID, name, strings.TrimSpace(rest)
			}
		}
	}
	return "", "", ""
}

// bare is a label without its number and marks.
func bare(s string) string {
	s = strings.ReplaceAll(s, " ", "")
	s = strings.TrimLeft(s, stripped)
	return strings.TrimRight(s, "]】)）")
}

// missing are the elements of which no word stands anywhere on the page's own
// part: in doubt an element is there.
func (g *Guide) missing() {
	text := strings.ReplaceAll(g.Text, " ", "")
	for i := range Elements {
		e := &Elements[i]
		if e.ID == "name" && g.Name != "" || slices.Contains(g.Labelled, e.ID) ||
			slices.ContainsFunc(e.Words, func(w string) bool { return strings.Contains(text, w) }) {
			continue
		}
		g.Missing = append(g.Missing, e)
	}
}

// little is how many letters a guide that says something has at least.
const little = 120

// why says why a guide cannot be judged.
func why(p *inspect.Page, g *Guide) string {
	_, letters := zh.Han(g.Text)
	pictures, files, platform := 0, false, false
	for _, n := range p.Elements(atom.Img) {
		if locatedIn(n, p.Parts().Body) {
			pictures++
		}
	}
	links := p.Links()
	for i := range links {
		l := &links[i]
		if l.Node == nil || shared(l.Node) {
			continue
		}
		files = files || l.Kind == inspect.Attachment || fileName(l.Text())
		platform = platform || l.Follows() && strings.Contains(inspect.Host(l.URL), "zwfw") && locatedIn(l.Node, p.Parts().Body)
	}
	frame := false
	for _, n := range p.Elements(atom.Iframe, atom.Object, atom.Embed) {
		frame = frame || !inspect.Hidden(n)
	}
	switch {
	case loading.By(p) != "" && !g.Sure():
		return "页面有脚本加载内容"
	case frame && !g.Sure():
		return "指南内容在框架页或内嵌文件中"
	case platform:
		return "详细指南在政务服务平台上"
	case p.Parts().Body == nil && !g.Sure() && !files:
		return "没有识别到指南正文"
	case pictures > 0 && len(g.Missing) > 0 && (letters < little || !g.Sure()):
		return "指南内容可能在图片中"
	case files && len(g.Missing) > 0 && (letters < little || !g.Sure()):
		return "指南内容可能在附件中"
	}
	return ""
}

// fileName reports whether a link is called like a file, whoever opens it.
func fileName(s string) bool {
	s = strings.ToLower(s)
	for _, end := range []string{".doc", ".docx", ".pdf", ".xls", ".xlsx", ".wps", ".zip", ".rar"} {
		if strings.HasSuffix(s, end) {
			return true
		}
	}
	return false
}

func locatedIn(n, box *html.Node) bool {
	for ; n != nil && box != nil; n = n.Parent {
		if n == box {
			return true
		}
	}
	return false
}
