package main

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/xunjian/xunjian/dashboards/desk"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/store"
)

// However many guesses come at once, few are looked at.
func TestLoginsAtOnce(t *testing.T) {
	t.Parallel()
	d := newDistrict(1, 3, 0)
	defer d.Close()
	h := newHouse(t, d)
	house, err := h.desk()
	if err != nil {
		t.Fatal(err)
	}
	errs := make([]error, 40)
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() {
			_, errs[i] = house.Login(t.Context(), "li", "a wrong password", desk.Visit{Address: "192.0.2.1"})
		})
	}
	wg.Wait()
	looked := 0
	for _, err := range errs {
		switch {
		case errors.Is(err, desk.ErrLogin):
			looked++
		case !errors.Is(err, desk.ErrMany):
			t.Error(err)
		}
	}
	if looked < 5 || looked > 6 { // two are looked at at once
		t.Errorf("%d guesses were looked at", looked)
	}
}

// An order over faults of several severities is one decision: all or none, and
// what is named twice is decided on once.
func TestOrdersAreOneDecision(t *testing.T) {
	t.Parallel()
	d := newDistrict(2, 3, 0)
	defer d.Close()
	h := newHouse(t, d)
	h.plantUsual(t)
	house, err := h.desk()
	if err != nil {
		t.Fatal(err)
	}
	li := &houseUsers[0]
	h.decided(t, secretCase, inspect.Step{Act: inspect.ActConfirm, By: *li})
	order := inspect.Step{Act: inspect.ActOrder}
	stale := []desk.Decision{{Case: eduCase}, {Case: officeCase}, {Case: secretCase, Version: 99}}
	if _, err := house.Act(t.Context(), li, order, stale...); !errors.Is(err, desk.ErrChanged) {
		t.Errorf("an old version: %v", err)
	}
	for _, print := range []string{eduCase, officeCase, secretCase} {
		stage(t, h, print, inspect.StageConfirmed)
	}
	done, err := house.Act(t.Context(), li, order, desk.Decision{Case: eduCase}, desk.Decision{Case: officeCase}, desk.Decision{Case: secretCase}, desk.Decision{Case: eduCase})
	if err != nil || len(done) != 3 {
		t.Fatalf("%+v, %v", done, err)
	}
	orders := map[string]string{}
	for _, c := range done {
		if c.Order.Due.IsZero() || orders[c.Unit] != "" && orders[c.Unit] != c.Order.ID {
			t.Errorf("%s: %+v", c.Fingerprint, c.Order)
		}
		orders[c.Unit] = c.Order.ID
	}
	if len(orders) != 2 || orders["edu"] == orders["office"] {
		t.Errorf("%v", orders)
	}
	if _, err := house.Act(t.Context(), li, inspect.Step{Act: inspect.ActComment, Why: "说明"}, desk.Decision{Case: eduCase}, desk.Decision{Case: eduCase}); err != nil {
		t.Error(err)
	}
	var no *inspect.Refusal
	for _, login := range []string{"qian", "nobody"} { // of another unit, and not there
		if _, err := house.Act(t.Context(), li, inspect.Step{Act: inspect.ActAssign, Assignee: login}, desk.Decision{Case: eduCase}); !errors.As(err, &no) {
			t.Errorf("assigned to %s: %v", login, err)
		}
	}
	steps, err := h.st.Steps(t.Context(), eduCase)
	if err != nil || len(steps) != 3 {
		t.Errorf("%+v, %v", steps, err)
	}
}

// looks records a look at a site on a day of January: what it found, what it
// could not tell, and the clock of its column.
func (h *house) looks(t *testing.T, id string, scope store.Scope, day int, clock *inspect.Clock, missing map[string]inspect.Act, found ...inspect.Finding) {
	t.Helper()
	site, err := h.site("s00")
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 1, day, 10, 0, 0, 0, inspect.Zone)
	head := &store.Header{ID: id, Site: site, Now: at, Started: at, RulebookID: h.p.rules.ID, RulebookDigest: h.p.rules.Digest, Options: []byte("{}"), Scope: scope}
	in := &inspect.Inspection{ID: id, Site: site, Rules: h.p.rules, Started: at, Finished: at, Now: at, Complete: true, Findings: found, Missing: missing, Grade: inspect.Judge(site, h.p.rules, found)}
	if clock != nil {
		clock.Left = inspect.DaysBetween(at, clock.Limit)
		in.Clocks = []inspect.Clock{*clock}
	}
	if err := errors.Join(h.st.Begin(t.Context(), head), h.st.Recorder(id).Finish(t.Context(), in)); err != nil {
		t.Fatal(err)
	}
}

func broken(print string, o inspect.Outcome) inspect.Finding {
	return inspect.Finding{Check: "link-broken", Outcome: o, State: inspect.Confirmed, Fingerprint: print, URL: "http://s00.district.gov.test/" + print, Message: print,
		First: time.Date(2026, 1, 1, 0, 0, 0, 0, inspect.Zone), Places: 1}
}

// Of two looks held against each other, what one of them could not tell is
// neither new nor gone.
func TestCompareKnowsDoubt(t *testing.T) {
	t.Parallel()
	d := newDistrict(2, 3, 0)
	defer d.Close()
	h := newHouse(t, d)
	fail, unknown := inspect.Fail, inspect.Unknown
	first := broken("new", fail)
	first.First = time.Date(2026, 1, 8, 0, 0, 0, 0, inspect.Zone)
	h.looks(t, "0", store.Whole, 1, nil, nil, broken("hidden", fail))
	h.looks(t, "a", store.Whole, 2, nil, map[string]inspect.Act{"hidden": inspect.ActUntold}, broken("stays", fail), broken("repaired", fail), broken("unread", fail), broken("timeout", fail), broken("taken-down", fail))
	h.looks(t, "b", store.Whole, 9, nil, map[string]inspect.Act{"repaired": inspect.ActGone, "unread": inspect.ActUntold, "taken-down": inspect.ActVanished}, broken("stays", fail), first, broken("hidden", fail), broken("timeout", unknown))
	house, err := h.desk()
	if err != nil {
		t.Fatal(err)
	}
	x, err := house.Compare(t.Context(), &houseUsers[0], "s00", "b", "a")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		got  []inspect.Finding
		want string
	}{"new": {x.New, "new"}, "gone": {x.Gone, "repaired"}, "still": {x.Still, "stays"}, "untold": {x.Untold, "hidden taken-down timeout unread"}} {
		got := map[string]bool{}
		for _, f := range c.got {
			got[f.Fingerprint] = true
		}
		for _, w := range strings.Fields(c.want) {
			if !got[w] {
				t.Errorf("%s: no %s", name, w)
			}
		}
		if len(got) != len(strings.Fields(c.want)) {
			t.Errorf("%s: %v", name, got)
		}
	}
	if status, body := h.enter(t, "li").get(t, "/sites/s00/compare?a=a&b=b"); status != http.StatusOK || !strings.Contains(body, "未能判定") {
		t.Errorf("%d\n%.600s", status, body)
	}
}

// Days left are counted from today, by the newer of two looks; what fell due
// after the look is not called overdue.
func TestClocksRun(t *testing.T) {
	t.Parallel()
	d := newDistrict(2, 3, 0)
	defer d.Close()
	h := newHouse(t, d)
	day := func(n int) time.Time { return time.Date(2026, 1, n, 0, 0, 0, 0, inspect.Zone) }
	h.looks(t, "whole", store.Whole, 5, &inspect.Clock{Name: "要闻", Window: inspect.Window{Days: 14}, Newest: day(1), Limit: day(15)}, nil)
	house, err := h.desk()
	if err != nil {
		t.Fatal(err)
	}
	now := day(12)
	house.Now = func() time.Time { return now }
	left := func() string {
		t.Helper()
		all, err := house.Clocks(t.Context(), &houseUsers[2], desk.TargetQuery{Every: true})
		if err != nil || len(all) != 1 {
			t.Fatalf("%+v, %v", all, err)
		}
		card, err := house.Card(t.Context(), &houseUsers[0], "s00")
		if err != nil || len(card.Clocks) != 1 || card.Clocks[0].Left != all[0].Left {
			t.Errorf("%+v, %v", card.Clocks, err)
		}
		return fmt.Sprint(all[0].Left, " ", all[0].Unsure)
	}
	if got := left(); got != "3 false" {
		t.Errorf("a week after the look: %s", got)
	}
	now = day(18)
	if got := left(); got != "-3 true" {
		t.Errorf("past the limit, unseen: %s", got)
	}
	h.looks(t, "lists", store.Lists, 17, &inspect.Clock{Name: "要闻", Window: inspect.Window{Days: 14}, Newest: day(14), Limit: day(28)}, nil)
	if got := left(); got != "10 false" {
		t.Errorf("after it was updated: %s", got)
	}
	if all, err := house.Clocks(t.Context(), &houseUsers[3], desk.TargetQuery{Every: true}); err != nil || len(all) != 0 {
		t.Errorf("another unit's: %+v, %v", all, err)
	}
}
