package config

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/token"

	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/inspect/zh"
)

// heads are the columns of a register of accounts, by key, with the words by
// which offices head them.
var heads = []struct {
	key   string
	words []string
}{
	{"id", []string{"代号", "账号代号", "编号"}},
	{"name", []string{"名称", "账号名称"}},
	{"platform", []string{"平台", "平台类型"}},
	{"handle", []string{"平台编号", "原始编号", "平台账号"}},
	{"unit", []string{"单位", "主办单位", "责任单位"}},
	{"url", []string{"网址", "地址", "链接"}},
	{"body", []string{"认证主体"}},
	{"verified", []string{"已认证", "是否认证"}},
	{"filed", []string{"已备案", "是否备案"}},
	{"opened", []string{"开设日期", "开设时间", "开通时间"}},
	{"state", []string{"状态", "运行状态"}},
	{"since", []string{"状态日期", "变更日期"}},
	{"to", []string{"接续账号", "迁移至"}},
	{"window", []string{"更新期限"}},
	{"comments", []string{"评论可用"}},
	{"messages", []string{"私信可用"}},
	{"menu", []string{"菜单可用", "咨询可用"}},
	{"checked", []string{"核查日期"}},
	{"sources", []string{"来源", "内容来源"}},
}

// register reads the accounts of the file that accounts_file names. Mistakes
// are told with the row and column of that file.
func (b *builder) register(seen map[string]bool) {
	if b.raw.AccountsFile == "" {
		return
	}
	file := beside(b.dir, b.raw.AccountsFile)
	rows, err := Table(file)
	if err != nil {
		b.fault("accounts_file", "%v", err)
		return
	}
	own := *b // mistakes of this file have places in it
	own.decoder = newDecoder(file)
	defer func() { b.errs = append(b.errs, own.errs...) }()
	head := own.head(rows[0])
	for i, row := range rows[1:] {
		if strings.TrimSpace(strings.Join(row, "")) != "" {
			own.row(seen, head, row, i+2)
		}
	}
}

// head is the key of each column.
func (b *builder) head(row []string) []string {
	out := make([]string, len(row))
	have := map[string]bool{}
	for i, cell := range row {
		word := zh.Compact(cell)
		if word == "" || strings.HasPrefix(word, "备注") {
			continue
		}
		k := slices.IndexFunc(heads, func(h struct {
			key   string
			words []string
		}) bool {
			return h.key == strings.ToLower(word) || slices.Contains(h.words, word)
		})
		switch {
		case k < 0:
			b.note(token.Position{Line: 1, Column: i + 1}, "", fmt.Sprintf("未知的列 %q", strings.TrimSpace(cell)))
		case have[heads[k].key]:
			b.note(token.Position{Line: 1, Column: i + 1}, "", fmt.Sprintf("列 %q 重复", strings.TrimSpace(cell)))
		default:
			out[i], have[heads[k].key] = heads[k].key, true
		}
	}
	for _, k := range []string{"id", "name", "platform"} {
		if !have[k] {
			b.note(token.Position{Line: 1, Column: 1}, "", "缺少列 "+k)
		}
	}
	return out
}

// row takes one account; line is its row in the file.
func (b *builder) row(seen map[string]bool, head, row []string, line int) {
	path := fmt.Sprintf("第%d行", line)
	b.at[path] = token.Position{Line: line, Column: 1}
	cell := map[string]string{}
	for i, c := range row {
		if i < len(head) && head[i] != "" && strings.TrimSpace(c) != "" {
			cell[head[i]] = strings.TrimSpace(c)
			b.at[join(path, head[i])] = token.Position{Line: line, Column: i + 1}
		}
	}
	e := &accountEntry{ID: cell["id"], Name: cell["name"], Platform: platformWord(cell["platform"]), Handle: cell["handle"], URL: cell["url"],
		Body: cell["body"], Opened: serialDay(cell["opened"]), State: stateWord(cell["state"]), Since: serialDay(cell["since"]), To: cell["to"]}
	e.Verified, e.Filed = b.yes(cell, path, "verified"), b.yes(cell, path, "filed")
	i := interactionEntry{Comments: b.yes(cell, path, "comments"), Messages: b.yes(cell, path, "messages"), Menu: b.yes(cell, path, "menu"), Checked: serialDay(cell["checked"])}
	if i.Comments != nil || i.Messages != nil || i.Menu != nil {
		e.Interaction = &i
		b.at[join(path, "interaction")] = b.at[path]
		if p, ok := b.at[join(path, "checked")]; ok {
			b.at[join(path, "interaction.checked")] = p
		}
	}
	if w := cell["window"]; w != "" {
		if err := e.Window.UnmarshalText([]byte(w)); err != nil {
			b.fault(join(path, "window"), "%q 不是期限，应写作 14d、2w", w)
		}
	}
	e.Sources = b.rowSources(cell["sources"], join(path, "sources"))
	b.id(seen, e.ID, path)
	b.account(e, b.unitCalled(cell["unit"]), path)
}

// unitCalled is a unit by id or name; a register may name others.
func (b *builder) unitCalled(s string) Unit {
	for _, u := range b.raw.Units {
		if s != "" && (u.ID == s || zh.Compact(u.Name) == zh.Compact(s)) {
			return u
		}
	}
	return Unit{Name: s}
}

// yes reads a cell of yes or no; an empty one is not known.
func (b *builder) yes(cell map[string]string, path, key string) *bool {
	yes, no := true, false
	switch s := strings.ToLower(cell[key]); s {
	case "":
	case "是", "有", "已", "y", "yes", "true", "1", "√":
		return &yes
	case "否", "无", "未", "n", "no", "false", "0", "×":
		return &no
	default:
		b.fault(join(path, key), "%q 应为 是 或 否，不知道时留空", s)
	}
	return nil
}

// rowSources reads sources of one cell: feed https://… ; wechat key=office.
func (b *builder) rowSources(s, path string) (out []sourceEntry) {
	for _, one := range strings.FieldsFunc(s, func(r rune) bool { return r == ';' || r == '；' || r == '\n' }) {
		words := strings.Fields(one)
		if len(words) == 0 {
			continue
		}
		e := sourceEntry{Kind: words[0]}
		for _, w := range words[1:] {
			key, value, _ := strings.Cut(w, "=")
			switch {
			case strings.Contains(w, "://"):
				e.URL = w
			case key == "key":
				e.Key = value
			case key == "name":
				e.Name = value
			case w == "official":
				e.Official = true
			default:
				b.fault(path, "%q 无法识别；应写作 feed https://…，或 wechat key=名称，几项用分号隔开", w)
			}
		}
		out = append(out, e)
	}
	return out
}

// platformWord is a platform by its key or its name; what is neither stays.
func platformWord(s string) string {
	for _, p := range inspect.Platforms {
		if zh.Compact(s) == p.Chinese() {
			return string(p)
		}
	}
	switch zh.Compact(s) {
	case "微信", "公众号", "微信服务号", "微信订阅号":
		return string(inspect.WeChat)
	case "新浪微博":
		return string(inspect.Weibo)
	case "抖音号":
		return string(inspect.Douyin)
	case "头条号", "头条":
		return string(inspect.Toutiao)
	case "B站", "哔哩":
		return string(inspect.Bilibili)
	case "APP", "客户端":
		return string(inspect.App)
	case "微信小程序":
		return string(inspect.MiniProgram)
	case "其他":
		return string(inspect.OtherPlatform)
	}
	return strings.ToLower(s)
}

// stateWord is a standing by its key or its name; what is neither stays.
func stateWord(s string) string {
	for _, x := range inspect.Standings {
		if zh.Compact(s) == x.Chinese() {
			return string(x)
		}
	}
	switch zh.Compact(s) {
	case "正常", "运行中", "在用":
		return string(inspect.Running)
	case "注销", "已关停", "关停":
		return string(inspect.Closed)
	case "迁移":
		return string(inspect.Migrated)
	}
	return strings.ToLower(s)
}

// serialDay turns the number by which a workbook holds a day into the day.
func serialDay(s string) string {
	n, err := strconv.ParseFloat(s, 64)
	if err != nil || n < 20000 || n > 80000 {
		return s
	}
	return time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(n)).Format(time.DateOnly)
}
