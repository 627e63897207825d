package accname

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/andybalholm/cascadia"
	"github.com/xunjian/xunjian/inspect"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Certainty is whether something holds on a wide screen.
type Certainty int

// The grades.
const (
	No Certainty = iota
	Maybe
	Yes
)

// A StyleRule is one rule of a style element.
type StyleRule struct {
	Selectors []string
	Body      string
	Media     string    // the conditions of the blocks around it
	Holds     Certainty // whether they hold

	once    sync.Once
	sels    []cascadia.Sel
	certain bool // all of them could be read
}

// A sheet is all style elements of a page.
type sheet struct {
	rules  []*StyleRule
	hiders map[string][]hider // by the last #id, .class or name of the selector; "*" for the others
	large  bool               // many elements: selectors that look at siblings cost too much

	once   sync.Once
	movers map[string][]cascadia.Sel // rules that move out of sight, filed as above; nil: the key alone
}

// A hider is a rule that hides or shows.
type hider struct {
	sel        cascadia.Sel // nil: the key alone
	sure       bool
	display    mark
	visibility mark
	weight     [4]int
}

// A mark is what a declaration says.
type mark int8

const (
	unsaid mark = iota
	shows
	hides
)

func readSheet(p *inspect.Page, elements int) *sheet {
	s := &sheet{large: elements > manyElements}
	for _, n := range p.Elements(atom.Style) {
		if n.FirstChild == nil || n.Namespace != "" {
			continue
		}
		media := inspect.Attr(n, "media")
		s.parse(n.FirstChild.Data, media, Media(media))
	}
	for i := range s.rules {
		s.file(s.rules[i], i)
	}
	return s
}

// StyleRules are the rules of the page's style elements, in order.
func (t *Tree) StyleRules() []*StyleRule {
	if t.sheet == nil {
		return nil
	}
	return t.sheet.rules
}

// maxRules bounds what is read of absurd sheets.
const maxRules = 20000

// parse reads blocks until the text ends; what it cannot read it leaves out.
func (s *sheet) parse(css, media string, holds Certainty) {
	css = withoutComments(css)
	for css != "" && holds != No && len(s.rules) < maxRules {
		i := strings.IndexAny(css, "{;}")
		if i < 0 {
			return
		}
		head := strings.TrimSpace(css[:i])
		if css[i] != '{' {
			css = css[i+1:]
			continue
		}
		body, rest := block(css[i+1:])
		css = rest
		if !strings.HasPrefix(head, "@") {
			s.rules = append(s.rules, &StyleRule{Selectors: splitSelectors(head), Body: body, Media: media, Holds: holds})
			continue
		}
		name, cond, _ := strings.Cut(head, " ")
		if j := strings.IndexByte(name, '('); j >= 0 {
			name, cond = name[:j], head[j:]
		}
		switch strings.ToLower(name) {
		case "@media":
			s.parse(body, strings.TrimSpace(media+" "+cond), min(holds, Media(cond)))
		case "@supports", "@layer", "@container", "@scope", "@document", "@-moz-document":
			s.parse(body, media, min(holds, Maybe))
		}
	}
}

// block is the text up to the brace that closes a block, and what follows it.
func block(css string) (body, rest string) {
	depth := 1
	for i := 0; i < len(css); i++ {
		switch css[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return css[:i], css[i+1:]
			}
		case '"', '\'':
			if j := strings.IndexByte(css[i+1:], css[i]); j >= 0 && strings.IndexByte(css[i+1:i+1+j], '\n') < 0 {
				i += j + 1
			}
		}
	}
	return css, ""
}

func withoutComments(css string) string {
	if !strings.Contains(css, "/*") {
		return css
	}
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(css, "/*")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		b.WriteByte(' ')
		if _, css, ok = strings.Cut(rest, "*/"); !ok {
			return b.String()
		}
	}
}

// splitSelectors parts a list at its commas outside brackets.
func splitSelectors(s string) (out []string) {
	depth, from := 0, 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '(', '[':
			depth++
		case ')', ']':
			depth--
		case ',':
			if depth == 0 {
				out = append(out, strings.TrimSpace(s[from:i]))
				from = i + 1
			}
		}
	}
	return append(out, strings.TrimSpace(s[from:]))
}

// Declarations calls f for each declaration of a style, names in lower case.
func Declarations(style string, f func(name, value string, important bool)) {
	for style != "" {
		var d string
		i := endOfDeclaration(style)
		d, style = style[:i], style[min(i+1, len(style)):]
		name, value, ok := strings.Cut(d, ":")
		if !ok {
			continue
		}
		value = strings.TrimSpace(value)
		important := false
		if j := strings.LastIndexByte(value, '!'); j >= 0 && strings.EqualFold(strings.TrimSpace(value[j+1:]), "important") {
			value, important = strings.TrimSpace(value[:j]), true
		}
		f(strings.ToLower(strings.TrimSpace(name)), value, important)
	}
}

func endOfDeclaration(s string) int {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '(':
			depth++
		case ')':
			depth--
		case ';':
			if depth <= 0 {
				return i
			}
		}
	}
	return len(s)
}

// screenWidth is the width of the screen that conditions are asked for.
const screenWidth = 1280

// Media is whether the conditions of a style hold on a wide screen.
func Media(cond string) Certainty {
	cond = strings.ToLower(strings.TrimSpace(cond))
	if cond == "" {
		return Yes
	}
	best := No
	for q := range strings.SplitSeq(cond, ",") {
		best = max(best, query(strings.TrimSpace(q)))
	}
	return best
}

func query(q string) Certainty {
	holds := Yes
	for _, part := range strings.Split(q, " and ") {
		part = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(part), "only "))
		switch part {
		case "", "all", "screen":
		case "print", "speech", "braille", "tty", "handheld", "tv", "projection", "aural", "embossed":
			return No
		default:
			holds = min(holds, feature(part))
		}
	}
	return holds
}

func feature(f string) Certainty {
	name, value, ok := strings.Cut(strings.Trim(f, "()"), ":")
	w, isLength := pixels(strings.TrimSpace(value))
	if !ok || !isLength {
		return Maybe
	}
	switch strings.TrimSpace(name) {
	case "min-width", "min-device-width":
		return certainly(screenWidth >= w)
	case "max-width", "max-device-width":
		return certainly(screenWidth <= w)
	}
	return Maybe
}

func certainly(b bool) Certainty {
	if b {
		return Yes
	}
	return No
}

func pixels(v string) (float64, bool) {
	for unit, factor := range map[string]float64{"px": 1, "em": 16} {
		if num, ok := strings.CutSuffix(strings.TrimSuffix(v, "r"), unit); ok {
			f, err := strconv.ParseFloat(strings.TrimSuffix(num, "r"), 64)
			return f * factor, err == nil
		}
	}
	return 0, false
}

// file puts a rule that hides or shows where its elements will find it.
func (s *sheet) file(r *StyleRule, order int) {
	lower := strings.ToLower(r.Body)
	if !strings.Contains(lower, "display") && !strings.Contains(lower, "visibility") {
		return
	}
	display, visibility, heavy := marks(r.Body)
	if display == unsaid && visibility == unsaid {
		return
	}
	if s.hiders == nil {
		s.hiders = map[string][]hider{}
	}
	for _, text := range r.Selectors {
		h := hider{display: display, visibility: visibility, sure: r.Holds == Yes}
		plain, dynamic, element := withoutStates(text)
		if !element {
			continue
		}
		if dynamic {
			h.sure = false
		}
		if !h.sure && display != hides && visibility != hides {
			continue // may show: what is hidden is not spoken of anyhow
		}
		sel, err := cascadia.Parse(plain)
		if err != nil || s.large && looksAround(plain) {
			s.byNames(text, h)
			continue
		}
		sp := sel.Specificity()
		h.sel, h.weight = sel, [4]int{heavy, sp[0]*1_000_000 + sp[1]*1000 + sp[2], order}
		k := rightKey(plain)
		s.hiders[k] = append(s.hiders[k], h)
	}
}

// byNames files a selector that cannot be read under each class and id in it.
func (s *sheet) byNames(sel string, h hider) {
	if h.display != hides && h.visibility != hides {
		return
	}
	h.sure = false
	for i := 0; i < len(sel); i++ {
		if sel[i] != '.' && sel[i] != '#' {
			continue
		}
		j := i + 1
		for j < len(sel) && !strings.ContainsRune(" .#:,>+~[\t\r\n", rune(sel[j])) {
			j++
		}
		s.hiders[sel[i:j]] = append(s.hiders[sel[i:j]], h)
		i = j - 1
	}
}

// marks reads what declarations say of display and visibility; heavy is 1
// when it is said with importance.
func marks(body string) (display, visibility mark, heavy int) {
	Declarations(body, func(name, value string, important bool) {
		v := strings.ToLower(value)
		m := shows
		switch name {
		case "display":
			if v == "none" {
				m = hides
			}
			display = m
		case "visibility":
			if v == "hidden" || v == "collapse" {
				m = hides
			}
			if v == "inherit" || v == "unset" {
				return
			}
			visibility = m
		default:
			return
		}
		if important {
			heavy = 1
		}
	})
	return display, visibility, heavy
}

// structural are the states that the document alone decides.
var structural = []string{"first-child", "last-child", "only-child", "nth-", "first-of-type", "last-of-type", "only-of-type", "not(", "root", "empty", "has("}

// withoutStates takes the states of pointer and focus out of a selector, and
// says whether there were any and whether it selects an element at all.
func withoutStates(sel string) (plain string, dynamic, element bool) {
	if !strings.Contains(sel, ":") {
		return sel, false, true
	}
	if strings.Contains(sel, "::") {
		return "", false, false
	}
	var b strings.Builder
	for i := 0; i < len(sel); i++ {
		if sel[i] != ':' {
			b.WriteByte(sel[i])
			continue
		}
		rest := sel[i+1:]
		j := 0
		for j < len(rest) && (rest[j] == '-' || rest[j] >= 'a' && rest[j] <= 'z' || rest[j] >= 'A' && rest[j] <= 'Z') {
			j++
		}
		name := strings.ToLower(rest[:j])
		switch {
		case name == "before" || name == "after" || name == "first-line" || name == "first-letter":
			return "", false, false
		case isStructural(strings.ToLower(rest)):
			b.WriteByte(':')
			continue
		}
		dynamic = true
		i += j
		if j < len(rest) && rest[j] == '(' {
			if k := strings.IndexByte(rest[j:], ')'); k >= 0 {
				i += k + 1
			}
		}
	}
	plain = strings.TrimSpace(b.String())
	if plain == "" {
		plain = "*"
	}
	return plain, dynamic, true
}

func isStructural(rest string) bool {
	for _, s := range structural {
		if strings.HasPrefix(rest, s) {
			return true
		}
	}
	return false
}

// rightKey is the #id, the .class or the name that an element must have to be
// selected; "*" when none stands there plainly.
func rightKey(sel string) string {
	depth, from := 0, 0
	for i := 0; i < len(sel); i++ {
		switch c := sel[i]; {
		case c == '\\':
			return "*"
		case c == '(' || c == '[':
			depth++
		case c == ')' || c == ']':
			depth--
		case depth == 0 && strings.IndexByte(" >+~\t\r\n", c) >= 0:
			from = i + 1
		}
	}
	last := sel[from:]
	if i := strings.IndexAny(last, ":["); i >= 0 {
		last = last[:i]
	}
	for _, c := range []byte{'#', '.'} {
		if i := strings.IndexByte(last, c); i >= 0 {
			k := last[i:]
			if j := strings.IndexAny(k[1:], ".#"); j >= 0 {
				k = k[:j+1]
			}
			return k
		}
	}
	if last == "" || last == "*" {
		return "*"
	}
	return strings.ToLower(last)
}

// verdict is what the sheets and an element's own style say of it.
type verdict struct {
	display, visibility mark
	perhaps             bool
}

// hides is what the page's styles say of an element.
func (s *sheet) hides(n *html.Node) verdictFlag {
	own := inspect.Attr(n, "style")
	if s.hiders == nil && len(own) < 12 {
		return 0
	}
	var found []hider
	if s.hiders != nil && n.Namespace == "" {
		found = s.matching(n)
	}
	var v verdict
	slices.SortStableFunc(found, func(a, b hider) int { return cmp.Compare(slices.Compare(a.weight[:], b.weight[:]), 0) })
	late := -1 // from here on with importance
	for i, h := range found {
		if !h.sure {
			v.perhaps = true
			continue
		}
		if h.weight[0] > 0 && late < 0 {
			late = i
			v.inline(own)
		}
		v.take(h.display, h.visibility)
	}
	if late < 0 || strings.Contains(own, "!") {
		v.inline(own)
	}
	return v.flag()
}

func (v *verdict) take(display, visibility mark) {
	if display != unsaid {
		v.display = display
	}
	if visibility != unsaid {
		v.visibility = visibility
	}
}

func (v *verdict) inline(style string) {
	if len(style) < 12 {
		return
	}
	if !containsFold(style, "display") && !containsFold(style, "visibility") {
		return
	}
	d, vis, _ := marks(style)
	v.take(d, vis)
}

func containsFold(s, word string) bool {
	for i := 0; i+len(word) <= len(s); i++ {
		if s[i]|0x20 == word[0] && strings.EqualFold(s[i:i+len(word)], word) {
			return true
		}
	}
	return false
}

// A verdictFlag packs a verdict.
type verdictFlag int8

const (
	gone verdictFlag = 1 << iota
	veiled
	unveiled
	doubtful
)

func (v *verdict) flag() (f verdictFlag) {
	if v.display == hides {
		f |= gone
	}
	switch v.visibility {
	case hides:
		f |= veiled
	case shows:
		f |= unveiled
	}
	if v.perhaps {
		f |= doubtful
	}
	return f
}

func apply(old flag, v verdictFlag) flag {
	if v&gone != 0 {
		old |= undisplayed
	}
	if v&veiled != 0 {
		old |= invisible
	}
	if v&unveiled != 0 {
		old &^= invisible
	}
	if v&doubtful != 0 {
		old |= perhaps
	}
	return old
}

// matching are the rules that select an element.
func (s *sheet) matching(n *html.Node) (out []hider) {
	try := func(k string) {
		for _, h := range s.hiders[k] {
			if h.sel == nil || h.sel.Match(n) {
				out = append(out, h)
			}
		}
	}
	try(n.Data)
	try("*")
	for i := range n.Attr {
		switch n.Attr[i].Key {
		case "id":
			if n.Attr[i].Val != "" {
				try("#" + n.Attr[i].Val)
			}
		case "class":
			for c := range strings.FieldsSeq(n.Attr[i].Val) {
				try("." + c)
			}
		}
	}
	return out
}

// moves reports whether a rule could move an element out of sight.
func (s *sheet) moves(n *html.Node) bool {
	if s == nil {
		return false
	}
	s.once.Do(s.fileMovers)
	if s.movers == nil {
		return false
	}
	if s.moved("*", n) || s.moved(n.Data, n) {
		return true
	}
	if id := inspect.Attr(n, "id"); id != "" && s.moved("#"+id, n) {
		return true
	}
	for c := range strings.FieldsSeq(inspect.Attr(n, "class")) {
		if s.moved("."+c, n) {
			return true
		}
	}
	return false
}

func (s *sheet) moved(key string, n *html.Node) bool {
	for _, sel := range s.movers[key] {
		if sel == nil || sel.Match(n) {
			return true
		}
	}
	return false
}

// fileMovers files the rules that move something out of sight; of a selector
// that cannot be read the last name alone counts.
func (s *sheet) fileMovers() {
	for _, r := range s.rules {
		if !moved(r.Body) {
			continue
		}
		for _, text := range r.Selectors {
			plain, _, element := withoutStates(text)
			if !element {
				continue
			}
			sel, err := cascadia.Parse(plain)
			if err != nil || s.large && looksAround(plain) {
				sel = nil
			}
			if s.movers == nil {
				s.movers = map[string][]cascadia.Sel{}
			}
			k := rightKey(plain)
			s.movers[k] = append(s.movers[k], sel)
		}
	}
}

// manyElements is from where on selectors that look at siblings are not
// followed, since they look at all siblings of each element.
const manyElements = 20000

func looksAround(sel string) bool {
	return strings.Contains(sel, "nth-") || strings.Contains(sel, "of-type") || strings.Contains(sel, ":has(") || strings.Contains(sel, ":empty") || strings.Contains(sel, "~")
}

// Selects reports whether the rule may select an element; a selector that
// cannot be read may.
func (r *StyleRule) Selects(e *Element) bool {
	r.once.Do(func() {
		r.certain = true
		for _, text := range r.Selectors {
			plain, _, element := withoutStates(text)
			if !element {
				continue
			}
			sel, err := cascadia.Parse(plain)
			if err != nil {
				r.certain = false
				continue
			}
			r.sels = append(r.sels, sel)
		}
	})
	for _, sel := range r.sels {
		if sel.Match(e.Node) {
			return true
		}
	}
	return !r.certain
}
