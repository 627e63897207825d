package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	_ "modernc.org/sqlite" // the test asks the database itself

	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/store"
)

// A madeUp is a made-up past in a store: sites and accounts that are
// inspected, faults that come and go, people who decide.
type madeUp struct {
	t     *testing.T
	r     *rand.Rand
	st    *store.Store
	db    *sql.DB
	dir   string
	rules *inspect.Rulebook
	sites []*inspect.Site
	there map[string]map[string]inspect.Finding // by site and fingerprint: what is wrong now
	seen  map[string]map[string]bool            // by site: what was ever seen
	n     int
}

// historyStart is the first of five months: June to October 2026.
var historyStart = time.Date(2026, 6, 1, 0, 0, 0, 0, inspect.Zone)

const historyDays = 153

// historyChecks are the checks of a made-up rulebook, with the item that prices
// them and the class of a column.
var historyChecks = []struct {
	check string
	kind  inspect.Kind
}{{"column-stale", inspect.Website}, {"misstatement", inspect.Website}, {"link-broken", inspect.Website}, {"message-late", inspect.Website}, {"a11y-img-alt", inspect.Website}, {"account-stale", inspect.Account}}

func historyRules() *inspect.Rulebook {
	return &inspect.Rulebook{ID: "made-up", Version: "1", Digest: "sha256:made-up", Title: "检查指标", Source: "示例", Full: 100, PassAt: 60, BonusAbove: 80, Items: []inspect.Item{
		{ID: "V-1", Title: "栏目不更新", Part: inspect.Veto, Checks: []string{"column-stale"}, AtLeast: 2, Mark: inspect.Verified},
		{ID: "V-2", Title: "严重表述错误", Part: inspect.Veto, Checks: []string{"misstatement"}, Review: true, Mark: inspect.Verified},
		{ID: "V-3", Title: "账号不更新", Part: inspect.Veto, Kind: inspect.Account, Checks: []string{"account-stale"}, Mark: inspect.Verified},
		{ID: "D-1", Title: "链接不可用", Part: inspect.Deduction, Portal: true, Checks: []string{"link-broken"}, Points: 3, Cap: 30, Mark: inspect.Verified, PointsMark: inspect.Verified},
		{ID: "D-2", Title: "答复超期", Part: inspect.Deduction, Portal: true, Checks: []string{"message-late"}, Points: 15, Cap: 60, Mark: inspect.Verified, PointsMark: inspect.Verified}}}
}

func newHistory(t *testing.T, seed uint64) *madeUp {
	t.Helper()
	dir := t.TempDir()
	st, err := store.Open(t.Context(), dir, "")
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "xunjian.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(db.Close(), st.Close()); err != nil {
			t.Error(err)
		}
	})
	h := &madeUp{t: t, r: rand.New(rand.NewPCG(seed, 7)), st: st, db: db, dir: dir, rules: historyRules(), there: map[string]map[string]inspect.Finding{}, seen: map[string]map[string]bool{}}
	for i := range 2 + h.r.IntN(4) {
		h.site(i)
	}
	for i := range h.r.IntN(5) {
		h.account(i)
	}
	for day := range historyDays {
		h.day(historyStart.AddDate(0, 0, day))
	}
	return h
}

var historyUnits = []string{"教育局", "财政局", "政府办"}

func (h *madeUp) site(i int) {
	n := h.r.IntN(len(historyUnits))
	s := &inspect.Site{ID: fmt.Sprintf("s%d", i), Kind: inspect.Website, Name: "网站" + string(rune('甲'+i)), Home: fmt.Sprintf("http://s%d.example.gov.cn/", i), Unit: historyUnits[n], UnitID: fmt.Sprint("u", n), Portal: i == 0}
	for k, g := range []inspect.Genre{inspect.News, inspect.Policy, inspect.Notice} {
		s.Columns = append(s.Columns, inspect.Column{Name: fmt.Sprintf("栏目%d", k), URL: fmt.Sprintf("%sc%d/", s.Home, k), Genre: g})
	}
	h.add(s)
}

func (h *madeUp) account(i int) {
	n := h.r.IntN(len(historyUnits))
	p := []inspect.Platform{inspect.WeChat, inspect.Weibo}[h.r.IntN(2)]
	h.add(&inspect.Site{ID: fmt.Sprintf("a%d", i), Kind: inspect.Account, Name: "账号" + string(rune('甲'+i)), Unit: historyUnits[n], UnitID: fmt.Sprint("u", n), Account: &inspect.MediaAccount{Platform: p, Standing: inspect.Running}})
}

func (h *madeUp) add(s *inspect.Site) {
	h.sites = append(h.sites, s)
	h.there[s.ID], h.seen[s.ID] = map[string]inspect.Finding{}, map[string]bool{}
}

// day lets some time go by: faults come and go, some targets are looked at,
// somebody decides something.
func (h *madeUp) day(at time.Time) {
	for _, s := range h.sites {
		h.drift(s)
		if h.r.IntN(9) == 0 {
			h.inspect(s, at.Add(time.Duration(h.r.IntN(86000))*time.Second))
		}
		if s.Account == nil && h.r.IntN(4) == 0 {
			h.visit(s, at.Add(time.Duration(h.r.IntN(86000))*time.Second))
		}
	}
	for range h.r.IntN(3) {
		h.decide(at.Add(time.Duration(h.r.IntN(86000)) * time.Second))
	}
}

func (h *madeUp) drift(s *inspect.Site) {
	if h.r.IntN(6) == 0 {
		c := historyChecks[h.r.IntN(len(historyChecks))]
		if c.kind == s.Kind {
			print := fmt.Sprintf("%s-%s-%d", s.ID, c.check, h.r.IntN(4))
			f := inspect.Finding{Check: c.check, Outcome: inspect.Fail, State: inspect.Confirmed, URL: s.Home + print, Locus: print, Message: "问题 " + print, Fingerprint: print, Places: 1 + h.r.IntN(3)}
			switch h.r.IntN(6) {
			case 0:
				f.State = inspect.SeenOnce
			case 1:
				f.Outcome = inspect.Unknown
			}
			if c.check == "misstatement" {
				f.Outcome, f.State = inspect.Review, inspect.Confirmed
			}
			h.there[s.ID][print] = f
		}
	}
	for _, c := range historyChecks {
		for k := range 4 {
			if h.r.IntN(40) == 0 {
				delete(h.there[s.ID], fmt.Sprintf("%s-%s-%d", s.ID, c.check, k))
			}
		}
	}
}

// inspect records a complete inspection of what is there.
func (h *madeUp) inspect(s *inspect.Site, at time.Time) {
	h.n++
	in := &inspect.Inspection{ID: fmt.Sprintf("i%04d", h.n), Site: s, Now: at, Started: at, Finished: at.Add(time.Minute), Rules: h.rules, Complete: h.r.IntN(12) > 0, Missing: map[string]inspect.Act{},
		Counts: inspect.Counts{Fetched: 1 + h.r.IntN(300), Asked: h.r.IntN(500), Broken: h.r.IntN(9), Due: 100 + h.r.IntN(900), Untold: h.r.IntN(50), Shown: h.r.IntN(3)}}
	for _, c := range historyChecks {
		for k := range 4 {
			print := fmt.Sprintf("%s-%s-%d", s.ID, c.check, k)
			f, ok := h.there[s.ID][print]
			switch {
			case ok:
				f.First = at
				in.Findings = append(in.Findings, f)
				h.seen[s.ID][print] = h.seen[s.ID][print] || f.Outcome != inspect.Unknown
			case h.seen[s.ID][print]:
				in.Missing[print] = []inspect.Act{inspect.ActGone, inspect.ActGone, inspect.ActVanished, inspect.ActUntold}[h.r.IntN(4)]
			}
		}
	}
	for i, c := range s.Columns {
		for k := range h.r.IntN(4) {
			if in.Seen == nil {
				in.Seen = map[string][]inspect.ListItem{}
			}
			in.Seen[c.Name] = append(in.Seen[c.Name], inspect.ListItem{Title: "题", URL: fmt.Sprintf("%s%d-%d.html", c.URL, h.n, k), Date: inspect.Day(at).AddDate(0, 0, -h.r.IntN(40))})
		}
		limit := inspect.Day(at).AddDate(0, 0, h.r.IntN(30)-5)
		in.Clocks = append(in.Clocks, inspect.Clock{Name: c.Name, Genre: c.Genre, Newest: limit.AddDate(0, 0, -14), Window: inspect.Window{Days: 14}, Limit: limit, Left: i})
	}
	in.Grade = inspect.Judge(s, h.rules, in.Findings)
	head := &store.Header{ID: in.ID, Site: s, Now: at, Started: at, RulebookID: h.rules.ID, RulebookDigest: h.rules.Digest}
	if err := h.st.Begin(h.t.Context(), head); err != nil {
		h.t.Fatal(err)
	}
	rec := h.st.Recorder(in.ID)
	if s.Account != nil {
		h.posts(rec, s, at)
	}
	if err := rec.Finish(h.t.Context(), in); err != nil {
		h.t.Fatal(err)
	}
}

// posts records what a source of an account gave.
func (h *madeUp) posts(rec inspect.Recorder, s *inspect.Site, at time.Time) {
	c := &inspect.Collection{Source: "feed", Kind: inspect.FromFeed, At: at, Verdict: inspect.Fine}
	if h.r.IntN(5) == 0 {
		c.Verdict, c.Cause = inspect.CouldNotTell, inspect.Timeout
	}
	for k := range h.r.IntN(12) {
		d := at.Add(-time.Duration(h.r.IntN(60*24)) * time.Hour)
		c.Posts = append(c.Posts, inspect.Post{ID: fmt.Sprint(h.n, "-", k), URL: fmt.Sprintf("http://x/%d/%d", h.n, k), Published: d})
	}
	if err := rec.Event(h.t.Context(), inspect.Event{Feed: c}); err != nil {
		h.t.Fatal(err)
	}
}

func (h *madeUp) visit(s *inspect.Site, at time.Time) {
	v := []inspect.Verdict{inspect.Fine, inspect.Fine, inspect.Fault, inspect.CouldNotTell}[h.r.IntN(4)]
	p := &inspect.Probe{At: at, Network: []string{"tcp", "tcp", "tcp6"}[h.r.IntN(3)], URL: s.Home, Verdict: v}
	if err := h.st.AddProbe(h.t.Context(), s.ID, p); err != nil {
		h.t.Fatal(err)
	}
}

var historyActs = []inspect.Act{inspect.ActConfirm, inspect.ActConfirm, inspect.ActRefute, inspect.ActOrder, inspect.ActOrder, inspect.ActOrder, inspect.ActExtend, inspect.ActClaim, inspect.ActClaim,
	inspect.ActAppeal, inspect.ActUphold, inspect.ActReject, inspect.ActWaive, inspect.ActApprove, inspect.ActRevoke, inspect.ActAccept, inspect.ActDeny}

// decide has somebody try something on a case; most of it is refused.
func (h *madeUp) decide(at time.Time) {
	var prints []string
	for _, s := range h.sites {
		for _, c := range historyChecks {
			for k := range 4 {
				if print := fmt.Sprintf("%s-%s-%d", s.ID, c.check, k); h.seen[s.ID][print] {
					prints = append(prints, print)
				}
			}
		}
	}
	if len(prints) == 0 {
		return
	}
	print := prints[h.r.IntN(len(prints))]
	c, err := h.st.Case(h.t.Context(), print)
	if err != nil {
		return // only incomplete inspections saw it
	}
	for range 4 {
		act := historyActs[h.r.IntN(len(historyActs))]
		by := inspect.Person{ID: fmt.Sprint("p", h.r.IntN(3)), Role: inspect.Supervisor}
		if act == inspect.ActClaim || act == inspect.ActAppeal {
			by = inspect.Person{ID: "agency", Role: inspect.Agency, Unit: c.Unit}
		}
		s := inspect.Step{Act: act, By: by, At: at, Why: "理由", Until: inspect.Day(at).AddDate(0, 0, h.r.IntN(25)), Order: "1", Ground: inspect.Misjudged}
		if act == inspect.ActRefute || act == inspect.ActUphold {
			s.Until = time.Time{}
		}
		var refusal *inspect.Refusal
		if _, err := h.st.Decide(h.t.Context(), s, inspect.DefaultTerms, store.Decision{Case: print}); err == nil {
			return
		} else if !errors.As(err, &refusal) {
			h.t.Fatal(err)
		}
	}
}

// ask is one number out of the database.
func (h *madeUp) ask(ctx context.Context, query string, args ...any) int64 {
	h.t.Helper()
	var n sql.NullInt64
	if err := h.db.QueryRowContext(ctx, query, args...).Scan(&n); err != nil {
		h.t.Fatalf("%v\n%s", err, query)
	}
	return n.Int64
}
