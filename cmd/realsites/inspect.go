package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/xunjian/xunjian/bulletins"
	"github.com/xunjian/xunjian/checks"
	"github.com/xunjian/xunjian/config"
	"github.com/xunjian/xunjian/crawler"
	"github.com/xunjian/xunjian/inspect"
)

// A result is what came of one folder.
type result struct {
	folder     *folder
	columns    []crawler.Found
	inspection *inspect.Inspection
	kinds      map[string]inspect.PageKind // by address: what a kept page is taken for, by itself
}

// inspectFolder serves a folder, lets discovery propose its columns, writes
// the configuration that comes of it, and inspects the site by that file.
func inspectFolder(ctx context.Context, f *folder, out, program string) (*result, error) {
	if err := os.MkdirAll(out, 0o755); err != nil {
		return nil, err
	}
	addr, stop, err := serve(f)
	if err != nil {
		return nil, err
	}
	defer stop()
	silent, stopSilent, err := nowhere()
	if err != nil {
		return nil, err
	}
	defer stopSilent()
	to := map[string]string{}
	for _, h := range f.hosts() {
		to[h+":80"] = addr
	}
	for _, a := range f.bare() {
		to[a] = silent
	}
	r := &result{folder: f, kinds: map[string]inspect.PageKind{}}
	file := filepath.Join(out, f.name+".yaml")
	if err := r.configure(ctx, to, file); err != nil {
		return nil, err
	}
	cfg, err := config.Load(file)
	if err != nil {
		return nil, err
	}
	rules, err := config.LoadRules(cfg.Rulebook, checks.All)
	if err != nil {
		return nil, err
	}
	site := cfg.Sites[0]
	c := cfg.CrawlFor(site)
	o := crawler.Options{Rate: c.Rate, PerHost: 16, MaxPages: c.MaxPages, Robots: true, Timeout: c.Timeout, Resolve: cfg.Resolve}
	if f.deep {
		o.Deep = &crawler.Deep{Passes: rules.Mirrored()}
	}
	live := crawler.New(o)
	in := &inspect.Inspector{Source: seeded{live, r}, Rules: rules}
	if r.inspection, err = in.Inspect(ctx, f.name, site, f.now); err != nil {
		return nil, err
	}
	if program != "" {
		if err := byProgram(ctx, program, f, file, out); err != nil {
			return nil, err
		}
	}
	return r, r.write(out)
}

// byProgram inspects the site once more with the program itself, by the same
// file, and holds its JSON against what other tools rely on.
func byProgram(ctx context.Context, program string, f *folder, file, out string) error {
	json := filepath.Join(out, f.name+".program.json")
	data := filepath.Join(out, f.name+".data")
	if err := os.RemoveAll(data); err != nil {
		return err
	}
	c := exec.CommandContext(ctx, program, "inspect", "-q", "-c", file, "--data", data, "--now", f.now.Format(time.DateOnly), "--format", "json", "-o", json)
	said, err := c.CombinedOutput()
	if code := c.ProcessState.ExitCode(); code != 0 && code != 1 { // 1: it found something
		return fmt.Errorf("%s: %w: %s", program, err, said)
	}
	b, err := os.ReadFile(json)
	if err != nil {
		return err
	}
	return sound(b)
}

// configure writes the site's configuration file: what discovery proposes,
// the office's name, and where the host names lead.
func (r *result) configure(ctx context.Context, to map[string]string, file string) error {
	f := r.folder
	site := &inspect.Site{ID: f.name, Kind: inspect.Website, Name: f.owner, Unit: f.owner, Home: f.home(),
		Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}
	d := &config.Draft{Site: site, Reasons: map[string]string{}}
	if !f.single {
		found, err := crawler.Discover(ctx, crawler.Options{Rate: -1, PerHost: 16, Robots: true, Resolve: to}, site, 2000, f.now)
		if err != nil {
			return fmt.Errorf("discover: %w", err)
		}
		r.columns = found
	}
	for _, x := range r.columns {
		site.Columns = append(site.Columns, x.Column)
		d.Reasons[x.Column.URL] = x.Reason
	}
	draft, err := config.Marshal(d)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	b.WriteString("resolve:\n")
	for _, h := range slices.Sorted(maps.Keys(to)) {
		fmt.Fprintf(&b, "  %q: %q\n", h, to[h])
	}
	b.Write(bytes.Replace(draft, []byte("crawl:\n"), []byte("crawl:\n  rate: -1\n"), 1))
	return os.WriteFile(file, b.Bytes(), 0o644)
}

// A seeded source is a crawl that also starts at every kept page, since copies
// lost most of the links that led there; it notes what each is taken for.
type seeded struct {
	live *crawler.Crawler
	r    *result
}

// Events implements inspect.Source.
func (s seeded) Events(ctx context.Context, site *inspect.Site) iter.Seq2[inspect.Event, error] {
	f := s.r.folder
	wide := *site
	wide.Columns = slices.Clone(site.Columns)
	kept := map[string]bool{}
	for i := range f.pages {
		u := f.pages[i].url()
		kept[u] = true
		wide.Columns = append(wide.Columns, inspect.Column{URL: u})
	}
	return func(yield func(inspect.Event, error) bool) {
		for e, err := range s.live.Events(ctx, &wide) {
			if e.Page != nil && kept[e.Page.URL] {
				s.r.kinds[e.Page.URL] = s.alone(e.Page)
			}
			if !yield(e, err) {
				return
			}
		}
	}
}

// Render implements inspect.Renderer.
func (s seeded) Render(ctx context.Context, site *inspect.Site, urls []string) iter.Seq2[inspect.Event, error] {
	return s.live.Render(ctx, site, urls)
}

// alone is the kind of a page by itself, without what the configuration says
// of it; a page's own kind is computed once, so a copy is asked.
func (s seeded) alone(p *inspect.Page) inspect.PageKind {
	if !p.Readable() {
		return inspect.ErrorPage
	}
	q := &inspect.Page{Target: p.Target, Type: p.Type, Body: p.Body, Now: s.r.folder.now, Home: inspect.SamePage(p.URL, s.r.folder.home())}
	return q.Parts().Kind
}

// write leaves what a person reads.
func (r *result) write(out string) error {
	for _, format := range []string{"json", "html"} {
		var b bytes.Buffer
		if err := bulletins.ByName(format)(&b, r.inspection); err != nil {
			return err
		}
		if format == "json" {
			if err := sound(b.Bytes()); err != nil {
				return err
			}
		}
		if err := os.WriteFile(filepath.Join(out, r.folder.name+"."+format), b.Bytes(), 0o644); err != nil {
			return err
		}
	}
	var b strings.Builder
	for i := range r.folder.pages {
		k := &r.folder.pages[i]
		fmt.Fprintf(&b, "%s\t%s\t%s\t%s\n", k.file, k.url(), k.kind, r.kinds[k.url()])
	}
	return os.WriteFile(filepath.Join(out, r.folder.name+".kinds.tsv"), []byte(b.String()), 0o644)
}

// sound holds the JSON against the keys that other tools rely on.
func sound(b []byte) error {
	var top map[string]json.RawMessage
	if err := json.Unmarshal(b, &top); err != nil {
		return fmt.Errorf("the JSON is none: %w", err)
	}
	at := -1
	for _, key := range []string{"schema", "target", "started", "finished", "now", "rulebook", "pages", "links", "coverage", "grade", "findings"} {
		if _, ok := top[key]; !ok {
			return fmt.Errorf("the JSON has no %q", key)
		}
		i := bytes.Index(b, []byte(`"`+key+`":`))
		if i < at {
			return fmt.Errorf("the JSON has %q out of order", key)
		}
		at = i
	}
	return nil
}
