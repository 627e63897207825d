package main

import (
	"database/sql"
	"fmt"
	"math/big"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/xunjian/xunjian/bulletins/paper"
	"github.com/xunjian/xunjian/bulletins/period"
)

// The queries below are written against the tables, apart from the code that
// compiles: they say what each printed number means. Lives are what comes
// between two relapses of a case; standing are the stages in which a fault
// counts as there.
const (
	sqlStanding = `('confirmed', 'ordered', 'claimed', 'masked', 'appealed')`
	sqlLives    = `WITH turns AS (
	SELECT case_id, n, at, act, from_stage, to_stage, body, SUM(COALESCE(json_extract(body, '$.relapse'), 0)) OVER (PARTITION BY case_id ORDER BY n) AS life FROM steps WHERE at < :known),
lives AS (
	SELECT t.case_id, t.life, MIN(CASE WHEN from_stage <> to_stage AND to_stage IN ` + sqlStanding + ` THEN at END) AS confirmed, MIN(at) AS began,
	MAX(CASE WHEN from_stage <> to_stage AND to_stage = 'verified' THEN at END) AS closed, MAX(CASE WHEN from_stage <> to_stage AND to_stage = 'verified' THEN n END) AS closing, MAX(act IN ('confirm', 'reject')) AS person,
	(SELECT x.to_stage FROM turns x WHERE x.case_id = t.case_id AND x.life = t.life AND x.from_stage <> x.to_stage ORDER BY x.n DESC LIMIT 1) AS final,
	(SELECT x.at FROM turns x WHERE x.case_id = t.case_id AND x.life = t.life AND x.from_stage <> x.to_stage ORDER BY x.n DESC LIMIT 1) AS final_at,
	COALESCE((SELECT x.to_stage FROM turns x WHERE x.case_id = t.case_id AND x.life = t.life AND x.from_stage <> x.to_stage AND x.at < :from ORDER BY x.n DESC LIMIT 1), '') AS stage_from,
	COALESCE((SELECT x.to_stage FROM turns x WHERE x.case_id = t.case_id AND x.life = t.life AND x.from_stage <> x.to_stage AND x.at < :to ORDER BY x.n DESC LIMIT 1), '') AS stage_to,
	COALESCE((SELECT x.to_stage FROM turns x WHERE x.case_id = t.case_id AND x.life = t.life AND x.from_stage <> x.to_stage AND x.to_stage NOT IN ('masked', 'appealed') AND x.at < :to ORDER BY x.n DESC LIMIT 1), '') AS behind_to,
	COALESCE((SELECT x.to_stage FROM turns x WHERE x.case_id = t.case_id AND x.life = t.life AND x.from_stage <> x.to_stage AND x.to_stage NOT IN ('masked', 'appealed') ORDER BY x.n DESC LIMIT 1), '') AS behind,
	(SELECT MAX(x.at) FROM turns x WHERE x.case_id = t.case_id AND x.life = t.life AND x.from_stage <> x.to_stage AND x.to_stage = 'claimed') AS reported,
	(SELECT 1000000000 * CAST(strftime('%s', json_extract(x.body, '$.until')) AS INTEGER) FROM turns x WHERE x.case_id = t.case_id AND x.life = t.life AND x.act IN ('order', 'extend') ORDER BY x.n DESC LIMIT 1) AS due
	FROM turns t GROUP BY t.case_id, t.life),
faults AS (
	SELECT l.*, c.site, c.severity, c.check_id, c.unit, CASE WHEN l.life = 0 THEN c.first_seen ELSE l.began END AS seen,
	(SELECT CASE WHEN x.to_stage = 'claimed' THEN x.at END FROM turns x WHERE x.case_id = l.case_id AND x.life = l.life AND x.from_stage <> x.to_stage AND x.to_stage NOT IN ('masked', 'appealed') AND x.n < l.closing ORDER BY x.n DESC LIMIT 1) AS claim,
	COALESCE((SELECT x.to_stage FROM turns x WHERE x.case_id = l.case_id AND x.life = l.life AND x.from_stage <> x.to_stage AND x.at < l.due + 86400000000000 ORDER BY x.n DESC LIMIT 1), '') AS stage_due
	FROM lives l JOIN cases c ON c.fingerprint = l.case_id WHERE l.final <> 'refuted'),
lasts AS (
	SELECT i.* FROM inspections i JOIN (SELECT site_id, MAX(now) AS now FROM inspections WHERE complete AND scope = '' AND now >= :from AND now < :to AND finished < :known GROUP BY site_id) m
	ON m.site_id = i.site_id AND m.now = i.now WHERE i.complete),
decided AS (
	SELECT f.inspection, f.check_id, f.outcome, f.state, (SELECT l.life FROM lives l JOIN cases c ON c.fingerprint = l.case_id
		WHERE l.case_id = f.fingerprint AND (l.life = 0 AND c.first_seen <= i.now OR l.life > 0 AND l.began <= i.now) ORDER BY l.life DESC LIMIT 1) AS life, f.fingerprint, i.now, i.site_id
	FROM findings f JOIN lasts i ON i.id = f.inspection),
judged AS (
	SELECT d.*, COALESCE(l.final = 'refuted', 0) OR COALESCE(l.final = 'waived', 0)
		OR COALESCE((SELECT x.to_stage FROM turns x WHERE x.case_id = d.fingerprint AND x.life = d.life AND x.from_stage <> x.to_stage AND x.at <= d.now ORDER BY x.n DESC LIMIT 1), '') = 'waived' AS off, COALESCE(l.person, 0) AS upheld
	FROM decided d LEFT JOIN lives l ON l.case_id = d.fingerprint AND l.life = d.life),
grades AS (
	SELECT i.site_id, i.site, i.id, i.now,
	(SELECT COUNT(*) FROM judged j WHERE j.inspection = i.id AND NOT off AND check_id = 'column-stale' AND outcome <> 'unknown' AND (upheld OR outcome = 'fail' AND state <> 'suspected')) AS stale,
	(SELECT COUNT(*) FROM judged j WHERE j.inspection = i.id AND NOT off AND check_id = 'column-stale') AS stale_all,
	(SELECT COUNT(*) FROM judged j WHERE j.inspection = i.id AND NOT off AND check_id = 'misstatement' AND upheld AND outcome <> 'unknown') AS wrong,
	(SELECT COUNT(*) FROM judged j WHERE j.inspection = i.id AND NOT off AND check_id = 'misstatement') AS wrong_all,
	(SELECT COUNT(*) FROM judged j WHERE j.inspection = i.id AND NOT off AND check_id = 'account-stale' AND outcome <> 'unknown' AND (upheld OR outcome = 'fail' AND state <> 'suspected')) AS silent,
	(SELECT COUNT(*) FROM judged j WHERE j.inspection = i.id AND NOT off AND check_id = 'account-stale') AS silent_all,
	(SELECT COUNT(*) FROM judged j WHERE j.inspection = i.id AND NOT off AND check_id = 'link-broken' AND outcome <> 'unknown' AND (upheld OR outcome = 'fail' AND state <> 'suspected')) AS broken,
	(SELECT COUNT(*) FROM judged j WHERE j.inspection = i.id AND NOT off AND check_id = 'message-late' AND outcome <> 'unknown' AND (upheld OR outcome = 'fail' AND state <> 'suspected')) AS late
	FROM lasts i),
verdicts AS (
	SELECT *, json_extract(site, '$.kind') AS kind, json_extract(site, '$.account.platform') AS platform, COALESCE(json_extract(site, '$.portal'), 0) AS portal,
	10000 - MIN(3000, 300 * broken) - MIN(6000, 1500 * late) AS points,
	CASE WHEN json_extract(site, '$.kind') = 'account' THEN CASE WHEN silent >= 1 THEN 'fail' WHEN silent_all >= 1 THEN 'undecided' ELSE 'pass' END
	WHEN stale >= 2 OR wrong >= 1 OR COALESCE(json_extract(site, '$.portal'), 0) AND 10000 - MIN(3000, 300 * broken) - MIN(6000, 1500 * late) < 6000 THEN 'fail'
	WHEN stale_all >= 2 AND stale_all > stale OR wrong_all > wrong THEN 'undecided' ELSE 'pass' END AS verdict
	FROM grades)
`
)

// sqlOrders are the orders whose last day lies in the period; what was reported
// as repaired by then and not looked at since is not among them.
const sqlOrders = "SELECT COUNT(*) FROM faults WHERE due >= :from AND due < :to AND (stage_due = 'verified' OR stage_due IN " + sqlStanding + ") AND NOT (final IN " + sqlStanding + " AND behind = 'claimed' AND reported < due + 86400000000000)"

// sqlFigures are what each figure means. # stands for the claim on the kind.
func sqlFigures() map[string]string {
	q := map[string]string{
		"scores.counted":   "SELECT COUNT(*) FROM verdicts WHERE portal",
		"scores.mean":      "SELECT SUM(points) FROM verdicts WHERE portal",
		"coverage.due":     "SELECT SUM(json_extract(counts, '$.Due')) FROM lasts",
		"coverage.untold":  "SELECT SUM(json_extract(counts, '$.Untold')) FROM lasts",
		"coverage.told":    "SELECT SUM(json_extract(counts, '$.Due') - json_extract(counts, '$.Untold')) FROM lasts",
		"pages.read":       "SELECT SUM(json_extract(counts, '$.Fetched')) FROM lasts WHERE json_extract(site, '$.kind') = 'website'",
		"links.asked":      "SELECT SUM(json_extract(counts, '$.Asked')) FROM lasts WHERE json_extract(site, '$.kind') = 'website'",
		"links.broken":     "SELECT SUM(json_extract(counts, '$.Broken')) FROM lasts WHERE json_extract(site, '$.kind') = 'website'",
		"columns.soon":     "SELECT COUNT(*) FROM lasts, json_each(lasts.clocks) k WHERE julianday(date(json_extract(k.value, '$.limit'), '+8 hours')) - julianday(date(lasts.now / 1000000000, 'unixepoch', '+8 hours')) BETWEEN 0 AND 7",
		"faults.new":       "SELECT COUNT(*) FROM faults WHERE confirmed >= :from AND confirmed < :to",
		"faults.fixed":     "SELECT COUNT(*) FROM faults WHERE closed >= :from AND closed < :to",
		"faults.open":      "SELECT COUNT(*) FROM faults WHERE stage_to IN " + sqlStanding,
		"faults.overdue":   "SELECT COUNT(*) FROM faults WHERE stage_to IN " + sqlStanding + " AND behind_to = 'ordered' AND due < :to",
		"faults.relapsed":  "SELECT COUNT(*) FROM faults WHERE confirmed >= :from AND confirmed < :to AND life > 0",
		"faults.waived":    "SELECT COUNT(*) FROM faults WHERE stage_to = 'waived' AND confirmed < :to",
		"faults.dropped":   "SELECT COUNT(*) FROM lives WHERE final = 'refuted' AND final_at >= :from AND final_at < :to",
		"repairs.before":   "SELECT COUNT(*) FROM faults WHERE stage_from IN " + sqlStanding,
		"repairs.fixed":    "SELECT COUNT(*) FROM faults WHERE stage_from IN " + sqlStanding + " AND closed >= :from AND closed < :to",
		"orders.due":       sqlOrders,
		"orders.in_time":   sqlOrders + " AND COALESCE(claim, closed) < due + 86400000000000",
		"pending.total":    "SELECT COUNT(*) FROM faults WHERE stage_to = 'suspected'",
		"letters.late":     "SELECT COUNT(*) FROM faults WHERE check_id = 'message-late' AND confirmed >= :from AND confirmed < :to",
		"volume.items":     "SELECT COUNT(*) FROM items_seen WHERE date >= :from AND date < :to AND first_seen < :known",
		"volume.posts":     sqlPosts,
		"visits.made":      "SELECT COUNT(*) FROM probes WHERE network = 'tcp' AND at >= :from AND at < :to",
		"visits.told":      "SELECT COUNT(*) FROM probes WHERE network = 'tcp' AND at >= :from AND at < :to AND verdict <> 'unknown'",
		"visits.opened":    "SELECT COUNT(*) FROM probes WHERE network = 'tcp' AND at >= :from AND at < :to AND verdict NOT IN ('unknown', 'fault')",
		"access.sites":     "SELECT COUNT(DISTINCT f.inspection) FROM findings f JOIN lasts i ON i.id = f.inspection WHERE f.check_id LIKE 'a11y-%' AND f.outcome = 'fail' AND f.state <> 'suspected'",
		"access.faults":    "SELECT COUNT(*) FROM findings f JOIN lasts i ON i.id = f.inspection WHERE f.check_id LIKE 'a11y-%' AND f.outcome = 'fail' AND f.state <> 'suspected'",
		"access.places":    "SELECT SUM(places) FROM findings f JOIN lasts i ON i.id = f.inspection WHERE f.check_id LIKE 'a11y-%' AND f.outcome = 'fail' AND f.state <> 'suspected'",
		"units.faulty":     "SELECT COUNT(DISTINCT unit) FROM faults WHERE stage_to IN " + sqlStanding,
		"policy.documents": "SELECT COUNT(DISTINCT site || url) FROM items_seen t WHERE column_name = '栏目1' AND date >= :from AND date < :to AND first_seen < :known",
	}
	listed := "SELECT COUNT(*) FROM faults WHERE confirmed < :to AND stage_to <> 'waived' AND (stage_from IN ('waived', " + sqlStanding[1:] + " OR EXISTS (SELECT 1 FROM turns x WHERE x.case_id = faults.case_id AND x.life = faults.life AND x.from_stage <> x.to_stage AND x.at >= :from AND x.at < :to AND x.to_stage IN ('waived', " + sqlStanding[1:] + "))"
	q["problems.total"] = listed
	for _, s := range []string{"veto", "deduction", "advice"} {
		q["faults.new."+s] = q["faults.new"] + " AND severity = '" + s + "'"
		q["faults.open."+s] = q["faults.open"] + " AND severity = '" + s + "'"
		q["problems."+s] = listed + " AND severity = '" + s + "'"
	}
	for _, c := range historyChecks {
		q["problems."+c.check] = listed + " AND check_id = '" + c.check + "'"
	}
	populations := map[string]string{"sites": "kind = 'website'", "accounts": "kind = 'account'", "accounts.wechat": "platform = 'wechat'", "accounts.weibo": "platform = 'weibo'"}
	for id, claim := range populations {
		q[id+".checked"] = "SELECT COUNT(*) FROM verdicts WHERE " + claim
		for figure, verdict := range map[string]string{"passed": "('pass')", "failed": "('fail')", "undecided": "('undecided')", "judged": "('pass', 'fail')"} {
			q[id+"."+figure] = "SELECT COUNT(*) FROM verdicts WHERE " + claim + " AND verdict IN " + verdict
		}
	}
	return q
}

// sqlPosts counts, for each account, what its last look told that is dated in
// the month: the test keeps posts in a table of its own, since events are packed.
const sqlPosts = "SELECT COUNT(*) FROM posts_told WHERE published >= :from AND published < :to AND inspection IN (SELECT i.id FROM inspections i JOIN (SELECT site_id, MAX(now) AS now FROM inspections WHERE complete AND scope = '' AND now >= :from AND now < :to + 604800000000000 AND finished < :known GROUP BY site_id) m ON m.site_id = i.site_id AND m.now = i.now WHERE i.complete)"

// sqlRates are figures that follow from two others.
var sqlRates = map[string][2]string{"sites.pass_rate": {"sites.passed", "sites.judged"}, "accounts.pass_rate": {"accounts.passed", "accounts.judged"}, "coverage.rate": {"coverage.told", "coverage.due"},
	"repairs.rate": {"repairs.fixed", "repairs.before"}, "orders.rate": {"orders.in_time", "orders.due"}, "visits.rate": {"visits.opened", "visits.told"}}

// A recount is a period counted by SQL.
type recount struct {
	*madeUp
	queries map[string]string
	p       period.Period
	known   time.Time
	told    map[string]int64 // what was asked already
}

func (c *recount) at(id string, p period.Period) int64 {
	query, ok := c.queries[id]
	if !ok {
		c.t.Fatalf("no query says what %s means", id)
	}
	key := id + " " + p.String()
	if n, ok := c.told[key]; ok {
		return n
	}
	s := p.Span()
	n := c.ask(c.t.Context(), sqlLives+query, sql.Named("from", s.From.UnixNano()), sql.Named("to", s.To.UnixNano()), sql.Named("known", c.known.UnixNano()))
	c.told[key] = n
	return n
}

// text is what a paper must print for a figure.
func (c *recount) text(id string) string {
	kind, figure, _ := strings.Cut(id, ".")
	if i := strings.LastIndex(id, "."); i >= 0 && strings.HasPrefix(id, "accounts.") {
		kind, figure = id[:i], id[i+1:]
	}
	switch {
	case figure == "registered":
		return fmt.Sprint(c.registered(kind))
	case figure == "checked_rate":
		return percentOf(c.at(kind+".checked", c.p), int64(c.registered(kind)))
	case strings.HasSuffix(id, ".change"):
		rate := strings.TrimSuffix(id, ".change")
		now, before := c.rate(rate, c.p), c.rate(rate, c.p.Back(1))
		if now == "未监测" || before == "未监测" {
			return "未监测"
		}
		return pointsBetween(now, before)
	case id == "scores.mean":
		return hundredthsOf(c.at("scores.mean", c.p), c.at("scores.counted", c.p))
	case id == "volume.columns":
		return fmt.Sprint(3 * c.registered("sites"))
	}
	if _, ok := sqlRates[id]; ok {
		return c.rate(id, c.p)
	}
	return fmt.Sprint(c.at(id, c.p))
}

func (c *recount) rate(id string, p period.Period) string {
	parts := sqlRates[id]
	return percentOf(c.at(parts[0], p), c.at(parts[1], p))
}

func (c *recount) registered(kind string) (n int) {
	for _, s := range c.sites {
		switch {
		case kind == "sites" && s.Account == nil, kind == "accounts" && s.Account != nil, s.Account != nil && kind == "accounts."+string(s.Account.Platform):
			n++
		}
	}
	return n
}

// percentOf is n of d to two decimals, by exact arithmetic.
func percentOf(n, d int64) string {
	if d == 0 {
		return "未监测"
	}
	s := big.NewRat(100*n, d).FloatString(2)
	switch {
	case n < d && s == "100.00":
		s = "99.99"
	case n > 0 && s == "0.00":
		s = "0.01"
	}
	return s + "%"
}

func pointsBetween(a, b string) string {
	x, _ := new(big.Rat).SetString(strings.TrimSuffix(a, "%"))
	y, _ := new(big.Rat).SetString(strings.TrimSuffix(b, "%"))
	return new(big.Rat).Abs(x.Sub(x, y)).FloatString(2)
}

func hundredthsOf(n, d int64) string {
	if d == 0 {
		return "未监测"
	}
	return big.NewRat(n, 100*d).FloatString(2)
}

// unmonitored are figures that nothing tells here, and says so.
var unmonitored = map[string]bool{"errors.received": true, "letters.days": true, "policy.rate": true, "policy.paired": true, "volume.posts_known": true}

// Whatever happened, each number that a paper prints is what independent SQL
// counts, and the annexes list as many rows as the text says. `make papers`
// sets XUNJIAN_HISTORIES for many more.
func TestFiguresAgreeWithSQL(t *testing.T) {
	t.Parallel()
	histories := 3 // a quarter, a year, a month
	if s := os.Getenv("XUNJIAN_HISTORIES"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			t.Fatal(err)
		}
		histories = n
	}
	printed, queries := 0, sqlFigures()
	for seed := range histories {
		t.Run(fmt.Sprint(seed), func(t *testing.T) { printed += recounted(t, seed, queries) })
	}
	t.Logf("%d histories, %d printed numbers", histories, printed)
}

// recounted compiles a period of a made-up past and holds its papers against
// SQL. It returns how many numbers they print.
func recounted(t *testing.T, seed int, queries map[string]string) (printed int) {
	h := newHistory(t, uint64(seed))
	h.tellPosts()
	p, err := period.Parse([]string{"2026Q3", "2026", "2026-10", "2026-07", "2026-08"}[seed%5])
	if err != nil {
		t.Fatal(err)
	}
	known := historyStart.AddDate(0, 0, historyDays+30)
	if seed%3 == 0 {
		known = p.Span().To
	}
	b, err := (&press{st: h.st, rules: h.rules, register: h.sites}).compile(t.Context(), p, &wish{}, known)
	if err != nil {
		t.Fatal(err)
	}
	c := &recount{h, queries, p, known, map[string]int64{}}
	for _, kind := range []string{"notice", "selfcheck", "appraisal", "ledger"} {
		for _, x := range paper.KindOf(kind).Make(b, paper.Options{}) {
			printed += c.compare(x)
		}
	}
	c.annexes(b)
	return printed
}

// compare holds every figure in the text of a paper against SQL.
func (c *recount) compare(p *paper.Paper) (n int) {
	for i := range p.Blocks {
		for _, s := range p.Blocks[i].Text {
			switch {
			case s.Figure == "" || unmonitored[s.Figure] || strings.HasPrefix(s.Figure, "volume.genre.") || s.Figure == "volume.posts" && c.p.Length != period.Month || s.Figure == "units.total":
				continue
			}
			n++
			if want := c.text(s.Figure); s.Text != want {
				c.t.Errorf("%s of %s, known %s: %s is %q, SQL says %q", p.Kind, c.p, c.known.Format(time.DateOnly), s.Figure, s.Text, want)
			}
		}
	}
	return n
}

// annexes holds the sums of rows against the text.
func (c *recount) annexes(b *period.Bulletin) {
	sums := map[string]int{}
	for _, x := range b.Targets {
		sums["faults.new"] += x.New
		sums["faults.fixed"] += x.Fixed
		sums["faults.open"] += x.Open
		sums["faults.overdue"] += x.Overdue
		sums["pending.total"] += x.Pending
	}
	units := map[string]int{}
	for _, u := range b.Units {
		units["faults.new"] += u.New
		units["faults.fixed"] += u.Fixed
		units["faults.open"] += u.Open
		units["faults.overdue"] += u.Overdue
		units["orders.due"] += u.Shares[2].D
		units["orders.in_time"] += u.Shares[2].N
		units["visits.told"] += u.Shares[3].D
		units["volume.items"] += u.Items
	}
	for _, a := range paper.KindOf("notice").Make(b, paper.Options{})[0].Annexes {
		if a.Title == "问题清单" || a.Title == "建议改进事项" {
			sums["problems.total"] += len(a.Table.Rows)
		}
	}
	for _, x := range []map[string]int{sums, units} {
		for id, n := range x {
			if want := b.Figures.N(id); int64(n) != want {
				c.t.Errorf("%s: rows of %s come to %d, the text says %d", c.p, id, n, want)
			}
		}
	}
}

// tellPosts lays the posts of each inspection into a table for SQL.
func (h *madeUp) tellPosts() {
	if _, err := h.db.ExecContext(h.t.Context(), "CREATE TABLE posts_told (inspection TEXT, published BIGINT)"); err != nil {
		h.t.Fatal(err)
	}
	for n := range h.n {
		id := fmt.Sprintf("i%04d", n+1)
		for e, err := range h.st.Events(h.t.Context(), id) {
			if err != nil {
				h.t.Fatal(err)
			}
			if e.Feed == nil || !e.Feed.Read() {
				continue
			}
			for _, p := range e.Feed.Posts {
				if _, err := h.db.ExecContext(h.t.Context(), "INSERT INTO posts_told VALUES (?, ?)", id, p.Published.UnixNano()); err != nil {
					h.t.Fatal(err)
				}
			}
		}
	}
}
