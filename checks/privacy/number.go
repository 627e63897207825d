// Package privacy finds personal information in text and tables: numbers of
// identity papers, mobile phones and bank cards, and lists of persons. It is
// pure, and whoever reports what it finds shows the mask, never the value.
package privacy

import (
	"strings"
	"time"
)

// Identity reports whether s is an 18-digit identity number of GB 11643: a
// region, a day of birth not after now, and a check digit that is right.
func Identity(s string, now time.Time) bool {
	if len(s) != 18 || !digits(s[:17]) || !Region(s[:6]) || !day(s[6:14], now) {
		return false
	}
	last := s[17]
	if last == 'x' {
		last = 'X'
	}
	return last == checkDigit(s[:17])
}

// weights and letters are those of the check digit.
var weights = [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}

const checkLetters = "10X98765432"

func checkDigit(s string) byte {
	sum := 0
	for i, w := range weights {
		sum += w * int(s[i]-'0')
	}
	return checkLetters[sum%11]
}

// OldIdentity reports whether s can be a 15-digit number of the first
// generation. It has no check digit, so only its context can tell.
func OldIdentity(s string, now time.Time) bool {
	return len(s) == 15 && digits(s) && Region(s[:6]) && day("19"+s[6:12], now)
}

// Region reports whether the first four of six digits can be a region of GB/T
// 2260: a province, and the number of a prefecture in it.
func Region(s string) bool {
	if len(s) != 6 || !digits(s) {
		return false
	}
	switch p := s[:2]; s[0] {
	case '1':
		if p > "15" || p == "10" {
			return false
		}
	case '2':
		if p < "21" || p > "23" {
			return false
		}
	case '3':
		if p < "31" || p > "37" {
			return false
		}
	case '4':
		if p < "41" || p > "46" {
			return false
		}
	case '5':
		if p > "54" {
			return false
		}
	case '6':
		if p < "61" || p > "65" {
			return false
		}
	case '7':
		return p == "71"
	case '8':
		return p >= "81" && p <= "83" && s[2:] == "0000" // residence permits of people from Hong Kong, Macao, Taiwan
	default:
		return false
	}
	city := s[2:4]
	return city >= "01" && city <= "70" || city == "90"
}

// day reports whether yyyymmdd is a day from 1900 to now.
func day(s string, now time.Time) bool {
	t, err := time.Parse("20060102", s)
	return err == nil && t.Year() >= 1900 && !t.After(now)
}

// creditLetters are the letters of GB 32100: no I, O, S, V, Z.
const creditLetters = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// CreditCode reports whether s is a unified social credit code of GB 32100,
// which is an organisation's and public.
func CreditCode(s string) bool {
	if len(s) != 18 || !strings.Contains("159AFGHJNY", s[:1]) {
		return false
	}
	if r := s[2:8]; !digits(r) || r[:2] != "10" && !Region(r[:2]+"0100") {
		return false
	}
	sum, weight := 0, 1
	for i := range 17 {
		k := strings.IndexByte(creditLetters, s[i])
		if k < 0 {
			return false
		}
		sum += k * weight
		weight = weight * 3 % 31
	}
	return s[17] == creditLetters[(31-sum%31)%31]
}

// Mobile reports whether s is a mobile number of mainland China.
func Mobile(s string) bool {
	return len(s) == 11 && digits(s) && s[0] == '1' && s[1] >= '3'
}

// BankCard reports whether s has the form of a payment card: 16 to 19 digits,
// a known first part, and a Luhn digit that is right.
func BankCard(s string) bool {
	if len(s) < 16 || len(s) > 19 || !digits(s) {
		return false
	}
	if s[:2] != "62" && !(len(s) == 16 && (s[0] == '4' || s[0] == '5' && s[1] >= '1' && s[1] <= '5')) {
		return false
	}
	sum := 0
	for i := range len(s) {
		d := int(s[len(s)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

// Rebuilt reports whether an identity number of which digits are hidden by
// stars can be rebuilt: at most two are hidden, so that the check digit gives
// them away, or the day of birth is, and one of days (yyyymmdd) fits.
func Rebuilt(s string, days []string, now time.Time) bool {
	if len(s) != 18 || !Region(strings.ReplaceAll(s[:6], "*", "1")) {
		return false
	}
	hidden := strings.Count(s, "*")
	switch {
	case hidden == 0 || strings.Contains(s[:4], "*") && hidden > 2:
		return false
	case hidden <= 2:
		return completes(s, 0, now)
	}
	if strings.Contains(s[:6]+s[14:], "*") {
		return false
	}
	for _, d := range days {
		if fits(s[6:14], d) && Identity(s[:6]+d+s[14:], now) {
			return true
		}
	}
	return false
}

// completes reports whether some digits in place of the stars make it a number.
func completes(s string, from int, now time.Time) bool {
	i := strings.IndexByte(s[from:], '*')
	if i < 0 {
		return Identity(s, now)
	}
	i += from
	for _, d := range "0123456789X" {
		if d == 'X' && i != 17 {
			continue
		}
		if completes(s[:i]+string(d)+s[i+1:], i+1, now) {
			return true
		}
	}
	return false
}

func fits(pattern, s string) bool {
	for i := range len(pattern) {
		if pattern[i] != '*' && pattern[i] != s[i] {
			return false
		}
	}
	return len(pattern) == len(s)
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
