package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/xunjian/xunjian/bulletins/paper"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/store"
)

// pressFlags say where bulletins lie, and who acts.
type pressFlags struct {
	placeAndRules
	By string `default:"命令行" placeholder:"NAME" help:"谁在操作，记入审计日志"`
}

func (f *pressFlags) person() inspect.Person {
	return inspect.Person{ID: f.By, Name: f.By, Role: inspect.Supervisor}
}

func (f *pressFlags) with(e *env, do func(*press, time.Time) error) error {
	return f.placeAndRules.with(e, func(p *plan, d *press) error { return mistaken(do(d, p.now)) })
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
		errNotYours:          "--unit 写该问题的责任单位",
		errNotInIt:           "指纹见问题清单或 --format json",
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
	return c.with(e, func(p *plan, d *press) error {
		x, w, err := c.wish(p, d)
		if err != nil {
			return err
		}
		w.Kind = c.Kind
		if w.Paper, err = c.options(p.cfg); err != nil {
			return err
		}
		b, err := d.draft(e.ctx, x, w, p.now)
		if err == nil {
			fmt.Fprintln(e.stdout, b.ID)
		}
		return err
	})
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
		unit, err := d.unitOf(c.Unit)
		if err != nil {
			return err
		}
		by := inspect.Person{ID: c.By, Name: c.By, Role: inspect.Agency, Unit: unit}
		o, err := d.object(e.ctx, inspect.Objection{Bulletin: c.ID, Case: c.Case, Unit: unit, By: by, At: now, Why: c.Why})
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
		b, files, _, err := d.st.Bulletin(e.ctx, c.ID)
		if err != nil {
			return err
		}
		fmt.Fprintf(e.stdout, "%s 已定稿：%s，%s\n", b.ID, b.Number, b.Digest)
		if !slices.ContainsFunc(files, func(f inspect.BulletinFile) bool { return filepath.Ext(f.Name) == ".pdf" }) {
			fmt.Fprintf(e.stderr, "没有 PDF：%v\n", paper.ErrNoOffice)
		}
		return nil
	})
}

type bulletinListCmd struct {
	queueFlags
	Limit int `default:"50" help:"最多列出几份"`
}

func (c *bulletinListCmd) Run(e *env) error {
	return c.stored(e, func(st *store.Store) error {
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
	})
}

var bulletinStates = map[inspect.BulletinState]string{inspect.Drafted: "初稿", inspect.Previewed: "预告", inspect.Locked: "定稿"}

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
