package config

import (
	"maps"
	"os"
	"slices"
	"strings"
)

// A Bulletin is what the office sets for the papers that it issues.
type Bulletin struct {
	Kinds      []string           `yaml:"kinds" jsonschema:"description=每期自动写出哪些初稿：notice、selfcheck、scorecard、appraisal、ledger、yearform、crosscheck；不写为 notice"`
	Issuer     string             `yaml:"issuer" jsonschema:"description=发文机关"`
	To         string             `yaml:"to" jsonschema:"description=主送机关"`
	Copies     string             `yaml:"copies" jsonschema:"description=抄送机关"`
	Letterhead string             `yaml:"letterhead" jsonschema:"enum=none,enum=file,enum=letter,description=版头：无、文件式、信函式,default=none"`
	Objection  int                `yaml:"objection_days" jsonschema:"description=预告后各单位可以提出异议的天数,default=3"`
	Weights    map[string]float64 `yaml:"weights" jsonschema:"description=考评权重：pass 合格率、fresh 更新及时率、repair 按期整改率、open 首页可用率"`
	Template   string             `yaml:"template" jsonschema:"description=本机关自己的 docx 模板，相对于本文件"`
	Public     bool               `yaml:"public" jsonschema:"description=公开版：不引用错误表述的原文"`
}

// defaultBulletin: three days to object. The number is ours.
var defaultBulletin = Bulletin{Kinds: []string{"notice"}, To: "各有关单位", Letterhead: "none", Objection: 3}

var (
	bulletinKinds   = []string{"notice", "selfcheck", "scorecard", "appraisal", "ledger", "yearform", "crosscheck"}
	bulletinWeights = []string{"pass", "fresh", "repair", "open"}
)

func (b *builder) bulletin() {
	x := &b.raw.Bulletin
	for _, k := range x.Kinds {
		if !slices.Contains(bulletinKinds, k) {
			b.fault("bulletin.kinds", "没有文书 %q，可用：%s", k, strings.Join(bulletinKinds, "、"))
		}
	}
	if !slices.Contains([]string{"none", "file", "letter"}, x.Letterhead) {
		b.fault("bulletin.letterhead", "没有版头 %q，可用：none、file、letter", x.Letterhead)
	}
	if x.Objection < 1 || x.Objection > 60 {
		b.fault("bulletin.objection_days", "应为天数，1 至 60")
	}
	for _, name := range slices.Sorted(maps.Keys(x.Weights)) {
		switch {
		case !slices.Contains(bulletinWeights, name):
			b.fault(join("bulletin.weights", name), "没有考评项目 %q，可用：%s", name, strings.Join(bulletinWeights, "、"))
		case !(x.Weights[name] >= 0):
			b.fault(join("bulletin.weights", name), "权重不能小于 0")
		}
	}
	if x.Template != "" {
		x.Template = beside(b.dir, x.Template)
		if _, err := os.Stat(x.Template); err != nil {
			b.fault("bulletin.template", "模板不存在或无法读取")
		}
	}
	b.out.Bulletin = *x
}
