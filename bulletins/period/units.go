package period

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/xunjian/xunjian/inspect"
)

// A Weight is how much a component counts in a unit's score.
type Weight struct {
	Component string  `json:"component"`
	Name      string  `json:"name"`
	Weight    float64 `json:"weight"`
	Rule      string  `json:"rule"`
}

// DefaultWeights are ours: no rule sets them, and an office may set its own.
// Each component is a share, so that an office with fifty accounts is measured
// as one with two; a component without cases leaves the score, and the others
// fill its place.
var DefaultWeights = []Weight{
	{"pass", "合格率", 40, "合格对象 ÷ 有结论的对象"},
	{"fresh", "更新及时率", 20, "没有更新类未整改问题的对象 ÷ 检查的对象"},
	{"repair", "按期整改率", 30, "按期整改 ÷ 本期到期的整改"},
	{"open", "首页可用率", 10, "打得开的访问 ÷ 能判定的访问"},
}

// WeightsOK refuses weights of components that there are not, and negative ones.
func WeightsOK(ws map[string]float64) error {
	for _, name := range slices.Sorted(maps.Keys(ws)) {
		if !slices.ContainsFunc(DefaultWeights, func(w Weight) bool { return w.Component == name }) || !(ws[name] >= 0) {
			return fmt.Errorf("权重 %s=%g 不对：项目为 pass、fresh、repair、open，权重不小于 0", name, ws[name])
		}
	}
	return nil
}

// A Share is a component of a unit's score. Of 0 is no share.
type Share struct {
	N int `json:"n"`
	D int `json:"d"`
}

// A Unit is an office, its targets together.
type Unit struct {
	Name      string  `json:"name"`
	Rank      int     `json:"rank"` // 0: nothing of it was measured
	Sites     int     `json:"sites"`
	Accounts  int     `json:"accounts"`
	Checked   int     `json:"checked"`
	Passed    int     `json:"passed"`
	Failed    int     `json:"failed"`
	Undecided int     `json:"undecided"`
	Pages     int     `json:"pages"`
	New       int     `json:"new"`
	Fixed     int     `json:"fixed"`
	Open      int     `json:"open"`
	Overdue   int     `json:"overdue"`
	Items     int     `json:"items"`
	Posts     int     `json:"posts"`
	Shares    []Share `json:"shares"` // in the order of the weights
	Score     int64   `json:"score_hundredths"`
}

// Scored reports whether anything of the unit was measured.
func (u *Unit) Scored() bool { return u.Rank > 0 }

// ScoreText is the score to two decimals.
func (u *Unit) ScoreText() string {
	if !u.Scored() {
		return "未监测"
	}
	return fmt.Sprintf("%d.%02d", u.Score/100, u.Score%100)
}

// stale are the checks whose faults say that something is not kept up to date.
var stale = []string{"column-stale", "column-blank", "home-stale", "account-stale"}

// units adds up targets by office, scores and ranks them.
func (c *compiler) units() {
	c.b.Weights = slices.Clone(DefaultWeights)
	for i := range c.b.Weights {
		if w, ok := c.o.Weights[c.b.Weights[i].Component]; ok {
			c.b.Weights[i].Weight = w
		}
	}
	by := map[string]*Unit{}
	lagging := map[string]bool{}
	for i := range c.b.Faults {
		if f := &c.b.Faults[i]; f.OpenAt(c.span.To) && slices.Contains(stale, f.Check) {
			lagging[f.Site] = true
		}
	}
	for i := range c.b.Targets {
		t := &c.b.Targets[i]
		if by[t.Unit] == nil {
			by[t.Unit] = &Unit{Name: t.Unit, Shares: make([]Share, len(DefaultWeights))}
		}
		by[t.Unit].add(t, lagging[t.ID])
	}
	for i := range c.orders {
		s := &by[c.orders[i].Unit].Shares[2]
		s.D++
		if c.orders[i].InTime() {
			s.N++
		}
	}
	for _, x := range c.b.Columns {
		by[x.Unit].Items += x.Items
	}
	for _, u := range by {
		u.score(c.b.Weights)
		c.b.Units = append(c.b.Units, *u)
	}
	rank(c.b.Units)
	c.b.Figures.sum("units.total", "责任单位", "个", "登记对象所属的单位", len(c.b.Units))
}

func (u *Unit) add(t *Target, lagging bool) {
	if t.Kind == inspect.Account {
		u.Accounts++
	} else {
		u.Sites++
	}
	switch t.Verdict {
	case inspect.Passed:
		u.Passed++
	case inspect.Failed:
		u.Failed++
	case inspect.Undecided:
		u.Undecided++
	}
	pass, fresh, open := &u.Shares[0], &u.Shares[1], &u.Shares[3]
	pass.N, pass.D = u.Passed, u.Passed+u.Failed
	if t.Inspection != "" {
		u.Checked++
		fresh.D++
		if !lagging {
			fresh.N++
		}
	}
	open.N, open.D = open.N+t.Told-t.Failed, open.D+t.Told
	u.Pages, u.New, u.Fixed, u.Open, u.Overdue, u.Posts = u.Pages+t.Pages, u.New+t.New, u.Fixed+t.Fixed, u.Open+t.Open, u.Overdue+t.Overdue, u.Posts+t.Posts
}

// score is the weighted mean of the shares that have cases, of 100. A unit of
// which nothing was measured has none.
func (u *Unit) score(ws []Weight) {
	sum, whole := 0.0, 0.0
	for i, s := range u.Shares {
		if s.D > 0 {
			sum += ws[i].Weight * float64(s.N) / float64(s.D)
			whole += ws[i].Weight
		}
	}
	if whole > 0 {
		u.Score, u.Rank = int64(10000*sum/whole+0.5), 1
	}
}

// rank sorts units: higher scores first, equal scores share a rank.
func rank(us []Unit) {
	slices.SortFunc(us, func(a, b Unit) int {
		return cmp.Or(cmp.Compare(b.Rank, a.Rank), cmp.Compare(b.Score, a.Score), cmp.Compare(a.Name, b.Name))
	})
	for i := range us {
		switch {
		case us[i].Rank == 0:
		case i > 0 && us[i].Score == us[i-1].Score:
			us[i].Rank = us[i-1].Rank
		default:
			us[i].Rank = i + 1
		}
	}
}

// notes says what a reader must know of the numbers.
func (c *compiler) notes() {
	note := func(n int, format string) {
		if n > 0 {
			c.b.Notes = append(c.b.Notes, fmt.Sprintf(format, n))
		}
	}
	note(c.outside, "有 %d 次检查的对象不在登记表中，没有计入。")
	note(c.changed, "有 %d 个对象最后一次检查所用的指标版本与本期最新的不同。")
	if n := c.b.Figures.N("scores.unverified"); n > 0 {
		note(int(n), "有 %d 家门户网站的得分所依分值未经核实，仅供参考。")
	}
	c.b.Notes = append(c.b.Notes, "检查结论为本期最后一次完整检查的结论；未能判定的不计为问题，未定的不计入合格率。",
		"栏目发布信息按列表页标注的日期计数，列表只读最新若干条，所列为下限。")
}
