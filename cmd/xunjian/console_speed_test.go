package main

import (
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/store"
	"github.com/xunjian/xunjian/store/postgrestest"
)

// A million cases of a province: 750 sites of 200 units, most of them repaired
// long ago.
const (
	speedCases = 1_000_000
	speedSites = 750
	speedUnits = 200
)

// speedSQL makes the cases in the database itself; %[1]s gives numbers,
// %[2]s and %[3]s are how the dialect builds JSON and hashes.
const speedSQL = `WITH n AS (%[1]s), r AS (
  SELECT i, 's' || (i %% 750) AS site, 'u' || (i %% 750 %% 200) AS unit,
    CASE i %% 7 WHEN 0 THEN 'link-broken' WHEN 1 THEN 'column-stale' WHEN 2 THEN 'a11y-img-alt' WHEN 3 THEN 'typo' WHEN 4 THEN 'a11y-headings' WHEN 5 THEN 'disclosure-missing' ELSE 'labels-missing' END AS check_id,
    CASE WHEN i %% 40 = 0 THEN 'veto' WHEN i %% 5 = 0 THEN 'deduction' ELSE 'advice' END AS severity,
    CASE WHEN i %% 100 < 70 THEN 'verified' WHEN i %% 100 < 80 THEN 'suspected' WHEN i %% 100 < 90 THEN 'confirmed' WHEN i %% 100 < 95 THEN 'ordered' WHEN i %% 100 < 97 THEN 'waived' WHEN i %% 100 = 97 THEN 'appealed' WHEN i %% 100 = 98 THEN 'claimed' ELSE 'refuted' END AS stage,
    1795000000000000000 - i * 30000000000 AS since FROM n)
INSERT INTO cases (fingerprint, site, kind, unit, check_id, severity, stage, since, first_seen, due, owed, until, order_id, assignee, relapses, inspection, words, version, body)
SELECT %[2]s, site, 'website', unit, check_id, severity, stage, since, since - 86400000000000, CASE WHEN stage = 'ordered' THEN since + 864000000000000 ELSE 0 END, CASE WHEN stage = 'ordered' THEN since + 864000000000000 ELSE 0 END, 0,
  CASE WHEN stage = 'ordered' THEN 'ZG20261001-' || (i / 1000) ELSE '' END, '', CASE WHEN i %% 53 = 0 THEN 1 ELSE 0 END, 'x',
  '附件“第' || i || '号公告”打不开：页面不存在（404）' || char10 || 'http://s' || (i %% 750) || '.example.gov.cn/xw/' || i || '.html', 1,
  '{"fingerprint":"' || %[2]s || '","site":"' || site || '","kind":"website","unit":"' || unit || '","check":"' || check_id || '","severity":"' || severity || '","url":"http://' || site || '.example.gov.cn/xw/' || i ||
  '.html","locus":"http://' || site || '.example.gov.cn/files/' || i || '.pdf","message":"附件“第' || i || '号公告”打不开：页面不存在（404）","places":1,"stage":"' || stage || '","since":"2026-11-20T00:00:00Z","first":"2026-11-19T00:00:00Z","last":"2026-11-20T00:00:00Z","looked":"2026-11-20T00:00:00Z","inspection":"x","times":2,"version":1}'
FROM r CROSS JOIN (SELECT %[3]s AS char10) AS c ORDER BY 1`

// The console with a million cases: how long lists and filters take, on both
// databases. XUNJIAN_SPEED says that the machine is given to it.
func TestConsoleSpeed(t *testing.T) {
	if os.Getenv("XUNJIAN_SPEED") == "" {
		t.Skip("takes minutes and says little on a busy machine: make console-bench")
	}
	t.Run("sqlite", func(t *testing.T) { consoleSpeed(t, "") })
	t.Run("postgres", func(t *testing.T) { consoleSpeed(t, postgrestest.Database(t)) })
}

func consoleSpeed(t *testing.T, database string) {
	h := speedHouse(t, database)
	for _, login := range []string{"li", "zhao"} {
		v := h.enter(t, login)
		for _, path := range []string{"/", "/findings", "/findings?stage=open", "/findings?stage=suspected&check=link-broken", "/findings?site=s7", "/findings?unit=u7&stage=open", "/findings?severity=veto&sort=first",
			"/findings?overdue=1&sort=due", "/findings?relapsed=1&stage=open", "/findings?relapsed=1&stage=masked", "/findings?stage=appealed&severity=veto&check=labels-missing", "/findings?q=" + url.QueryEscape("第777777号"), "/findings?q=" + url.QueryEscape("打不开"), "/findings?q=nothing-has-this", "/findings?from=2026-11-01&to=2026-11-02", "/sites", "/clocks", "/orders", "/appeals", "/waivers"} {
			h.time(t, v, login, path)
		}
	}
}

// time asks for a page often, and where it has a next one, for those too.
func (h *house) time(t *testing.T, v *visitor, login, path string) {
	t.Helper()
	var took []time.Duration
	at := path
	for range 20 {
		begin := time.Now()
		status, body := v.get(t, at)
		took = append(took, time.Since(begin))
		if status != http.StatusOK {
			t.Fatalf("%s: %d", at, status)
		}
		if at = path; strings.Contains(body, `rel="next" href="`) {
			_, rest, _ := strings.Cut(body, `rel="next" href="`)
			at, _, _ = strings.Cut(rest, `"`)
			at = strings.ReplaceAll(at, "&amp;", "&")
		}
	}
	slices.Sort(took)
	p95 := took[18]
	fmt.Printf("%-9s %-4s %-60s median %4d ms  p95 %4d ms\n", filepath.Base(t.Name()), login, path, took[10].Milliseconds(), p95.Milliseconds())
	if p95 > 300*time.Millisecond {
		t.Errorf("%s: p95 %s", path, p95)
	}
}

// speedLooks records the last look at each site and at its lists, with twenty
// clocks each: what stands is read from them.
func (h *house) speedLooks(t *testing.T) {
	t.Helper()
	for i := range speedSites {
		site, err := h.site(fmt.Sprint("s", i))
		if err != nil {
			t.Fatal(err)
		}
		for n, scope := range []store.Scope{store.Whole, store.Lists} {
			at := h.now().Add(time.Duration(n-2) * time.Hour)
			id := fmt.Sprint("look-", i, "-", n)
			in := &inspect.Inspection{ID: id, Site: site, Rules: h.p.rules, Started: at, Finished: at, Now: at, Complete: true, Grade: inspect.Judge(site, h.p.rules, nil)}
			for k := range 20 {
				in.Clocks = append(in.Clocks, inspect.Clock{Name: fmt.Sprintf("栏目%d", k), Newest: at, Window: inspect.Window{Days: 14}, Limit: inspect.Day(at).AddDate(0, 0, k-2), Left: k - 2})
			}
			head := &store.Header{ID: id, Site: site, Now: at, Started: at, RulebookID: h.p.rules.ID, RulebookDigest: h.p.rules.Digest, Options: []byte("{}"), Scope: scope}
			if err := errors.Join(h.st.Begin(t.Context(), head), h.st.Recorder(id).Finish(t.Context(), in)); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// speedHouse serves a console over a million cases.
func speedHouse(t *testing.T, database string) *house {
	t.Helper()
	var yaml strings.Builder
	yaml.WriteString("units:\n")
	for i := range speedUnits {
		fmt.Fprintf(&yaml, "  - {id: u%d, name: 第%d单位}\n", i, i)
	}
	yaml.WriteString("sites:\n")
	for i := range speedSites {
		fmt.Fprintf(&yaml, "  - {id: s%d, name: 第%d网站, home: \"http://s%d.example.gov.cn/\", unit: u%d}\n", i, i, i, i%speedUnits)
	}
	if database != "" {
		fmt.Fprintf(&yaml, "database: %q\n", database)
	}
	s, _ := serving(t, yaml.String())
	s.work(t)
	begin := time.Now()
	speedCasesInto(t, s, database)
	fmt.Printf("%s: %d cases made in %s\n", filepath.Base(t.Name()), speedCases, time.Since(begin).Round(time.Second))
	h := s.serveHouse(t)
	h.speedLooks(t)
	house, err := s.desk()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []inspect.Person{{ID: "li", Name: "李", Role: inspect.Supervisor}, {ID: "zhao", Name: "赵", Role: inspect.Agency, Unit: "u7"}} {
		if err := house.AddUser(t.Context(), &inspect.Person{Role: inspect.Admin}, inspect.User{Person: p}, housePassword); err != nil {
			t.Fatal(err)
		}
	}
	return h
}

func speedCasesInto(t *testing.T, s *service, database string) {
	t.Helper()
	driver, address := "sqlite", "file:"+filepath.Join(s.p.cfg.Data, "xunjian.db")+"?_pragma=busy_timeout(60000)"
	text := fmt.Sprintf(speedSQL, fmt.Sprintf("WITH RECURSIVE x(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM x WHERE i < %d) SELECT i FROM x", speedCases), "printf('%024x', i * 2654435761 % 1000000007)", "char(10)")
	if database != "" {
		driver, address = "pgx", database
		text = fmt.Sprintf(speedSQL, fmt.Sprintf("SELECT i::bigint FROM generate_series(1, %d) AS g(i)", speedCases), "lpad(to_hex(i * 2654435761 % 1000000007), 24, '0')", "chr(10)")
	}
	db, err := sql.Open(driver, address)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	indexes := indexesOf(t, db, database == "")
	steps := []string{}
	for name := range indexes {
		steps = append(steps, "DROP INDEX "+name)
	}
	steps = append(steps, text)
	for _, create := range indexes {
		steps = append(steps, create)
	}
	steps = append(steps, "INSERT INTO tally SELECT unit, site, kind, check_id, severity, stage, relapses > 0, COUNT(*) FROM cases GROUP BY 1, 2, 3, 4, 5, 6, 7")
	if database != "" {
		steps = append(steps, "VACUUM cases")
	}
	for _, q := range append(steps, "ANALYZE") {
		if _, err := db.ExecContext(t.Context(), q); err != nil {
			t.Fatalf("%.60s: %v", q, err)
		}
	}
}

// indexesOf are the indexes of cases, by name: a million rows are written in
// minutes without them, and in hours with them.
func indexesOf(t *testing.T, db *sql.DB, sqlite bool) map[string]string {
	t.Helper()
	q := "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'cases' AND indexname <> 'cases_pkey'"
	if sqlite {
		q = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'cases' AND sql IS NOT NULL"
	}
	rows, err := db.QueryContext(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	out := map[string]string{}
	for rows.Next() {
		var name, create string
		if err := rows.Scan(&name, &create); err != nil {
			t.Fatal(err)
		}
		out[name] = create
	}
	if err := rows.Err(); err != nil || len(out) < 5 {
		t.Fatal(out, err)
	}
	return out
}
