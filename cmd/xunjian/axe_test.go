package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"testing"

	"github.com/xunjian/xunjian/bulletins"
	"github.com/xunjian/xunjian/cmd/xunjian/portal"
	"github.com/xunjian/xunjian/crawler/render"
	"github.com/xunjian/xunjian/inspect"
)

// A shower shows pages in one browser.
type shower struct {
	*render.Renderer
	page []byte // what every address holds now
}

// renderer starts a browser, or skips the test with a line that says what is
// not installed.
func renderer(t *testing.T) *shower {
	t.Helper()
	s := &shower{}
	r, err := render.New(render.Options{Fetch: func(_ context.Context, u string) (*render.Response, error) {
		if u != reportURL {
			return &render.Response{Status: http.StatusNotFound, Header: http.Header{}}, nil
		}
		return &render.Response{Status: http.StatusOK, Header: http.Header{"Content-Type": {"text/html; charset=utf-8"}}, Body: s.page}, nil
	}})
	if errors.Is(err, render.ErrAbsent) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	s.Renderer = r
	return s
}

// show shows a page.
func (s *shower) show(t *testing.T, page []byte) *inspect.Rendered {
	t.Helper()
	s.page = page
	shown, err := s.Render(t.Context(), reportURL)
	if err != nil || shown.Problem != "" || shown.Engine == "" {
		t.Fatalf("%v %+v", err, shown)
	}
	return shown
}

// passes holds that axe-core finds nothing on a page.
func (s *shower) passes(t *testing.T, name string, page []byte) {
	t.Helper()
	shown := s.show(t, page)
	fmt.Printf("%s: %d KB, %s, %d violations\n", name, len(page)/1024, shown.Engine, len(shown.Violations))
	for _, v := range shown.Violations {
		t.Errorf("%s: %s (%s) at %d places, first %s: %.200s", name, v.Rule, v.Help, len(v.Nodes), v.Nodes[0].Target, v.Nodes[0].HTML)
	}
}

const reportURL = "http://report.example/"

// A report that speaks of accessibility has no fault of its own: the
// demonstration's passes axe-core whole.
func TestReportPassesAxe(t *testing.T) {
	t.Parallel()
	r := renderer(t) // before the demonstration is made: it may not be installed
	now, err := parseNow("2026-11-24")
	if err != nil {
		t.Fatal(err)
	}
	site := portal.New(now.In(inspect.Zone))
	addr, stop, err := site.Serve()
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	c := &demoCmd{Dir: filepath.Join(t.TempDir(), "demo"), Now: "2026-11-24", Quiet: true}
	all, err := c.inspect(&env{ctx: t.Context(), stdout: io.Discard, stderr: io.Discard}, site, addr)
	if err != nil {
		t.Fatal(err)
	}
	// The second of two looks in a browser has what the sections on it show.
	for n := range 2 {
		deep, err := c.browser(&env{ctx: t.Context(), stdout: io.Discard, stderr: io.Discard}, site, addr)
		if err != nil || len(deep) != 1 {
			t.Fatalf("%d inspections, %v", len(deep), err)
		}
		if n > 0 {
			all = append(all, deep...)
		}
	}
	var whole bytes.Buffer
	if err := bulletins.HTML(&whole, all[len(all)-1]); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"静态规则与浏览器对照", "无障碍问题的变化", "data:image/jpeg;base64,", "元素（列出", "浏览器抽样"} {
		if !bytes.Contains(whole.Bytes(), []byte(want)) {
			t.Errorf("the report of a browser has no %s", want)
		}
	}
	for _, in := range all {
		var page bytes.Buffer
		if err := bulletins.HTML(&page, in); err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(page.Bytes(), []byte("<h2>无障碍</h2>")) && in.Site.Kind == inspect.Website {
			t.Errorf("%s: no section on accessibility", in.Site.ID)
		}
		// What is folded away is judged too.
		unfolded := bytes.ReplaceAll(page.Bytes(), []byte("<details"), []byte("<details open"))
		unfolded = bytes.ReplaceAll(unfolded, []byte("<details open open"), []byte("<details open"))
		r.passes(t, "report of "+in.Site.ID, unfolded)
	}
}
