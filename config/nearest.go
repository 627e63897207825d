package config

import "slices"

// nearest proposes the known key that a mistyped one may mean.
func nearest(key string, fields map[string][]int) string {
	names := make([]string, 0, len(fields))
	for n := range fields {
		names = append(names, n)
	}
	slices.Sort(names)
	best, least := "", 3
	for _, n := range names {
		if k := distance(key, n); k < least && k < len(n)/2+1 {
			best, least = n, k
		}
	}
	if best == "" {
		return ""
	}
	return "，是否应为 " + best
}

// distance is the number of letters to change, add or drop between two words.
func distance(a, b string) int {
	if len(a) > 40 || len(b) > 40 {
		return 40
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diag := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := diag
			if a[i-1] != b[j-1] {
				cost++
			}
			diag = row[j]
			row[j] = min(cost, row[j]+1, row[j-1]+1)
		}
	}
	return row[len(b)]
}
