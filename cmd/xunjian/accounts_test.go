package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xunjian/xunjian/inspect"
)

// an office with its accounts, and a server that plays the platforms.
type office struct {
	t    *testing.T
	dir  string
	conf string
}

const idNumber = "11010519491231002X"

func newOffice(t *testing.T) *office {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("/fresh.xml", func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, `<rss version="2.0"><channel><title>x</title><item><title>名单公示</title><link>http://x.example/1</link><pubDate>Mon, 10 Jun 2024 09:00:00 +0800</pubDate><description>张某，身份证号`+idNumber+`，予以公示。</description></item></channel></rss>`)
	})
	mux.HandleFunc("/silent.xml", func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, `<rss version="2.0"><channel><title>x</title><item><title>常务会议</title><link>http://x.example/2</link><pubDate>Wed, 01 May 2024 09:00:00 +0800</pubDate><description>会议作出部署。</description></item></channel></rss>`)
	})
	mux.HandleFunc("/wx/cgi-bin/stable_token", func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, `{"errcode":40164,"errmsg":"invalid ip, not in whitelist"}`)
	})
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	o := &office{t: t, dir: t.TempDir()}
	o.conf = filepath.Join(o.dir, "site.yaml")
	o.write("secrets.yaml", "office: {appid: wx0, secret: s3cr3t-of-the-unit}\n")
	o.write("accounts.csv", "代号,名称,平台,主办单位,状态,状态日期,来源\ndy-1,青岚抖音,抖音,青岚区政府,,,\nwb-1,青岚旧号,微博,青岚区政府,已注销,2024/3/1,\n")
	o.write("site.yaml", fmt.Sprintf(`crawl: {rate: -1, allow_networks: [127.0.0.0/8]}
units: [{id: qu, name: 青岚区政府}]
accounts_file: accounts.csv
media_secrets_file: secrets.yaml
accounts:
  - {id: fresh, name: 青岚网事, platform: other, unit: qu, sources: [{kind: feed, url: "%[1]s/fresh.xml"}]}
  - {id: silent, name: 青岚快报, platform: other, unit: qu, interaction: {comments: true, checked: 2024-06-01}, sources: [{kind: feed, url: "%[1]s/silent.xml"}]}
  - {id: dead, name: 青岚发布, platform: wechat, unit: qu, sources: [{kind: wechat, key: office, url: "%[1]s/wx"}]}
`, srv.URL))
	return o
}

func (o *office) write(name, text string) string {
	o.t.Helper()
	file := filepath.Join(o.dir, name)
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		o.t.Fatal(err)
	}
	return file
}

// do runs a command and returns what it printed.
func (o *office) do(want int, args ...string) string {
	o.t.Helper()
	var out, errs bytes.Buffer
	if code := run(o.t.Context(), args, strings.NewReader(""), &out, &errs); code != want {
		o.t.Errorf("xunjian %s: exit %d, want %d\n%s%s", strings.Join(args, " "), code, want, out.String(), errs.String())
	}
	return out.String() + errs.String()
}

type inspected struct {
	ID    string
	Grade struct {
		Verdict string
		Vetoes  []string
	}
	Findings []struct{ Check, Outcome, Message string }
	Account  struct {
		LastPost string `json:"last_post"`
		Sources  []struct{ Verdict, Cause string }
	}
}

func (o *office) inspect(id string, exit int) inspected {
	o.t.Helper()
	file := filepath.Join(o.dir, id+".json")
	o.do(exit, "inspect", "-c", o.conf, "--account", id, "--now", "2024-06-15", "--format", "json", "-o", file)
	b, err := os.ReadFile(file)
	if err != nil {
		o.t.Fatal(err)
	}
	var in inspected
	if err := json.Unmarshal(b, &in); err != nil {
		o.t.Fatal(err)
	}
	if strings.Contains(string(b), idNumber) || strings.Contains(string(b), "s3cr3t") {
		o.t.Errorf("a value that nobody may keep stands in %s", b)
	}
	return in
}

func (in *inspected) outcome(check string) (out string) {
	for _, f := range in.Findings {
		if f.Check == check {
			out += f.Outcome + " "
		}
	}
	return strings.TrimSpace(out)
}

// Accounts are inspected, recorded and replayed like sites. A dead collector
// fails nobody, and no credential and no number of a person is kept.
func TestAccounts(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	fresh, silent, dead := o.inspect("fresh", exitFindings), o.inspect("silent", exitFindings), o.inspect("dead", exitOK)
	if fresh.outcome("account-stale") != "" || fresh.outcome("account-content") != "review" || fresh.Account.LastPost != "2024-06-10T01:00:00Z" {
		t.Errorf("fresh: %+v", fresh)
	}
	if silent.Grade.Verdict != "fail" || strings.Join(silent.Grade.Vetoes, " ") != "MV-2a" || silent.outcome("account-stale") != "fail" {
		t.Errorf("silent: %+v", silent)
	}
	if dead.Grade.Verdict != "undecided" || len(dead.Grade.Vetoes) > 0 || dead.outcome("account-stale") != "unknown" || dead.outcome("account-collector") != "unknown" ||
		dead.outcome("account-content") != "unknown" || dead.outcome("account-interaction") != "unknown" || dead.Account.Sources[0].Cause != "own-fault" {
		t.Errorf("dead: %+v", dead)
	}
	for _, in := range []inspected{fresh, silent, dead} {
		if got := o.do(exitOK, "replay", "--data", filepath.Join(o.dir, "xunjian-data"), in.ID); !strings.Contains(got, "完全一致") {
			t.Errorf("replay %s: %s", in.ID, got)
		}
	}
	db, err := os.ReadFile(filepath.Join(o.dir, "xunjian-data", "xunjian.db"))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{"s3cr3t", idNumber} {
		if bytes.Contains(db, []byte(s)) {
			t.Errorf("the database holds %s", s)
		}
	}
	text := o.do(exitOK, "accounts", "-c", o.conf, "--now", "2024-06-15")
	for _, want := range []string{"silent  青岚快报（其他平台，运行）  不合格", "wb-1  青岚旧号（微博，已注销）", "还没有检查过", "2 个中 2 个失效", "40164", "其他平台  0.00%（0/1），未定 1 个"} {
		if !strings.Contains(text, want) {
			t.Errorf("the list lacks %q:\n%s", want, text)
		}
	}
}

// A share is rounded, not cut: regulations print 96.89 % of 280 in 289.
func TestRates(t *testing.T) {
	t.Parallel()
	rows := make([]accountRow, 290)
	for i := range rows {
		rows[i] = accountRow{Platform: inspect.WeChat, Verdict: string(inspect.Passed)}
		if i < 9 {
			rows[i].Verdict = string(inspect.Failed)
		}
	}
	rows[289].Verdict = string(inspect.Undecided)
	if got := ratesOf(rows); len(got) != 1 || got[0].Judged != 289 || got[0].Undecided != 1 || *got[0].Rate != 96.89 {
		t.Errorf("%+v", got)
	}
}

// A job that could only fail is not taken; what is done is not done again.
func TestJobsAreKnown(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	for _, args := range [][]string{{"accounts", "nobody"}, {"crawl", "fresh"}, {"crawl"}, {"prune", "fresh"}, {"recheck", "nobody", "http://a.example/"}} {
		if got := o.do(exitUsage, append(append([]string{"jobs", "run"}, args...), "-c", o.conf)...); strings.Contains(got, "panic") {
			t.Error(got)
		}
	}
	id := strings.TrimSpace(o.do(exitOK, "jobs", "run", "accounts", "fresh", "-c", o.conf))
	if got := o.do(exitOK, "jobs", "list", "-c", o.conf, "--kind", "accounts"); !strings.Contains(got, id) {
		t.Errorf("%s is not in\n%s", id, got)
	}
}

// What a unit hands in is a source of the next inspection; mistakes lose nothing.
func TestImportAndStamp(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	if before := o.inspect("dy-1", exitOK); before.outcome("account-stale") != "unknown" {
		t.Errorf("before: %+v", before)
	}
	bad := o.write("bad.csv", "账号代号,标题,发布时间\ndy-1,一,昨天\nnobody,二,2024-05-01\n")
	if got := o.do(exitUsage, "accounts", "import", "-c", o.conf, bad); !strings.Contains(got, "第2行") {
		t.Errorf("%s", got)
	}
	strange := o.write("strange.csv", "账号代号,标题,发布时间\nnobody,二,2024-05-01\n")
	if got := o.do(exitUsage, "accounts", "import", "-c", o.conf, strange); !strings.Contains(got, "nobody") {
		t.Errorf("%s", got)
	}
	good := o.write("good.csv", "账号代号,标题,发布时间,正文\ndy-1,常务会议,2024-05-20,张某，身份证号"+idNumber+"，予以公示。\ndy-1,防汛,2024-05-10,会议作出部署。\n")
	o.do(exitOK, "accounts", "import", "-c", o.conf, "--now", "2024-06-15", good)
	if in := o.inspect("dy-1", exitFindings); in.outcome("account-stale") != "unknown" || in.outcome("account-content") != "review" {
		t.Errorf("a list that does not say until when: %+v", in)
	}
	if got := o.do(exitOK, "accounts", "import", "-c", o.conf, "--now", "2024-06-15", good); !strings.Contains(got, "已经导入过") {
		t.Errorf("%s", got)
	}
	o.do(exitUsage, "accounts", "import", "-c", o.conf, "--now", "2024-06-15", "--until", "2024-07-01", good)
	o.do(exitOK, "accounts", "import", "-c", o.conf, "--now", "2024-06-15", "--until", "2024-06-15", good)
	in := o.inspect("dy-1", exitFindings)
	if in.outcome("account-stale") != "fail" {
		t.Errorf("a list until today: %+v", in)
	}
	proof := o.write("proof.png", "png")
	o.do(exitUsage, "accounts", "stamp", "dy-1", "-c", o.conf, "--now", "2024-06-15", "--proof", filepath.Join(o.dir, "none.png"), "--url", "https://x.example/9", "--published", "2024-06-12")
	o.do(exitUsage, "accounts", "stamp", "dy-1", "-c", o.conf, "--now", "2024-06-15", "--proof", proof, "--url", "https://x.example/9", "--published", "2024-06-20")
	o.do(exitOK, "accounts", "stamp", "dy-1", "-c", o.conf, "--now", "2024-06-15", "--proof", proof, "--url", "https://x.example/9", "--published", "2024-06-12", "--interaction", "comments")
	in = o.inspect("dy-1", exitFindings)
	if in.outcome("account-stale") != "" || in.outcome("account-interaction") != "" {
		t.Errorf("after the stamp: %+v", in)
	}
	if got := o.do(exitOK, "replay", "--data", filepath.Join(o.dir, "xunjian-data"), in.ID); !strings.Contains(got, "完全一致") {
		t.Errorf("%s", got)
	}
	csv := o.do(exitOK, "accounts", "list", "-c", o.conf, "--now", "2024-06-15", "--format", "csv")
	if !strings.Contains(csv, "dy-1,青岚抖音,抖音,青岚区政府,运行,2024-06-15,合格,2024-06-12,11,") {
		t.Errorf("%s", csv)
	}
}
