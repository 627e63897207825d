package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/xunjian/xunjian/store"
)

// A district is many small sites on one server, each with its own host, its
// own broken links, and a record of who asked.
type district struct {
	*slow
	sites, pages int

	mu    sync.Mutex
	asked map[string][]string // by host: the agents, one after another
	dead  bool                // every site fails alike
	fixed bool                // what was broken or empty is mended
}

func newDistrict(sites, pages int, pause time.Duration) *district {
	d := &district{sites: sites, pages: pages, asked: map[string][]string{}}
	d.slow = newSlow(d, pause)
	return d
}

func (d *district) host(n int) string { return fmt.Sprintf("s%02d.district.gov.test", n) }

func (d *district) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	dead, fixed := d.dead, d.fixed
	if a := d.asked[r.Host]; r.Host != "control.test" && (len(a) == 0 || a[len(a)-1] != r.UserAgent()) {
		d.asked[r.Host] = append(a, r.UserAgent())
	}
	d.mu.Unlock()
	if dead && r.Host != "control.test" {
		http.Error(w, "数据库连接失败", http.StatusInternalServerError)
		return
	}
	var n int
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	body := `<ul class="list"><li><a href="/xw/">要闻</a></li></ul>`
	switch {
	case r.URL.Path == "/", r.URL.Path == "/robots.txt":
		body += `<a href="/empty/">通知公告</a>`
	case r.URL.Path == "/empty/" && fixed:
		body = `<h2>通知公告</h2><ul><li><a href="/xw/1.html">关于放假的通知</a><span>2026-11-20</span></li><li><a href="/xw/2.html">关于征集意见的公告</a><span>2026-11-19</span></li>` +
			`<li><a href="/xw/3.html">关于停水的通知</a><span>2026-11-18</span></li></ul>`
	case r.URL.Path == "/empty/":
		body = `<h2>通知公告</h2>`
	case r.URL.Path == "/xw/":
		for i := range d.pages {
			body += fmt.Sprintf(`<li><a href="/xw/%d.html">第%d次会议召开</a><span>2026-11-%02d</span></li>`, i, i, 1+i%20)
		}
	case scan(r.URL.Path, "/xw/%d.html", &n) && n < d.pages:
		body = fmt.Sprintf(`<h1>第%d次会议召开</h1><p>会议在青岚区召开，研究部署有关工作。</p><a href="/xw/">要闻</a>`, n)
		if n%7 == 0 && !fixed {
			body += fmt.Sprintf(`<a href="/files/%d.pdf">附件</a>`, n)
		}
		if n%11 == 0 {
			body += fmt.Sprintf(`<a href="/old/%s-%d.html">旧文</a>`, r.Host[:3], n)
		}
	default:
		w.WriteHeader(http.StatusNotFound)
		body = "页面不存在"
	}
	fmt.Fprintf(w, `<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>青岚区%s</title></head><body>%s</body></html>`, r.URL.Path, body)
}

func scan(s, form string, n *int) bool {
	_, err := fmt.Sscanf(s+"\n", form+"\n", n)
	return err == nil
}

// config is the configuration of the district. Only the kinds that are named
// run, at cron times given.
func (d *district) config(agent string, schedules ...string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "crawl: {rate: -1, concurrency: 2, allow_networks: [127.0.0.0/8], user_agent: %q}\ncontrol: [\"http://%s/robots.txt\"]\nresolve:\n", agent, d.addr)
	for i := range d.sites {
		fmt.Fprintf(&b, "  %s: %s\n", d.host(i), d.addr)
	}
	fmt.Fprint(&b, "sites:\n")
	for i := range d.sites {
		fmt.Fprintf(&b, "  - {id: s%02d, home: \"http://%s/\", columns: [{name: 要闻, url: /xw/, genre: news}]}\n", i, d.host(i))
	}
	fmt.Fprint(&b, "schedules:\n")
	for _, k := range []string{"probe", "columns", "crawl", "links", "accounts", "deep", "confirm", "bulletin", "prune", "canary"} {
		if !slices.ContainsFunc(schedules, func(s string) bool { return strings.HasPrefix(s, k+" ") }) {
			fmt.Fprintf(&b, "  - {kind: %s, off: true}\n", k)
		}
	}
	for _, s := range schedules {
		kind, cron, _ := strings.Cut(s, " ")
		fmt.Fprintf(&b, "  - {kind: %s, cron: %q}\n", kind, cron)
	}
	return b.Bytes()
}

// overlaps are the hosts that two processes asked at once: who was followed by
// another and came back, and the other came back too.
func (d *district) overlaps() (out []string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for host, agents := range d.asked {
		for i := 0; i+3 < len(agents); i++ {
			if agents[i] == agents[i+2] && agents[i+1] == agents[i+3] {
				out = append(out, fmt.Sprintf("%s: %v", host, agents))
				break
			}
		}
	}
	return out
}

// server is a xunjian serve or worker as a process of its own.
func server(t *testing.T, log string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command("xunjian", args...)
	cmd.WaitDelay = 10 * time.Second
	f, err := os.OpenFile(log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	cmd.Stdout, cmd.Stderr = f, f
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if cmd.ProcessState == nil {
			cmd.Process.Kill()
			cmd.Wait()
		}
	})
	return cmd
}

// outcome is what the latest complete inspections of a district found, by site.
func (d *district) outcome(ctx context.Context, st *store.Store) (map[string]string, error) {
	out := map[string]string{}
	for i := range d.sites {
		id := fmt.Sprintf("s%02d", i)
		h, err := st.Latest(ctx, id, store.Whole)
		if err != nil || h == nil {
			return out, err
		}
		if h, err = st.Inspection(ctx, h.ID); err != nil {
			return out, err
		}
		var b strings.Builder
		for _, f := range h.Findings {
			fmt.Fprintf(&b, "%s %s %s %s %d\n", f.Check, f.Outcome, f.Fingerprint, f.Locus, f.Places)
		}
		out[id] = b.String()
	}
	return out, nil
}

// undisturbed is the outcome of an inspection of the district that nothing disturbs.
func (d *district) undisturbed(t *testing.T) map[string]string {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "district.yaml")
	if err := os.WriteFile(file, d.config("undisturbed"), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("xunjian", "inspect", "-c", file, "--data", filepath.Join(dir, "data"), "-q", "-o", filepath.Join(dir, "out"), "--parallel", "32")
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); exitOf(err) != exitFindings {
		t.Fatalf("xunjian inspect: %v", err)
	}
	st, err := store.Open(t.Context(), filepath.Join(dir, "data"), "")
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	out, err := d.outcome(t.Context(), st)
	if err != nil || len(out) != d.sites {
		t.Fatalf("%d of %d sites, %v", len(out), d.sites, err)
	}
	d.mu.Lock()
	clear(d.asked)
	d.mu.Unlock()
	return out
}
