// Package serviceguidevague is the check service-guide-vague.
package serviceguidevague

import (
	"context"
	_ "embed"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/xunjian/xunjian/checks/guides"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/inspect/zh"
)

//go:embed rule.md
var rule string

// Check is the check service-guide-vague.
var Check = inspect.NewCheck("service-guide-vague", rule, inspect.PerPage, struct{}{}, run).Timeless()

var (
	// whole is an item of a list that is nothing but vague.
	whole = regexp.MustCompile(`^(?:其他|其它)(?:的|有关|相关|必要|需要|所需|应|应当|须|需|要求|规定|提交|提供|证明){0,4}的?(?:材料|资料|证明|证件|文件|证明材料|证明文件)(?:等)?[。;；.]?$`)
	// inside is the same in a sentence, or an item that may head a list.
	inside = regexp.MustCompile(`(?:其他|其它|有关|相关)(?:的|有关|相关|必要|需要|所需|应|应当|须|需|要求|规定|提交|提供|证明){0,4}的?(?:材料|资料|证明材料|证件|证明文件)`)
	// policy names a document in place of the materials.
	policy = regexp.MustCompile(`《[^》]{4,80}》(?:及[^。,，;；]{0,16})?(?:中|所|的)?(?:要求|规定)(?:提交|提供)?的?(?:材料|条件|资料)`)
	number = regexp.MustCompile(`^[\s\d一二三四五六七八九十、.．,()（）①②③④⑤⑥⑦⑧⑨⑩]+`)
)

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	g := guides.Of(p.Page)
	if g == nil || !g.Sure() { // only under its label is a sentence one of materials
		p.Due(0)
		return nil
	}
	materials(p, g)
	periods(p, g)
	return nil
}

// materials looks for words that leave open what must be brought.
func materials(p *inspect.Pass, g *guides.Guide) {
	sure, doubt, named := "", "", ""
	for _, s := range g.Sections {
		if s.Element != "materials" && s.Element != "conditions" {
			continue
		}
		all := strings.Join(s.Texts, "")
		if m := policy.FindString(all); m != "" && named == "" && len(all) < 2*len(m) {
			named = m // nothing else says what is needed
		}
		if s.Element != "materials" {
			continue
		}
		for _, t := range s.Texts {
			for _, item := range strings.FieldsFunc(t, func(r rune) bool { return r == ';' || r == '；' || r == '\n' }) {
				item = number.ReplaceAllString(strings.TrimSpace(item), "")
				switch {
				case sure == "" && whole.MatchString(strings.ReplaceAll(item, " ", "")):
					sure = item
				case doubt == "":
					if m := inside.FindString(item); m != "" {
						doubt = m
					}
				}
			}
		}
	}
	switch {
	case sure != "":
		p.Report(inspect.Finding{Locus: "materials", Class: "materials", Message: fmt.Sprintf("办事指南“%s”的材料名称含糊：“%s”", g.Name, sure)})
	case doubt != "":
		p.Report(inspect.Finding{Locus: "materials", Class: "materials", Outcome: inspect.Review,
			Message: fmt.Sprintf("办事指南“%s”的材料中出现“%s”，是否含糊请人工确认", g.Name, doubt)})
	}
	if named != "" {
		p.Report(inspect.Finding{Locus: "policy", Class: "policy", Outcome: inspect.Review,
			Message: fmt.Sprintf("办事指南“%s”只写明“%s”，没有列出具体内容，请人工确认", g.Name, zh.Truncate(named, 60))})
	}
}

var (
	legal    = regexp.MustCompile(`法定(?:的|办结|办理|审批)?(?:时限|期限|时间)[: |]*(\d{1,3}) ?个?(工作日|自然日|日|天|月)`)
	promised = regexp.MustCompile(`承诺(?:的|办结|办理|审批)?(?:时限|期限|时间)[: |]*(\d{1,3}) ?个?(工作日|自然日|日|天|月)`)
)

// periods holds the promised time against the lawful one. Only numbers of one
// unit, each said once and the same, can contradict each other.
func periods(p *inspect.Pass, g *guides.Guide) {
	text := strings.ReplaceAll(strings.ReplaceAll(g.Text, "\n", "|"), "||", "|")
	law, unit, ok := one(legal.FindAllStringSubmatch(text, -1))
	promise, unit2, ok2 := one(promised.FindAllStringSubmatch(text, -1))
	if !ok || !ok2 || unit != unit2 || promise <= law {
		return
	}
	p.Report(inspect.Finding{Locus: "periods", Class: "periods", Value: float64(promise - law), Unit: unit,
		Message: fmt.Sprintf("办事指南“%s”的承诺时限（%d%s）长于法定时限（%d%s）", g.Name, promise, unit, law, unit)})
}

func one(found [][]string) (n int, unit string, ok bool) {
	for i, m := range found {
		v, err := strconv.Atoi(m[1])
		if err != nil || i > 0 && (v != n || m[2] != unit) {
			return 0, "", false
		}
		n, unit = v, m[2]
	}
	return n, unit, len(found) > 0
}
