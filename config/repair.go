package config

import "github.com/xunjian/xunjian/inspect"

// A Repair is what the office sets for the life of a finding. No rule of the
// state says these numbers.
type Repair struct {
	Veto      int `yaml:"veto" jsonschema:"description=单项否决问题的整改期限（工作日）,default=3"`
	Deduction int `yaml:"deduction" jsonschema:"description=扣分问题的整改期限（工作日）,default=10"`
	Advice    int `yaml:"advice" jsonschema:"description=其他问题的整改期限（工作日）,default=20"`
	Waiver    int `yaml:"waiver" jsonschema:"description=豁免最长多少天,default=180"`
}

var defaultRepair = Repair{Veto: inspect.DefaultTerms.RepairDays[inspect.Veto], Deduction: inspect.DefaultTerms.RepairDays[inspect.Deduction],
	Advice: inspect.DefaultTerms.RepairDays[inspect.Advice], Waiver: inspect.DefaultTerms.WaiverDays}

// Terms are the same as the life of a finding knows them.
func (r Repair) Terms() inspect.Terms {
	return inspect.Terms{RepairDays: map[inspect.Part]int{inspect.Veto: r.Veto, inspect.Deduction: r.Deduction, inspect.Advice: r.Advice}, WaiverDays: r.Waiver}
}

func (b *builder) repair() {
	r := &b.raw.Repair
	for _, x := range []struct {
		key  string
		days int
		most int
	}{{"veto", r.Veto, 250}, {"deduction", r.Deduction, 250}, {"advice", r.Advice, 250}, {"waiver", r.Waiver, 3660}} {
		if x.days < 1 || x.days > x.most {
			b.fault(join("repair", x.key), "应为天数，1 至 %d", x.most)
		}
	}
	b.out.Repair = *r
}
