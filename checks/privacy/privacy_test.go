package privacy

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

var now = time.Date(2024, 6, 1, 9, 0, 0, 0, time.UTC)

// identity makes a number of made-up letters with its check digit.
func identity(s string) string { return s + string(checkDigit(s)) }

func TestIdentity(t *testing.T) {
	for s, want := range map[string]bool{
		"11010519491231002X":          true, // the example of the standard
		"11010519491231002x":          true,
		"110105194912310021":          false, // check digit
		identity("11010520250101002"): false, // born after now
		identity("11010518991231002"): false,
		identity("11010519490231002"): false, // no such day
		identity("16010519491231002"): false, // no such province
		identity("11000519491231002"): false, // no such prefecture
		identity("81000019900101002"): true,  // a residence permit
		identity("81010019900101002"): false,
		"1101051949123100":            false,
	} {
		if got := Identity(s, now); got != want {
			t.Errorf("%s: %v", s, got)
		}
	}
}

func TestOtherNumbers(t *testing.T) {
	if !CreditCode("91350100M000100Y43") || CreditCode("91350100M000100Y44") || CreditCode("11010519491231002X") {
		t.Error("credit codes")
	}
	if !BankCard("6222021234567894") || BankCard("6222021234567895") || BankCard("9222021234567894") {
		t.Error("bank cards")
	}
	if !Mobile("13800001111") || Mobile("12800001111") || Mobile("1380000111") {
		t.Error("mobiles")
	}
	if !OldIdentity("110105491231002", now) || OldIdentity("110105491331002", now) {
		t.Error("old identity numbers")
	}
}

func TestRebuilt(t *testing.T) {
	id := identity("14100219820305023")
	for s, want := range map[string]bool{
		id[:16] + "**":                   true,
		id[:8] + "*" + id[9:]:            true,
		id[:6] + "********" + id[14:]:    false, // no day beside it
		id[:6] + "************":          false,
		"**************" + id[14:]:       false,
		id:                               false,
		id[:3] + "***********" + id[14:]: false,
	} {
		if got := Rebuilt(s, nil, now); got != want {
			t.Errorf("%s: %v", s, got)
		}
	}
	if !Rebuilt(id[:6]+"********"+id[14:], []string{"19820305"}, now) || Rebuilt(id[:6]+"********"+id[14:], []string{"19820306"}, now) {
		t.Error("the day beside it")
	}
}

// kinds are the kinds found in a text, with their masks.
func kinds(vs []Value) string {
	var out []string
	for _, v := range vs {
		out = append(out, string(v.Kind)+" "+v.Mask)
	}
	return strings.Join(out, ", ")
}

func TestScan(t *testing.T) {
	id := "11010519491231002X"
	for text, want := range map[string]string{
		"张某，" + id + "。":                     "identity 110105********002X",
		"身份证 110105 19491231 002X":           "identity 110105********002X",
		"残疾证号11010519491231002X44":           "identity 110105********002X",
		"学号G11010519491231002X":              "identity 110105********002X",
		"身份证号：110105491231002":               "identity 110105******002",
		"编号110105491231002":                  "",
		"信用代码91350100M000100Y43":             "",
		"本人电话13800001111，家住某村":               "phone 138****1111",
		"本人电话138 0000 1111，家住某村":             "phone 138****1111",
		"咨询电话13800001111":                    "",
		"记者 13800001111":                     "",
		"住址某村，举报电话13800001111":               "",
		"流水号138000011112":                    "",
		id + " 13800001111":                  "identity 110105********002X, phone 138****1111",
		"银行卡号6222021234567894":               "bank-account ************7894",
		"银行卡号6222 0212 3456 7894":            "bank-account ************7894",
		"收款单位：某公司，账号6222021234567894":        "",
		"单号6222021234567894":                 "",
		"护照号码E12345678":                      "papers E******78",
		"型号E12345678":                        "",
		"港澳居民来往内地通行证H1234567890":             "papers H********90",
		"1949年12月31日生，身份证110105********002X": "weak-mask 110105************",
		"身份证110105********002X":              "",
		"例如：" + id:                           "",
		"2024-05-30 08:00 2024-05-31":        "",
		"110105194912310021":                 "",
	} {
		if got := kinds(Scan(text, now)); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
		if n := Longest(text); want != "" && n < Shortest {
			t.Errorf("%s: longest is %d", text, n)
		}
	}
}

func TestScanPositions(t *testing.T) {
	text := "身份证 110105 19491231 002X 电话13800001111"
	for _, v := range Scan(text, now) {
		if text[v.Start:v.End] != v.Raw {
			t.Errorf("%q stands at %q", v.Raw, text[v.Start:v.End])
		}
	}
}

func TestTable(t *testing.T) {
	a, b := identity("14100219820305023"), identity("14100219830305024")
	head := []string{"序号", "姓 名", "身份证号码", "联系电话", "开户账号"}
	for name, c := range map[string]struct {
		rows            [][]string
		values, persons int
	}{
		"two persons, one twice":   {[][]string{{"附件"}, head, {"1", "甲", a, "13800001111", "6222021234567890123"}, {"2", "乙", b, "", ""}, {"3", "甲", a, "", ""}}, 5, 2},
		"masked":                   {[][]string{head, {"1", "甲", a[:6] + "********" + a[14:], "138****1111", ""}}, 0, 0},
		"masked beside a birthday": {[][]string{append(slices.Clone(head), "出生日期"), {"1", "甲", a[:6] + "********" + a[14:], "", "", "1982-03-05"}}, 1, 1},
		"staff":                    {[][]string{{"姓名", "职务", "手机"}, {"甲", "局长", "13800001111"}}, 0, 0},
		"parents":                  {[][]string{{"学生姓名", "家长电话"}, {"甲", "13800001111"}, {"乙", "13800001112"}}, 2, 2},
		"names":                    {[][]string{{"姓名", "准考证号"}, {"甲", "20240001"}}, 0, 0},
		"two of health":            {[][]string{{"姓名", "残疾等级"}, {"甲", "一级"}, {"乙", "二级"}}, 0, 0},
		"three of health":          {[][]string{{"姓名", "残疾等级"}, {"甲", "一级"}, {"乙", "二级"}, {"丙", "二级"}}, 3, 0},
		"passbook":                 {[][]string{{"户主", "一卡通账号"}, {"甲", "140012345678901234"}}, 1, 1},
		"empty":                    {nil, 0, 0},
	} {
		r := Table(c.rows, now)
		if len(r.Values) != c.values || len(r.Persons) != c.persons {
			t.Errorf("%s: %d values of %d persons, want %d of %d: %s", name, len(r.Values), len(r.Persons), c.values, c.persons, kinds(r.Values))
		}
	}
}

// FuzzScan: foreign bytes break nothing, positions are right, and no mask
// holds its value.
func FuzzScan(f *testing.F) {
	f.Add("身份证 110105 19491231 002X 电话13800001111")
	f.Add("110105********002X 1949.12.31")
	f.Fuzz(func(t *testing.T, text string) {
		found := Scan(text, now)
		if n := Longest(text); n < Shortest && len(found) > 0 || n < Dated && len(found) != len(Scan(text, now.AddDate(200, 0, 0))) {
			t.Fatalf("longest is %d", n)
		}
		for _, v := range found {
			if text[v.Start:v.End] != v.Raw || v.Mask == v.Raw || strings.Contains(v.Mask, v.Key()) {
				t.Fatalf("%+v", v)
			}
		}
		Table([][]string{{"姓名", "身份证", "电话"}, strings.Split(text, ",")}, now)
	})
}

func BenchmarkScan(b *testing.B) {
	text := strings.Repeat("五月三十日，全县防汛工作会议在县政府召开，会议传达了省市有关会议精神。2024-05-30 08:00 电话0357-2222222 ", 100)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		Scan(text, now)
	}
}

func ExampleScan() {
	for _, v := range Scan("张某，身份证号11010519491231002X，家住某村。", now) {
		fmt.Println(v.Kind.Chinese(), v.Mask)
	}
	// Output: 身份证号码 110105********002X
}
