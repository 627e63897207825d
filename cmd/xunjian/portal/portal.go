// Package portal is the demonstration site: a small district's portal, made up
// in every word, with faults planted in it whose list is known. `xunjian demo`
// serves it on loopback and inspects it; a test holds the result against the
// list, so that what is planted is found and nothing else is.
package portal

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io"
	"log"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// Host is the made-up name of the portal; the configuration maps it to loopback.
const Host = "www.qinglan.gov.test"

// Code and Region are the portal's registered site code and division code.
const (
	Code   = "1499020001"
	Region = "149902"
	Name   = "青岚区人民政府"
	ID     = "qinglan"
)

//go:embed templates/*.html
var files embed.FS

var layouts = template.Must(template.ParseFS(files, "templates/*.html"))

// A Fault is one line of the truth: what must be found, where, and how it is
// named. An outcome of unknown is what nobody can tell here, with the reason.
type Fault struct {
	Site    string `json:"site"`
	Check   string `json:"check"`
	Outcome string `json:"outcome"`
	Page    string `json:"page"` // path of the page it is seen on first
	Locus   string `json:"locus"`
	Note    string `json:"note"`
}

// A Twin is what looks like a fault and is none: its check must say nothing of
// that page, or of that locus on it.
type Twin struct {
	Site  string `json:"site"`
	Check string `json:"check"`
	Page  string `json:"page"`
	Locus string `json:"locus,omitempty"`
	Note  string `json:"note"`
}

// A Truth is all that the demonstration knows of itself.
type Truth struct {
	Faults []Fault `json:"faults"`
	Twins  []Twin  `json:"look_alikes"`
}

// A Portal is the site, rendered as of one day.
type Portal struct {
	now    time.Time
	early  bool // as it looked a week before
	pages  map[string]*answer
	cols   []*column
	truth  Truth
	serial int

	before  *Portal // the same a week before
	turned  atomic.Bool
	offices []*office
	forms   []form
}

type answer struct {
	status   int
	typ      string
	body     []byte
	location string
}

// New renders the portal as it looks on the day of now, and as it looked a
// week before.
func New(now time.Time) *Portal {
	p := &Portal{now: now, pages: map[string]*answer{}}
	p.build()
	p.before = &Portal{now: now, early: true, pages: map[string]*answer{}}
	p.before.build()
	return p
}

// Week is how many days before its day the portal was as Before serves it.
const Week = 7

// Before makes the portal answer as it did a week before, or as it does now.
func (p *Portal) Before(yes bool) { p.turned.Store(yes) }

// Truth is what an inspection must find, and what it must not.
func (p *Portal) Truth() *Truth { return &p.truth }

// Planted is how many of the lines are faults or doubts; the others say what nobody can tell.
func (t *Truth) Planted() (n int) {
	for _, f := range t.Faults {
		if f.Outcome != "unknown" {
			n++
		}
	}
	return n
}

// With is both of them.
func (t *Truth) With(more *Truth) *Truth {
	return &Truth{Faults: slices.Concat(t.Faults, more.Faults), Twins: slices.Concat(t.Twins, more.Twins)}
}

// Pages is how many HTML pages the portal has.
func (p *Portal) Pages() (n int) {
	for _, a := range p.pages {
		if a.status == http.StatusOK && strings.HasPrefix(a.typ, "text/html") {
			n++
		}
	}
	return n
}

// ServeHTTP serves the portal, and whoever else its pages link. What lies
// under /app/ answers "found" to everything, as some systems do.
func (p *Portal) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if p.turned.Load() {
		p.before.ServeHTTP(w, r)
		return
	}
	host, _, _ := strings.Cut(r.Host, ":")
	if host == Host {
		host = ""
	}
	a := p.pages[host+r.URL.RequestURI()]
	if a == nil {
		a = p.pages[host+r.URL.Path]
	}
	switch {
	case a == nil && r.URL.Path == "/search":
		a = p.search(host, r.URL.Query().Get("q"))
	case a == nil && host == "" && strings.HasPrefix(r.URL.Path, "/app/"):
		a = p.pages["/app/missing"]
	case a == nil && slices.Contains(authorities, host):
		a = p.pages[host+"/"]
	case a == nil:
		a = &answer{status: http.StatusNotFound, typ: "text/html; charset=utf-8", body: []byte("<!DOCTYPE html><html lang=\"zh-CN\"><title>404</title><p>页面不存在</p></html>")}
	}
	w.Header().Set("Content-Type", a.typ)
	if a.location != "" {
		w.Header().Set("Location", a.location)
	}
	w.WriteHeader(a.status)
	if r.Method != http.MethodHead {
		w.Write(a.body)
	}
}

// An Addr is where the portal listens, for each of its sites.
type Addr struct{ Plain, Secure string }

// Serve serves the portal on loopback ports until stop is called.
func (p *Portal) Serve() (addr Addr, stop func(), err error) {
	plain, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return Addr{}, nil, fmt.Errorf("serve the demonstration site: %w", err)
	}
	secure, err := p.listenTLS()
	if err != nil {
		plain.Close()
		return Addr{}, nil, fmt.Errorf("serve the demonstration site: %w", err)
	}
	// Handshakes that fail are part of the demonstration.
	srv := &http.Server{Handler: p, ReadHeaderTimeout: 10 * time.Second, ErrorLog: log.New(io.Discard, "", 0)}
	var done sync.WaitGroup
	for _, l := range []net.Listener{plain, secure} {
		done.Go(func() { srv.Serve(l) })
	}
	return Addr{plain.Addr().String(), secure.Addr().String()}, func() { srv.Close(); done.Wait() }, nil
}

// Config is the configuration by which the portal alone is inspected, as a
// district office would write it.
func (p *Portal) Config(addr string) []byte { return p.config(addr, "", nil) }

// DistrictConfig is the configuration of the portal and the departments.
func (p *Portal) DistrictConfig(addr Addr) []byte {
	return p.config(addr.Plain, addr.Secure, p.offices)
}

func (p *Portal) config(plain, secure string, offices []*office) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s：青岚区为虚构地名。\nrulebook: guoban-2019\n", Mark)
	fmt.Fprintf(&b, "crawl:\n  rate: -1\n  concurrency: 8\n  allow_networks: [127.0.0.0/8]\n")
	fmt.Fprintf(&b, "resolve:\n")
	for _, h := range append([]string{Host}, neighbours...) {
		fmt.Fprintf(&b, "  %s: %s\n", h, plain)
	}
	for _, o := range offices {
		fmt.Fprintf(&b, "  %s: %s\n", o.host, secure)
	}
	fmt.Fprintf(&b, "units:\n  - {id: qlqzfb, name: 青岚区人民政府办公室, region: \"%s\"}\n", Region)
	for _, o := range offices {
		fmt.Fprintf(&b, "  - {id: %s, name: %s, region: \"%s\"}\n", o.id, o.name, Region)
	}
	fmt.Fprintf(&b, "sites:\n  - id: %s\n    name: %s\n    home: http://%s/\n    unit: qlqzfb\n    code: \"%s\"\n    region: \"%s\"\n    portal: true\n    columns:\n", ID, Name, Host, Code, Region)
	for _, c := range p.cols {
		if c.Genre != "" {
			fmt.Fprintf(&b, "      - {name: %s, url: %s, genre: %s, top_level: %v}\n", c.Name, c.Path, c.Genre, c.top)
		}
	}
	for _, o := range offices {
		fmt.Fprintf(&b, "  - {id: %s, name: %s, home: \"https://%s/\", unit: %s, code: \"%s\", region: \"%s\"}\n", o.id, o.name, o.host, o.id, o.code, Region)
	}
	if len(offices) > 0 { // the whole district, with its accounts
		fmt.Fprintf(&b, "media_secrets_file: %s\naccounts:\n", SecretsFile)
		for _, a := range register {
			fmt.Fprintf(&b, "  - %s\n", strings.ReplaceAll(a.yaml, "CHECKED", p.now.AddDate(0, 0, -Week-1).Format(time.DateOnly)))
		}
	}
	return b.Bytes()
}

// SecretsFile is where the configuration looks for MediaSecrets, beside it.
const SecretsFile = "media-secrets.yaml"

// Mark is how a configuration of the demonstration begins.
const Mark = "# 演示网站的配置"

// plant notes a fault that the portal's page at path carries.
func (p *Portal) plant(check, path, locus, note string) {
	p.plantAs("fail", check, path, locus, note)
}

// plantAs is plant for an outcome other than fail.
func (p *Portal) plantAs(outcome, check, path, locus, note string) {
	p.truth.Faults = append(p.truth.Faults, Fault{Site: ID, Check: check, Outcome: outcome, Page: path, Locus: locus, Note: note})
}

// twin notes what looks like a fault at path and is none.
func (p *Portal) twin(check, path, locus, note string) {
	p.truth.Twins = append(p.truth.Twins, Twin{Site: ID, Check: check, Page: path, Locus: locus, Note: note})
}

func (p *Portal) put(path string, a *answer) {
	if p.pages[path] != nil {
		panic("portal: two answers at " + path)
	}
	p.pages[path] = a
}

// A view is what a template shows.
type view struct {
	Kind                     string // home, list or article
	Lang, Charset            string
	Title, Heading, SiteName string
	Labels                   []label
	Nav, Blocks              []*column
	Column                   *column
	Items                    []*article
	Facts                    []string // printed under the heading
	Pager                    []anchor
	Body                     template.HTML
	Foot                     foot
	Viewport                 string
	Head                     template.HTML // more of the head
	Bare                     bool          // without headings and landmarks
	Search                   bool
}

type label struct{ Name, Content string }

type anchor struct{ Path, Name string }

// A foot is which identity items the foot of a template carries.
type foot struct {
	Police, SiteMap, Notice, Old bool
	Owner, Code                  string
	Entry                        string // the code in the link of 我为政府网站找错; "" for none
}

// render renders a page with a layout.
func (p *Portal) render(path string, v *view) { p.put(path, p.page(v)) }

func (p *Portal) page(v *view) *answer {
	var b bytes.Buffer
	if err := layouts.ExecuteTemplate(&b, "page.html", v); err != nil {
		panic("portal: " + v.Title + ": " + err.Error()) // our own template and data
	}
	body, typ := b.Bytes(), "text/html; charset=utf-8"
	if v.Charset == "gb2312" {
		enc, err := simplifiedchinese.GBK.NewEncoder().Bytes(body)
		if err != nil {
			panic("portal: " + v.Title + ": " + err.Error())
		}
		body, typ = enc, "text/html" // declared in the page alone, as old channels do
	}
	return &answer{status: http.StatusOK, typ: typ, body: body}
}
