package main

import (
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/xunjian/xunjian/bulletins/paper"
	"github.com/xunjian/xunjian/bulletins/period"
	"github.com/xunjian/xunjian/config"
	"github.com/xunjian/xunjian/store"
)

// bulletinCmd writes the papers of a period and takes them through their life.
type bulletinCmd struct {
	Write bulletinWriteCmd `cmd:"" default:"withargs" help:"写出一个月、一个季度或一年的初稿，不入库"`

	Draft   bulletinDraftCmd   `cmd:"" help:"写出初稿并入库，编号"`
	Preview bulletinPreviewCmd `cmd:"" help:"预告给各单位，开始异议期"`
	Object  bulletinObjectCmd  `cmd:"" help:"登记一条异议"`
	Settle  bulletinSettleCmd  `cmd:"" help:"裁定一条异议"`
	Lock    bulletinLockCmd    `cmd:"" help:"定稿、编文号；此后不再改动"`
	Send    bulletinSendCmd    `cmd:"" help:"用电子邮件寄给监管员和有关单位"`
	List    bulletinListCmd    `cmd:"" help:"列出库中的通报"`
	Show    bulletinShowCmd    `cmd:"" help:"一份通报的状态、异议与文件；-o 取出文件"`
}

func (bulletinCmd) Examples() string {
	return bulletinWriteCmd{}.Examples() + "\n\n" + bulletinDraftCmd{}.Examples() + "\n\n  xunjian bulletin write --help 列出写出时的全部选项"
}

// placeAndRules say where things lie and by which rules they are judged.
type placeAndRules struct {
	Config   string `short:"c" placeholder:"FILE" help:"配置文件（单位、网站、账号）；不给则以库中检查过的为准"`
	Rules    string `placeholder:"ID|FILE" help:"检查指标（默认按配置）"`
	Data     string `placeholder:"DIR" help:"数据目录（默认按配置）"`
	Database string `placeholder:"URL" help:"postgres://…；默认用数据目录中的 SQLite"`
	Now      string `placeholder:"TIME" help:"只用此时以前已知的（默认现在）"`
}

// with opens the store and sets up the press.
func (f *placeAndRules) with(e *env, do func(*plan, *press) error) error {
	p, err := (&targetFlags{Config: f.Config, Rules: f.Rules, Data: f.Data, Database: f.Database, Now: f.Now}).read()
	if err != nil {
		return err
	}
	st, err := store.Open(e.ctx, p.cfg.Data, p.cfg.Database)
	if err != nil {
		return err
	}
	defer st.Close()
	return do(p, pressOf(p, st))
}

// periodFlags say what is compiled.
type periodFlags struct {
	placeAndRules
	Month   string             `placeholder:"YYYY-MM" help:"哪个月，如 2026-10（默认上个月）"`
	Quarter string             `placeholder:"YYYYQN" help:"哪个季度，如 2026Q3"`
	Year    string             `placeholder:"YYYY" help:"哪一年，如 2026"`
	Unit    string             `placeholder:"UNIT" help:"只写这个单位（名称或代号）"`
	Figures string             `placeholder:"FILE" help:"人工填报的数据：CSV，每行 数据项,数值,填报人"`
	Weights map[string]float64 `placeholder:"ITEM=N" help:"考评权重，如 pass=40;repair=30"`
}

// paperFlags say what the paper looks like.
type paperFlags struct {
	Issuer     string `placeholder:"NAME" help:"发文机关"`
	To         string `placeholder:"NAMES" help:"主送机关"`
	Number     string `placeholder:"NUMBER" help:"发文字号，如 尧政办函〔2026〕12号"`
	Date       string `placeholder:"DATE" help:"成文日期"`
	Copies     string `placeholder:"NAMES" help:"抄送机关"`
	Deadline   string `placeholder:"DATE" help:"整改期限"`
	Letterhead string `enum:",none,file,letter" default:"" help:"版头：none、file（文件）或 letter（信函）"`
	Public     bool   `help:"公开版：不引用错误表述的原文"`
	Template   string `placeholder:"FILE" help:"本机关自己的 docx 模板，内有 {{正文}}、{{附件}}、{{sites.failed}} 等占位"`
}

type bulletinWriteCmd struct {
	periodFlags
	paperFlags
	Kind   string   `default:"notice" enum:"notice,selfcheck,scorecard,appraisal,ledger,yearform,crosscheck" help:"notice 检查通报、selfcheck 自查报告、scorecard 单位评分卡、appraisal 年度考评、ledger 整改台账、yearform 网站工作年度报表草稿、crosscheck 年报核对表"`
	Format []string `default:"docx,xlsx" help:"docx、pdf、xlsx、html、json、csv，可写多种；all 为全部"`
	Out    string   `short:"o" default:"." placeholder:"DIR" help:"写入这个目录"`
	Trace  bool     `help:"不写文件，列出每个数据项怎样得出"`
}

func (bulletinWriteCmd) Examples() string {
	return `  xunjian bulletin -c district.yaml --month 2026-10
  xunjian bulletin -c district.yaml --quarter 2026Q3 --format docx,pdf,xlsx -o 通报
  xunjian bulletin -c district.yaml --year 2026 --kind appraisal --weights 'pass=50;repair=30'
  xunjian bulletin -c district.yaml --month 2026-10 --kind selfcheck --unit 区政府办 --issuer 区政府办
  xunjian bulletin -c district.yaml --month 2026-10 --trace`
}

// Run writes drafts: nothing here is issued.
func (c *bulletinWriteCmd) Run(e *env) error {
	formats, err := formatsOf(c.Format)
	if err != nil {
		return err
	}
	return c.with(e, func(p *plan, d *press) error {
		x, w, err := c.wish(p, d)
		if err != nil {
			return err
		}
		b, err := d.compile(e.ctx, x, w, p.now)
		if err != nil {
			return err
		}
		if c.Trace {
			return trace(e.stdout, b)
		}
		o, err := c.options(p.cfg)
		if err != nil {
			return err
		}
		o.Draft = true
		for _, x := range paper.KindOf(c.Kind).Make(b, o) {
			if err := c.write(e, x, formats); err != nil {
				return err
			}
		}
		return nil
	})
}

// formatsOf are the formats of some names.
func formatsOf(names []string) (out []paper.Format, err error) {
	if slices.Contains(names, "all") {
		return paper.Formats, nil
	}
	for _, n := range names {
		f := paper.FormatOf(n)
		if f == nil {
			return nil, usage("可用：docx、pdf、xlsx、html、json、csv、all", "没有格式 %q", n)
		}
		out = append(out, *f)
	}
	return out, nil
}

// period is which one is asked for: the last whole month, if none is.
func (f *periodFlags) period(now time.Time) (period.Period, error) {
	given := slices.DeleteFunc([]string{f.Month, f.Quarter, f.Year}, func(s string) bool { return s == "" })
	if len(given) > 1 {
		return period.Period{}, usage("例：--quarter 2026Q3", "--month、--quarter、--year 只能写一个")
	}
	if len(given) == 0 {
		return period.Of(period.Month, now).Back(1), nil
	}
	x, err := period.Parse(given[0])
	want := map[string]period.Length{f.Month: period.Month, f.Quarter: period.Quarter, f.Year: period.Year}
	if err != nil || x.Length != want[given[0]] {
		return x, usage("例：--month 2026-10、--quarter 2026Q3、--year 2026", "%q 不是时段", given[0])
	}
	return x, nil
}

// wish is what is asked for, but for the paper.
func (f *periodFlags) wish(p *plan, d *press) (x period.Period, w *wish, err error) {
	if x, err = f.period(p.now); err != nil {
		return x, nil, err
	}
	w = &wish{Weights: p.cfg.Bulletin.Weights}
	if f.Weights != nil {
		w.Weights = f.Weights
	}
	if w.Unit, err = d.unitOf(f.Unit); err != nil {
		return x, nil, err
	}
	if err := period.WeightsOK(f.Weights); err != nil {
		return x, nil, usageError{err: err, hint: "例：--weights 'pass=50;repair=30'"}
	}
	if f.Figures != "" {
		w.Handed, err = handed(f.Figures)
	}
	return x, w, err
}

// handed reads what people filled in.
func handed(file string) (out []period.Handed, err error) {
	raw, err := os.ReadFile(file)
	if err != nil {
		return nil, usageError{err: err}
	}
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(raw), "\ufeff")))
	r.FieldsPerRecord = 3
	rows, err := r.ReadAll()
	if err != nil {
		return nil, usage("每行三栏：数据项,数值,填报人，如 errors.received,12,张三", "%s：%v", file, err)
	}
	for i, row := range rows {
		n, err := strconv.ParseInt(strings.TrimSpace(row[1]), 10, 64)
		switch {
		case err != nil && i == 0:
			continue // a line of heads
		case err != nil || n < 0:
			return nil, usage("数值为不小于 0 的整数", "%s 第 %d 行：%q 不是数值", file, i+1, row[1])
		case !period.CanHand(row[0]):
			return nil, usage("可以填报："+strings.Join(period.HandedIDs(), "、"), "%s 第 %d 行：没有可填报的数据项 %q", file, i+1, row[0])
		}
		out = append(out, period.Handed{ID: row[0], Value: n, By: strings.TrimSpace(row[2])})
	}
	return out, nil
}

// options are the flags over what the configuration says.
func (f *paperFlags) options(cfg *config.Config) (o paper.Options, err error) {
	if o, err = paperOptions(&cfg.Bulletin); err != nil {
		return o, err
	}
	o.Issuer, o.To, o.Copies, o.Letterhead = cmp.Or(f.Issuer, o.Issuer), cmp.Or(f.To, o.To), cmp.Or(f.Copies, o.Copies), cmp.Or(f.Letterhead, o.Letterhead)
	o.Number, o.Public = f.Number, o.Public || f.Public
	if f.Template != "" {
		if o.Template, err = os.ReadFile(f.Template); err != nil {
			return o, usageError{err: err}
		}
	}
	for _, x := range []struct {
		text string
		into *time.Time
	}{{f.Date, &o.Date}, {f.Deadline, &o.Deadline}} {
		if x.text == "" {
			continue
		}
		if *x.into, err = parseNow(x.text); err != nil {
			return o, err
		}
	}
	return o, nil
}

// paperOptions are what the configuration says of papers.
func paperOptions(b *config.Bulletin) (o paper.Options, err error) {
	o = paper.Options{Issuer: b.Issuer, To: b.To, Copies: b.Copies, Letterhead: b.Letterhead, Public: b.Public}
	if b.Template != "" {
		o.Template, err = os.ReadFile(b.Template)
	}
	return o, err
}

// write writes one paper in some formats and tells where.
func (c *bulletinWriteCmd) write(e *env, p *paper.Paper, formats []paper.Format) error {
	if err := os.MkdirAll(c.Out, 0o755); err != nil {
		return err
	}
	for _, f := range formats {
		files, err := f.Files(e.ctx, p)
		if errors.Is(err, paper.ErrNoOffice) && len(formats) > 1 {
			fmt.Fprintf(e.stderr, "略过 PDF：%v\n", paper.ErrNoOffice)
			continue
		}
		if err != nil {
			return err
		}
		for _, x := range files {
			file := filepath.Join(c.Out, fileName(x.Name))
			if err := os.WriteFile(file, x.Data, 0o644); err != nil {
				return err
			}
			fmt.Fprintln(e.stdout, file)
		}
	}
	return nil
}

// fileName is a name that every file system takes.
func fileName(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>|`, r) || r < ' ' {
			return '_'
		}
		return r
	}, s)
}

// trace prints every figure with what it counted.
func trace(w io.Writer, b *period.Bulletin) error {
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintf(t, "%s，截至 %s 所知\n数据项\t名称\t值\t怎样得出\t计入的对象\n", b.Title, clockOf(b.Known))
	for i := range b.Figures {
		f := &b.Figures[i]
		of := strings.Join(f.Of[:min(5, len(f.Of))], " ")
		if len(f.Of) > 5 {
			of += fmt.Sprintf(" … 共 %d", len(f.Of))
		}
		rule := f.Rule
		if f.D != 0 {
			rule += fmt.Sprintf("（%d ÷ %d）", f.N, f.D)
		}
		fmt.Fprintf(t, "%s\t%s\t%s%s\t%s\t%s\n", f.ID, f.Name, f.Text(), cmp.Or(map[bool]string{true: f.Unit}[f.Known()], ""), rule, of)
	}
	return t.Flush()
}
