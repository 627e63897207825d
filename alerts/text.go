package alerts

import (
	"fmt"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/xunjian/xunjian/inspect"
)

// maxText is how many letters of a page's own text stand in a line.
const maxText = 120

// plain is foreign text in one line that no reader takes for anything but
// text: no control characters, no line ends, no marks that turn the direction
// of writing, no invalid bytes. A title of a megabyte is not read to its end.
func plain(s string, limit int) string {
	var b strings.Builder
	n, space := 0, false
	for i, r := range s {
		if n == limit || i > 16*limit {
			b.WriteString("…")
			break
		}
		switch {
		case unicode.IsSpace(r) || unicode.IsControl(r):
			space = b.Len() > 0
			continue
		case r == utf8.RuneError || unicode.In(r, unicode.Cf, unicode.Co, unicode.Cs):
			continue // bidi marks, zero width, private use
		}
		if space {
			b.WriteByte(' ')
			n, space = n+1, false
		}
		b.WriteRune(r)
		n++
	}
	return b.String()
}

// inert replaces the letters that mean something in the markdown of the robots,
// which know no way to escape them, by their full-width forms.
var inert = strings.NewReplacer("\\", "＼", "`", "｀", "*", "＊", "_", "＿", "#", "＃", "[", "［", "]", "］", "<", "＜", ">", "＞", "!", "！", "|", "｜", "~", "～", "@", "＠")

// link is an address that may be a link: of the web, without anything that
// ends a link in markdown. Others are none.
func link(s string) string {
	if len(s) > 2000 {
		return ""
	}
	u, err := url.Parse(strings.TrimSpace(s))
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return strings.NewReplacer("(", "%28", ")", "%29", "<", "%3C", ">", "%3E", "[", "%5B", "]", "%5D", "\"", "%22", "'", "%27", "`", "%60", "|", "%7C", "*", "%2A").Replace(u.String())
}

// A line is one alert in words, with where more is told of it.
type line struct {
	text string
	link string
}

// A section is the alerts of one kind.
type section struct {
	title string
	lines []line
}

// A text is a message in words, before a channel gives it its form.
type text struct {
	subject  string
	sections []section
	total    int // alerts, of which lines may show only the first
	link     string
}

// wordsOf puts a message in words. console is the address under which people
// read more, or "".
func wordsOf(m *inspect.Message, console string) text {
	t := text{subject: plain(m.Subject, maxText), total: m.Total, link: link(console)}
	if m.Again {
		t.subject = "（可能重复）" + t.subject
	}
	for _, k := range inspect.AlertKinds {
		s := section{title: k.Chinese()}
		if n := m.Counts[k]; n > 1 {
			s.title = fmt.Sprintf("%s（%d 条）", s.title, n)
		}
		for i := range m.Alerts {
			if a := &m.Alerts[i]; a.Kind == k {
				s.lines = append(s.lines, lineOf(a, console))
			}
		}
		if len(s.lines) > 0 {
			t.sections = append(t.sections, s)
		}
	}
	return t
}

func lineOf(a *inspect.Alert, console string) line {
	var b strings.Builder
	if a.Severity == inspect.Veto {
		b.WriteString("【单项否决】")
	}
	if a.Name != "" {
		b.WriteString(plain(a.Name, 40) + "：")
	}
	b.WriteString(plain(a.Text, maxText))
	if !a.Limit.IsZero() {
		fmt.Fprintf(&b, "（期限 %s）", day(a.Limit))
	}
	if a.Kind == inspect.AlertKnown {
		fmt.Fprintf(&b, "（检查于 %s）", day(a.At))
	}
	l := line{text: b.String(), link: link(a.URL)}
	if console != "" && a.Kind.OfCase() {
		l.link = link(strings.TrimSuffix(console, "/") + "/findings/" + url.PathEscape(a.Key))
	}
	return l
}

// shown is how many alerts have a line.
func (t *text) shown() (n int) {
	for i := range t.sections {
		n += len(t.sections[i].lines)
	}
	return n
}

// tail stands where not every alert has its line.
func (t *text) tail() string {
	if t.link == "" {
		return fmt.Sprintf("…共 %d 条", t.total)
	}
	return fmt.Sprintf("…共 %d 条，详见链接", t.total)
}

// fit writes as many lines as go into so many bytes. It is cut at the end of a
// line, and then says how many alerts there are.
func (t *text) fit(limit int, head func(section) string, form func(line) string) string {
	var b strings.Builder
	room := limit - len(t.tail())
	for _, s := range t.sections {
		next := head(s)
		for _, l := range s.lines {
			next += form(l)
			if b.Len()+len(next) > room {
				return b.String() + t.tail()
			}
			b.WriteString(next)
			next = ""
		}
	}
	if t.total > t.shown() {
		b.WriteString(t.tail())
	}
	return b.String()
}

// cut is s in at most n bytes, never cut within a letter.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	const more = "…"
	n = max(n-len(more), 0)
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + more
}
