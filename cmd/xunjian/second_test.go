package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	diff "github.com/google/go-cmp/cmp"

	"github.com/xunjian/xunjian/bulletins"
	"github.com/xunjian/xunjian/cmd/xunjian/portal"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/store"
)

// The second inspection of an unchanged site says the same with what the first
// made of its pages and without, and its replay, which reads bodies, too.
func TestSecondInspection(t *testing.T) {
	t.Parallel()
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
	file, err := c.prepare(site, addr)
	if err != nil {
		t.Fatal(err)
	}
	twice(t, func(data string) targetFlags { return targetFlags{Config: file, Data: data, Now: "2026-11-24"} }, 30)
}

// The same over the test site, which has pages of every kind.
func TestSecondInspectionOfTestsite(t *testing.T) {
	t.Parallel()
	src := filepath.Join(cmp.Or(os.Getenv("XUNJIAN_SHARED"), "../../../shared"), "testsite")
	if _, err := os.Stat(src); err != nil {
		t.Skip("no test site here: set XUNJIAN_SHARED")
	}
	dir := t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "src"), os.DirFS(src)); err != nil {
		t.Fatal(err)
	}
	build := exec.CommandContext(t.Context(), "go", "build", "-o", filepath.Join(dir, "testsite"), ".")
	build.Dir = filepath.Join(dir, "src")
	if out, err := build.CombinedOutput(); err != nil {
		t.Skipf("the test site does not build: %s", out)
	}
	for _, flags := range [][]string{nil, {"-no-validators"}} {
		t.Run(fmt.Sprint(flags), func(t *testing.T) {
			home := serve(t, filepath.Join(dir, "testsite"), flags...)
			twice(t, func(data string) targetFlags {
				return targetFlags{URL: home, Data: data, Now: "2026-11-24", Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Rate: -1, Parallel: 16}
			}, 100)
		})
	}
}

// serve starts the test site and returns its home page.
func serve(t *testing.T, program string, flags ...string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	l.Close()
	cmd := exec.CommandContext(t.Context(), program, append([]string{"serve", "-port", fmt.Sprint(port), "-pages", "120", "-gbk", "10"}, flags...)...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	home := fmt.Sprintf("http://127.0.0.1:%d/", port)
	for range 200 {
		if res, err := http.Get(home); err == nil {
			res.Body.Close()
			return home
		}
		select {
		case <-time.After(50 * time.Millisecond):
		case <-t.Context().Done():
		}
	}
	t.Fatal("the test site does not answer")
	return ""
}

// twice inspects twice with readings and twice without, and compares.
func twice(t *testing.T, flags func(data string) targetFlags, least int) {
	t.Helper()
	round := func(data string, full bool) []*inspect.Inspection {
		t.Helper()
		cmd := &inspectCmd{targetFlags: flags(data), Full: full, NoDiscover: true, Quiet: true}
		p, err := cmd.plan()
		if err != nil {
			t.Fatal(err)
		}
		defer p.close()
		st, err := store.Open(t.Context(), data, "")
		if err != nil {
			t.Fatal(err)
		}
		defer st.Close()
		e := &env{ctx: t.Context(), stdout: io.Discard, stderr: io.Discard}
		all, err := (&demoCmd{}).round(e, cmd, p, st)
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	dir := t.TempDir()
	with, without := filepath.Join(dir, "with"), filepath.Join(dir, "without")
	round(with, false)
	round(without, true)
	left := readingsIn(t, with)
	got, want := round(with, false), round(without, true)
	if left < least {
		t.Errorf("the first inspection left %d readings, want at least %d", left, least)
	}
	unchanged := 0
	for i := range want {
		unchanged += got[i].Counts.Unchanged
		if d := diff.Diff(essence(t, want[i]), essence(t, got[i])); d != "" {
			t.Errorf("%s (-without +with readings):\n%s", want[i].Site.ID, d)
		}
		replayed(t, with, got[i])
	}
	if unchanged < least {
		t.Errorf("%d pages were unchanged", unchanged)
	}
}

// readingsIn is how many pages of all sites have a reading.
func readingsIn(t *testing.T, data string) (n int) {
	t.Helper()
	st, err := store.Open(t.Context(), data, "")
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	all, err := st.Readings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range all {
		n += k
	}
	return n
}

// essence is an inspection without times of its own.
func essence(t *testing.T, in *inspect.Inspection) string {
	t.Helper()
	x := *in
	x.Findings = slices.Clone(in.Findings)
	for i := range x.Findings {
		x.Findings[i].Evidence.Fetched = time.Time{}
	}
	x.Counts.Unchanged = 0
	past := *in.Past
	past.Probes = nil
	b, err := json.MarshalIndent([]any{x.Findings, x.Clocks, x.Grade, x.Seen, x.Counts, x.Notes, &past}, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// replayed judges an inspection from its record.
func replayed(t *testing.T, data string, in *inspect.Inspection) {
	t.Helper()
	var out, errs, want bytes.Buffer
	if code := run(t.Context(), []string{"replay", "--data", data, "--format", "json", in.ID}, nil, &out, &errs); code != exitOK && code != exitFindings {
		t.Fatalf("replay: exit %d: %s", code, errs.String())
	}
	if err := bulletins.ByName("json")(&want, in); err != nil {
		t.Fatal(err)
	}
	findings := func(b []byte) string {
		var x struct {
			Findings json.RawMessage `json:"findings"`
		}
		if err := json.Unmarshal(b, &x); err != nil {
			t.Fatal(err)
		}
		return string(x.Findings)
	}
	if d := diff.Diff(findings(want.Bytes()), findings(out.Bytes())); d != "" {
		t.Errorf("replay of %s (-inspection +replay):\n%s", in.ID, d)
	}
}
