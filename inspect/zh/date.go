package zh

import (
	"strings"
	"time"
)

// Zone is the zone in which pages print their dates.
var Zone = time.FixedZone("Asia/Shanghai", 8*60*60)

// Date finds the first date in s: 2024-03-05, 2024/3/5, 2024.03.05,
// 2024年3月5日, 二〇二四年三月五日, each with a time of day if one follows.
// A document number such as 〔2024〕12号 and a bare year or month is no date.
func Date(s string) (time.Time, bool) {
	t, _, ok := DateAt(s)
	return t, ok
}

// DateAt is Date with the byte offset just after what was read.
func DateAt(s string) (time.Time, int, bool) {
	if !strings.ContainsAny(s, "-/.年－／．") {
		return time.Time{}, 0, false
	}
	if fullWidth(s) {
		folded, at := foldAt(s)
		t, end, ok := dateAt(folded)
		return t, at[end], ok
	}
	return dateAt(s)
}

// fullWidth reports whether s holds full-width digits or the signs of a date;
// full-width commas, which most text holds, are none.
func fullWidth(s string) bool {
	for i := strings.Index(s, "\xef\xbc"); i >= 0 && i+2 < len(s); {
		if c := s[i+2]; c >= 0x8D && c <= 0x99 {
			return true
		}
		j := strings.Index(s[i+2:], "\xef\xbc")
		if j < 0 {
			return false
		}
		i += 2 + j
	}
	return false
}

func dateAt(s string) (time.Time, int, bool) {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if (c == '1' || c == '2') && (i == 0 || !digit(s[i-1])) {
			if t, n, ok := numeric(s[i:]); ok && !numbered(s, i, i+n) {
				return t, i + n, true
			}
		}
		if c == 0xE4 && strings.HasPrefix(s[i:], "二") {
			if t, n, ok := chinese(s[i:]); ok {
				return t, i + n, true
			}
		}
	}
	return time.Time{}, 0, false
}

// numbered reports whether what reads as a date with dots from i to end is a
// piece of a longer number with dots, as an address or a version has.
func numbered(s string, i, end int) bool {
	if s[i+4] != '.' {
		return false
	}
	return i > 0 && (s[i-1] == '.' || s[i-1]|0x20 == 'v') || end+1 < len(s) && s[end] == '.' && digit(s[end+1])
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

// number reads lo to hi digits.
func number(s string, lo, hi int) (v, n int, ok bool) {
	for n < len(s) && n < hi && digit(s[n]) {
		v = v*10 + int(s[n]-'0')
		n++
	}
	if n < lo || n < len(s) && digit(s[n]) {
		return 0, 0, false
	}
	return v, n, true
}

// numeric reads yyyy-mm-dd and its kin at the start of s.
func numeric(s string) (time.Time, int, bool) {
	y, i, ok := number(s, 4, 4)
	if !ok || y < 1949 || y > 2199 {
		return time.Time{}, 0, false
	}
	i += blanks(s[i:])
	sep := separator(s[i:])
	if sep == "" {
		return time.Time{}, 0, false
	}
	i += len(sep)
	i += blanks(s[i:])
	m, n, ok := number(s[i:], 1, 2)
	if !ok {
		return time.Time{}, 0, false
	}
	i += n
	i += blanks(s[i:])
	if sep == "年" {
		sep = "月"
	}
	if !strings.HasPrefix(s[i:], sep) {
		return time.Time{}, 0, false
	}
	i += len(sep)
	i += blanks(s[i:])
	d, n, ok := number(s[i:], 1, 2)
	if !ok {
		return time.Time{}, 0, false
	}
	i += n
	t, ok := day(y, m, d)
	if !ok {
		return time.Time{}, 0, false
	}
	if sep == "月" {
		i += blanks(s[i:])
		if strings.HasPrefix(s[i:], "日") {
			i += len("日")
		}
	}
	t, n = clock(t, s[i:])
	return t, i + n, true
}

func separator(s string) string {
	switch {
	case s == "":
		return ""
	case s[0] == '-' || s[0] == '/' || s[0] == '.':
		return s[:1]
	case strings.HasPrefix(s, "年"):
		return "年"
	}
	return ""
}

func blanks(s string) int {
	n := 0
	for n < len(s) && n < 3 && s[n] == ' ' {
		n++
	}
	return n
}

// clock adds hh:mm or hh:mm:ss when s begins with one.
func clock(t time.Time, s string) (time.Time, int) {
	i := 0
	for i < len(s) && i < 4 && (s[i] == ' ' || s[i] == 'T' || s[i] == '\t') {
		i++
	}
	if i == 0 {
		return t, 0
	}
	h, n, ok := number(s[i:], 1, 2)
	if !ok || h > 23 || i+n >= len(s) || s[i+n] != ':' {
		return t, 0
	}
	i += n + 1
	m, n, ok := number(s[i:], 2, 2)
	if !ok || m > 59 {
		return t, 0
	}
	i += n
	sec := 0
	if i < len(s) && s[i] == ':' {
		if v, n, ok := number(s[i+1:], 2, 2); ok && v < 60 {
			sec = v
			i += 1 + n
		}
	}
	return t.Add(time.Duration(h)*time.Hour + time.Duration(m)*time.Minute + time.Duration(sec)*time.Second), i
}

// day is a date that exists.
func day(y, m, d int) (time.Time, bool) {
	if m < 1 || m > 12 || d < 1 || d > 31 {
		return time.Time{}, false
	}
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, Zone)
	return t, t.Day() == d
}

var numerals = map[rune]int{'〇': 0, '○': 0, 'Ｏ': 0, 'O': 0, '零': 0, '一': 1, '二': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9}

// chinese reads 二〇二四年三月五日.
func chinese(s string) (time.Time, int, bool) {
	ys, rest, ok := strings.Cut(s, "年")
	if !ok {
		return time.Time{}, 0, false
	}
	y, digits := 0, 0
	for _, r := range ys {
		v, ok := numerals[r]
		if !ok || digits == 4 {
			return time.Time{}, 0, false
		}
		y = y*10 + v
		digits++
	}
	ms, rest, ok := strings.Cut(rest, "月")
	if !ok || digits != 4 {
		return time.Time{}, 0, false
	}
	ds, _, ok := strings.Cut(rest, "日")
	if !ok {
		return time.Time{}, 0, false
	}
	m, ok1 := tens(ms)
	d, ok2 := tens(ds)
	if !ok1 || !ok2 {
		return time.Time{}, 0, false
	}
	t, ok := day(y, m, d)
	return t, len(ys) + len("年") + len(ms) + len("月") + len(ds) + len("日"), ok
}

// tens reads 一 to 三十一.
func tens(s string) (int, bool) {
	r := []rune(strings.ReplaceAll(s, "廿", "二十"))
	if len(r) == 0 || len(r) > 3 {
		return 0, false
	}
	v, seen := 0, false
	for i, c := range r {
		if c == '十' {
			if v == 0 {
				v = 1
			}
			v *= 10
			seen = true
			continue
		}
		n, ok := numerals[c]
		if !ok || i > 0 && !seen {
			return 0, false
		}
		v += n
	}
	return v, v > 0
}

// foldAt turns full-width digits and signs into half-width ones, and says for
// each byte of the result, and for its end, where it stood before.
func foldAt(s string) (string, []int) {
	b := make([]byte, 0, len(s))
	at := make([]int, 0, len(s)+1)
	for i := 0; i < len(s); i++ {
		at = append(at, i)
		if s[i] == 0xEF && i+2 < len(s) && s[i+1] == 0xBC && s[i+2] >= 0x81 && s[i+2] <= 0xBF {
			b = append(b, s[i+2]-0x60)
			i += 2
			continue
		}
		b = append(b, s[i])
	}
	return string(b), append(at, len(s))
}

// MonthDay reads a lone month and day, 03-05 or [3月5日], and gives it the year
// that puts it nearest before now. All of s must be the date, brackets apart.
func MonthDay(s string, now time.Time) (time.Time, bool) {
	s = strings.Trim(Fold(s), "[]()（）【】 ")
	if len(s) < 3 || len(s) > 12 {
		return time.Time{}, false
	}
	m, n, ok := number(s, 1, 2)
	if !ok {
		return time.Time{}, false
	}
	rest := s[n:]
	for _, sep := range []string{"-", "/", ".", "月"} {
		ds, ok := strings.CutPrefix(rest, sep)
		if !ok {
			continue
		}
		d, n, ok := number(ds, 1, 2)
		if !ok || n != len(strings.TrimSuffix(ds, "日")) || sep == "." && n != 2 {
			return time.Time{}, false
		}
		now = now.In(Zone)
		t, ok := day(now.Year(), m, d)
		if !ok {
			return time.Time{}, false
		}
		if t.After(now.AddDate(0, 0, 1)) {
			t = t.AddDate(-1, 0, 0)
		}
		return t, true
	}
	return time.Time{}, false
}

// Relative reads 今天, 昨天, 前天, 3天前, 5小时前, 10分钟前.
func Relative(s string, now time.Time) (time.Time, bool) {
	s = Fold(s)
	now = now.In(Zone)
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, Zone)
	for w, back := range map[string]int{"今天": 0, "昨天": 1, "前天": 2} {
		if rest, ok := strings.CutPrefix(s, w); ok && strings.Trim(rest, " 0123456789:") == "" { // 今天是… heads a page
			return today.AddDate(0, 0, -back), true
		}
	}
	v, n, ok := number(s, 1, 3)
	if !ok {
		return time.Time{}, false
	}
	switch strings.TrimSpace(s[n:]) {
	case "天前", "日前":
		return today.AddDate(0, 0, -v), true
	case "小时前":
		return now.Add(-time.Duration(v) * time.Hour).Truncate(time.Minute), true
	case "分钟前":
		return now.Add(-time.Duration(v) * time.Minute).Truncate(time.Minute), true
	}
	return time.Time{}, false
}

// URLDate reads the date that publishing systems write into an address:
// t20240305_1.html, /2024/03/05/, /2024-03/05/, /art/2024/3/5/.
func URLDate(u string) (time.Time, bool) {
	if i := strings.LastIndex(u, "/t"); i >= 0 && len(u) > i+11 && u[i+10] == '_' {
		if t, ok := compact(u[i+2 : i+10]); ok {
			return t, true
		}
	}
	for i := 0; i+1 < len(u); i++ {
		if u[i] != '/' || u[i+1] != '2' && u[i+1] != '1' {
			continue
		}
		p := u[i+1:]
		if t, n, ok := slashed(p); ok && n < len(p) && (p[n] == '/' || p[n] == '_') {
			return t, true
		}
		if len(p) > 8 && p[8] == '/' {
			if t, ok := compact(p[:8]); ok {
				return t, true
			}
		}
	}
	return time.Time{}, false
}

// compact reads yyyymmdd.
func compact(s string) (time.Time, bool) {
	v, n, ok := number(s, 8, 8)
	if !ok || n != 8 || v < 19900101 || v > 21991231 {
		return time.Time{}, false
	}
	return day(v/10000, v/100%100, v%100)
}

// slashed reads yyyy/m/d, yyyy-mm/dd or yyyymm/dd with its length.
func slashed(p string) (time.Time, int, bool) {
	y, i, ok := number(p, 4, 4)
	if !ok || y < 1990 || y > 2199 || i >= len(p) || p[i] != '/' && p[i] != '-' {
		return time.Time{}, 0, false
	}
	i++
	m, n, ok := number(p[i:], 1, 2)
	if !ok || i+n >= len(p) || p[i+n] != '/' && p[i+n] != '-' {
		return time.Time{}, 0, false
	}
	i += n + 1
	d, n, ok := number(p[i:], 1, 2)
	if !ok {
		return time.Time{}, 0, false
	}
	t, ok := day(y, m, d)
	return t, i + n, ok
}
