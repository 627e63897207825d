package guides

import (
	"testing"

	"github.com/xunjian/xunjian/inspect/zh"
)

func TestLabelOf(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		text          string
		more          bool
		element, rest string
	}{
		{"三、办理材料", true, "materials", ""},
		{"（二）申请条件：", true, "conditions", ""},
		{"收费标准:不收费", false, "fee", "不收费"},
		{"【办理流程】", true, "procedure", ""},
		{"条件:年满十八周岁", true, "conditions", "年满十八周岁"},
		{"条件", true, "", ""},
		{"办理流程", false, "", ""}, // nothing stands under it
		{"网上办理流程", true, "procedure", ""},
		{"请申请人按照上面所列办理材料逐项准备", true, "", ""},
	} {
		if e, _, rest := labelOf(tc.text, tc.more); e != tc.element || rest != tc.rest {
			t.Errorf("%s: %q, rest %q; want %q, %q", tc.text, e, rest, tc.element, tc.rest)
		}
	}
}

// TestMayLabel: what has a label is never left unread.
func TestMayLabel(t *testing.T) {
	t.Parallel()
	for i := range Elements {
		for _, w := range Elements[i].Words {
			for _, s := range []string{w, "三、" + w, "（二）　" + w + "：无", "【" + w + "】", "１２．" + w + "\u200b : ", "第二十一 " + w, "12345678901234567890" + w + "］", " \n" + w + "要求及其说明"} {
				if e, _, _ := labelOf(zh.Fold(s), true); e != "" && !mayLabel(s) {
					t.Errorf("%q is passed over", s)
				}
			}
		}
	}
}
