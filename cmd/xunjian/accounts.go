package main

import (
	"cmp"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/xunjian/xunjian/checks/accountcontent"
	"github.com/xunjian/xunjian/config"
	"github.com/xunjian/xunjian/crawler"
	"github.com/xunjian/xunjian/crawler/media"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/store"
)

// media is the source of all accounts of a run as of a day.
func (p *plan) media(st *store.Store, now time.Time) *media.Source {
	if p.source != nil && p.sourceNow.Equal(now) {
		return p.source
	}
	if p.client == nil {
		o := p.options(nil)
		p.client = crawler.NewClient(o, &inspect.Site{Kind: inspect.Account, Allow: slices.Concat(p.cfg.Crawl.AllowNetworks, p.flags.Allow)})
	}
	p.sourceNow = now
	p.source = media.New(media.Options{Client: p.client, Now: now, Secret: secretsOf(p.cfg), Deposits: st.Deposits})
	return p.source
}

func (p *plan) close() {
	if p.client != nil {
		p.client.Close()
	}
}

// secretsOf finds credentials: in the file that the configuration names, else
// in XUNJIAN_MEDIA_<NAME>_APPID, _SECRET and _TOKEN.
func secretsOf(cfg *config.Config) func(string) (media.Secret, bool) {
	return func(key string) (media.Secret, bool) {
		if s, ok := cfg.MediaSecrets[key]; ok {
			return media.Secret{AppID: s.AppID, Secret: s.Secret, Token: s.Token}, true
		}
		name := strings.Map(func(r rune) rune {
			if r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
				return r
			}
			return '_'
		}, strings.ToUpper(key))
		s := media.Secret{AppID: os.Getenv("XUNJIAN_MEDIA_" + name + "_APPID"), Secret: os.Getenv("XUNJIAN_MEDIA_" + name + "_SECRET"),
			Token: os.Getenv("XUNJIAN_MEDIA_" + name + "_TOKEN")}
		return s, s != media.Secret{}
	}
}

// accountsCmd lists accounts; its subcommands hand in what no source gives.
type accountsCmd struct {
	List   accountsListCmd   `cmd:"" default:"withargs" help:"账号一览：来源是否正常、最近更新、剩余天数、最长间隔、每月条数、各平台合格率"`
	Import accountsImportCmd `cmd:"" help:"导入单位报送的发布清单（.csv、.xlsx 或 .json）"`
	Stamp  accountsStampCmd  `cmd:"" help:"登记人工核查：看到的发布或互动功能，附证明"`
}

// accountFlags name the configuration and where data lies.
type accountFlags struct {
	Config   string `short:"c" required:"" placeholder:"FILE" help:"配置文件（含 accounts 或 accounts_file）"`
	Data     string `placeholder:"DIR" help:"数据目录（默认按配置）"`
	Database string `placeholder:"URL" help:"postgres://…；默认用数据目录中的 SQLite"`
	Now      string `placeholder:"DATE" help:"监测时间点（默认今天）"`
}

func (f *accountFlags) open(e *env) (*config.Config, *store.Store, time.Time, error) {
	now, err := parseNow(f.Now)
	if err != nil {
		return nil, nil, now, err
	}
	cfg, err := config.Load(f.Config)
	if err != nil {
		return nil, nil, now, usageError{err: err}
	}
	if len(cfg.Accounts) == 0 {
		return nil, nil, now, usage("在配置中加入 accounts，或用 accounts_file 指明登记表", "配置中没有政务新媒体账号")
	}
	st, err := store.Open(e.ctx, cmp.Or(f.Data, cfg.Data), cmp.Or(f.Database, cfg.Database))
	return cfg, st, now, err
}

type accountsImportCmd struct {
	accountFlags
	File    string `arg:"" help:"发布清单；列：账号代号、标题、发布时间、链接、发布方式（发布或群发）、正文"`
	Account string `placeholder:"ID" help:"全表同属的账号"`
	From    string `placeholder:"DATE" help:"清单从这一天起是完整的（默认最早一条的日期）"`
	Until   string `placeholder:"DATE" help:"清单到这一天为止是完整的；不给则只证明更新过，不能证明没有更新"`
	Kinds   string `enum:"all,published,mass-sent" default:"all" help:"清单包含的发布方式：all、published（发布）、mass-sent（群发）"`
	By      string `placeholder:"NAME" help:"报送人"`
}

func (accountsImportCmd) Examples() string {
	return "  xunjian accounts import -c district.yaml --until 2026-11-24 发布清单.xlsx"
}

func (c *accountsImportCmd) Run(e *env) error {
	cfg, st, now, err := c.open(e)
	if err != nil {
		return err
	}
	defer st.Close()
	posts, digest, err := c.read()
	if err != nil {
		return usageError{fmt.Errorf("%s：\n%w", c.File, err), "改正以上各处后重新导入；没有导入任何内容"}
	}
	var strange []string
	for id := range posts {
		if cfg.Account(id) == nil {
			strange = append(strange, id)
		}
	}
	if slices.Sort(strange); len(strange) > 0 {
		return usage("先在配置中登记账号；没有导入任何内容", "%s：登记中没有账号 %s", c.File, strings.Join(strange, "、"))
	}
	from, until, err := c.span(now)
	if err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(posts)) {
		list := posts[id]
		col := &inspect.Collection{Source: "导入", Kind: inspect.FromImport, At: time.Now().UTC(), Verdict: inspect.Fine, Posts: list, By: c.By, Digest: digest,
			From: from, To: list[0].Published, Complete: true}
		if from.IsZero() {
			col.From = list[len(list)-1].Published
		}
		if !until.IsZero() {
			col.To = until
		}
		if c.Kinds != "all" {
			col.Sees = []inspect.PostKind{inspect.PostKind(c.Kinds)}
		}
		accountcontent.Seal(col)
		switch err := st.Deposit(e.ctx, id, col, nil); {
		case errors.Is(err, store.ErrTwice):
			fmt.Fprintf(e.stdout, "%s：这份清单已经导入过，不再重复\n", id)
		case err != nil:
			return err
		default:
			fmt.Fprintf(e.stdout, "%s：导入 %d 条，最近一条 %s\n", id, len(list), list[0].Published.In(inspect.Zone).Format(time.DateOnly))
		}
	}
	return nil
}

// read reads the list, and the digest of its file for the evidence.
func (c *accountsImportCmd) read() (posts map[string][]inspect.Post, digest string, err error) {
	data, err := os.ReadFile(c.File)
	if err != nil {
		return nil, "", err
	}
	sum := sha256.Sum256(data)
	digest = "sha256:" + hex.EncodeToString(sum[:])
	if strings.EqualFold(filepath.Ext(c.File), ".json") {
		posts, err = media.JSON(data, c.Account)
		return posts, digest, err
	}
	rows, err := config.Table(c.File)
	if err != nil {
		return nil, "", err
	}
	posts, err = media.Rows(rows, c.Account)
	return posts, digest, err
}

// span are the first and the last moment of which the list says all.
func (c *accountsImportCmd) span(now time.Time) (from, until time.Time, err error) {
	if c.From != "" {
		if from, err = parseNow(c.From); err != nil {
			return from, until, usage("例：--from 2026-11-01", "--from %q 不是日期", c.From)
		}
	}
	if c.Until != "" {
		if until, err = parseNow(c.Until); err != nil {
			return from, until, usage("例：--until 2026-11-24", "--until %q 不是日期", c.Until)
		}
		if until = inspect.Day(until).AddDate(0, 0, 1).Add(-time.Second); inspect.DaysBetween(now, until) > 0 {
			return from, until, usage("清单不能说明将来", "--until %s 在今天之后", c.Until)
		}
	}
	return from, until, nil
}

type accountsStampCmd struct {
	accountFlags
	ID          string `arg:"" help:"账号代号"`
	URL         string `placeholder:"URL" help:"看到的发布的链接"`
	Title       string `placeholder:"TEXT" help:"看到的发布的标题"`
	Published   string `placeholder:"DATE" help:"该条发布的日期"`
	Interaction string `enum:",comments,messages,menu,none" default:"" help:"可用的互动功能：comments、messages、menu；none 为三项均不可用"`
	Proof       string `required:"" placeholder:"FILE" help:"证明：截图等"`
	By          string `placeholder:"NAME" help:"核查人"`
}

func (accountsStampCmd) Examples() string {
	return "  xunjian accounts stamp dy-1 -c district.yaml --url https://… --published 2026-11-20 --proof 截图.png --by 张主任"
}

func (c *accountsStampCmd) Run(e *env) error {
	cfg, st, now, err := c.open(e)
	if err != nil {
		return err
	}
	defer st.Close()
	if cfg.Account(c.ID) == nil {
		return usage("xunjian accounts -c "+c.Config, "登记中没有账号 %q", c.ID)
	}
	proof, err := os.ReadFile(c.Proof)
	if err != nil {
		return usage("证明须是能读取的文件", "证明文件 %s 无法读取", c.Proof)
	}
	col := &inspect.Collection{Source: "人工登记", Kind: inspect.FromStamp, At: time.Now().UTC(), To: now, Verdict: inspect.Fine, By: c.By,
		Partial: "人工登记只说明看到的那一条"}
	if c.URL != "" || c.Title != "" || c.Published != "" {
		p := inspect.Post{Title: c.Title}
		var ok bool
		if p.Published, ok = media.Moment(c.Published); !ok || inspect.DaysBetween(p.Published, now) < 0 {
			return usage("例：--published 2026-11-20", "--published %q 不是今天或以前的日期", c.Published)
		}
		if p.URL, ok = inspect.Normal(c.URL); c.URL != "" && !ok {
			return usage("例：--url https://…", "%q 不是网址", c.URL)
		}
		if p.URL == "" && p.Title == "" {
			return usage("--url 或 --title 至少给一项", "没有说明看到了哪一条发布")
		}
		col.Posts, col.URL = []inspect.Post{p}, p.URL
	}
	if c.Interaction != "" {
		col.Interaction = ways(c.Interaction, now)
	}
	if len(col.Posts) == 0 && col.Interaction == nil {
		return usage("xunjian accounts stamp --help", "没有说明看到了什么：给出 --url 与 --published，或 --interaction")
	}
	accountcontent.Seal(col)
	err = st.Deposit(e.ctx, c.ID, col, &store.Proof{Name: filepath.Base(c.Proof), Content: proof})
	if errors.Is(err, store.ErrTwice) {
		return usage("", "%s：%v", c.ID, err)
	}
	if err == nil {
		fmt.Fprintf(e.stdout, "%s：已登记，证明 %s（%s）\n", c.ID, filepath.Base(c.Proof), col.Proof)
	}
	return err
}

// ways is what a person saw of the ways to ask.
func ways(word string, now time.Time) *inspect.Interaction {
	yes, no := true, false
	i := &inspect.Interaction{Checked: now}
	switch word {
	case "comments":
		i.Comments = &yes
	case "messages":
		i.Messages = &yes
	case "menu":
		i.Menu = &yes
	default:
		i.Comments, i.Messages, i.Menu = &no, &no, &no
	}
	return i
}

type accountsListCmd struct {
	accountFlags
	Format string `enum:"text,json,csv" default:"text" help:"text、json 或 csv"`
	Out    string `short:"o" placeholder:"FILE" help:"写入文件"`
}

func (accountsListCmd) Examples() string {
	return "  xunjian accounts -c district.yaml\n  xunjian accounts -c district.yaml --format csv -o 账号.csv"
}

// An accountRow is one account of the list.
type accountRow struct {
	ID       string               `json:"id"`
	Name     string               `json:"name"`
	Platform inspect.Platform     `json:"platform"`
	Unit     string               `json:"unit"`
	State    inspect.Standing     `json:"state"`
	Verdict  string               `json:"verdict"` // "": never inspected, or not judged
	At       string               `json:"inspected,omitempty"`
	LastPost string               `json:"last_post,omitempty"`
	Left     *int                 `json:"days_left"` // null: not known
	Gap      *int                 `json:"longest_gap_days"`
	Months   []inspect.MonthPosts `json:"posts_per_month"`
	Sources  []inspect.Health     `json:"sources"`
}

// A platformRate is how many accounts of a platform pass.
type platformRate struct {
	Platform  inspect.Platform `json:"platform"`
	Judged    int              `json:"judged"` // passed or failed
	Passed    int              `json:"passed"`
	Undecided int              `json:"undecided"` // could not be told, or wait for a person
	Rate      *float64         `json:"pass_percent"`
}

func (c *accountsListCmd) Run(e *env) error {
	cfg, st, now, err := c.open(e)
	if err != nil {
		return err
	}
	defer st.Close()
	rows := make([]accountRow, 0, len(cfg.Accounts))
	for _, s := range cfg.Accounts {
		r, err := accountRowOf(e, st, s, now)
		if err != nil {
			return err
		}
		rows = append(rows, r)
	}
	rates := ratesOf(rows)
	return e.output(c.Out, func(w io.Writer) error {
		switch c.Format {
		case "json":
			j := json.NewEncoder(w)
			j.SetIndent("", "  ")
			j.SetEscapeHTML(false)
			return j.Encode(map[string]any{"accounts": rows, "platforms": rates})
		case "csv":
			return accountsCSV(w, rows)
		}
		return accountsText(w, rows, rates)
	})
}

// accountRowOf reads what the last complete inspection of an account left.
func accountRowOf(e *env, st *store.Store, s *inspect.Site, now time.Time) (accountRow, error) {
	m := s.Account
	r := accountRow{ID: s.ID, Name: s.Name, Platform: m.Platform, Unit: s.Unit, State: m.On(now), Months: []inspect.MonthPosts{}, Sources: []inspect.Health{}}
	h, err := st.Latest(e.ctx, s.ID, store.Whole)
	if err != nil || h == nil {
		return r, err
	}
	var feeds []*inspect.Collection
	for ev, err := range st.Events(e.ctx, h.ID) {
		if err != nil {
			return r, err
		}
		if ev.Feed != nil {
			feeds = append(feeds, ev.Feed)
			r.Sources = append(r.Sources, ev.Feed.Health())
		}
	}
	a := m.ActivityOf(feeds, now)
	r.At = h.Now.In(inspect.Zone).Format(time.DateOnly)
	if len(a.Months) > 0 {
		r.Months = a.Months
	}
	if len(a.Posts) > 0 {
		r.LastPost = a.Posts[0].Published.In(inspect.Zone).Format(time.DateOnly)
	}
	if a.Known {
		r.Gap = &a.Gap
	}
	if m.Judged(now) {
		r.Verdict = string(h.Verdict)
		for _, k := range h.Clocks {
			left := inspect.DaysBetween(now, k.Limit)
			r.Left = &left
		}
	}
	return r, nil
}

func ratesOf(rows []accountRow) []platformRate {
	out := []platformRate{}
	for _, p := range inspect.Platforms {
		r := platformRate{Platform: p}
		for i := range rows {
			switch x := &rows[i]; {
			case x.Platform != p || x.Verdict == "":
			case x.Verdict == string(inspect.Passed):
				r.Judged++
				r.Passed++
			case x.Verdict == string(inspect.Failed):
				r.Judged++
			default:
				r.Undecided++
			}
		}
		if r.Judged > 0 {
			rate := float64(r.Passed*10000/r.Judged) / 100
			r.Rate = &rate
		}
		if r.Judged+r.Undecided > 0 {
			out = append(out, r)
		}
	}
	return out
}

// verdictWord is a verdict for a list.
func verdictWord(s string) string {
	switch inspect.Decision(s) {
	case inspect.Passed:
		return "合格"
	case inspect.Failed:
		return "不合格"
	case inspect.Undecided:
		return "未定"
	}
	return "—"
}

func intWord(n *int) string {
	if n == nil {
		return "不明"
	}
	return strconv.Itoa(*n)
}

// sourceWord says how the sources do.
func sourceWord(hs []inspect.Health) string {
	bad := 0
	for _, h := range hs {
		if h.Verdict == inspect.CouldNotTell {
			bad++
		}
	}
	switch {
	case len(hs) == 0:
		return "无来源"
	case bad == 0:
		return fmt.Sprintf("%d 个正常", len(hs))
	}
	return fmt.Sprintf("%d 个中 %d 个失效", len(hs), bad)
}

func monthsWord(ms []inspect.MonthPosts) string {
	var out []string
	for _, m := range ms[:min(3, len(ms))] {
		out = append(out, fmt.Sprintf("%s:%d", m.Month, m.Posts))
	}
	return strings.Join(out, " ")
}

func accountsCSV(w io.Writer, rows []accountRow) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil { // or Excel takes it for GBK
		return err
	}
	c := csv.NewWriter(w)
	all := [][]string{{"代号", "名称", "平台", "单位", "状态", "检查日", "结论", "最近更新", "剩余天数", "最长间隔", "每月条数", "来源"}}
	for i := range rows {
		r := &rows[i]
		all = append(all, []string{r.ID, r.Name, r.Platform.Chinese(), r.Unit, r.State.Chinese(), r.At, verdictWord(r.Verdict), r.LastPost, intWord(r.Left), intWord(r.Gap), monthsWord(r.Months), sourceWord(r.Sources)})
	}
	for _, row := range all {
		for i, cell := range row { // a name that begins so would be run as a formula
			if strings.ContainsAny(cell[:min(1, len(cell))], "=+@\t") || strings.HasPrefix(cell, "-") && i != 8 {
				row[i] = "'" + cell
			}
		}
	}
	return c.WriteAll(all)
}

func accountsText(w io.Writer, rows []accountRow, rates []platformRate) error {
	var b strings.Builder
	for i := range rows {
		r := &rows[i]
		fmt.Fprintf(&b, "%s  %s（%s，%s）  %s\n", r.ID, r.Name, r.Platform.Chinese(), r.State.Chinese(), verdictWord(r.Verdict))
		if r.At == "" {
			b.WriteString("    还没有检查过\n")
			continue
		}
		fmt.Fprintf(&b, "    %s 检查；最近更新 %s；剩余 %s 天；最长间隔 %s 天；%s；来源 %s\n", r.At, cmp.Or(r.LastPost, "不明"), intWord(r.Left), intWord(r.Gap), cmp.Or(monthsWord(r.Months), "没有读取到发布"), sourceWord(r.Sources))
		for _, h := range r.Sources {
			if h.Verdict != inspect.Fine {
				fmt.Fprintf(&b, "      %s：%s %s\n", h.Source, h.Cause.Chinese(), h.Detail)
			}
		}
	}
	if len(rates) > 0 {
		b.WriteString("\n各平台合格率（未定的不计入）\n")
	}
	for _, r := range rates {
		rate := "无法计算"
		if r.Rate != nil {
			rate = fmt.Sprintf("%.2f%%（%d/%d）", *r.Rate, r.Passed, r.Judged)
		}
		fmt.Fprintf(&b, "  %s  %s，未定 %d 个\n", r.Platform.Chinese(), rate, r.Undecided)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
