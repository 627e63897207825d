package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A draft goes to those who supervise; what is shown to units goes to the
// units that it concerns, each with its own card.
func TestBulletinSend(t *testing.T) {
	t.Parallel()
	h := newHistory(t, 42)
	dir := t.TempDir()
	p := newEndpoints(t, filepath.Join(dir, "ca.pem"))
	file := filepath.Join(dir, "d.yaml")
	text := `units: [{id: u0, name: 教育局}, {id: u1, name: 财政局}]
sites: [{id: s0, name: 甲, unit: u0, home: "http://s0.example.gov.cn/"}, {id: s1, name: 乙, unit: u1, home: "http://s1.example.gov.cn/"}]
alerts:
  channels: [{id: mail, kind: email, from: xunjian@example.gov.cn, server: "` + p.mail + `", tls: implicit, ca_file: ca.pem}]
  contacts:
    - {id: li, roles: [supervisor], reach: [{channel: mail, address: li@example.gov.cn}]}
    - {id: zhao, roles: [agency], units: [u0], reach: [{channel: mail, address: zhao@example.gov.cn}]}
    - {id: ops, roles: [operations], reach: [{channel: mail, address: ops@example.gov.cn}]}
`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	do := func(args ...string) string {
		t.Helper()
		got, code := ordered(t, h.dir, append(append([]string{"bulletin"}, args...), "-c", file, "--now", "2026-11-02")...)
		if code != exitOK {
			t.Fatalf("%v: %d, %s", args, code, got)
		}
		return got
	}
	do("draft", "--month", "2026-10", "--kind", "scorecard")
	if got := do("send", "scorecard-2026-10", "--dry-run"); !strings.Contains(got, "li@") || strings.Contains(got, "zhao@") || strings.Contains(got, "ops@") {
		t.Errorf("a draft goes to\n%s", got)
	}
	do("preview", "scorecard-2026-10")
	for line := range strings.Lines(do("send", "scorecard-2026-10")) {
		if strings.Contains(line, "ops@") || strings.Contains(line, "zhao@") && (strings.Contains(line, "财政局") || !strings.Contains(line, "评分卡-教育局-2026-10.docx、评分卡-教育局-2026-10.xlsx")) {
			t.Errorf("sent: %s", line)
		}
	}
	if n := p.times("mail", "<scorecard-2026-10.preview."); n != 2 {
		t.Errorf("%d mails of 2", n)
	}
}
