package console

import (
	"cmp"
	"slices"
	"time"

	"github.com/xunjian/xunjian/inspect"
)

// A form is how a step is filled in.
type form struct {
	Act    inspect.Act
	Label  string
	Why    need
	Until  need
	Ground bool
	Person bool
	Grave  bool   // worth a second look before it is sent
	Day    string // that Until begins with
	Hint   string
}

// A need says whether a field is laid out, and whether it must be filled in.
type need string

const (
	none need = ""
	may  need = "may"
	must need = "must"
)

// forms are those of the acts of people. The life of a case holds the rules; a
// test holds these against it.
var forms = []form{
	{Act: inspect.ActConfirm, Why: may},
	{Act: inspect.ActOrder, Until: may, Hint: "不填截止日期则按问题性质的整改期限"},
	{Act: inspect.ActAcknowledge},
	{Act: inspect.ActClaim, Why: may, Hint: "提交后自动复查，复查未见即为已整改"},
	{Act: inspect.ActAccept, Why: must},
	{Act: inspect.ActDeny, Why: must},
	{Act: inspect.ActUphold, Why: must, Until: may, Hint: "截止日期之后不再按不成立处理；不填则一直有效"},
	{Act: inspect.ActReject, Why: must},
	{Act: inspect.ActApprove, Why: may},
	{Act: inspect.ActExtend, Why: must, Until: must},
	{Act: inspect.ActAppeal, Why: must, Ground: true},
	{Act: inspect.ActWaive, Why: must, Until: must, Hint: "单项否决问题的豁免须由第二人同意"},
	{Act: inspect.ActRefute, Why: must, Until: may, Hint: "截止日期之后不再按不成立处理；不填则一直有效", Grave: true},
	{Act: inspect.ActRevoke, Why: must},
	{Act: inspect.ActAssign, Person: true},
	{Act: inspect.ActComment, Why: must},
}

// formsOf are the forms of some acts.
func formsOf(acts []inspect.Act) (out []form) {
	for _, f := range forms {
		if slices.Contains(acts, f.Act) {
			f.Label = "操作|" + f.Act.Chinese()
			out = append(out, f)
		}
	}
	return out
}

// manyForms are those that make sense for many cases at once.
func manyForms(r inspect.Role) []form {
	switch r {
	case inspect.Supervisor:
		return formsOf([]inspect.Act{inspect.ActConfirm, inspect.ActOrder, inspect.ActExtend, inspect.ActWaive, inspect.ActRefute})
	case inspect.Agency:
		return formsOf([]inspect.Act{inspect.ActAcknowledge, inspect.ActClaim})
	}
	return nil
}

// step is a step as a form was filled in. Whether it may be taken is for the
// life of the case to say.
func (q *request) step() (inspect.Step, error) {
	if err := q.r.ParseForm(); err != nil {
		return inspect.Step{}, errForm
	}
	v := q.r.PostForm
	s := inspect.Step{Act: inspect.Act(v.Get("act")), Why: clipped(v.Get("why")), Ground: inspect.Ground(v.Get("ground")), Assignee: v.Get("assignee")}
	if !slices.ContainsFunc(forms, func(f form) bool { return f.Act == s.Act }) {
		return s, errForm
	}
	var err error
	if s.Until, err = dayOf(v.Get("until")); err != nil {
		return s, err
	}
	return s, nil
}

// maxWhy is how many characters of a reason are kept.
const maxWhy = 2000

func clipped(s string) string {
	if r := []rune(s); len(r) > maxWhy {
		return string(r[:maxWhy])
	}
	return s
}

// day is a day as browsers take it.
func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(inspect.Zone).Format(time.DateOnly)
}

// suggest fills in the last day that a form begins with.
func (q *request) suggest(all []form, c *inspect.Case) []form {
	now := q.desk.Now()
	for i := range all {
		switch all[i].Act {
		case inspect.ActOrder:
			all[i].Day = day(q.desk.Due(c.Severity, now))
		case inspect.ActExtend:
			all[i].Day = day(q.desk.Due(c.Severity, c.Order.Due))
		case inspect.ActWaive:
			all[i].Day = day(now.AddDate(0, 0, min(30, cmp.Or(q.desk.Terms.WaiverDays, 30))))
		}
	}
	return all
}
