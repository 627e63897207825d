package main

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/xunjian/xunjian/checks"
	"github.com/xunjian/xunjian/inspect"
)

// TestAccessibilitySpeed prints what a page costs in CPU by the static rules
// and by axe-core in Chromium, the same page in one run. It wants ten times as
// many pages a second of CPU. It is run by XUNJIAN_SPEED=1: it takes minutes.
//
// The time of the browser is that of its processes, all children of this one,
// as the kernel counts them: loading and drawing the page are part of what
// axe-core needs, as parsing is of what the rules need.
func TestAccessibilitySpeed(t *testing.T) {
	if os.Getenv("XUNJIAN_SPEED") == "" {
		t.Skip("set XUNJIAN_SPEED=1: it takes a browser and minutes")
	}
	page := bigPage()
	if file := os.Getenv("XUNJIAN_BENCH_PAGE"); file != "" {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		page = b
	}
	r := renderer(t)
	r.show(t, page) // the browser starts
	const shows = 10
	before, wall := childrenCPU(t), time.Now()
	for range shows {
		r.show(t, page)
	}
	deep := (childrenCPU(t) - before) / shows
	deepWall := time.Since(wall) / shows

	const rounds = 200
	parse, before := time.Duration(0), ownCPU(t)
	for range rounds {
		if _, err := html.Parse(bytes.NewReader(page)); err != nil {
			t.Fatal(err)
		}
	}
	parse = (ownCPU(t) - before) / rounds
	runs := staticRules(t)
	before = ownCPU(t)
	for range rounds {
		static(t, runs, page)
	}
	rules := (ownCPU(t) - before) / rounds
	ratio := float64(deep) / float64(rules)
	fmt.Printf("page of %d KB, %d static rules, CPU a page: parsing alone %v, parsing and static rules %v (%.2f times), axe-core in Chromium %v (%v by the clock)\n",
		len(page)/1000, len(runs), parse.Round(time.Microsecond), rules.Round(time.Microsecond), float64(rules)/float64(parse), deep.Round(time.Millisecond), deepWall.Round(time.Millisecond))
	fmt.Printf("pages a second of CPU: static %.0f, axe-core %.2f: %.0f times\n", 1/rules.Seconds(), 1/deep.Seconds(), ratio)
	if ratio < 10 {
		t.Errorf("the static rules are only %.1f times as fast as axe-core", ratio)
	}
}

// static parses a page and runs rules on it.
func static(t *testing.T, rules []inspect.Run, body []byte) {
	t.Helper()
	p := &inspect.Pass{Site: &inspect.Site{Home: reportURL}, Now: time.Now(), Report: func(inspect.Finding) {}, Due: func(int) {}, Clock: func(inspect.Clock) {},
		Page: &inspect.Page{Target: inspect.Target{URL: reportURL, Status: 200, Verdict: inspect.Fine}, Type: "text/html", Body: body}}
	for _, run := range rules {
		if err := run(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
}

// staticRules are all rules of accessibility that need no browser.
func staticRules(t *testing.T) (out []inspect.Run) {
	t.Helper()
	for _, c := range checks.All {
		if !strings.HasPrefix(c.ID, "a11y-") || c.Scope != inspect.PerPage {
			continue
		}
		run, err := c.Bind(func(any) error { return nil })
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, run)
	}
	return out
}

// ownCPU is the time that this process took, children left out.
func ownCPU(t *testing.T) time.Duration { return stat(t, os.Getpid()) }

// childrenCPU is the time that all living processes below this one took.
func childrenCPU(t *testing.T) (sum time.Duration) {
	t.Helper()
	parents := map[int]int{}
	all, err := os.ReadDir("/proc")
	if err != nil {
		t.Skip(err)
	}
	for _, e := range all {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		if f := fields(pid); f != nil {
			parents[pid], _ = strconv.Atoi(f[1])
		}
	}
	for pid := range parents {
		for up := parents[pid]; up > 1; up = parents[up] {
			if up == os.Getpid() {
				sum += stat(t, pid)
				break
			}
		}
	}
	return sum
}

// fields are those of /proc/PID/stat after the name: state, parent, and so on.
func fields(pid int) []string {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return nil
	}
	return strings.Fields(string(b[bytes.LastIndexByte(b, ')')+1:]))
}

// stat is user and system time, in ticks of a hundredth of a second.
func stat(t *testing.T, pid int) time.Duration {
	f := fields(pid)
	if len(f) < 13 {
		return 0 // it has ended
	}
	user, err := strconv.Atoi(f[11])
	if err != nil {
		t.Fatal(err)
	}
	system, err := strconv.Atoi(f[12])
	if err != nil {
		t.Fatal(err)
	}
	return time.Duration(user+system) * 10 * time.Millisecond
}

// bigPage is a home page of about 100 KB, made of menus, lists, pictures and a
// form as portals have them.
func bigPage() []byte {
	var s strings.Builder
	s.WriteString(`<!DOCTYPE html><html><head><meta charset="utf-8"><title>某县人民政府</title><style>.sub{display:none}a{color:#333}.date{color:#999}</style></head><body><form action="/s"><input name="q"><input type="submit" value="搜索"></form><ul>`)
	for i := range 90 {
		fmt.Fprintf(&s, `<li><a href="/c/%d/">法定主动公开内容</a></li>`, i)
	}
	s.WriteString(`</ul>`)
	for i := range 26 {
		fmt.Fprintf(&s, `<div class="box"><h3>通知公告</h3><a href="/list/%d/"><img src="/more.gif"></a><ul>`, i)
		for j := range 20 {
			fmt.Fprintf(&s, `<li><span class="date">2026-05-%02d</span><a href="/news/t202605%02d_%d.html" title="关于做好全县防汛备汛工作的通知" target="_blank">关于做好全县防汛备汛工作的通知</a></li>`, j+1, j+1, i)
		}
		s.WriteString(`</ul></div>`)
	}
	s.WriteString(`</body></html>`)
	return []byte(s.String())
}
