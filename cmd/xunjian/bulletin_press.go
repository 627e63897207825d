package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/xunjian/xunjian/bulletins/paper"
	"github.com/xunjian/xunjian/bulletins/period"
	"github.com/xunjian/xunjian/config"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/store"
)

// A wish is how a bulletin was asked for, kept with it, so that what is locked
// is what was drafted.
type wish struct {
	Kind    string             `json:"kind"`
	Unit    string             `json:"unit,omitempty"`
	Handed  []period.Handed    `json:"handed,omitempty"`
	Weights map[string]float64 `json:"weights,omitempty"`
	Paper   paper.Options      `json:"paper"`
}

// A press makes bulletins and takes them through their life.
type press struct {
	st       *store.Store
	rules    *inspect.Rulebook
	register []*inspect.Site // nil: what the store has
	units    []config.Unit   // none: any name is one
	terms    inspect.Terms
	days     int // of a preview
}

func pressOf(p *plan, st *store.Store) *press {
	d := &press{st: st, rules: p.rules, units: p.cfg.Units, terms: p.cfg.Repair.Terms(), days: p.cfg.Bulletin.Objection}
	if p.cfg.File != "" {
		d.register = append(append(d.register, p.cfg.Sites...), p.cfg.Accounts...)
	}
	return d
}

// unitOf is the name of a unit that is given by name or id.
func (d *press) unitOf(unit string) (string, error) {
	if unit == "" || len(d.units) == 0 {
		return unit, nil
	}
	var names []string
	for _, u := range d.units {
		if u.ID == unit || u.Name == unit {
			return u.Name, nil
		}
		names = append(names, u.ID+" "+u.Name)
	}
	return "", usage("登记的单位："+strings.Join(names, "、"), "配置中没有单位 %q", unit)
}

// compile counts a period as it is known at a moment.
func (d *press) compile(ctx context.Context, x period.Period, w *wish, known time.Time) (*period.Bulletin, error) {
	return period.Compile(ctx, periodSource{d.st, d.rules}, period.Options{Period: x, Known: known, Register: d.register, Rules: d.rules, Unit: w.Unit, Handed: w.Handed, Weights: w.Weights})
}

// files are all papers of a wish in all formats. A PDF takes long: only what is
// issued has one, where it can be made.
func (d *press) files(ctx context.Context, b *period.Bulletin, w *wish) (out []inspect.BulletinFile, err error) {
	for _, p := range paper.KindOf(w.Kind).Make(b, w.Paper) {
		for _, f := range paper.Formats {
			if f.Name == "pdf" && w.Paper.Draft {
				continue
			}
			files, err := f.Files(ctx, p)
			if errors.Is(err, paper.ErrNoOffice) {
				continue
			}
			if err != nil {
				return nil, err
			}
			for _, x := range files {
				out = append(out, inspect.BulletinFile{Name: fileName(x.Name), Data: x.Data})
			}
		}
	}
	return out, nil
}

// draft compiles and keeps a draft.
func (d *press) draft(ctx context.Context, x period.Period, w *wish, now time.Time) (inspect.Bulletin, error) {
	b, err := d.compile(ctx, x, w, now)
	if err != nil {
		return inspect.Bulletin{}, err
	}
	w.Paper.Draft = true
	files, err := d.files(ctx, b, w)
	if err != nil {
		return inspect.Bulletin{}, err
	}
	asked, err := json.Marshal(w)
	if err != nil {
		return inspect.Bulletin{}, err
	}
	return d.st.Draft(ctx, inspect.Bulletin{Kind: w.Kind, Period: x.String(), Unit: w.Unit, Made: now, Options: asked}, files)
}

// again compiles a bulletin anew, as it was asked for.
func (d *press) again(ctx context.Context, id string, now time.Time) (*period.Bulletin, *wish, error) {
	b, _, _, err := d.st.Bulletin(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	w := &wish{}
	if err := json.Unmarshal(b.Options, w); err != nil {
		return nil, nil, fmt.Errorf("bulletin %s: %w", id, err)
	}
	x, err := period.Parse(b.Period)
	if err != nil {
		return nil, nil, err
	}
	out, err := d.compile(ctx, x, w, now)
	return out, w, err
}

// preview opens the window in which units may object.
func (d *press) preview(ctx context.Context, id string, days int, by inspect.Person, now time.Time) (time.Time, error) {
	closes := inspect.Day(now).AddDate(0, 0, days+1).Add(-time.Second)
	b, w, err := d.again(ctx, id, now)
	if err != nil {
		return closes, err
	}
	w.Paper.Draft, w.Paper.Window = true, closes
	files, err := d.files(ctx, b, w)
	if err != nil {
		return closes, err
	}
	if err := d.st.Preview(ctx, id, closes, by, now); err != nil {
		return closes, err
	}
	asked, err := json.Marshal(w)
	if err != nil {
		return closes, err
	}
	_, err = d.st.Draft(ctx, inspect.Bulletin{Kind: w.Kind, Period: b.Period.String(), Unit: w.Unit, Made: now, Options: asked}, files)
	return closes, err
}

// object notes an objection of a unit, against the whole or against a fault of
// its own that the bulletin speaks of.
func (d *press) object(ctx context.Context, o inspect.Objection) (inspect.Objection, error) {
	if o.Case == "" {
		return d.st.Object(ctx, o)
	}
	b, _, err := d.again(ctx, o.Bulletin, o.At)
	if err != nil {
		return o, err
	}
	for _, list := range [][]period.Fault{b.Faults, b.Pending} {
		for i := range list {
			switch f := &list[i]; {
			case f.Fingerprint != o.Case:
			case f.Unit != o.Unit:
				return o, fmt.Errorf("%w：%s，%s", errNotYours, o.Case, f.Unit)
			default:
				return d.st.Object(ctx, o)
			}
		}
	}
	return o, fmt.Errorf("%w：%s", errNotInIt, o.Case)
}

var (
	errNotYours = errors.New("不是该单位的问题")
	errNotInIt  = errors.New("这份通报中没有这个问题")
)

// settle decides an objection. One that is right about a fault refutes it, and
// that first: no objection is upheld of a fault that goes on to accuse.
func (d *press) settle(ctx context.Context, id string, n int, upheld bool, why string, by inspect.Person, now time.Time) error {
	_, _, said, err := d.st.Bulletin(ctx, id)
	if err != nil {
		return err
	}
	for _, o := range said {
		if o.N == n && upheld && o.Case != "" && o.Settled.IsZero() {
			if err := d.refute(ctx, o.Case, "对通报 "+id+" 的异议成立："+why, by, now); err != nil {
				return err
			}
		}
	}
	_, err = d.st.SettleObjection(ctx, id, n, upheld, why, by, now)
	return err
}

// refute says of a fault that there was none.
func (d *press) refute(ctx context.Context, fingerprint, why string, by inspect.Person, now time.Time) error {
	c, err := d.st.Case(ctx, fingerprint)
	if err != nil || c.Stage == inspect.StageRefuted {
		return err
	}
	step := inspect.Step{Act: inspect.ActRefute, By: by, At: now, Why: why}
	if c.Stage == inspect.StageAppealed {
		step.Act = inspect.ActUphold
	}
	_, err = d.st.Decide(ctx, step, d.terms, store.Decision{Case: fingerprint})
	return err
}

// errUnconfirmed says that a bulletin would leave things out that nobody has
// looked at.
var errUnconfirmed = errors.New("还有待确认的问题")

// lock issues a bulletin: what is confirmed by then, and nothing else. leave
// says that what is not confirmed is left out knowingly.
func (d *press) lock(ctx context.Context, id, number string, date time.Time, leave bool, by inspect.Person, now time.Time) error {
	b, w, err := d.again(ctx, id, now)
	if err != nil {
		return err
	}
	if n := len(b.Pending); n > 0 && !leave {
		return fmt.Errorf("%w：%d", errUnconfirmed, n)
	}
	w.Paper.Draft, w.Paper.Window, w.Paper.Number, w.Paper.Date = false, time.Time{}, number, date
	files, err := d.files(ctx, b, w)
	if err != nil {
		return err
	}
	return d.st.Lock(ctx, id, number, files, by, now)
}
