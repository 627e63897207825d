package hostile

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// A trap is a site that means harm, or is as broken as if it did. It is
// inspected by a process of its own, with the limits that users have, and must
// end in time, within its memory, and with the outcome that is named here.
type trap struct {
	name  string
	slow  bool                       // only in make hostile: it takes long, or much
	serve func(t *testing.T) *target // the site
	args  []string                   // of the inspection, besides the usual ones
	// want are findings that must be told: "outcome path words", words being a
	// part of the message; "-" stands for a path that must not be accused.
	want []string
	asks int64         // requests that may be made at most; 0: as many as it likes
	time time.Duration // 90 s
	peak int64         // MB; 300
}

// A target is a site of a trap.
type target struct {
	home  string
	asked *atomic.Int64
}

// sprung is what the test reads of an inspection's JSON.
type sprung struct {
	Complete bool
	Pages    struct{ Fetched, Failed, Skipped int }
	Links    struct{ Checked, Broken, Unknown int }
	Findings []struct{ Check, Outcome, URL, Locus, Message string }
}

// about are the findings on a path, as "outcome check message".
func (in *sprung) about(path string) []string {
	var out []string
	for _, f := range in.Findings {
		if strings.HasSuffix(f.URL, path) || strings.HasSuffix(f.Locus, path) {
			out = append(out, f.Outcome+" "+f.Check+" "+f.Message)
		}
	}
	return out
}

// neighbour is a page beside each trap, with a fault that must be found.
const neighbour = `<!DOCTYPE html><html><title>通知</title><p>正文没有语言标记`

// site serves routes under a home page that links them all, and a page with a
// known fault.
func site(routes map[string]http.HandlerFunc) func(t *testing.T) *target {
	return func(t *testing.T) *target {
		var links strings.Builder
		mux := http.NewServeMux()
		paths := []string{}
		for path, h := range routes {
			mux.HandleFunc(path, h)
			paths = append(paths, path)
		}
		slices.Sort(paths)
		for _, p := range paths {
			if _, hidden := strings.CutPrefix(p, "/hidden/"); !hidden && p != "/robots.txt" && p != "/{$}" {
				fmt.Fprintf(&links, `<p><a href="%s">看 %s</a></p>`, p, p)
			}
		}
		if routes["/{$}"] == nil {
			mux.HandleFunc("/{$}", html(shell(links.String()+`<a href="/beside.html">通知</a>`)))
		}
		mux.HandleFunc("/beside.html", html(neighbour))
		asked := new(atomic.Int64)
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			asked.Add(1)
			mux.ServeHTTP(w, r)
		}))
		t.Cleanup(func() { srv.CloseClientConnections(); srv.Close() })
		return &target{srv.URL + "/", asked}
	}
}

// html serves a page.
func html(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		io.WriteString(w, body)
	}
}

// file serves bytes that are no page.
func file(body []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/octet-stream")
		w.Write(body)
	}
}

func shell(body string) string {
	return `<!DOCTYPE html><html lang="zh-CN"><head><title>示例县人民政府</title></head><body>` + body + `</body></html>`
}

// stream writes a block until the other side has had enough, or n bytes.
func stream(w io.Writer, block []byte, n int) {
	for sent := 0; sent < n; sent += len(block) {
		if _, err := w.Write(block); err != nil {
			return
		}
	}
}

// drip writes a byte at a time until nobody listens.
func drip(ctx context.Context, w io.Writer, text string, pause time.Duration) {
	flush, _ := w.(http.Flusher)
	tick := time.NewTicker(pause)
	defer tick.Stop()
	for i := 0; ; i++ {
		if _, err := w.Write([]byte{text[i%len(text)]}); err != nil {
			return
		}
		if flush != nil {
			flush.Flush()
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// wire serves a page by hand: what is written on the connection is up to it.
func wire(path string, answer func(c net.Conn)) func(t *testing.T) *target {
	return site(map[string]http.HandlerFunc{path: func(w http.ResponseWriter, _ *http.Request) {
		c, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			panic(err)
		}
		defer c.Close()
		answer(c)
	}})
}

// answering takes connections on loopback until the test ends.
func answering(t *testing.T, serve func(net.Conn)) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() { defer c.Close(); serve(c) }()
		}
	}()
	return l.Addr().String()
}

// TestHostile inspects every trap. make hostile runs the slow ones too, one
// after another, and prints the table.
func TestHostile(t *testing.T) {
	all := os.Getenv("XUNJIAN_HOSTILE") != ""
	bin := program(t)
	traps := slices.Concat(pageTraps(), wireTraps())
	if all {
		fmt.Printf("%-22s %-9s %-9s %-8s %s\n", "trap", "seconds", "peak MB", "requests", "outcome")
	}
	for _, c := range traps {
		t.Run(c.name, func(t *testing.T) {
			if c.slow && !all {
				t.Skip("slow: make hostile")
			}
			if !all {
				t.Parallel()
			}
			spring(t, bin, c, all)
		})
	}
}

// program is xunjian as users have it, without the race detector.
func program(t *testing.T) string {
	if bin := os.Getenv("XUNJIAN_BIN"); bin != "" {
		return bin
	}
	bin := filepath.Join(t.TempDir(), "xunjian")
	build := exec.Command("go", "build", "-o", bin, "./cmd/xunjian")
	build.Dir = "../.."
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return bin
}

// spring inspects one trap and holds what came of it.
func spring(t *testing.T, bin string, c trap, measured bool) {
	s := c.serve(t)
	limit := cmp.Or(c.time, 90*time.Second)
	if !measured {
		limit *= 4 // others are tested beside us
	}
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	args := append([]string{"inspect", "--data", t.TempDir(), "--allow", "127.0.0.1/32", "--rate", "-1", "--parallel", "16", "--no-discover", "--format", "json", "-q"}, c.args...)
	cmd := exec.CommandContext(ctx, bin, append(args, s.home)...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	began := time.Now()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	peak := watch(cmd.Process.Pid)
	err := cmd.Wait()
	took := time.Since(began)
	if ctx.Err() != nil {
		t.Fatalf("it did not end within %v", limit)
	}
	if code := cmd.ProcessState.ExitCode(); code != 1 { // there are findings
		t.Fatalf("exit %d (%v): %.500s", code, err, errs.String())
	}
	if most := cmp.Or(c.peak, 300); peak.Load() > most {
		t.Errorf("it took %d MB of at most %d", peak.Load(), most)
	}
	var in sprung
	if err := json.Unmarshal(out.Bytes(), &in); err != nil {
		t.Fatal(err)
	}
	if out.Len() > 8<<20 {
		t.Errorf("a report of %d MB", out.Len()>>20)
	}
	if !strings.Contains(strings.Join(in.about("/beside.html"), "\n"), "fail a11y-page-lang") {
		t.Errorf("the page beside it was not inspected: %q", in.about("/beside.html"))
	}
	if n := s.asked.Load(); c.asks > 0 && n > c.asks {
		t.Errorf("%d requests of at most %d", n, c.asks)
	}
	for _, w := range c.want {
		holdTold(t, &in, w)
	}
	if measured {
		fmt.Printf("%-22s %-9.1f %-9d %-8d %s\n", c.name, took.Seconds(), peak.Load(), s.asked.Load(), outcome(&in, c.want))
	}
	if keep := os.Getenv("XUNJIAN_HOSTILE_OUT"); keep != "" {
		os.WriteFile(filepath.Join(keep, c.name+".json"), out.Bytes(), 0o644)
	}
}

// watch is the most memory, in MB, that a process ever had, as far as it could
// be seen before it ended. (What wait4 tells counts ours in, from before exec.)
func watch(pid int) *atomic.Int64 {
	peak := new(atomic.Int64)
	name := fmt.Sprintf("/proc/%d/status", pid)
	go func() {
		for {
			b, err := os.ReadFile(name)
			_, after, ok := strings.Cut(string(b), "VmHWM:")
			if err != nil || !ok {
				return // it ended
			}
			var kb int64
			fmt.Sscan(after, &kb)
			peak.Store(kb >> 10)
			time.Sleep(10 * time.Millisecond)
		}
	}()
	return peak
}

// holdTold holds the findings against "outcome path words".
func holdTold(t *testing.T, in *sprung, want string) {
	t.Helper()
	outcome, rest, _ := strings.Cut(want, " ")
	path, words, _ := strings.Cut(rest, " ")
	about := in.about(path)
	hit := slices.ContainsFunc(about, func(s string) bool { return strings.HasPrefix(s, outcome) && strings.Contains(s, words) })
	switch {
	case outcome == "-":
		if slices.ContainsFunc(about, func(s string) bool { return strings.HasPrefix(s, "fail") && strings.Contains(s, words) }) {
			t.Errorf("%s is accused: %q", path, about)
		}
	case !hit:
		t.Errorf("want %q; told: %q", want, about)
	}
}

// outcome words what the table says of a trap: what was read, and what was told
// of the trap itself.
func outcome(in *sprung, want []string) string {
	s := fmt.Sprintf("%d pages read, %d left out; of %d targets %d broken, %d untold", in.Pages.Fetched, in.Pages.Skipped, in.Links.Checked, in.Links.Broken, in.Links.Unknown)
	if !in.Complete {
		s = "not complete; " + s
	}
	told := []string{}
	for _, w := range want {
		if outcome, rest, _ := strings.Cut(w, " "); outcome != "-" {
			_, words, _ := strings.Cut(rest, " ")
			told = append(told, strings.TrimSpace(outcome+" "+words))
		}
	}
	slices.Sort(told)
	if told = slices.Compact(told); len(told) > 0 {
		s += "; " + strings.Join(told, ", ")
	}
	return s
}
