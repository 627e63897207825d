package zh

import "strings"

// DocNumber finds the first document number (文号) in s, such as
// 尧政办发〔2024〕12号, and returns it with 〔〕 as its brackets whatever the
// page used.
func DocNumber(s string) (string, bool) {
	for from := 0; ; {
		i := strings.Index(s[from:], "号")
		if i < 0 {
			return "", false
		}
		i += from
		if d, ok := docNumberEnding(strings.TrimRight(s[:i], " ")); ok {
			return d, true
		}
		from = i + len("号")
	}
}

var openers = []string{"〔", "[", "【", "(", "（", "﹝", "［"}
var closers = []string{"〕", "]", "】", ")", "）", "﹞", "］"}

// docNumberEnding reads prefix〔year〕n backwards from the end of s.
func docNumberEnding(s string) (string, bool) {
	n := len(s)
	for n > 0 && digit(s[n-1]) {
		n--
	}
	num := strings.TrimLeft(s[n:], "0")
	if num == "" || len(num) > 5 {
		return "", false
	}
	rest := strings.TrimRight(strings.TrimSuffix(strings.TrimRight(s[:n], " "), "第"), " ")
	rest, ok := cutAny(rest, closers)
	if !ok || len(rest) < 4 {
		return "", false
	}
	year := rest[len(rest)-4:]
	if _, _, ok := number(year, 4, 4); !ok || year < "1949" || year > "2199" {
		return "", false
	}
	rest, ok = cutAny(rest[:len(rest)-4], openers)
	if !ok {
		return "", false
	}
	prefix := trailingHan(rest, 12)
	if prefix == "" {
		return "", false
	}
	return prefix + "〔" + year + "〕" + num + "号", true
}

func cutAny(s string, suffixes []string) (string, bool) {
	for _, x := range suffixes {
		if r, ok := strings.CutSuffix(s, x); ok {
			return r, true
		}
	}
	return s, false
}

// trailingHan is the run of Han letters that ends s, at most n of them.
func trailingHan(s string, n int) string {
	i := len(s)
	for k := 0; k < n && i >= 3; k++ {
		r := []rune(s[i-3 : i])
		if len(r) != 1 || r[0] < 0x4E00 || r[0] > 0x9FFF {
			break
		}
		i -= 3
	}
	return s[i:]
}
