package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/store"
)

// The size of a province, see docs/bulletins.md.
const (
	scaleSites, scaleAccounts = 750, 5000
	scaleWeeks                = 13 // a complete inspection of each a week
	scaleColumns              = 50
	scaleVisits               = 20 // a day: what the rule asks for
	scaleItems                = 200
	scaleFaults               = 20
)

// A quarter of a province is compiled and written in all formats in less than
// a minute and 500 MB. `make papers` runs it.
func TestBulletinScale(t *testing.T) {
	if os.Getenv("XUNJIAN_PAPERS") == "" {
		t.Skip("make papers runs it: it takes minutes")
	}
	if dir := os.Getenv("XUNJIAN_PROVINCE"); dir != "" {
		province(t, dir)
		return
	}
	dir := t.TempDir()
	// Made by another process: one that is started counts as its own the most
	// memory that its parent ever had.
	maker := exec.Command(os.Args[0], "-test.run=^TestBulletinScale$", "-test.timeout=60m")
	maker.Env = append(os.Environ(), "XUNJIAN_PROVINCE="+dir)
	if out, err := maker.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	bin := filepath.Join(t.TempDir(), "xunjian")
	if out, err := exec.Command("go", "build", "-o", bin, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, formats := range []string{"docx,xlsx,html,json,csv", "all"} {
		out := filepath.Join(t.TempDir(), "out")
		begun := time.Now()
		c := exec.Command(bin, "bulletin", "--data", dir, "--quarter", "2026Q3", "--format", formats, "-o", out, "--issuer", "省政府办公厅")
		if said, err := c.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, said)
		}
		took := time.Since(begun)
		usage := c.ProcessState.SysUsage().(*syscall.Rusage)
		files, err := os.ReadDir(out)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %.1f s, CPU %.1f s, %d MB at most in one process, %d files", formats, took.Seconds(), (c.ProcessState.UserTime() + c.ProcessState.SystemTime()).Seconds(), usage.Maxrss>>10, len(files))
		if took > time.Minute || usage.Maxrss>>10 > 500 {
			t.Errorf("%s: more than a minute or 500 MB", formats)
		}
	}
}

// province makes one site and one account with a quarter's past, and as many
// like them as a province has.
func province(t *testing.T, dir string) {
	t.Helper()
	st, err := store.Open(t.Context(), dir, "")
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	s := &inspect.Site{ID: "SITEX", Kind: inspect.Website, Name: "网站SITEX", Home: "http://SITEX.example.gov.cn/", Unit: "单位SITEX", UnitID: "SITEX"}
	for k := range scaleColumns {
		s.Columns = append(s.Columns, inspect.Column{Name: fmt.Sprintf("栏目%d", k), URL: fmt.Sprintf("%sc%d/", s.Home, k), Genre: inspect.Genres[k%len(inspect.Genres)]})
	}
	a := &inspect.Site{ID: "ACCTX", Kind: inspect.Account, Name: "账号ACCTX", Unit: "单位ACCTX", UnitID: "ACCTX", Account: &inspect.MediaAccount{Platform: inspect.WeChat}}
	for w := range scaleWeeks {
		at := time.Date(2026, 7, 2+7*w, 9, 0, 0, 0, inspect.Zone)
		weekly(t, st, s, at)
		weekly(t, st, a, at)
	}
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "xunjian.db")+"?_pragma=cache_size(-400000)&_pragma=synchronous(0)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	copies(t, db, "SITEX", scaleSites)
	copies(t, db, "ACCTX", scaleAccounts)
	do(t, db, `WITH RECURSIVE n (k) AS (SELECT 0 UNION ALL SELECT k + 1 FROM n WHERE k < ?), v (k) AS (SELECT 0 UNION ALL SELECT k + 1 FROM v WHERE k < ?)
		INSERT INTO probes SELECT 'SITEX' || n.k, ? + v.k * ?, 'tcp', 'http://x/', CASE WHEN v.k % 97 = 0 THEN 'fault' ELSE 'fine' END, '', 100, '{}' FROM v CROSS JOIN n`,
		scaleSites-1, 92*scaleVisits-1, time.Date(2026, 7, 1, 0, 0, 0, 0, inspect.Zone).UnixNano(), int64(24*time.Hour)/scaleVisits)
}

// weekly records an inspection with findings, clocks, rows and posts.
func weekly(t *testing.T, st *store.Store, s *inspect.Site, at time.Time) {
	t.Helper()
	in := &inspect.Inspection{ID: s.ID + at.Format("0102"), Site: s, Now: at, Started: at, Finished: at.Add(time.Hour), Rules: historyRules(), Complete: true, Seen: map[string][]inspect.ListItem{},
		Counts: inspect.Counts{Fetched: 900, Asked: 3000, Broken: 4, Due: 20000, Untold: 30}}
	var feed *inspect.Collection
	if s.Account == nil {
		for k := range scaleFaults {
			c := historyChecks[k%5]
			in.Findings = append(in.Findings, inspect.Finding{Check: c.check, Outcome: inspect.Fail, State: inspect.Confirmed, URL: fmt.Sprintf("%sp%d.html", s.Home, k), Locus: fmt.Sprint("处", k), Message: "“要闻”栏目最近更新于 2026-06-01，超过 2 周没有更新", Fingerprint: fmt.Sprintf("SITEX-%d", k), First: at, Places: 1})
		}
		for k, c := range s.Columns {
			in.Clocks = append(in.Clocks, inspect.Clock{Name: c.Name, Genre: c.Genre, Newest: at, Window: inspect.Window{Days: 14}, Limit: inspect.Day(at).AddDate(0, 0, k%20)})
			for i := range scaleItems / scaleColumns {
				in.Seen[c.Name] = append(in.Seen[c.Name], inspect.ListItem{Title: "关于某某工作的通知", URL: fmt.Sprintf("%s%s-%d.html", c.URL, at.Format("0102"), i), Date: inspect.Day(at)})
			}
		}
	} else {
		feed = &inspect.Collection{Source: "feed", Kind: inspect.FromFeed, At: at, Verdict: inspect.Fine}
		for i := range 20 {
			feed.Posts = append(feed.Posts, inspect.Post{ID: fmt.Sprint(i), Title: fmt.Sprintf("推文%d", i), Published: at.AddDate(0, 0, -2*i)})
		}
	}
	in.Grade = inspect.Judge(s, in.Rules, in.Findings)
	err := st.Begin(context.WithoutCancel(t.Context()), &store.Header{ID: in.ID, Site: s, Now: at, Started: at, RulebookID: "made-up", RulebookDigest: "sha256:made-up"})
	rec := st.Recorder(in.ID)
	if feed != nil {
		err = errors.Join(err, rec.Event(t.Context(), inspect.Event{Feed: feed}))
	}
	if err = errors.Join(err, rec.Finish(t.Context(), in)); err != nil {
		t.Fatal(err)
	}
}

// copies makes more of what belongs to an id, with its number behind it.
func copies(t *testing.T, db *sql.DB, id string, n int) {
	t.Helper()
	for table, key := range map[string]string{"inspections": "id", "findings": "inspection", "events": "inspection", "items_seen": "site", "cases": "fingerprint", "steps": "case_id"} {
		var columns []string
		rows, err := db.Query("SELECT name, type FROM pragma_table_info('" + table + "')")
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			var name, kind string
			if err := rows.Scan(&name, &kind); err != nil {
				t.Fatal(err)
			}
			if kind == "TEXT" {
				name = fmt.Sprintf("replace(%s, '%s', '%s' || n.k)", name, id, id)
			}
			columns = append(columns, name)
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			t.Fatal(err)
		}
		do(t, db, fmt.Sprintf(`WITH RECURSIVE n (k) AS (SELECT 0 UNION ALL SELECT k + 1 FROM n WHERE k < %d) INSERT INTO %s SELECT %s FROM %s, n WHERE %s LIKE '%s%%'`, n-1, table, strings.Join(columns, ", "), table, key, id))
	}
	// The model itself belongs to nobody.
	for _, q := range []string{"DELETE FROM inspections WHERE site_id = ?", "DELETE FROM items_seen WHERE site = ?", "DELETE FROM steps WHERE case_id IN (SELECT fingerprint FROM cases WHERE site = ?)", "DELETE FROM cases WHERE site = ?"} {
		do(t, db, q, id)
	}
}

func do(t *testing.T, db *sql.DB, query string, args ...any) {
	t.Helper()
	if _, err := db.ExecContext(t.Context(), query, args...); err != nil {
		t.Fatalf("%v\n%s", err, query)
	}
}
