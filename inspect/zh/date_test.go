package zh_test

import (
	"testing"
	"time"

	"github.com/xunjian/xunjian/inspect/zh"
)

var now = time.Date(2024, 3, 10, 14, 30, 0, 0, zh.Zone)

const minute = "2006-01-02 15:04"

func TestDate(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{
		"2024-03-05":              "2024-03-05 00:00",
		"2024-3-5":                "2024-03-05 00:00",
		"2024/3/5":                "2024-03-05 00:00",
		"2024.03.05":              "2024-03-05 00:00",
		"2024年3月5日":               "2024-03-05 00:00",
		"2024 年 3 月 5 日":          "2024-03-05 00:00",
		"2024年03月05":              "2024-03-05 00:00",
		"２０２４－０３－０５":              "2024-03-05 00:00",
		"２０２４年３月５日":               "2024-03-05 00:00",
		"二〇二四年三月五日":               "2024-03-05 00:00",
		"二○二四年十二月三十一日":            "2024-12-31 00:00",
		"二零二四年十月二十日":              "2024-10-20 00:00",
		"发布时间：2024-03-05 09:30":   "2024-03-05 09:30",
		"2024-03-05T09:30:15":     "2024-03-05 09:30",
		"2024年3月5日 8:05":          "2024-03-05 08:05",
		"[2024-03-05]":            "2024-03-05 00:00",
		"于2024-03-05至2024-04-05":  "2024-03-05 00:00",
		"公告2024.03.05.pdf":        "2024-03-05 00:00",
		"2024-02-29":              "2024-02-29 00:00",
		"令〔2023〕9号 2024-03-05":    "2024-03-05 00:00",
		"2024-03-05 25:00":        "2024-03-05 00:00",
		"关于2024年工作的通知 2024-03-05": "2024-03-05 00:00",
	} {
		if got, ok := zh.Date(s); !ok || got.Format(minute) != want {
			t.Errorf("Date(%q) = %v, %v; want %s", s, got, ok, want)
		}
	}
}

func TestNoDate(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "2024", "2024年", "2024年3月", "2024-03", "尧政发〔2024〕12号", "[2024]3号", "0351-2024123", "13920240305", "电话：2024-1234567",
		"20240305", "¥1999.99元", "单价2024.5元", "192.168.1.1", "10.20.2024.12.5", "2024.1.12.5", "v2024.1.12", "2023-02-29", "2024-13-01", "2024-00-10", "2024-3", "3000-01-01", "1900-01-01",
		"2024-03/05", "二〇二四年", "二十四年三月五日", "二〇二四年十三月一日", "2024年度第3期", "1-2-3", "比分2024:03:05", "2024-2025学年", "2024/2025"} {
		if got, ok := zh.Date(s); ok {
			t.Errorf("Date(%q) = %v, want none", s, got)
		}
	}
}

func TestDateAtEnd(t *testing.T) {
	t.Parallel()
	for s, rest := range map[string]string{"2024-03-05 起": " 起", "会议2024年3月5日召开": "召开", "（２０２４－３－５）": "）", "2024-03-05 09:30 来源": " 来源"} {
		if _, end, ok := zh.DateAt(s); !ok || s[end:] != rest {
			t.Errorf("DateAt(%q) ends at %d, %v; want the rest to be %q", s, end, ok, rest)
		}
	}
}

func TestMonthDay(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{
		"03-05": "2024-03-05", "[03-05]": "2024-03-05", "3/5": "2024-03-05", "03.05": "2024-03-05", "3月5日": "2024-03-05", "（03-05）": "2024-03-05", "０３－０５": "2024-03-05",
		"03-11": "2024-03-11", // tomorrow: clocks differ
		"03-12": "2023-03-12", // else the year before
		"12-31": "2023-12-31",
		"02-29": "2024-02-29",
		"":      "", "13-01": "", "3.5": "", "03-05-06": "", "00-10": "", "03-32": "", "第3-5页": "", "3/5页": "", "2024": "", "3-": "", "12:30": "",
	} {
		got, ok := zh.MonthDay(s, now)
		if !ok && want != "" || ok && got.Format(time.DateOnly) != want {
			t.Errorf("MonthDay(%q) = %v, %v; want %q", s, got, ok, want)
		}
	}
	// Leap day, seen in a year without one.
	if got, ok := zh.MonthDay("02-29", time.Date(2025, 1, 5, 0, 0, 0, 0, zh.Zone)); ok && (got.Month() != 2 || got.Day() != 29) {
		t.Errorf("02-29 in January 2025 = %v", got)
	}
	if got, ok := zh.MonthDay("12-31", time.Date(2024, 2, 29, 0, 0, 0, 0, zh.Zone)); !ok || got.Format(time.DateOnly) != "2023-12-31" {
		t.Errorf("12-31 on a leap day = %v, %v", got, ok)
	}
}

func TestRelative(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{"今天": "2024-03-10 00:00", "昨天 08:30": "2024-03-09 00:00", "前天": "2024-03-08 00:00", "3天前": "2024-03-07 00:00", "3 天前": "2024-03-07 00:00", "5小时前": "2024-03-10 09:30",
		"10分钟前": "2024-03-10 14:20", "今天是星期日": "", "3天前的会议": "", "天前": "", "3天": "", "": "", "1000000天前": ""} {
		got, ok := zh.Relative(s, now)
		if ok != (want != "") || ok && got.Format(minute) != want {
			t.Errorf("Relative(%q) = %v, %v; want %q", s, got, ok, want)
		}
	}
}

func TestURLDate(t *testing.T) {
	t.Parallel()
	for u, want := range map[string]string{
		"http://a.test/xw/202403/t20240305_1024.html": "2024-03-05",
		"http://a.test/art/2024/3/5/art_1_2.html":     "2024-03-05",
		"http://a.test/2024/03/05/1.html":             "2024-03-05",
		"http://a.test/2024-03/05/content_1.html":     "2024-03-05",
		"http://a.test/20240305/1.html":               "2024-03-05",
		"http://a.test/2024-03/05_1.html":             "2024-03-05",
		"http://a.test/t20241305_1.html":              "",
		"http://a.test/2024/1.html":                   "",
		"http://a.test/202403/1.html":                 "",
		"http://a.test/20240305":                      "",
		"http://a.test/2024/13/05/":                   "",
		"http://a.test/19000101/":                     "",
		"http://2024.test/":                           "",
		"":                                            "",
	} {
		got, ok := zh.URLDate(u)
		if ok != (want != "") || ok && got.Format(time.DateOnly) != want {
			t.Errorf("URLDate(%q) = %v, %v; want %q", u, got, ok, want)
		}
	}
}

func TestDocNumber(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{
		"尧政办发〔2024〕12号":      "尧政办发〔2024〕12号",
		"（尧政发[2024]3号）":      "尧政发〔2024〕3号",
		"国办发【2019】第19号":      "国办发〔2019〕19号",
		"文号：晋政函（2024） 012 号": "晋政函〔2024〕12号",
		"令第9号，尧政发〔2024〕3号文件": "尧政发〔2024〕3号",
		"〔2024〕12号":          "",
		"尧政发〔24〕12号":         "",
		"尧政发2024年12号":        "",
		"尧政发〔2024〕号":         "",
		"尧政发〔2024〕123456号":   "",
		"热线12345号":           "",
		"尧政发〔1024〕3号":        "",
		"":                   "",
	} {
		got, ok := zh.DocNumber(s)
		if got != want || ok != (want != "") {
			t.Errorf("DocNumber(%q) = %q, %v; want %q", s, got, ok, want)
		}
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{"ＡＢ１２！": "AB12!", " a \t\n b ": "a b", "a\u00a0\u3000b": "a b", "a\u200bb": "ab", "中文": "中文", "": "", "  ": ""} {
		if got := zh.Fold(s); got != want || zh.Fold(got) != got {
			t.Errorf("Fold(%q) = %q, want %q", s, got, want)
		}
	}
	if got := zh.Compact("关 于\n做好"); got != "关于做好" {
		t.Errorf("Compact = %q", got)
	}
	if han, letters := zh.Han("a中1文，é"); han != 2 || letters != 4 {
		t.Errorf("Han = %d, %d; want 2 of 4", han, letters)
	}
	if a, b := zh.Truncate("中文字", 2), zh.Truncate("中文", 2); a != "中文…" || b != "中文" {
		t.Errorf("Truncate = %q, %q", a, b)
	}
}

// FuzzDate: no text breaks the readers, and what they read is a day that exists.
func FuzzDate(f *testing.F) {
	for _, s := range []string{"2024-03-05", "２０２４．３．５", "二〇二四年三月五日", "二〇二四年三月三十二日", "3天前", "[03-05]", "尧政发〔2024〕3号", "http://a/t20240305_1.html", "/2024/1/1/", "二年月日", "1949.1.1.", "\xef\xbc"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, end, ok := zh.DateAt(s)
		if ok && (end <= 0 || end > len(s) || got.Year() < 1949 || got.Year() > 2199) {
			t.Errorf("DateAt(%q) = %v, %d", s, got, end)
		}
		if d, ok := zh.URLDate(s); ok && (d.Year() < 1990 || d.Year() > 2199) {
			t.Errorf("URLDate(%q) = %v", s, d)
		}
		if d, ok := zh.MonthDay(s, now); ok && d.After(now.AddDate(0, 0, 2)) {
			t.Errorf("MonthDay(%q) = %v", s, d)
		}
		if d, ok := zh.Relative(s, now); ok && d.After(now) {
			t.Errorf("Relative(%q) = %v", s, d)
		}
		if d, ok := zh.DocNumber(s); ok {
			if again, _ := zh.DocNumber(d); again != d {
				t.Errorf("DocNumber(%q) = %q", d, again)
			}
		}
		if x := zh.Fold(s); zh.Fold(x) != x {
			t.Errorf("Fold(%q) is not folded", s)
		}
	})
}
