package xunjian

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// A mutant is the program without one of the defences that docs/security.md
// names. The test that shows the defence must fail on it, or shows nothing.
type mutant struct {
	defence  string // its number in docs/security.md
	file     string
	old, new string // old stands once in the file
	room     string
	test     string
}

var mutants = []mutant{
	{"D1", "crawler/guard.go", `if a := ap.Addr().Unmap(); !inspect.IsPublic(a) && !d.site.AllowedAddr(a) {`, `if a := ap.Addr().Unmap(); !a.IsValid() {`, "./crawler", "TestRebinding"},
	{"D2", "crawler/tls.go", "		DialContext:            d.dial,\n", "		DialContext:            d.dial,\n		Proxy:                  http.ProxyFromEnvironment,\n", "./crawler", "TestNoProxy"},
	{"D3", "crawler/body.go", `raw, err := gunzip(wire, limit)`, `raw, err := gunzip(wire, 1<<40)`, "./crawler", "TestVerdicts"},
	{"D4", "crawler/redirect.go", `if len(via) >= maxHops {`, `if len(via) >= 1000 {`, "./crawler", "TestHops"},
	{"D5", "crawler/frontier.go", `if why := f.traps.catch(t.url); why != "" {`, `if why := f.traps.catch(t.url); why == "never" {`, "./crawler", "TestTraps"},
	{"D7", "dashboards/console/saved.go", `a.Namespace != "" || !slices.Contains(quiet, a.Key)`, `a.Namespace != ""`, "./cmd/xunjian", "TestConsoleIsNotRunByPages"},
	{"D8", "dashboards/sheet/sheet.go", `return "'" + s`, `return s`, "./cmd/xunjian", "TestConsoleIsNotRunByPages"},
	{"D10", "dashboards/console/console.go", `armoured(http.NewCrossOriginProtection().Handler(mux))`, `armoured(mux)`, "./cmd/xunjian", "TestConsoleSessions"},
	{"D11", "dashboards/console/login.go", `if q.session != nil {`, `if q.session == nil && q.user != nil {`, "./cmd/xunjian", "TestConsoleSessions"},
	{"D12", "dashboards/desk/people.go", `if byLogin >= attemptsLogin || byAddress`, `if byLogin >= 1e6 || byAddress`, "./cmd/xunjian", "TestConsoleSessionEnds"},
	{"D12", "dashboards/desk/people.go", `|| byAddress >= attemptsAddress {`, `|| byAddress >= 1e6 {`, "./cmd/xunjian", "TestConsoleSessionEnds"},
	{"D13", "dashboards/desk/cases.go", `if !who.Reads(c.Unit) {`, `if who == nil {`, "./cmd/xunjian", "TestConsoleMatrix"},
	{"D14", "inspect/step.go", `if c.Order != nil && c.Order.By == s.By.ID {`, `if c.Order != nil && c.Order.By == "" {`, "./inspect", "TestCaseLives"},
	{"D15", "dashboards/console/oidc.go", `if len(kept) != 3 || subtle.ConstantTimeCompare([]byte(kept[0]), []byte(q.r.FormValue("state"))) != 1 {`, `if len(kept) != 3 {`, "./cmd/xunjian", "TestConsoleOIDC"},
	{"D15", "dashboards/console/oidc.go", `if subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(nonce)) != 1 {`, `if id.Nonce == "" {`, "./cmd/xunjian", "TestConsoleOIDC"},
	{"D16", "store/audit.go", `rows[i].Seq != seq+1 || rows[i].sum(before) != rows[i].Hash`, `rows[i].Seq != seq+1 || rows[i].sum(before) == ""`, "./store", "TestAuditShowsWhatWasAltered"},
	{"D17", "store/record.go", `} else if row.Fence != r.fence {`, `} else if row.Fence < 0 {`, "./store", "TestFence"},
	{"D19", "store/evidence.go", `if digestOf(body) != row.Digest {`, `if body == nil {`, "./store", "TestWrongDigest"},
	{"D18", "inspect/document.go", `return masker(p.Secrets).Replace(text), true`, `return text, true`, "./cmd/xunjian", "TestNothingPrivateIsKept"},
	{"D20", "store/archive.go", `if seen[i] != m.Entries[i] {`, `if seen[i].Name != m.Entries[i].Name {`, "./store", "TestBadArchives"},
	{"D21", "alerts/post.go", `if inspect.IsPublic(a) {`, `if inspect.IsPublic(a) || a.IsValid() {`, "./alerts", "TestUnanswered"},
	{"D22", "dashboards/desk/password.go", "return hex.EncodeToString(sum[:])", "return hex.EncodeToString(sum[:]) + key", "./cmd/xunjian", "TestConsoleSessionEnds"},
	{"D23", "alerts/dingtalk.go", `h.Write([]byte(millis + "\n" + secret))`, `h.Write([]byte(secret))`, "./alerts", "TestDingTalkSignature"},
	{"D24", "crawler/pace.go", `	maxSilent = 8
`, `	maxSilent = 8000
`, "./crawler", "TestSilent"},
	{"D25", "dashboards/console/request.go", `for len(hops) > 0 && q.trusted(v.Address) {`, `for len(hops) > 0 {`, "./cmd/xunjian", "TestConsoleProxies"},
	{"D26", "crawler/render/render.go", `chromedp.Flag("webrtc-ip-handling-policy", "disable_non_proxied_udp"), `, ``, "./crawler/render", "TestNoSockets"},
	{"D26", "crawler/render/render.go", `chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND"),`, ``, "./crawler/render", "TestNoSockets"},
}

var testNames = regexp.MustCompile(`\bTest[A-Z]\w*`)

// TestSecurityDocument: what docs/security.md names is there: its tests, and
// the lines that its mutants take away.
func TestSecurityDocument(t *testing.T) {
	doc, err := os.ReadFile("docs/security.md")
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]bool{}
	for _, f := range goFiles(t) {
		if strings.HasSuffix(f, "_test.go") {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range regexp.MustCompile(`(?m)^func (Test\w+)\(`).FindAllSubmatch(b, -1) {
				there[string(name[1])] = true
			}
		}
	}
	for _, name := range testNames.FindAllString(string(doc), -1) {
		if !there[name] {
			t.Errorf("docs/security.md names %s, which is not there", name)
		}
	}
	for _, m := range mutants {
		b, err := os.ReadFile(m.file)
		if err != nil {
			t.Error(err)
			continue
		}
		if n := bytes.Count(b, []byte(m.old)); n != 1 {
			t.Errorf("%s: %s stands %d times in %s", m.defence, m.old, n, m.file)
		}
		row := regexp.MustCompile(`(?m)^\| ` + m.defence + ` \|.*$`).FindString(string(doc))
		if name, _, _ := strings.Cut(m.test, "/"); !strings.Contains(row, name) {
			t.Errorf("docs/security.md does not name %s for %s", name, m.defence)
		}
	}
}

func goFiles(t *testing.T) []string {
	out, err := exec.Command("git", "ls-files", "*.go").Output()
	if err != nil {
		t.Skip("no git: ", err)
	}
	return strings.Fields(string(out))
}

// TestMutants takes each defence away and runs its test, which must fail; make
// mutants.
func TestMutants(t *testing.T) {
	if os.Getenv("XUNJIAN_MUTANTS") == "" {
		t.Skip("takes minutes: make mutants")
	}
	root, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range mutants {
		t.Run(m.defence, func(t *testing.T) {
			b, err := os.ReadFile(m.file)
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			mutated, overlay := filepath.Join(dir, "mutant.go"), filepath.Join(dir, "overlay.json")
			table, err := json.Marshal(map[string]any{"Replace": map[string]string{filepath.Join(root, m.file): mutated}})
			if err != nil {
				t.Fatal(err)
			}
			for name, body := range map[string][]byte{mutated: bytes.Replace(b, []byte(m.old), []byte(m.new), 1), overlay: table} {
				if err := os.WriteFile(name, body, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			began := time.Now()
			pattern := "^" + strings.ReplaceAll(m.test, "/", "$/^") + "$"
			out, err := exec.Command("go", "test", "-overlay", overlay, "-run", pattern, "-count=1", m.room).CombinedOutput()
			if err == nil || !bytes.Contains(out, []byte("--- FAIL: ")) {
				t.Errorf("%s lives without its defence: %v\n%.2000s", m.test, err, out)
				return
			}
			fmt.Printf("%-4s %-28s %-32s fails without it (%.0f s)\n", m.defence, m.file, m.test, time.Since(began).Seconds())
		})
	}
}
