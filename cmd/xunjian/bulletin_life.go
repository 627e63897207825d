package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"text/tabwriter"
	"time"

	"github.com/xunjian/xunjian/bulletins/paper"
	"github.com/xunjian/xunjian/bulletins/period"
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
	terms    inspect.Terms
	days     int // of a preview
}

func pressOf(p *plan, st *store.Store) *press {
	d := &press{st: st, rules: p.rules, terms: p.cfg.Repair.Terms(), days: p.cfg.Bulletin.Objection}
	if p.cfg.File != "" {
		d.register = append(append(d.register, p.cfg.Sites...), p.cfg.Accounts...)
	}
	return d
}

// compile counts a period as it is known at a moment.
func (d *press) compile(ctx context.Context, x period.Period, w *wish, known time.Time) (*period.Bulletin, error) {
	return period.Compile(ctx, periodSource{d.st, d.rules}, period.Options{Period: x, Known: known, Register: d.register, Rules: d.rules, Unit: w.Unit, Handed: w.Handed, Weights: w.Weights})
}

// files are all papers of a wish in all formats. A PDF takes long: only what is
// issued has one, where it can be made.
func (d *press) files(ctx context.Context, b *period.Bulletin, w *wish) (out []store.BulletinFile, err error) {
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
				out = append(out, store.BulletinFile{Name: fileName(x.Name), Data: x.Data})
			}
		}
	}
	return out, nil
}

// draft compiles and keeps a draft.
func (d *press) draft(ctx context.Context, x period.Period, w *wish, now time.Time) (store.Bulletin, error) {
	b, err := d.compile(ctx, x, w, now)
	if err != nil {
		return store.Bulletin{}, err
	}
	w.Paper.Draft = true
	files, err := d.files(ctx, b, w)
	if err != nil {
		return store.Bulletin{}, err
	}
	asked, err := json.Marshal(w)
	if err != nil {
		return store.Bulletin{}, err
	}
	return d.st.Draft(ctx, store.Bulletin{Kind: w.Kind, Period: x.String(), Unit: w.Unit, Made: now, Options: asked}, files)
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
	_, err = d.st.Draft(ctx, store.Bulletin{Kind: w.Kind, Period: b.Period.String(), Unit: w.Unit, Made: now, Options: asked}, files)
	return closes, err
}

// settle decides an objection. One that is right about a fault refutes it.
func (d *press) settle(ctx context.Context, id string, n int, upheld bool, why string, by inspect.Person, now time.Time) error {
	o, err := d.st.SettleObjection(ctx, id, n, upheld, why, by, now)
	if err != nil || !upheld || o.Case == "" {
		return err
	}
	step := inspect.Step{Act: inspect.ActRefute, By: by, At: now, Why: "对通报 " + id + " 的异议成立：" + why}
	if c, err := d.st.Case(ctx, o.Case); err == nil && c.Stage == inspect.StageAppealed {
		step.Act = inspect.ActUphold
	}
	_, err = d.st.Decide(ctx, step, d.terms, store.Decision{Case: o.Case})
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
		return fmt.Errorf("%w：%d 条", errUnconfirmed, n)
	}
	w.Paper.Draft, w.Paper.Window, w.Paper.Number, w.Paper.Date = false, time.Time{}, number, date
	files, err := d.files(ctx, b, w)
	if err != nil {
		return err
	}
	return d.st.Lock(ctx, id, number, files, by, now)
}

// pressFlags say where bulletins lie, and who acts.
type pressFlags struct {
	placeAndRules
	By string `default:"命令行" placeholder:"NAME" help:"谁在操作，记入审计日志"`
}

func (f *pressFlags) person() inspect.Person {
	return inspect.Person{ID: f.By, Name: f.By, Role: inspect.Supervisor}
}

func (f *pressFlags) with(e *env, do func(*press, time.Time) error) error {
	p, err := f.plan()
	if err != nil {
		return err
	}
	st, err := store.Open(e.ctx, p.cfg.Data, p.cfg.Database)
	if err != nil {
		return err
	}
	defer st.Close()
	return mistaken(do(pressOf(p, st), p.now))
}

// mistaken makes refusals mistakes of who typed the command, with a way on.
func mistaken(err error) error {
	for refusal, hint := range map[error]string{
		store.ErrNoBulletin:  "xunjian bulletin list 列出全部",
		store.ErrLocked:      "重新 xunjian bulletin draft，即为更正的下一期",
		store.ErrNotOpen:     "xunjian bulletin preview 开始异议期",
		store.ErrWindow:      "异议期结束后再定稿",
		store.ErrNotPreview:  "先 xunjian bulletin preview",
		store.ErrUnsettled:   "xunjian bulletin show 列出异议，settle 裁定",
		store.ErrNoObjection: "xunjian bulletin show 列出异议",
		store.ErrNumberTaken: "换一个文号",
		errUnconfirmed:       "先在控制台确认；或加 --leave-unconfirmed，明确不写入",
	} {
		if errors.Is(err, refusal) {
			return usageError{err: err, hint: hint}
		}
	}
	var no *inspect.Refusal
	if errors.As(err, &no) {
		return usageError{err: err}
	}
	return err
}

type bulletinDraftCmd struct {
	periodFlags
	paperFlags
	Kind string `default:"notice" enum:"notice,selfcheck,scorecard,appraisal,ledger,yearform,crosscheck" help:"文书种类"`
}

func (bulletinDraftCmd) Examples() string {
	return `  xunjian bulletin draft -c district.yaml --month 2026-10 --issuer 尧都区人民政府办公室
  xunjian bulletin preview -c district.yaml notice-2026-10 --days 3
  xunjian bulletin object -c district.yaml notice-2026-10 --unit 教育局 --case 3f2a… --why 当日已更新
  xunjian bulletin settle -c district.yaml notice-2026-10 1 --uphold --why 属实
  xunjian bulletin lock -c district.yaml notice-2026-10 --number 尧政办函〔2026〕12号 --date 2026-11-06`
}

func (c *bulletinDraftCmd) Run(e *env) error {
	p, err := c.plan()
	if err != nil {
		return err
	}
	st, err := store.Open(e.ctx, p.cfg.Data, p.cfg.Database)
	if err != nil {
		return err
	}
	defer st.Close()
	x, w, err := c.wish(p)
	if err != nil {
		return err
	}
	w.Kind = c.Kind
	if w.Paper, err = c.options(p.cfg); err != nil {
		return err
	}
	b, err := pressOf(p, st).draft(e.ctx, x, w, p.now)
	if err != nil {
		return err
	}
	fmt.Fprintln(e.stdout, b.ID)
	return nil
}

type bulletinPreviewCmd struct {
	pressFlags
	ID   string `arg:"" help:"编号，如 notice-2026-10"`
	Days int    `placeholder:"N" help:"异议期多少天（默认按配置，3 天）"`
}

func (c *bulletinPreviewCmd) Run(e *env) error {
	return c.with(e, func(d *press, now time.Time) error {
		closes, err := d.preview(e.ctx, c.ID, cmp.Or(c.Days, d.days), c.person(), now)
		if err == nil {
			fmt.Fprintf(e.stdout, "%s 已预告，各单位可在 %s 前提出异议。\n", c.ID, clockOf(closes))
		}
		return err
	})
}

type bulletinObjectCmd struct {
	pressFlags
	ID   string `arg:"" help:"编号"`
	Unit string `required:"" placeholder:"UNIT" help:"提出异议的单位"`
	Case string `placeholder:"FINGERPRINT" help:"对哪个问题（指纹）；不写即对整份通报"`
	Why  string `required:"" placeholder:"TEXT" help:"理由"`
}

func (c *bulletinObjectCmd) Run(e *env) error {
	return c.with(e, func(d *press, now time.Time) error {
		if c.Case != "" {
			if _, err := d.st.Case(e.ctx, c.Case); err != nil {
				return usageError{err: err, hint: "指纹见问题清单或 --format json"}
			}
		}
		by := inspect.Person{ID: c.By, Name: c.By, Role: inspect.Agency, Unit: c.Unit}
		o, err := d.st.Object(e.ctx, store.Objection{Bulletin: c.ID, Case: c.Case, Unit: c.Unit, By: by, At: now, Why: c.Why})
		if err == nil {
			fmt.Fprintf(e.stdout, "%s 的第 %d 条异议已登记。\n", c.ID, o.N)
		}
		return err
	})
}

type bulletinSettleCmd struct {
	pressFlags
	ID     string `arg:"" help:"编号"`
	N      int    `arg:"" help:"第几条异议"`
	Uphold bool   `help:"异议成立；所涉问题即认定不成立"`
	Why    string `required:"" placeholder:"TEXT" help:"理由"`
}

func (c *bulletinSettleCmd) Run(e *env) error {
	return c.with(e, func(d *press, now time.Time) error {
		return d.settle(e.ctx, c.ID, c.N, c.Uphold, c.Why, c.person(), now)
	})
}

type bulletinLockCmd struct {
	pressFlags
	ID     string `arg:"" help:"编号"`
	Number string `required:"" placeholder:"NUMBER" help:"发文字号"`
	Date   string `placeholder:"DATE" help:"成文日期（默认今天）"`
	Leave  bool   `name:"leave-unconfirmed" help:"待确认的问题不写入"`
}

func (c *bulletinLockCmd) Run(e *env) error {
	return c.with(e, func(d *press, now time.Time) error {
		date := now
		if c.Date != "" {
			var err error
			if date, err = parseNow(c.Date); err != nil {
				return err
			}
		}
		if err := d.lock(e.ctx, c.ID, c.Number, date, c.Leave, c.person(), now); err != nil {
			return err
		}
		b, _, _, err := d.st.Bulletin(e.ctx, c.ID)
		if err == nil {
			fmt.Fprintf(e.stdout, "%s 已定稿：%s，%s\n", b.ID, b.Number, b.Digest)
		}
		return err
	})
}

type bulletinListCmd struct {
	queueFlags
	Limit int `default:"50" help:"最多列出几份"`
}

func (c *bulletinListCmd) Run(e *env) error {
	dir, database, err := c.where()
	if err != nil {
		return err
	}
	st, err := store.Open(e.ctx, dir, database)
	if err != nil {
		return err
	}
	defer st.Close()
	all, err := st.Bulletins(e.ctx, c.Limit)
	if err != nil {
		return err
	}
	return c.show(e, all, func(w *tabwriter.Writer) {
		fmt.Fprintln(w, "编号\t单位\t状态\t文号\t写成\t异议截止\t定稿\t更正")
		for _, b := range all {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", b.ID, b.Unit, bulletinStates[b.State], b.Number, clockOf(b.Made), clockOf(b.Closes), clockOf(b.Locked), b.Corrects)
		}
	})
}

var bulletinStates = map[store.BulletinState]string{store.Drafted: "初稿", store.Previewed: "预告", store.Locked: "定稿"}

type bulletinShowCmd struct {
	pressFlags
	ID  string `arg:"" help:"编号"`
	Out string `short:"o" placeholder:"DIR" help:"把全部文件写入这个目录"`
}

func (c *bulletinShowCmd) Run(e *env) error {
	return c.with(e, func(d *press, _ time.Time) error {
		b, files, said, err := d.st.Bulletin(e.ctx, c.ID)
		if err != nil {
			return err
		}
		fmt.Fprintf(e.stdout, "%s  %s  %s  %s\n", b.ID, bulletinStates[b.State], b.Number, b.Digest)
		for _, o := range said {
			state := "未裁定"
			if !o.Settled.IsZero() {
				state = map[bool]string{true: "成立", false: "不成立"}[o.Upheld] + "：" + o.Decision
			}
			fmt.Fprintf(e.stdout, "异议 %d  %s  %s  %s（%s）\n", o.N, o.Unit, o.Case, o.Why, state)
		}
		for _, f := range files {
			fmt.Fprintf(e.stdout, "%s  %s\n", f.Digest, f.Name)
			if c.Out == "" {
				continue
			}
			data, err := d.st.BulletinFile(e.ctx, c.ID, f.Name)
			if err != nil {
				return err
			}
			if err := errors.Join(os.MkdirAll(c.Out, 0o755), os.WriteFile(filepath.Join(c.Out, fileName(f.Name)), data, 0o644)); err != nil {
				return err
			}
		}
		return nil
	})
}
