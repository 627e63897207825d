package lexicon

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/xunjian/xunjian/checks/prose"
)

func TestPacksLoad(t *testing.T) {
	for check, packs := range Packs() {
		for _, p := range packs {
			if len(p.Entries) == 0 {
				t.Errorf("%s: %s is empty", check, p.ID)
			}
			for _, e := range p.Entries {
				if slices.Contains(p.Fine, e.Wrong) {
					t.Errorf("%s: %s is wrong and fine", p.ID, e.Wrong)
				}
			}
		}
	}
}

func TestBadPacks(t *testing.T) {
	for name, text := range map[string]string{
		"id or version": "as_of: 2026-01-01\nentries: []\n",
		"as_of":         "id: x\nversion: \"1\"\nentries: []\n",
		"unless":        "id: x\nversion: \"1\"\nas_of: 2026-01-01\nunless: [sometimes]\n",
		"stands twice":  "id: x\nversion: \"1\"\nas_of: 2026-01-01\nentries: [{wrong: 甲乙}, {wrong: 甲乙}]\n",
		"two letters":   "id: x\nversion: \"1\"\nas_of: 2026-01-01\nentries: [{wrong: 甲}]\n",
		"yyyy-mm-dd":    "id: x\nversion: \"1\"\nas_of: 2026-01-01\nentries: [{wrong: 甲乙, until: 昨天}]\n",
		"unknown":       "id: x\nversion: \"1\"\nas_of: 2026-01-01\nentris: []\n",
	} {
		if _, err := parse([]byte(text)); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// naiveLongest is longest, the plain way.
func naiveLongest(ms []match) []match {
	var out []match
	for len(ms) > 0 {
		best := 0
		for i := range ms {
			a, b := ms[i], ms[best]
			if la, lb := a.end-a.start, b.end-b.start; la > lb || la == lb && a.start < b.start {
				best = i
			}
		}
		m := ms[best]
		out = append(out, m)
		ms = slices.DeleteFunc(slices.Clone(ms), func(x match) bool { return x.start < m.end && m.start < x.end })
	}
	slices.SortFunc(out, func(a, b match) int { return a.start - b.start })
	return out
}

func TestLongestWins(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 2000 {
		var ms []match
		seen := map[[2]int]bool{}
		for range r.IntN(12) {
			s := r.IntN(20)
			m := match{start: s, end: s + 1 + r.IntN(6)}
			if k := [2]int{m.start, m.end}; !seen[k] {
				seen[k] = true
				ms = append(ms, m)
			}
		}
		want := naiveLongest(ms)
		got := longest(slices.Clone(ms))
		if len(ms) == 0 {
			continue
		}
		slices.SortFunc(got, func(a, b match) int { return a.start - b.start })
		if !slices.Equal(got, want) {
			t.Fatalf("%v: got %v, want %v", ms, got, want)
		}
	}
}

// words are what a check finds in a text.
func words(t *testing.T, check string, local []Pack, text string) []string {
	t.Helper()
	l, err := New(check, local)
	if err != nil {
		t.Fatal(err)
	}
	out := []string{}
	for _, h := range l.Hits(Read(prose.Plain(text))) {
		out = append(out, h.Entry.Wrong)
	}
	return out
}

func TestLocalPack(t *testing.T) {
	local := []Pack{{ID: "local", Version: "1", AsOf: "2026-01-01", Entries: []Entry{
		{Wrong: "尧都去", Right: "尧都区"},
		{Wrong: "布署", Right: "部署（本地）"},
	}, Fine: []string{"秸杆焚烧"}}}
	got := words(t, "typo", local, "尧都去布署秸杆焚烧、秸杆还田")
	if d := gocmp.Diff([]string{"尧都去", "布署", "秸杆"}, got); d != "" {
		t.Error(d)
	}
	l, err := New("typo", local)
	if err != nil {
		t.Fatal(err)
	}
	if h := l.Hits(Read(prose.Plain("布署"))); len(h) != 1 || h[0].Entry.Source() != "local 1" {
		t.Errorf("a local entry does not replace the embedded one: %v", h)
	}
}

func TestContexts(t *testing.T) {
	for text, want := range map[string][]string{
		"“布署”应为“部署”": {},
		"布署名单如下":     {},
		"作出布署":       {"布署"},
		"全县布\u200b署": {"布署"},
		"安排\n布\n署":   {},
		"严竣工作要求":     {},
		"形势严竣":       {"严竣"},
		"自己经历":       {},
		"他己经到了":      {"己经"},
	} {
		if got := words(t, "typo", nil, text); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
}

func TestBlur(t *testing.T) {
	for in, want := range map[string]string{
		"电话13800001111。":    "电话***********。",
		"2024年5月30日第12345号": "2024年5月30日第*****号",
		"138 0000 1111":     "*** **** ****",
		"0357-2222222":      "****-*******",
		"第1234号":            "第1234号",
	} {
		if got := Blur(in); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}

// BenchmarkRead reads 200 KB of running text for the embedded packs.
func BenchmarkRead(b *testing.B) {
	text := strings.Repeat("五月三十日，全县防汛工作会议在县政府召开，会议传达了省市有关会议精神，安排部署了下一阶段防汛备汛工作，县直有关单位负责人参加会议。\n", 1000)
	p := prose.Plain(text)
	base()
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		Read(p)
	}
}

// TestRealCases are mistakes that were found on government sites and reported.
func TestRealCases(t *testing.T) {
	for check, list := range map[string]string{
		"typo":         "攻府 扫黑险恶 齐齐哈市 秸杆",
		"misstatement": "中华人民共合国 中共人民共和国 中华人民大和国 杜家豪",
	} {
		for _, w := range strings.Fields(list) {
			if got := words(t, check, nil, "出席会议的有"+w+"等。"); !slices.Equal(got, []string{w}) {
				t.Errorf("%s: %v", w, got)
			}
		}
	}
}
