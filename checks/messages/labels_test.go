package messages

import "testing"

// TestMayTell: what holds a label or is a state is never left unread.
func TestMayTell(t *testing.T) {
	t.Parallel()
	try := func(w string) {
		for _, s := range []string{w, "[" + w + "]", " 【" + w + "】\n", "（ " + w + " ）", w + "\u200b", w + "：", "您好，现将有关情况予以公布 " + w + ":某局", w + "\x80:", "来函的有关情况以及处理过程 " + w[:3] + "\u3000" + w[3:] + " ：无", "\u3000" + w[:3] + " " + w[3:] + "｜"} {
			_, found := labelsIn(s, true)
			if (len(found) > 0 || stateOf(s) != Silent) && !mayTell(s) {
				t.Errorf("%q is passed over", s)
			}
		}
	}
	for w := range names {
		try(w)
	}
	for w := range states {
		try(w)
	}
	if mayTell("新闻中心") || mayTell("县政府召开常务会议研究办理情况") {
		t.Error("what tells nothing is read")
	}
}

// TestMayAnswer: no label of an answer is without the letters that are sought first.
func TestMayAnswer(t *testing.T) {
	t.Parallel()
	for w, l := range names {
		if l.strong && (l.part == Answered || l.part == Reply) && !mayAnswer(w) {
			t.Errorf("%q is passed over", w)
		}
	}
	if _, found := labelsIn("某市教育局答复:已办", false); len(found) != 1 || !mayAnswer("某市教育局答复") {
		t.Error("a body that answers under its own name")
	}
}
