package inspect_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/xunjian/xunjian/inspect"
)

var (
	li    = inspect.Person{ID: "li", Role: inspect.Supervisor}
	wang  = inspect.Person{ID: "wang", Role: inspect.Supervisor}
	zhao  = inspect.Person{ID: "zhao", Role: inspect.Agency, Unit: "jiaoyu"}
	other = inspect.Person{ID: "qian", Role: inspect.Agency, Unit: "caizheng"}
	audit = inspect.Person{ID: "sun", Role: inspect.Auditor}
)

func day(n int) time.Time { return today.AddDate(0, 0, n) }

// story tells a case's life in lines, each an act and what came of it. Looks:
// "seen", "once" (it proves nothing), "doubt" (only a person can tell), "gone",
// "vanished", "untold". Acts of people: "who act [until day]". A line that is
// refused ends in "! kind".
func story(t *testing.T, severity inspect.Part, lines string) inspect.Case {
	t.Helper()
	var c inspect.Case
	for i, line := range strings.Split(strings.TrimSpace(lines), "\n") {
		what, want, _ := strings.Cut(line, "->")
		f := strings.Fields(what)
		var n int
		if _, err := fmt.Sscanf(f[0], "%d", &n); err != nil {
			t.Fatalf("line %d: %v", i, err)
		}
		got := tell(t, &c, severity, day(n), f[1:])
		if got != strings.TrimSpace(want) {
			t.Fatalf("line %d %q: %s, want %s", i+1, strings.TrimSpace(what), got, want)
		}
	}
	return c
}

func tell(t *testing.T, c *inspect.Case, severity inspect.Part, at time.Time, f []string) string {
	look := &inspect.Inspection{ID: "i", Now: at, Site: &inspect.Site{ID: "s", UnitID: "jiaoyu"}, Complete: true,
		Rules: &inspect.Rulebook{Items: []inspect.Item{{ID: "it", Part: severity}}}}
	finding := &inspect.Finding{Fingerprint: "f", Outcome: inspect.Fail, State: inspect.Confirmed, First: at, Items: []string{"it"}}
	sight := inspect.Sight{Act: inspect.Act(f[0])}
	switch f[0] {
	case "once":
		finding.State = inspect.SeenOnce
		fallthrough
	case "seen":
		sight.Finding = finding
	case "doubt":
		finding.Outcome, sight.Finding = inspect.Review, finding
	case "gone", "vanished", "untold":
	default:
		return decide(t, c, at, f)
	}
	*c, _, _ = c.Observe(look, sight)
	return string(c.Stage)
}

func decide(t *testing.T, c *inspect.Case, at time.Time, f []string) string {
	people := map[string]inspect.Person{"li": li, "wang": wang, "zhao": zhao, "other": other, "audit": audit, "clock": {Role: inspect.Program}}
	s := inspect.Step{Act: inspect.Act(f[1]), By: people[f[0]], At: at, Why: "理由", Order: "1", Ground: inspect.Misjudged}
	for _, w := range f[2:] {
		var n int
		switch {
		case w == "mute":
			s.Why, s.Ground = " ", ""
		default:
			if _, err := fmt.Sscanf(w, "until%d", &n); err != nil {
				t.Fatal(err)
			}
			s.Until = day(n)
		}
	}
	before := *c
	after, step, err := c.After(s, inspect.DefaultTerms)
	var no *inspect.Refusal
	if errors.As(err, &no) {
		if after.Stage != before.Stage || after.Version != before.Version {
			t.Errorf("a refused step changed the case: %+v", after)
		}
		return "! " + string(no.Why)
	}
	if step.From != before.Stage || step.To != after.Stage || step.N != before.Version+1 {
		t.Errorf("step %+v from %+v", step, before)
	}
	*c = after
	return string(after.Stage)
}

func TestCaseLives(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		severity inspect.Part
		story    string
		holds    func(c inspect.Case) bool
	}{
		"repaired as ordered": {inspect.Deduction, `
			0 seen -> confirmed
			1 zhao order until9 -> ! not-yours
			1 li order -> ! incomplete
			1 li order until0 -> ! incomplete
			1 li order until9 -> ordered
			1 li order until9 -> ! not-now
			2 other acknowledge -> ! not-yours
			2 zhao acknowledge -> ordered
			2 zhao acknowledge -> ! not-now
			3 zhao claim -> claimed
			3 untold -> claimed
			4 gone -> verified`,
			func(c inspect.Case) bool { return !c.Closed.IsZero() && c.Relapses == 0 && c.Times == 1 }},
		"a claim that a look refutes, then a relapse": {inspect.Veto, `
			0 seen -> confirmed
			1 li order until3 -> ordered
			2 zhao claim -> claimed
			1 seen -> claimed
			3 seen -> ordered
			3 zhao claim -> claimed
			4 gone -> verified
			9 once -> suspected
			10 seen -> confirmed`,
			func(c inspect.Case) bool {
				return c.Relapses == 1 && c.Order == nil && c.Claim == nil && c.Closed.IsZero()
			}},
		"suspected and not seen again": {inspect.Veto, `
			0 once -> suspected
			1 zhao claim -> ! not-now
			1 gone -> lapsed
			2 once -> suspected
			3 seen -> confirmed`,
			func(c inspect.Case) bool { return c.Relapses == 0 && c.Closed.IsZero() }},
		"only a person can tell": {inspect.Deduction, `
			0 doubt -> suspected
			1 doubt -> suspected
			1 audit confirm -> ! not-yours
			1 li confirm -> confirmed
			2 doubt -> confirmed`, nil},
		"a place that is gone proves no repair": {inspect.Deduction, `
			0 seen -> confirmed
			0 li order until9 -> ordered
			1 zhao claim -> claimed
			2 vanished -> masked
			3 li deny -> ordered
			4 vanished -> masked
			5 seen -> ordered
			6 vanished -> masked
			7 li accept -> verified`, nil},
		"an appeal, judged by another": {inspect.Deduction, `
			0 seen -> confirmed
			0 li order until9 -> ordered
			1 zhao appeal mute -> ! incomplete
			1 zhao appeal -> appealed
			2 seen -> appealed
			2 li uphold -> ! not-yours
			2 wang reject -> ordered
			3 zhao appeal -> appealed
			4 wang uphold -> refuted
			5 seen -> refuted
			6 li revoke -> suspected`, nil},
		"repaired while it was argued about": {inspect.Deduction, `
			0 seen -> confirmed
			1 zhao appeal -> appealed
			2 gone -> appealed
			3 li reject -> verified`, nil},
		"a veto's waiver needs two": {inspect.Veto, `
			0 seen -> confirmed
			0 li waive until200 -> ! incomplete
			0 li waive until20 -> confirmed
			0 wang waive until20 -> ! not-now
			0 li approve -> ! not-yours
			1 wang approve -> waived
			2 seen -> waived
			21 clock expire -> confirmed`, func(c inspect.Case) bool { return c.Excusal == nil }},
		"a waiver of less": {inspect.Deduction, `
			0 seen -> confirmed
			0 li waive -> ! incomplete
			0 li waive mute until9 -> ! incomplete
			0 li waive until9 -> waived
			3 li revoke -> confirmed
			3 li waive until9 -> waived
			4 gone -> verified`, nil},
		"refuted until a day": {inspect.Deduction, `
			0 seen -> confirmed
			0 li refute until9 -> refuted
			4 gone -> refuted
			10 clock expire -> lapsed`, nil},
		"longer than ordered": {inspect.Deduction, `
			0 seen -> confirmed
			0 li order until9 -> ordered
			5 li extend until9 -> ! incomplete
			5 li extend until99999 -> ! incomplete
			5 li extend until12 -> ordered`,
			func(c inspect.Case) bool {
				return c.Order.Extended == 1 && !c.Overdue(day(12)) && c.Overdue(day(13))
			}},
		"claimed in time, then gone with its page: it waits for a person": {inspect.Deduction, `
			0 seen -> confirmed
			0 li order until9 -> ordered
			5 zhao claim -> claimed
			6 vanished -> masked`,
			func(c inspect.Case) bool { return !c.Overdue(day(10)) }},
		"gone with its page, nothing said": {inspect.Deduction, `
			0 seen -> confirmed
			0 li order until9 -> ordered
			6 vanished -> masked`,
			func(c inspect.Case) bool { return !c.Overdue(day(9)) && c.Overdue(day(10)) }},
		"claimed, still there, then gone with its page": {inspect.Deduction, `
			0 seen -> confirmed
			0 li order until9 -> ordered
			5 zhao claim -> claimed
			6 seen -> ordered
			7 vanished -> masked`,
			func(c inspect.Case) bool { return c.Overdue(day(10)) }},
		"ordered, excused, and back: it waits for a new order": {inspect.Deduction, `
			0 seen -> confirmed
			0 li order until3 -> ordered
			1 li waive until9 -> waived
			9 seen -> waived
			10 clock expire -> confirmed`,
			func(c inspect.Case) bool { return c.Order != nil && !c.Owes() && !c.Overdue(day(10)) }},
		"nonsense": {inspect.Deduction, `
			0 seen -> confirmed
			0 li praise -> ! incomplete
			0 li revoke -> ! not-now
			0 li approve -> ! not-now
			0 li seen -> ! not-yours
			0 other comment -> ! not-yours
			0 zhao comment mute -> ! incomplete
			0 zhao comment -> confirmed`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			end := story(t, c.severity, c.story)
			if c.holds != nil && !c.holds(end) {
				t.Errorf("%+v order %+v claim %+v", end, end.Order, end.Claim)
			}
		})
	}
}

// A look that began before another one ended tells nothing that is newer; a
// look that changes nothing leaves the version alone.
func TestObserveQuietly(t *testing.T) {
	t.Parallel()
	c := story(t, inspect.Deduction, "0 seen -> confirmed\n3 gone -> verified\n2 seen -> verified")
	if c.Times != 1 || c.Version != 2 {
		t.Errorf("%+v", c)
	}
	c = story(t, inspect.Deduction, "0 seen -> confirmed\n3 seen -> confirmed")
	if c.Times != 2 || c.Version != 1 || !c.Last.Equal(day(3)) {
		t.Errorf("%+v", c)
	}
}

// What is known of stages, acts and grounds has a name for users.
func TestCaseWords(t *testing.T) {
	t.Parallel()
	for _, s := range inspect.Stages {
		if s.Chinese() == string(s) {
			t.Errorf("stage %s has no name", s)
		}
	}
	for _, g := range inspect.Grounds {
		if g.Chinese() == string(g) {
			t.Errorf("ground %s has no name", g)
		}
	}
	if inspect.ActClaim.Chinese() != "报告已整改" || inspect.Agency.Chinese() != "责任单位" {
		t.Error("names")
	}
}
