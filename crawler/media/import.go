package media

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/inspect/zh"
)

// columnsOf are the heads by which a list of posts names its columns.
var columnsOf = map[string][]string{
	"account": {"account", "账号代号", "代号", "账号编号"},
	"title":   {"title", "标题", "作品标题"},
	"url":     {"url", "链接", "地址", "网址"},
	"at":      {"published", "发布时间", "发布日期", "时间", "日期"},
	"kind":    {"kind", "发布方式", "类型"},
	"text":    {"text", "正文", "内容", "摘要"},
	"id":      {"id", "编号", "作品编号"},
}

// Rows reads a list of posts that a unit hands in: rows of a table, head first.
// The key is the account's id; account names it where the table has no such
// column. All mistakes are told at once, by row.
func Rows(rows [][]string, account string) (map[string][]inspect.Post, error) {
	at := map[string]int{}
	for i, h := range rows[0] {
		word := strings.ToLower(zh.Compact(h))
		for key, words := range columnsOf {
			if _, ok := at[key]; !ok && slices.Contains(words, word) {
				at[key] = i
			}
		}
	}
	var wrong []string
	if _, ok := at["at"]; !ok {
		wrong = append(wrong, "第1行：缺少“发布时间”列")
	}
	if _, ok := at["account"]; !ok && account == "" {
		wrong = append(wrong, "第1行：缺少“账号代号”列；全表同属一个账号时用 --account 指明")
	}
	if len(wrong) > 0 {
		return nil, fmt.Errorf("%s", strings.Join(wrong, "\n"))
	}
	out := map[string][]inspect.Post{}
	for i, row := range rows[1:] {
		get := func(key string) string {
			if k, ok := at[key]; ok && k < len(row) {
				return strings.TrimSpace(row[k])
			}
			return ""
		}
		if strings.TrimSpace(strings.Join(row, "")) == "" {
			continue
		}
		p, err := handed(get("id"), get("title"), get("url"), get("at"), get("kind"), get("text"))
		id := get("account")
		if id == "" {
			id = account
		}
		if err == nil && id == "" {
			err = fmt.Errorf("没有账号代号")
		}
		if err != nil {
			wrong = append(wrong, fmt.Sprintf("第%d行：%v", i+2, err))
			continue
		}
		out[id] = append(out[id], p)
	}
	return finish(out, wrong)
}

// JSON reads the same list as a JSON array of objects with the keys account,
// id, title, url, published, kind and text.
func JSON(data []byte, account string) (map[string][]inspect.Post, error) {
	var list []struct{ Account, ID, Title, URL, Published, Kind, Text string }
	if err := json.Unmarshal(data, &list); err != nil {
		return nil, fmt.Errorf("应为 JSON 数组，每项有 published，以及 account、title、url、kind、text：%w", err)
	}
	out := map[string][]inspect.Post{}
	var wrong []string
	for i, x := range list {
		p, err := handed(x.ID, x.Title, x.URL, x.Published, x.Kind, x.Text)
		if x.Account == "" {
			x.Account = account
		}
		if err == nil && x.Account == "" {
			err = fmt.Errorf("没有 account；全表同属一个账号时用 --account 指明")
		}
		if err != nil {
			wrong = append(wrong, fmt.Sprintf("第%d项：%v", i+1, err))
			continue
		}
		out[x.Account] = append(out[x.Account], p)
	}
	return finish(out, wrong)
}

func finish(out map[string][]inspect.Post, wrong []string) (map[string][]inspect.Post, error) {
	if len(wrong) > 0 {
		return nil, fmt.Errorf("%s", strings.Join(wrong, "\n"))
	}
	for _, posts := range out {
		slices.SortStableFunc(posts, func(a, b inspect.Post) int { return b.Published.Compare(a.Published) })
	}
	return out, nil
}

// handed makes a post of what a unit wrote of it.
func handed(id, title, address, at, kind, text string) (inspect.Post, error) {
	p := inspect.Post{ID: id, Title: title, Text: text}
	t, ok := Moment(at)
	if !ok {
		return p, fmt.Errorf("发布时间 %q 不是日期", at)
	}
	p.Published = t
	if address != "" {
		u, ok := inspect.Normal(address)
		if !ok {
			return p, fmt.Errorf("链接 %q 不是网址", address)
		}
		p.URL = u
	}
	switch kind {
	case "", "全部":
	case "发布", "published":
		p.Kind = inspect.Published
	case "群发", "mass-sent":
		p.Kind = inspect.MassSent
	default:
		return p, fmt.Errorf("发布方式 %q 应为 发布 或 群发", kind)
	}
	if title == "" && address == "" && text == "" {
		return p, fmt.Errorf("标题、链接和正文不能都为空")
	}
	return p, nil
}

// Moment reads when a post was published, as people and workbooks write it.
func Moment(s string) (time.Time, bool) {
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t.UTC(), true
	}
	if n, err := strconv.ParseFloat(s, 64); err == nil { // a workbook counts days
		if n < 20000 || n > 80000 {
			return time.Time{}, false
		}
		days, part := math.Modf(n)
		return time.Date(1899, 12, 30, 0, 0, 0, 0, inspect.Zone).AddDate(0, 0, int(days)).Add(time.Duration(math.Round(part*86400)) * time.Second).UTC(), true
	}
	t, ok := zh.Date(s)
	return t.UTC(), ok
}
