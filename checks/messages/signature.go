package messages

import (
	"slices"
	"strings"

	"github.com/xunjian/xunjian/inspect/zh"
)

// organs end the names of bodies that answer.
var organs = []string{"局", "委", "办", "政府", "办公室", "中心", "站", "所", "院", "公司", "街道", "处", "队", "厅", "部", "会", "乡", "镇", "学校", "集团", "大厅", "编辑"}

// signature is the body that signs an answer or is named at its head; "" if
// none does.
func signature(reply string) string {
	words := strings.Fields(zh.Fold(reply))
	for i := len(words) - 1; i >= max(0, len(words)-3); i-- {
		w := strings.Trim(words[i], "()[]【】。.,，")
		if w == "" || w[0] >= '0' && w[0] <= '9' { // the day it was signed
			continue
		}
		if d := strings.IndexAny(w, "0123456789"); d > 0 {
			w = w[:d] // 某局2024年5月6日
		}
		if organ(w) {
			return w
		}
		break
	}
	if len(words) > 0 {
		head, _, _ := strings.Cut(strings.TrimLeft(words[0], "[【"), ":")
		head = strings.TrimRight(head, "]】")
		for _, end := range []string{"回复", "答复"} {
			if w, ok := strings.CutSuffix(head, end); ok && organ(w) {
				return w
			}
		}
	}
	return ""
}

func organ(w string) bool {
	if n := len([]rune(w)); n < 3 || n > 25 || strings.ContainsAny(w, "，。;；！？") {
		return false
	}
	return slices.ContainsFunc(organs, func(o string) bool { return strings.HasSuffix(w, o) })
}
