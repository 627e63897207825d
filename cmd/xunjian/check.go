package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"time"

	"github.com/xunjian/xunjian/checks"
	"github.com/xunjian/xunjian/config"
	"github.com/xunjian/xunjian/crawler"
	"github.com/xunjian/xunjian/inspect"
)

type checkCmd struct {
	Page   string `arg:"" help:"HTML 文件或网址"`
	Only   string `placeholder:"GLOB" help:"只做编号符合的检查，如 a11y-*"`
	URL    string `placeholder:"URL" help:"文件本来的网址"`
	Home   string `placeholder:"URL" help:"所属网站的首页"`
	Rules  string `default:"guoban-2019" placeholder:"ID|FILE" help:"检查指标"`
	Now    string `placeholder:"DATE" help:"监测时间点"`
	Format string `enum:"text,json" default:"text" help:"text 或 json"`
	Allow  bool   `help:"允许访问本机和内部网址"`
}

func (checkCmd) Examples() string {
	return "  xunjian check page.html --url https://www.example.gov.cn/a/1.html\n  xunjian check https://www.example.gov.cn/ --only 'a11y-*' --format json"
}

func (c *checkCmd) Run(e *env) error {
	now, err := parseNow(c.Now)
	if err != nil {
		return err
	}
	rb, err := config.LoadRules(c.Rules, checks.All)
	if err != nil {
		return usageError{err: err}
	}
	if err := c.narrow(rb); err != nil {
		return err
	}
	p, err := c.page(e)
	if err != nil {
		return err
	}
	s := &inspect.Site{ID: inspect.Host(p.URL), Kind: inspect.Website, Home: p.URL}
	if c.Home != "" {
		if home, ok := inspect.Normal(c.Home); ok {
			s.Home = home
		}
	} else if inspect.Path(p.URL) != "/" { // a page below the root is not the home page
		s.Home = p.URL[:len(p.URL)-len(inspect.Path(p.URL))] + "/"
	}
	in, err := (&inspect.Inspector{Source: onePage{p}, Rules: rb, Clock: func() time.Time { return p.Fetched }}).Inspect(e.ctx, "check", s, now)
	if err != nil {
		return err
	}
	return c.print(e, p, in)
}

// narrow keeps the page checks that --only names.
func (c *checkCmd) narrow(rb *inspect.Rulebook) error {
	var keep []inspect.Bound
	for _, b := range rb.Checks {
		ok := true
		if c.Only != "" {
			var err error
			if ok, err = path.Match(c.Only, b.Check.ID); err != nil {
				return usage("例：--only 'a11y-*'", "--only %q 不是通配式", c.Only)
			}
		}
		if ok && b.Check.Scope == inspect.PerPage {
			keep = append(keep, b)
		}
	}
	if len(keep) == 0 {
		return usage("xunjian explain 列出全部检查", "没有符合 %q 的页面检查", c.Only)
	}
	rb.Checks = keep
	return nil
}

func (c *checkCmd) page(e *env) (*inspect.Page, error) {
	if isURL(c.Page) {
		p, err := crawler.One(e.ctx, crawler.Options{}, c.Page, c.Allow)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.Page, err)
		}
		return p, nil
	}
	raw, err := os.ReadFile(c.Page)
	if err != nil {
		return nil, usageError{err: err, hint: "参数是文件或以 http:// 开头的网址"}
	}
	at := c.URL
	if at == "" {
		abs, err := filepath.Abs(c.Page)
		if err != nil {
			return nil, err
		}
		at = "http://file.invalid" + filepath.ToSlash(abs)
	}
	u, ok := inspect.Normal(at)
	if !ok {
		return nil, usage("例：--url https://www.example.gov.cn/a/1.html", "--url %q 不是网址", c.URL)
	}
	st, err := os.Stat(c.Page)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(raw)
	p := &inspect.Page{Target: inspect.Target{URL: u, Status: http.StatusOK, Verdict: inspect.Fine, Fetched: st.ModTime().UTC().Truncate(time.Second), Digest: "sha256:" + hex.EncodeToString(sum[:])}, Type: "text/html", Raw: raw, Depth: 1}
	crawler.Decode(p, "")
	return p, nil
}

// onePage is a source of one page.
type onePage struct{ p *inspect.Page }

func (o onePage) Events(context.Context, *inspect.Site) iter.Seq2[inspect.Event, error] {
	return func(yield func(inspect.Event, error) bool) { yield(inspect.Event{Page: o.p}, nil) }
}

func (c *checkCmd) print(e *env, p *inspect.Page, in *inspect.Inspection) error {
	if !p.Readable() {
		return errors.New("页面无法判定：" + p.Cause.Chinese() + " " + p.Detail)
	}
	out := make([]inspect.JSONFinding, 0, len(in.Findings))
	for i := range in.Findings {
		out = append(out, in.Findings[i].JSON())
	}
	if c.Format == "json" {
		if err := writeJSON(e, out); err != nil {
			return err
		}
	} else {
		for _, f := range out {
			fmt.Fprintf(e.stdout, "%-8s %-24s %s  %s\n", f.Outcome, f.Check, f.Message, f.Locus)
		}
	}
	if len(out) > 0 {
		return errFindings
	}
	return nil
}
