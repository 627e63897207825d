package bulletins_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/xunjian/xunjian/inspect"
)

// A fault is failed; what is open, or was seen once, is cantTell; what has
// nothing to do with accessibility is not there.
func TestEARLOutcomes(t *testing.T) {
	t.Parallel()
	in := sample()
	in.Findings[2].State = inspect.SeenOnce
	in.Findings[0].Places = 50
	var doc struct {
		Graph []struct {
			Type    string `json:"@type"`
			Subject struct {
				ID string `json:"@id"`
			} `json:"earl:subject"`
			Test struct {
				ID   string   `json:"@id"`
				WCAG []string `json:"dct:subject"`
				ACT  []struct {
					ID string `json:"@id"`
				} `json:"dct:relation"`
			} `json:"earl:test"`
			Result struct {
				Info    string `json:"earl:info"`
				Outcome struct {
					ID string `json:"@id"`
				} `json:"earl:outcome"`
			} `json:"earl:result"`
		} `json:"@graph"`
	}
	if err := json.Unmarshal([]byte(written(t, "earl", in)), &doc); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, a := range doc.Graph {
		if a.Type != "earl:Assertion" {
			continue
		}
		got = append(got, strings.Join([]string{strings.TrimPrefix(a.Subject.ID, home), strings.TrimPrefix(a.Test.ID, "urn:xunjian:check:"), a.Result.Outcome.ID, strings.Join(a.Test.WCAG, " ")}, " "))
		if strings.HasSuffix(a.Test.ID, "img-alt") && (len(a.Test.ACT) != 2 || a.Test.ACT[0].ID != "https://www.w3.org/WAI/standards-guidelines/act/rules/23a2a8/") {
			t.Errorf("ACT rules %v", a.Test.ACT)
		}
		if strings.Contains(a.Test.ID, "axe-") && !strings.Contains(a.Result.Info, "共 50 页，列出 2 页") {
			t.Errorf("info %q", a.Result.Info)
		}
	}
	want := []string{"a.html a11y-deep:axe-color-contrast earl:failed 1.4.3", "b.html a11y-deep:axe-color-contrast earl:failed 1.4.3",
		"c.html a11y-deep earl:cantTell 1.1.1 1.4.3", "a.html a11y-img-alt earl:cantTell 1.1.1"}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// The section says how the sample was drawn only where there is one, and is
// left out where the rulebook asks nothing of accessibility.
func TestAccessibilitySection(t *testing.T) {
	t.Parallel()
	in := sample()
	for _, format := range []string{"text", "html"} {
		got := written(t, format, in)
		for _, want := range []string{"1 条静态规则", "抽样检查 2 页，共 293 页，方法：先取首页", "1 页抽中而浏览器未能显示", "一致 7 处", "浏览器判为合格 2 处", "留待人工确认 5 处", "深度检查 axe-color-contrast", "1.4.3", "较大", "须由人检查", "条款号未经核实"} {
			if !strings.Contains(got, want) {
				t.Errorf("%s: no %q", format, want)
			}
		}
	}
	in.Findings, in.Counts.Sampled, in.Counts.Shown = in.Findings[2:], 0, 0
	if got := written(t, "text", in); !strings.Contains(got, "没有浏览器抽样的结果") || strings.Contains(got, "axe-core") {
		t.Errorf("without a sample:\n%s", got)
	}
	in.Findings, in.Rules.Checks = in.Findings[1:], in.Rules.Checks[2:]
	if got := written(t, "text", in); strings.Contains(got, "\n无障碍\n") {
		t.Errorf("a section of nothing:\n%s", got)
	}
}

// Each earlier fault is new, gone, still there, or could not be told of again;
// what only a browser sees is held only against what a browser saw.
func TestTrend(t *testing.T) {
	t.Parallel()
	in := sample()
	text := written(t, "text", in)
	for _, want := range []string{"监测时间点 2024-05-01）相比；两次所用指标版本不同", "图片没有替代文本：新增 0，消除 1，仍在 1，未能再判定 1",
		"深度检查 axe-color-contrast：新增 1，消除 0，仍在 0", "深度检查 axe-list：新增 0，消除 1，仍在 0", "2024-06-01 静态 1 处、浏览器 3（2 页）"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if n := strings.Count(text, " 静态 "); n != 12 || strings.Contains(text, "2023-06-01 静态") {
		t.Errorf("%d rounds:\n%s", n, text)
	}
	if html := written(t, "html", in); strings.Count(html, "<td class=\"num\">未抽样</td>") != 10 || !strings.Contains(html, `<th scope="row">2024-06-01</th><td class="num">1</td><td class="num">3（2 页）</td>`) {
		t.Error("the table of rounds")
	}
	for i := range in.History {
		in.History[i].Counts.Shown, in.History[i].Rules = 0, in.Rules.Digest
	}
	if text = written(t, "text", in); strings.Contains(text, "axe-list：") || strings.Contains(text, "指标版本不同") {
		t.Errorf("browser against none:\n%s", text)
	}
	for i := range in.History {
		in.History[i].Counts.Shown, in.History[i].Counts.Engine = 2, "axe-core 4.13.0"
	}
	if text = written(t, "text", in); strings.Contains(text, "axe-list：") || !strings.Contains(text, "浏览器检查程序不同（上次 axe-core 4.13.0，本次 axe-core 4.14.1）") {
		t.Errorf("two engines:\n%s", text)
	}
	in.Findings[2].Outcome = inspect.Review
	if text = written(t, "text", in); !strings.Contains(text, "图片没有替代文本：新增 0，消除 1，仍在 0，未能再判定 2") {
		t.Errorf("a fault that a person must confirm is not gone:\n%s", text)
	}
	in.History = nil
	if text = written(t, "text", in); strings.Contains(text, "历次") {
		t.Error("a trend of nothing")
	}
}

// What was seen before the last inspection is not new; what stood on a page
// that nothing links any more is not repaired; limits and days are told.
func TestTrendInventsNothing(t *testing.T) {
	t.Parallel()
	in := sample()
	in.Findings[2].Fingerprint, in.Findings[2].First = "older", now.AddDate(0, -3, 0)
	in.Findings[0].First = now
	in.Missing = map[string]inspect.Act{"gone": inspect.ActVanished}
	last := &in.History[len(in.History)-1]
	last.Counts.Limited, in.Counts.Limited = 7, 9
	last.Now = now.Add(-2 * time.Hour)
	text := written(t, "text", in)
	for _, want := range []string{"图片没有替代文本：新增 0，消除 1，仍在 1，位置消失 1，未能再判定 1", "深度检查 axe-color-contrast：新增 1，",
		"上次有 7 页、本次有 9 页因限额没有读取", "监测时间点 2024-06-01 07:00）", "2024-06-01 07:00 静态 3 处（7 页因限额未读）", "2024-06-01 09:00 静态 1 处（9 页因限额未读）", "；2024-04-01 静态"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if html := written(t, "html", in); !strings.Contains(html, "2024-06-01 07:00<br><span class=\"small\">7 页因限额未读</span></th>") {
		t.Error("the table of rounds")
	}
}

// What axe-core advises without a success criterion is named as advice, stands
// last and is no fault.
func TestBestPracticeIsAdvice(t *testing.T) {
	t.Parallel()
	in := sample()
	in.Findings = append([]inspect.Finding{{Check: "a11y-deep", Fingerprint: "region", Outcome: inspect.Review, URL: home + "a.html", Locus: "axe-region", Class: "axe-region", Value: 90, Unit: "处", Places: 1,
		Message: "最佳实践（建议）：内容应在地标中", Browser: &inspect.BrowserFault{Engine: "axe-core 4.14.1", Impact: "moderate"}}}, in.Findings...)
	text := written(t, "text", in)
	_, after, ok := strings.Cut(text, "最佳实践（建议） axe-region（a11y-deep，影响一般）：问题 0 处，涉及 0 页次；待确认或未能判定 1\n")
	if !ok || strings.Contains(after, "页次") {
		t.Errorf("advice is not last:\n%s", text)
	}
}

// A page's picture stands once, beside the first finding of the browser's engine.
func TestPictures(t *testing.T) {
	t.Parallel()
	in := sample()
	again := in.Findings[0]
	again.Locus = "axe-list"
	in.Findings = append(in.Findings, again)
	html := written(t, "html", in)
	if n := strings.Count(html, `src="data:image/jpeg;base64,/9j/IGpwZWc="`); n != 1 {
		t.Errorf("%d pictures", n)
	}
	if strings.Contains(html, "ZgotmplZ") || !strings.Contains(html, "<code>.foot &gt; a</code>") {
		t.Error("elements of the finding")
	}
}

// The points of the annex are counted: what the check says it looked at, what
// it could not, and what only a person can see. What nobody looked at is never
// well, whatever is not found of it.
func TestAnnex(t *testing.T) {
	t.Parallel()
	of := func(id string, o inspect.Outcome) inspect.Finding {
		return inspect.Finding{Check: "elder-page", Class: id, Locus: id, Outcome: o, URL: home, Places: 1}
	}
	broke := inspect.Finding{Check: "elder-page", Locus: "check", Outcome: inspect.Unknown, URL: home, Places: 1}
	absent := inspect.Finding{Check: "elder-entry", Class: "absent", Outcome: inspect.Fail, URL: home, Places: 1}
	found := []inspect.Finding{of("EL-4", inspect.Unknown), of("EL-3", inspect.Review)}
	counted := func(well, doubt, untold int) string {
		return fmt.Sprintf("机器可查 3 项，其中未见问题 %d 项，可能不符合、待人工确认 %d 项，未能判定 %d 项；其余 9 项须由人检查", well, doubt, untold)
	}
	for _, c := range []struct {
		name     string
		judged   []string // nil: the check says nothing
		late     time.Duration
		findings []inspect.Finding
		want     string
		none     bool
	}{
		{"looked at", []string{"EL-1", "EL-3"}, 0, found, counted(1, 1, 1), false},
		{"nothing said and nothing found", nil, 0, nil, counted(0, 0, 3), false},
		{"nobody opened it", []string{}, 0, nil, counted(0, 0, 3), false},
		{"no entry", []string{}, 0, []inspect.Finding{absent}, counted(0, 0, 3), true},
		{"an inspection before this one looked", []string{"EL-1", "EL-3", "EL-4"}, -time.Hour, nil, counted(0, 0, 3), false},
		{"the check broke", []string{"EL-1", "EL-3", "EL-4"}, 0, []inspect.Finding{broke}, counted(0, 0, 3), false},
		{"a point that is not the check's", []string{"EL-1", "EL-2"}, 0, nil, counted(1, 0, 2), false},
		{"another name of the home page has no entry", []string{"EL-1", "EL-3", "EL-4"}, 0, []inspect.Finding{absent}, counted(3, 0, 0), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			in := sample()
			in.Rules.Checks = append(in.Rules.Checks, accessRule("elder-page", "适老版", "items: [EL-1, EL-3, EL-4]"))
			in.Counts.Kinds = map[inspect.PageKind]int{inspect.HomePage: 1}
			in.Findings = append(in.Findings, c.findings...)
			if c.judged != nil {
				b, err := json.Marshal(map[string]any{"at": in.Now.Add(c.late).UTC(), "judged": c.judged})
				if err != nil {
					t.Fatal(err)
				}
				in.Past = &inspect.Past{Kept: map[string]json.RawMessage{"elder-page": b}}
			}
			for _, format := range []string{"text", "html"} {
				got := written(t, format, in)
				if !strings.Contains(got, "工信部67号附件1：共 12 项，"+c.want) {
					t.Errorf("%s: no %q", format, c.want)
				}
				if strings.Contains(got, "没有确认可用的适老版入口") != c.none {
					t.Errorf("%s: an entry is missing: %v", format, !c.none)
				}
			}
			in.Counts.Kinds = nil
			if got := written(t, "text", in); strings.Contains(got, "附件1：共") {
				t.Error("points of a home page that was not read")
			}
		})
	}
}

// Clauses stand in a report only where a person filled them in.
func TestClausesAreCited(t *testing.T) {
	t.Parallel()
	in := sample()
	in.Rules.Clauses = []inspect.Clause{{Check: "a11y-img-alt", Indicator: "指标甲", Clause: "条甲", Level: "一级", Read: "某人 2024-05-01"},
		{Check: "a11y-deep", Indicator: "指标乙", Clause: "条乙", Level: "二级", Read: "某人 2024-05-01"}}
	for _, format := range []string{"text", "html", "earl"} {
		got := written(t, format, in)
		for _, want := range []string{"指标甲（条甲，一级；某人 2024-05-01）", "指标乙（条乙，二级；某人 2024-05-01）"} {
			if !strings.Contains(got, want) {
				t.Errorf("%s: %s is not cited", format, want)
			}
		}
	}
}
