package inspect

import (
	"cmp"
	"encoding/json"
	"fmt"
)

// A taking makes the reading of the page that is looked at.
type taking struct {
	reading Reading
	spoiled bool // something of the page cannot be kept in a reading
}

// take begins the reading of a page, where one can be used the next time. The
// home page and the lists of columns are read each time: they are few, and
// much of what is said of them depends on the day.
func (r *loop) take(p *Page) *taking {
	if r.Key == "" || r.Record == nil || !r.timeless || p.Verdict != Fine || p.Home || p.Column != nil || p.Final != "" || p.Ran || len(p.Sealed) > 0 {
		return nil
	}
	if p.Document == nil && !p.Readable() || p.Truncated {
		return nil
	}
	return &taking{reading: Reading{Key: r.Key, URL: p.URL, Digest: p.Digest, Type: p.Type, Charset: p.Charset, CharsetFrom: p.CharsetFrom,
		Depth: p.Depth, Print: p.Print, ETag: p.Header.Get("ETag"), LastModified: p.Header.Get("Last-Modified")}}
}

// check takes what a page check came to.
func (t *taking) check(id string, res *result) {
	t.reading.Due += res.due
	if res.err != nil || res.kept != nil || len(res.clocks) > 0 || len(res.secrets) > 0 {
		t.spoiled = true
		return
	}
	for i := range res.findings {
		said, ok := tell(&res.findings[i])
		b, err := json.Marshal(said)
		if !ok || err != nil {
			t.spoiled = true
			return
		}
		t.reading.Findings = append(t.reading.Findings, Record{id, string(b)})
	}
}

// gathered takes what a site check kept of the page.
func (t *taking) gathered(c *Check, kept any) {
	s, ok := c.encodeKept(kept)
	if !ok {
		t.spoiled = true
		return
	}
	t.reading.Gathered = append(t.reading.Gathered, Record{c.ID, s})
}

// A linkOf is what is kept once of a page's links.
type linkOf struct {
	kind LinkKind
	url  string
}

// end is the reading, nil if there is none; seen is a map to work with.
func (t *taking) end(p *Page, f *Facts, seen map[linkOf]bool) *Reading {
	from, until, ok := p.span()
	if t.spoiled || !ok || len(p.Secrets) > 0 || f.List.aside { // which JSON does not write
		return nil
	}
	t.reading.From, t.reading.Until = from, until
	c := f.Content
	if c.Listing == noListing {
		c.Listing = nil
	}
	b, err := json.Marshal(&c)
	if err != nil {
		return nil
	}
	t.reading.Facts = string(b)
	links := p.Links()
	clear(seen)
	t.reading.Links = make([]Link, 0, len(links))
	for i := range links {
		l := &links[i]
		if k := (linkOf{l.Kind, l.URL}); l.URL != "" && !seen[k] {
			seen[k] = true
			t.reading.Links = append(t.reading.Links, Link{Kind: l.Kind, URL: l.URL, Scheme: l.Scheme, said: l.Text()})
		}
	}
	return &t.reading
}

// Said makes a link without an element, as a reading holds it.
func Said(k LinkKind, url, text string) Link {
	return Link{Kind: k, URL: url, Scheme: HTTP, said: text}
}

// reuse takes a page from its reading, as page would from its body.
func (r *loop) reuse(p *Page) error {
	x := p.Reading
	f, gathered, findings, err := r.unpack(x)
	if err != nil {
		return fmt.Errorf("the reading of %s: %w", p.URL, err)
	}
	f.met(p)
	c := &r.out.Counts
	if p.Document != nil {
		r.links.verdict(&p.Target)
		c.Files++
	} else {
		r.links.page(p)
		c.Fetched++
		c.Unchanged++
		c.Kinds[f.Kind]++
		r.share(f)
	}
	for i, v := range gathered {
		r.keep(x.Gathered[i].Check, p.URL, v)
	}
	c.Due += x.Due
	for i := range findings {
		r.add(x.Findings[i].Check, findings[i], p)
	}
	r.facts[f.URL] = f
	x.ETag, x.LastModified, x.Depth = cmp.Or(p.Header.Get("ETag"), x.ETag), cmp.Or(p.Header.Get("Last-Modified"), x.LastModified), p.Depth
	return nil
}

func (r *loop) unpack(x *Reading) (f *Facts, gathered []any, findings []Finding, err error) {
	f = &Facts{}
	if err := json.Unmarshal([]byte(x.Facts), &f.Content); err != nil {
		return nil, nil, nil, err
	}
	if f.Listing == nil {
		f.Listing = noListing
	}
	for i := range x.Gathered {
		c := r.checks[x.Gathered[i].Check]
		if c == nil {
			return nil, nil, nil, fmt.Errorf("no check %s", x.Gathered[i].Check)
		}
		v, err := c.decodeKept(x.Gathered[i].JSON)
		if err != nil {
			return nil, nil, nil, err
		}
		gathered = append(gathered, v)
	}
	for i := range x.Findings {
		g, err := r.retell(x.Findings[i].JSON)
		if err != nil {
			return nil, nil, nil, err
		}
		findings = append(findings, g)
	}
	return f, gathered, findings, nil
}

// mostRetold bounds what retell remembers.
const mostRetold = 4096

// retell is a finding from its record. Templates make the same one on
// thousands of pages.
func (r *loop) retell(s string) (Finding, error) {
	t, ok := r.retold[s]
	if !ok {
		if err := json.Unmarshal([]byte(s), &t); err != nil {
			return Finding{}, err
		}
		if len(r.retold) >= mostRetold {
			clear(r.retold)
		}
		r.retold[s] = t
	}
	return t.finding(), nil
}
