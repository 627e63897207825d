package console

import (
	"net/http"

	"github.com/xunjian/xunjian/dashboards/desk"
	"github.com/xunjian/xunjian/dashboards/sheet"
	"github.com/xunjian/xunjian/inspect"
)

type rulesView struct {
	Rules *inspect.Rulebook
	Pages []desk.RulePage
}

func (c *console) rules(q *request) error {
	if q.exported() != "" {
		type r = desk.RulePage
		return export(q, "rules", []sheet.Column[r]{
			sheet.Of("id", "编号", func(x r) any { return x.ID }),
			sheet.Of("title", "名称", func(x r) any { return x.Title }),
			sheet.Of("family", "类别", func(x r) any { return x.Family }),
			sheet.Of("source", "依据", func(x r) any { return x.Source }),
		}, sheet.List(c.desk.Pages))
	}
	return q.show(http.StatusOK, "rules", q.tr("规则"), rulesView{c.desk.Rules, c.desk.Pages})
}

type ruleView struct {
	*desk.RulePage
	Items []*inspect.Item
}

// Sections are the parts of a rule's page, as far as it has them.
func (v ruleView) Sections() (out []headLine) {
	for _, s := range []headLine{{"Clause", "条文"}, {"How we measure", "如何判定"}, {"Could not tell", "何时不能判定"}, {"Remedy", "整改建议"}} {
		if text := v.Section(s.Name); text != "" {
			out = append(out, headLine{s.Value, text})
		}
	}
	return out
}

func (c *console) rule(q *request) error {
	p, err := c.desk.RulePage(q.r.PathValue("id"))
	if err != nil {
		return err
	}
	return q.show(http.StatusOK, "rule", p.Title, ruleView{p, c.desk.Items(p.ID)})
}
