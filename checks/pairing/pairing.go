// Package pairing finds which interpretation (政策解读) belongs to which
// policy document, for the checks that judge whether there is one and whether
// the two link to each other.
package pairing

import (
	"slices"
	"strings"

	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/inspect/zh"
)

// A Strength says how sure a pair is.
type Strength int

// The strengths, weakest first.
const (
	None   Strength = iota
	Linked          // one links the other, and nothing else joins them: pages link much that is merely related
	Likely          // by part of the title
	Sure            // by the document number, by the whole title, or by part of it and a link
)

// A Pair is a document with one of its interpretations.
type Pair struct {
	Policy, Interpretation *inspect.Facts
	Strength               Strength
	Forth, Back            bool // the document links the interpretation; the other way
}

// A Book is what a site holds of documents and interpretations.
type Book struct {
	Policies        []*inspect.Facts
	Interpretations []*inspect.Facts
	Titles          []string // of interpretations that only stand in a list, letters alone

	known map[*inspect.Facts]*known
	at    map[string]int32   // number of the interpretation with a key, the last of them
	back  map[string][]int32 // numbers of interpretations by what they link, each once

	joined map[*inspect.Facts][]int32 // see join; nil until a document is asked for
	crowd  bool                       // joined would be too large
}

// A known is what is compared of a page, made once.
type known struct {
	title  string   // letters alone
	titles []string // documents it names, letters alone
	all    string   // title and titles, to look once instead of often
}

// Read gathers the documents and interpretations of a site, in the order of
// their addresses.
func Read(p *inspect.Pass) *Book {
	b := &Book{known: map[*inspect.Facts]*known{}, at: map[string]int32{}, back: map[string][]int32{}}
	for f := range p.Pages {
		switch f.Kind {
		case inspect.PolicyPage:
			b.Policies = append(b.Policies, f)
		case inspect.InterpretationPage:
			b.Interpretations = append(b.Interpretations, f)
		default:
			continue
		}
		k := &known{title: letters(f.Title)}
		for _, t := range f.Titles {
			k.titles = append(k.titles, letters(t))
		}
		k.all = k.title + "\n" + strings.Join(k.titles, "\n")
		b.known[f] = k
		if f.Kind == inspect.InterpretationPage {
			b.index(f)
		}
	}
	for i := range p.Site.Columns {
		c := &p.Site.Columns[i]
		if c.Genre != inspect.Interpretation {
			continue
		}
		if f := p.Facts(c.URL); f != nil {
			for _, it := range f.List.Items {
				b.Titles = append(b.Titles, letters(it.Title))
			}
		}
	}
	return b
}

// index makes the last of the interpretations known by its addresses and by
// what it links.
func (b *Book) index(f *inspect.Facts) {
	i := int32(len(b.Interpretations) - 1)
	b.at[key(f.URL)], b.at[key(f.Landed)] = i, i
	for _, u := range f.Links {
		k := key(u)
		if list := b.back[k]; len(list) == 0 || list[len(list)-1] != i {
			b.back[k] = append(list, i)
		}
	}
}

// linked are the interpretations that a document links, and those that link it.
func (b *Book) linked(policy *inspect.Facts) (forth, back map[int32]bool) {
	forth, back = map[int32]bool{}, map[int32]bool{}
	for _, u := range policy.Links {
		if i, ok := b.at[key(u)]; ok {
			forth[i] = true
		}
	}
	for _, k := range []string{key(policy.URL), key(policy.Landed)} {
		for _, i := range b.back[k] {
			back[i] = true
		}
	}
	return forth, back
}

// Of are the pairs of one document.
func (b *Book) Of(policy *inspect.Facts) []Pair {
	var out []Pair
	names := namesOf(policy)
	forth, back := b.linked(policy)
	for _, i := range b.candidates(policy, forth, back) {
		p := Pair{Policy: policy, Interpretation: b.Interpretations[i], Forth: forth[i], Back: back[i]}
		p.Strength = b.strength(p, names)
		if p.Strength != None {
			out = append(out, p)
		}
	}
	return out
}

// Listed reports whether an interpretation of the document stands in a list,
// though its page was not read.
func (b *Book) Listed(policy *inspect.Facts) bool {
	for _, n := range namesOf(policy) {
		for _, t := range b.Titles {
			if strings.Contains(t, n) {
				return true
			}
		}
	}
	return false
}

func (b *Book) strength(p Pair, names []string) Strength {
	if p.Policy.DocNumber != "" && p.Policy.DocNumber == p.Interpretation.DocNumber {
		return Sure
	}
	words := b.byWords(p.Interpretation, names)
	switch linked := p.Forth || p.Back; {
	case linked && (words == Likely || sharesSubject(b.known[p.Interpretation].title, names)):
		return Sure
	case linked && words == None:
		return Linked
	}
	return words
}

// sharesSubject reports whether what an interpretation's title speaks of, its
// own kind of paper left out, stands in the document's title. A few letters
// prove nothing alone, but do beside a link.
func sharesSubject(title string, names []string) bool {
	for _, w := range []string{"政策解读", "文字解读", "图文解读", "一图读懂", "图解", "解读", "关于", "的"} {
		title = strings.ReplaceAll(title, w, "")
	}
	return runes(title) >= 4 && len(names) > 0 && strings.Contains(names[0], title)
}

// byWords compares what an interpretation names with a document's names.
func (b *Book) byWords(interpretation *inspect.Facts, names []string) Strength {
	x := b.known[interpretation]
	best := None
	for i, n := range names {
		if strings.Contains(x.all, n) {
			// A piece that names a document by the way interprets another one.
			if slices.Contains(x.titles, n) && (len(x.titles) == 1 || strings.Contains(x.title, n)) {
				return Sure
			}
			best = Likely
		}
		if i > 0 {
			continue
		}
		for _, t := range x.titles {
			if runes(t) >= shortest && strings.Contains(n, t) {
				best = Likely
			}
		}
	}
	return best
}

// shortest is how many letters a title must have to tell documents apart.
const shortest = 7

// namesOf are the names by which others speak of a document: its whole title,
// and what it issues (关于印发…的通知), letters alone.
func namesOf(f *inspect.Facts) []string {
	full := letters(f.Title)
	if runes(full) < shortest {
		return nil
	}
	out := []string{full}
	core := full
	if _, rest, ok := strings.Cut(core, "关于"); ok {
		core = rest
	}
	for _, w := range []string{"印发", "发布", "公布", "转发"} {
		core = strings.TrimPrefix(core, w)
	}
	for _, w := range []string{"的通知", "的意见", "的公告", "的通告", "的决定", "通知"} {
		core = strings.TrimSuffix(core, w)
	}
	if core != full && runes(core) >= shortest {
		out = append(out, core)
	}
	return out
}

// letters is s without blanks, marks and quotes.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r < 0x30, r >= 0x3A && r <= 0x40, r >= 0x5B && r <= 0x60, r >= 0x7B && r <= 0xBF, r >= 0x2000 && r <= 0x303F, r >= 0xFF00:
			return -1
		}
		return r
	}, zh.Fold(s))
}

func runes(s string) int { return len([]rune(s)) }

// key is the same for addresses of one document: scheme and index file left
// out. A script's query says which document it is, in whatever order.
func key(u string) string {
	_, u, _ = strings.Cut(u, "://")
	path, query, _ := strings.Cut(u, "?")
	dir, file := path[:strings.LastIndexByte(path, '/')+1], path[strings.LastIndexByte(path, '/')+1:]
	if strings.HasPrefix(file, "index.") && (query == "" || strings.HasPrefix(file, "index.htm") || strings.HasPrefix(file, "index.shtm")) {
		return dir
	}
	if query == "" {
		return path
	}
	parts := strings.Split(query, "&")
	slices.Sort(parts)
	return path + "?" + strings.Join(parts, "&")
}
