package draft

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/xunjian/xunjian/checks/lexicon"
)

var now = time.Date(2026, 11, 1, 9, 0, 0, 0, time.UTC)

func TestReview(t *testing.T) {
	text := "县人民攻府办公室\r\n　　现将秸\u200b杆禁烧工作布署如下：\n张某，身份证号１１０１０５１９４９１２３１００２Ｘ。\n（此件不公开）\n联系人：王某 13800001111\n国务院总理李克强批示\n博彩平台，代开发票\n"
	got := []string{}
	for _, h := range Review(text, Options{Now: now}) {
		if h.RuneStart != utf8.RuneCountInString(text[:h.Start]) || h.RuneEnd != utf8.RuneCountInString(text[:h.End]) {
			t.Errorf("%+v: letters do not agree with bytes", h)
		}
		got = append(got, fmt.Sprintf("%s %s %q %s %s", h.Check, h.Severity, text[h.Start:h.End], h.Text, h.Suggestion))
	}
	want := []string{
		`misstatement high "人民攻府" 人民攻府 人民政府`,
		"typo medium \"秸\\u200b杆\" 秸杆 秸秆",
		`typo medium "布署" 布署 部署`,
		`personal-information high "１１０１０５１９４９１２３１００２Ｘ" 110105********002X 110105********002X`,
		`secrecy-mark high "此件不公开" （此件不公开） `,
		`misstatement high "国务院总理李克强" 国务院总理李克强 `,
		`illegal-content high "博彩平台" 博彩平台 `,
		`illegal-content high "代开发票" 代开发票 `,
	}
	if d := gocmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestReviewSheet(t *testing.T) {
	text := "姓名\t学号\t家长电话\n甲\t1\t13800001111\n乙\t2\t13800001112\n"
	hits := Review(text, Options{})
	if len(hits) != 2 || hits[0].Text != "138****1111" || text[hits[1].Start:hits[1].End] != "13800001112" {
		t.Errorf("%+v", hits)
	}
}

func TestReviewLocal(t *testing.T) {
	l, err := lexicon.New("typo", []lexicon.Pack{{ID: "local", Version: "1", AsOf: "2026-01-01", Entries: []lexicon.Entry{{Wrong: "尧都去", Right: "尧都区"}}}})
	if err != nil {
		t.Fatal(err)
	}
	if h := Review("尧都去政府", Options{Lexicons: map[string]*lexicon.Lexicon{"typo": l}}); len(h) != 1 || h[0].Source != "local 1" {
		t.Errorf("%+v", h)
	}
}

func FuzzReview(f *testing.F) {
	f.Add("县人民攻府\n身份证１１０１０５１９４９１２３１００２X\t姓名\t电话")
	f.Add("\xff\xfe（此件不公开）\xe4")
	f.Fuzz(func(t *testing.T, text string) {
		for _, h := range Review(text, Options{Now: now}) {
			if h.Start < 0 || h.Start >= h.End || h.End > len(text) || h.Check == "personal-information" && h.Text == text[h.Start:h.End] {
				t.Fatalf("%+v", h)
			}
		}
	})
}

// BenchmarkReview reviews a draft of 10,000 letters with a few faults.
func BenchmarkReview(b *testing.B) {
	line := "五月三十日，全县防汛工作会议在县政府召开，会议传达了省市有关会议精神，安排部署了下一阶段防汛备汛工作，县直有关单位负责人参加会议。\n"
	n := 10000/utf8.RuneCountInString(line) + 1
	text := strings.Repeat(line, n-2) + "作出布署，推广秸杆还田。\n张某，身份证号11010519491231002X。\n"
	Review("", Options{}) // packs are read once
	b.ReportAllocs()
	for b.Loop() {
		if len(Review(text, Options{Now: now})) != 3 {
			b.Fatal("want three hits")
		}
	}
}

func ExampleReview() {
	for _, h := range Review("县人民攻府召开会议。", Options{Now: now}) {
		fmt.Println(h.Check, h.RuneStart, h.RuneEnd, h.Text, h.Suggestion)
	}
	// Output: misstatement 1 5 人民攻府 人民政府
}
