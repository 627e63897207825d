package inspect

import (
	"slices"
	"strings"
	"time"

	"github.com/xunjian/xunjian/inspect/zh"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A ListItem is one row of a list.
type ListItem struct {
	Title string    `json:"title"`
	URL   string    `json:"url"`
	Date  time.Time `json:"date,omitzero"` // zero: the row prints none
}

// A List is what was read of a page's lists.
type List struct {
	Items  []ListItem // the rows of the page's main list
	Others []ListItem // dated rows beside it
	By     string     // "selectors" or "extractor"
	// Script names what makes a script the likely filler of the list, when
	// the page itself holds no rows or only rows beside its own content; "" if
	// nothing does.
	Script string

	aside bool // the main list stands beside the page's own content
}

// Newest is the newest date among rows, the zero time if none has one.
func Newest(items []ListItem) (t time.Time) {
	for _, it := range items {
		if it.Date.After(t) {
			t = it.Date
		}
	}
	return t
}

// List reads the page's list by the selectors, and where they are empty or
// find nothing by the general extractor.
func (p *Page) List(sel Selectors) List {
	if sel.Item != "" {
		if items := p.selected(sel); len(items) > 0 {
			return List{Items: items, By: "selectors"}
		}
	}
	l := p.extracted()
	if len(l.Items) == 0 || l.aside {
		l.Script = p.scriptFilled()
	}
	return l
}

// Extracted reads the page's list by the general extractor alone: the second
// opinion that proves configured selectors.
func (p *Page) Extracted() List { return p.extracted() }

// RowSelectors are selectors that find the rows of the list which the general
// extractor found, for a person to keep; zero if no short ones find the same.
func (p *Page) RowSelectors() Selectors {
	groups := p.lists.get(p.groups)
	best := mainGroup(groups)
	if best < 0 || len(groups[best].rows) < 3 {
		return Selectors{}
	}
	row := groups[best].rows[0]
	sel := row.Data
	for n := row.Parent; n != nil && n.DataAtom != atom.Body && n.DataAtom != atom.Html; n = n.Parent {
		name := n.Data
		if id := Attr(n, "id"); id != "" && plainName(id) {
			name += "#" + id
		} else if class, _, _ := strings.Cut(Attr(n, "class"), " "); class != "" && plainName(class) {
			name += "." + class
		}
		sel = name + " > " + sel
		if name == n.Data {
			continue
		}
		if len(p.Query().Find(sel).Nodes) == len(groups[best].rows) {
			return Selectors{Item: sel}
		}
	}
	return Selectors{}
}

// plainName reports whether a class or id can stand in a selector as it is.
func plainName(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i] | 0x20
		if (c < 'a' || c > 'z') && (i == 0 || s[i] != '-' && s[i] != '_' && (s[i] < '0' || s[i] > '9')) {
			return false
		}
	}
	return s != ""
}

// selected reads rows by configured selectors.
func (p *Page) selected(sel Selectors) []ListItem {
	var out []ListItem
	base := p.pageBase()
	for _, n := range p.Query().Find(sel.Item).Nodes {
		it := ListItem{}
		a := firstLink(n)
		if sel.Title != "" {
			if m := p.Query().FindNodes(n).Find(sel.Title).Nodes; len(m) > 0 {
				it.Title = TextOf(m[0])
				if l := firstLink(m[0]); l != nil {
					a = l
				}
			}
		}
		if a != nil {
			it.URL, _ = base.Resolve(Attr(a, "href"))
			if it.Title == "" {
				it.Title = linkTitle(a)
			}
		}
		where := n
		if sel.Date != "" {
			m := p.Query().FindNodes(n).Find(sel.Date).Nodes
			if len(m) == 0 {
				where = nil
			} else {
				where = m[0]
			}
		}
		if where != nil {
			it.Date = dateInside(where, p)
		}
		if it.Title != "" || !it.Date.IsZero() {
			out = append(out, it)
		}
	}
	return out
}

func (p *Page) pageBase() *Base {
	if _, err := p.Doc(); err != nil {
		return NewBase(p.Landed())
	}
	return p.baseOf(p.index[atom.Base])
}

// dateInside is the first date that a row prints.
func dateInside(n *html.Node, p *Page) (t time.Time) {
	var texts []string
	eachText(n, func(s string) bool {
		var ok bool
		if t, ok = dateCell(s, p); ok {
			return false
		}
		texts = append(texts, s)
		return true
	})
	if t.IsZero() {
		t, _ = splitDate(texts, p.Now)
	}
	return t
}

// eachText calls f for each text below n that is not blank, until f says stop.
func eachText(n *html.Node, f func(string) bool) bool {
	if n.Type == html.TextNode {
		return blank(n.Data) || f(strings.TrimSpace(n.Data))
	}
	if n.DataAtom == atom.Script || n.DataAtom == atom.Style {
		return true
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if !eachText(c, f) {
			return false
		}
	}
	return true
}

// dateCell reads a text that is a date and hardly more: brackets, a label
// before it, or a title that ends in one.
func dateCell(s string, p *Page) (time.Time, bool) {
	if len(s) < 3 || len(s) > 400 || !mayDate(s) {
		return time.Time{}, false
	}
	if t, end, ok := lastDate(s); ok {
		before, after := s, strings.TrimLeft(s[min(end, len(s)):], " ]】)）>\u00a0\t日")
		if after == "" && len(s) <= 40 || after == "" && endsInDate(s) {
			return t, true
		}
		if len(after) <= 30 && len(before) <= 60 && (strings.HasPrefix(after, "浏览") || strings.HasPrefix(after, "来源") || strings.HasPrefix(after, "点击") || strings.HasPrefix(after, "阅读") || strings.HasPrefix(after, "访问")) {
			return t, true
		}
		return time.Time{}, false
	}
	if len(s) > 24 {
		return time.Time{}, false
	}
	t, ok := zh.MonthDay(s, p.Now)
	if !ok {
		t, ok = zh.Relative(s, p.Now)
	}
	if ok { // without a year it is another day next year
		p.Passing()
	}
	return t, ok
}

// mayDate reports whether a text holds what every date has: a digit, a
// full-width digit, a Chinese year, or one of the relative words.
func mayDate(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= '0' && s[i] <= '9' || s[i] == 0xEF && i+1 < len(s) && s[i+1] == 0xBC {
			return true
		}
	}
	return len(s) <= 60 && (strings.Contains(s, "二〇") || strings.Contains(s, "二○") || strings.Contains(s, "天"))
}

// lastDate is the last date of a text, with the offset just after it: a title
// may name a day of its own before the one on which it was published.
func lastDate(s string) (t time.Time, end int, ok bool) {
	for at := 0; at < len(s); {
		v, n, found := zh.DateAt(s[at:])
		if !found {
			break
		}
		at += n
		t, end, ok = v, at, true
	}
	return t, end, ok
}

// endsInDate reports whether a long text ends in a date that stands apart.
func endsInDate(s string) bool {
	s = strings.TrimRight(s, " ]】)）>\u00a0\t")
	i := strings.LastIndexAny(s, " [【(（<\u00a0\t:：")
	return i >= 0 && len(s)-i <= 24
}

// splitDate reads dates whose day stands apart from year and month, as
// "05" beside "2024-03", or "03-05" beside "2024".
func splitDate(texts []string, now time.Time) (time.Time, bool) {
	var day, yearMonth, year, monthDay string
	for _, s := range texts {
		s = strings.Trim(zh.Fold(s), "[]() ")
		switch {
		case len(s) <= 2 && len(s) > 0 && allDigits(s):
			day = s
		case len(s) == 4 && allDigits(s):
			year = s
		case len(s) >= 6 && len(s) <= 13 && yearAndMonth(s) != "":
			yearMonth = yearAndMonth(s)
		case len(s) >= 3 && len(s) <= 12:
			if _, ok := zh.MonthDay(s, now); ok {
				monthDay = s
			}
		}
	}
	switch {
	case day != "" && yearMonth != "":
		return zh.Date(yearMonth + "-" + day)
	case year != "" && monthDay != "":
		return zh.Date(year + "-" + strings.NewReplacer("/", "-", ".", "-", "月", "-", "日", "").Replace(monthDay))
	}
	return time.Time{}, false
}

var dashes = strings.NewReplacer("/", "-", ".", "-", "年", "-")

func allDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

func yearAndMonth(s string) string {
	if len(s) < 6 || len(s) > 13 || s[0] != '1' && s[0] != '2' || s[1] < '0' || s[1] > '9' {
		return ""
	}
	s = strings.TrimSuffix(dashes.Replace(s), "月")
	y, m, ok := strings.Cut(s, "-")
	if ok && len(y) == 4 && allDigits(y) && len(m) <= 2 && allDigits(m) {
		return y + "-" + m
	}
	return ""
}

// A group is a list found by its shape: rows of one signature.
type group struct {
	sign  string
	rows  []*html.Node
	items []ListItem
	dated int
	chars int
	aside bool
}

// extracted picks the main list among the page's groups.
func (p *Page) extracted() List {
	groups := p.lists.get(p.groups)
	best := mainGroup(groups)
	l := List{By: "extractor"}
	for i := range groups {
		if i == best {
			l.Items, l.aside = groups[i].items, groups[i].aside
			continue
		}
		for _, it := range groups[i].items {
			if !it.Date.IsZero() {
				l.Others = append(l.Others, it)
			}
		}
	}
	return l
}

// mainGroup is the index of the group that the page is there for, -1 if none.
func mainGroup(groups []group) int {
	best := -1
	for i := range groups {
		if best < 0 || groups[i].weight() > groups[best].weight() {
			best = i
		}
	}
	return best
}

// weight says how much a group looks like what the page is there for.
func (g *group) weight() int {
	w := g.chars + 20*g.dated
	if g.aside {
		w /= 4
	}
	return w
}

// groups finds the lists of the page: first the rows that print a date, and
// only if there are none in its own content, runs of like rows with a long
// link each.
func (p *Page) groups() []group {
	var order []group
	at := map[string]int{}
	seen := map[*html.Node]bool{}
	base := p.pageBase()
	linked := p.linkedNodes()
	put := func(row *html.Node, date time.Time) {
		a := bestLink(row)
		if a == nil || seen[row] {
			return
		}
		seen[row] = true
		u, _ := base.Resolve(Attr(a, "href"))
		title := linkTitle(a)
		if title == "" {
			return
		}
		sign := signature(row)
		i, ok := at[sign]
		if !ok {
			i = len(order)
			at[sign] = i
			order = append(order, group{sign: sign, aside: besides(row)})
		}
		g := &order[i]
		g.rows = append(g.rows, row)
		g.items = append(g.items, ListItem{Title: title, URL: u, Date: date})
		g.chars += len([]rune(title))
		if !date.IsZero() {
			g.dated++
		}
	}
	for _, n := range p.Texts() {
		if len(n.Data) > 400 {
			continue
		}
		s := strings.TrimSpace(n.Data)
		if t, ok := dateCell(s, p); ok {
			if row := rowOf(n, linked); row != nil {
				put(row, t)
			}
		} else if yearAndMonth(strings.Trim(s, "[]")) != "" || len(s) == 4 && allDigits(s) {
			if row := rowOf(n, linked); row != nil {
				if t := dateInside(row, p); !t.IsZero() {
					put(row, t)
				}
			}
		}
	}
	if len(order) > 0 {
		p.addUndated(order, at, put)
		if slices.ContainsFunc(order, func(g group) bool { return !g.aside }) {
			return order
		} // a date in the foot makes no list of the page
	}
	for _, row := range p.undatedRows() {
		put(row, time.Time{})
	}
	return order
}

// addUndated adds the rows of a dated list that print no date themselves.
func (p *Page) addUndated(order []group, at map[string]int, put func(*html.Node, time.Time)) {
	for _, n := range p.Elements(atom.Li, atom.Tr) {
		if i, ok := at[signature(n)]; ok && order[i].dated > 1 {
			put(n, time.Time{})
		}
	}
}

// undatedRows are runs of at least three like elements, outside navigation,
// each of which holds one link long enough to be a title.
func (p *Page) undatedRows() []*html.Node {
	runs := map[string][]*html.Node{}
	var order []string
	for _, n := range p.Elements(atom.Li, atom.Tr, atom.Dd, atom.P) {
		a := bestLink(n)
		if a == nil || len([]rune(linkTitle(a))) < 8 || inNavigation(n) {
			continue
		}
		s := signature(n)
		if runs[s] == nil {
			order = append(order, s)
		}
		runs[s] = append(runs[s], n)
	}
	var out []*html.Node
	for _, s := range order {
		if len(runs[s]) >= 3 {
			out = append(out, runs[s]...)
		}
	}
	return out
}

// linkedNodes are the elements at or around an anchor with an address. They are
// found once a page: a table of 20,000 rows would be searched for each of them.
func (p *Page) linkedNodes() map[*html.Node]bool {
	out := map[*html.Node]bool{}
	for _, a := range p.Elements(atom.A) {
		if _, ok := LookupAttr(a, "href"); !ok {
			continue
		}
		for n := a; n != nil && !out[n]; n = n.Parent {
			out[n] = true
		}
	}
	return out
}

// rowOf is the smallest element around a date that also holds a link.
func rowOf(text *html.Node, linked map[*html.Node]bool) *html.Node {
	n := text.Parent
	for range 6 {
		if n == nil || n.DataAtom == atom.Body {
			return nil
		}
		if n.DataAtom == atom.A || linked[n] {
			if n.DataAtom == atom.A || n.DataAtom == atom.Td || n.DataAtom == atom.Span {
				if up := Within(n, atom.Li, atom.Tr, atom.Dl); up != nil && near(n, up) {
					return up
				}
			}
			return n
		}
		n = n.Parent
	}
	return nil
}

// near reports whether up lies at most four levels above n.
func near(n, up *html.Node) bool {
	for range 4 {
		if n == up {
			return true
		}
		if n = n.Parent; n == nil {
			return false
		}
	}
	return n == up
}

func hasLink(n *html.Node) bool { return firstLink(n) != nil }

// firstLink is the first anchor with an address at or below n.
func firstLink(n *html.Node) *html.Node {
	if n.DataAtom == atom.A && n.Type == html.ElementNode {
		if _, ok := LookupAttr(n, "href"); ok {
			return n
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if a := firstLink(c); a != nil {
			return a
		}
	}
	return nil
}

// bestLink is the anchor with the longest title at or below n.
func bestLink(n *html.Node) (best *html.Node) {
	longest := 0
	var visit func(*html.Node)
	visit = func(n *html.Node) {
		if n.DataAtom == atom.A && n.Type == html.ElementNode {
			if _, ok := LookupAttr(n, "href"); ok {
				if l := len(linkTitle(n)); l > longest {
					best, longest = n, l
				}
			}
			return
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			visit(c)
		}
	}
	visit(n)
	return best
}

// linkTitle is the title an anchor stands for: its title attribute where its
// text was shortened, else its text without a date at the end.
func linkTitle(a *html.Node) string {
	text := TextOf(a)
	if t := strings.TrimSpace(Attr(a, "title")); t != "" && (text == "" || strings.HasSuffix(text, "…") || strings.HasSuffix(text, "...") || len(t) > len(text)) {
		return t
	}
	return text
}

// signature tells rows of one list from those of another: the names and
// classes of the row and of the three elements around it.
func signature(n *html.Node) string {
	var b strings.Builder
	for i := 0; i < 4 && n != nil && n.Type == html.ElementNode; i++ {
		b.WriteString(n.Data)
		if i > 0 || n.DataAtom != atom.Li && n.DataAtom != atom.Tr { // rows alternate their class
			b.WriteByte('.')
			b.WriteString(Attr(n, "class"))
			b.WriteByte('#')
			b.WriteString(Attr(n, "id"))
		}
		b.WriteByte('>')
		n = n.Parent
	}
	return b.String()
}

// marked reports whether an element or one around it is named by one of the words.
func marked(n *html.Node, words ...string) bool {
	for ; n != nil && n.DataAtom != atom.Body; n = n.Parent {
		if n.DataAtom == atom.Nav || n.DataAtom == atom.Header || n.DataAtom == atom.Footer {
			return true
		}
		name := strings.ToLower(Attr(n, "class") + " " + Attr(n, "id"))
		for _, w := range words {
			if strings.Contains(name, w) {
				return true
			}
		}
	}
	return false
}

// inNavigation reports whether an element belongs to head, navigation or foot.
func inNavigation(n *html.Node) bool {
	return marked(n, "nav", "menu", "foot", "header", "crumb", "location", "position", "link", "bottom", "copyright", "banner")
}

// besides reports whether a list stands beside the page's own.
func besides(n *html.Node) bool {
	return marked(n, "related", "relate", "hot", "recommend", "rank", "sidebar", "foot", "nav", "xgxw", "xgyd", "tuijian", "remen")
}
