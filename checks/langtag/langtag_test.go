package langtag

import "testing"

func TestValid(t *testing.T) {
	for lang, want := range map[string]bool{"zh-CN": true, "ZH": true, "en-US-GB": true, "fr": true, "cmn": true, "lb": true, "": false, "#!": false,
		"eng": false, "english": false, "chn": false, "cn": false, "zh_CN": false, "i-lux": false, "em-US": false, "invalid": false, "isv": true, "chs": false} {
		if Valid(lang) != want {
			t.Errorf("%q: %v", lang, !want)
		}
	}
}
