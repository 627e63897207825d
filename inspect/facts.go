package inspect

import (
	"strings"
	"time"

	"github.com/xunjian/xunjian/inspect/zh"
)

// Facts are what is remembered of a page when its body is gone. Bodies and
// trees live only while a page is in flight; facts live to the end, so they
// are small: a few hundred bytes for an ordinary page.
type Facts struct {
	URL     string
	Landed  string // after redirects
	Status  int
	Verdict Verdict
	Cause   Cause
	Depth   int
	Column  string // name of the watched column whose list this is
	Evidence
	Content
}

// Content is what is made of a page's bytes and address: a reading keeps it.
type Content struct {
	Kind      PageKind  `json:",omitzero"`
	Title     string    `json:",omitzero"` // the heading, else the title
	Published time.Time `json:",omitzero"`
	InURL     time.Time `json:",omitzero"`
	DocNumber string    `json:",omitzero"`
	Labels    []Label   `json:",omitzero"` // SiteName, SiteDomain, SiteIDCode, ColumnName, ColumnType where present
	*Listing            // of facts that the loop made never nil
}

// A Listing is what is remembered of pages by which others are judged: the home
// page, lists, policies, interpretations.
type Listing struct {
	// Of the home page and of lists only.
	List      List     `json:",omitzero"`
	Extracted List     `json:",omitzero"` // the second opinion, where selectors are configured
	Links     []string `json:",omitzero"` // of the home page, columns, policies and interpretations: pages linked from the content
	Titles    []string `json:",omitzero"` // 《…》 named in an interpretation's title and text

	// Of the home page and of watched columns only.
	Codes   []SeenCode `json:",omitzero"` // 网站标识码 outside the labels
	Chars   int        `json:",omitzero"` // letters a visitor reads outside links and shared parts; a picture or a field is twenty
	Scripts int        `json:",omitzero"` // scripts that are no known library and could write into the page

	Loads string `json:",omitzero"` // the sign that a script loads content from elsewhere, where Links are kept; "" if none
}

// noListing is that of all other pages. Nobody may write to it.
var noListing = &Listing{}

// Removed reports whether the page is not there any more.
func (f *Facts) Removed() bool { return f.Status == 404 || f.Status == 410 || f.Cause == SoftNotFound }

// siteLabels are the labels that must be the same, or make sense together, over a site.
var siteLabels = []string{"SiteName", "SiteDomain", "SiteIDCode", "ColumnName", "ColumnType"}

// remember makes the facts of a page.
func remember(p *Page) *Facts {
	f := &Facts{Content: Content{Listing: noListing}}
	f.met(p)
	if p.Column != nil {
		f.Column = p.Column.Name
	}
	if !p.Readable() {
		f.Kind = OtherPage
		if p.Status >= 400 || p.Cause == SoftNotFound {
			f.Kind = ErrorPage
		}
		return f
	}
	if p.LinksOnly {
		f.Kind = OtherPage
		return f
	}
	q := p.Parts()
	f.Kind, f.Title, f.Published, f.InURL, f.DocNumber = q.Kind, q.Heading, q.Published(), q.InURL, q.DocNumber
	if f.Title == "" {
		f.Title = q.Title
	}
	f.Title = zh.Truncate(strings.Clone(f.Title), 100)
	for _, n := range siteLabels {
		if l, ok := p.Labels()[strings.ToLower(n)]; ok && l.Content != "" {
			f.Labels = append(f.Labels, Label{Name: n, Content: strings.Clone(l.Content)})
		}
	}
	switch f.Kind {
	case HomePage, ColumnPage, MessageBoard:
		f.rememberList(p)
	case PolicyPage, InterpretationPage:
		f.Listing = &Listing{}
		f.Links = contentLinks(p)
		f.Titles = bookTitles(p)
		_, f.Loads = p.writers()
	}
	return f
}

// met is how the page answered this time.
func (f *Facts) met(p *Page) {
	f.URL, f.Landed, f.Status, f.Verdict, f.Cause, f.Depth = p.URL, p.Landed(), p.Status, p.Verdict, p.Cause, p.Depth
	f.Evidence = Evidence{Status: p.Status, Fetched: p.Fetched, Digest: p.Digest}
}

// share makes facts of many pages hold one copy of what is the same in them:
// addresses, and the site's own labels.
func (r *loop) share(f *Facts) {
	f.URL = r.links.own(f.URL)
	if f.Landed == f.URL {
		f.Landed = f.URL
	}
	for i, u := range f.Links {
		f.Links[i] = r.links.own(u)
	}
	for i := range f.List.Items {
		f.List.Items[i].URL = r.links.own(f.List.Items[i].URL)
	}
	var key strings.Builder
	for _, l := range f.Labels {
		key.WriteString(l.Name + "\x00" + l.Content + "\x00")
	}
	if old, ok := r.labels[key.String()]; ok {
		f.Labels = old
	} else {
		r.labels[key.String()] = f.Labels
	}
}

func (f *Facts) rememberList(p *Page) {
	var sel Selectors
	if p.Column != nil {
		sel = p.Column.Selectors
	}
	f.Listing = &Listing{List: p.List(sel)}
	if sel.Item != "" {
		f.Extracted = p.Extracted()
	}
	if f.Kind == HomePage || p.Column != nil {
		f.Links = contentLinks(p)
		f.Codes = p.Codes()
		f.Chars = p.ownChars()
		f.Scripts, f.Loads = p.writers()
	}
}

// contentLinks are the pages that a page links, each once; navigation is
// among them on the home page and on lists.
func contentLinks(p *Page) []string {
	seen := map[string]bool{}
	var out []string
	for _, l := range p.Links() {
		if !l.Follows() && l.Kind != Attachment || l.URL == "" || seen[l.URL] {
			continue
		}
		if k := p.Parts().Kind; (k == PolicyPage || k == InterpretationPage) && marked(l.Node, "nav", "menu", "foot", "crumb") {
			continue
		}
		seen[l.URL] = true
		out = append(out, l.URL)
	}
	return out
}

// bookTitles are the documents that a page names in 《》.
func bookTitles(p *Page) []string {
	seen := map[string]bool{}
	var out []string
	s := p.Text()
	for len(out) < 20 {
		_, rest, ok := strings.Cut(s, "《")
		if !ok {
			break
		}
		t, after, ok := strings.Cut(rest, "》")
		if !ok {
			break
		}
		s = after
		t = zh.Compact(t)
		if n := len([]rune(t)); n >= 4 && n <= 100 && !seen[t] {
			seen[t] = true
			out = append(out, strings.Clone(t))
		}
	}
	return out
}
