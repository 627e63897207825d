package portal

// accessFaults are accessibility faults.
func (p *Portal) accessFaults() {
	news := p.col("青岚要闻").articles
	news[4].body += `<p><img src="/assets/photo2.png"></p>`
	p.plant("a11y-img-alt", news[4].Path, "", "图片没有替代文本")
	news[5].body += `<p><input type="image" src="/assets/icon.png"></p>`
	p.plant("a11y-img-alt", news[5].Path, "", "图片按钮没有替代文本")
	news[6].body += `<p><a href="/about.html"><img src="/assets/photo1.png" alt=""></a></p>`
	p.plant("a11y-link-name", news[6].Path, "", "链接没有可读的名称")
	news[7].title = "-"
	p.plant("a11y-page-title", news[7].Path, "", "页面没有标题")
	news[8].lang = "-"
	p.plant("a11y-page-lang", news[8].Path, "html", "页面没有语言声明")
	p.plant("a11y-page-lang-wrong", p.col("统计数据").Path, "html", "中文频道声明为英文")
	p.twin("a11y-page-lang-wrong", news[23].Path, "", "声明为 zh-Hans 的中文页面")
	p.twin("a11y-page-lang", news[23].Path, "", "zh-Hans 是有效的语言代码")
	news[23].lang = "zh-Hans"
	p.twin("a11y-page-title", news[9].Path, "", "有标题的页面")

	rural := p.col("乡村振兴").articles
	p.plantAs("review", "a11y-media", rural[filmFault].Path, "text", "视频没有字幕")
	rural[8].body += `<p><video src="/media/ok.mp4" controls><track kind="captions" src="/media/ok.vtt" srclang="zh" label="中文"></video></p>`
	p.twin("a11y-media", rural[8].Path, "", "视频带有字幕")

	p.elementFaults(p.col("规划计划").articles[3], p.col("规划计划").articles[4])
	p.pageFaults()
}

// filmFault is which piece of the column on the country shows a film.
const filmFault = 1

// elementFaults are one page of faults that an editor can write, and one of
// the same things as they should be.
func (p *Portal) elementFaults(bad, good *article) {
	for _, x := range []struct{ check, outcome, html, note, twin string }{
		{"a11y-aria-attr", "fail", `<p><button type="button" aria-expanded="open">展开全文</button></p>`, "ARIA 属性的值无效", `<p><button type="button" aria-expanded="false">展开全文</button></p>`},
		{"a11y-aria-hidden-focus", "fail", `<p aria-hidden="true"><a href="/about.html">关于本站的说明</a></p>`, "对读屏隐藏的链接", `<p aria-hidden="true"><a href="/about.html" tabindex="-1">关于本站的说明</a></p>`},
		{"a11y-aria-permitted", "fail", `<p><button type="button" aria-sort="ascending">按时间排序</button></p>`, "按钮不支持 aria-sort", `<div role="group" aria-label="排序工具"><button type="button">按时间排序</button></div>`},
		{"a11y-aria-required", "fail", `<div role="switch" tabindex="0">夜间模式</div>`, "开关没有状态", `<div role="switch" tabindex="0" aria-checked="false">夜间模式</div>`},
		{"a11y-aria-structure", "fail", `<div><div role="listitem">第一项任务</div></div>`, "列表项不在列表中", `<div role="list"><div role="listitem">第一项任务</div></div>`},
		{"a11y-autocomplete", "fail", `<p><input title="手机号" autocomplete="mobilephone"></p>`, "autocomplete 的值无效", `<p><input title="手机号" autocomplete="tel"></p>`},
		{"a11y-button-name", "fail", `<p><input type="submit" value=""></p>`, "按钮没有名称", `<p><input type="submit" value="提交"></p>`},
		{"a11y-captcha", "review", `<form action="/hdjl/submit" method="post"><p><input name="code" title="验证码"><img src="/assets/captcha.png" alt="验证码"></p></form>`, "验证码没有替代方式", `<form action="/hdjl/submit" method="post"><p><input name="code" title="验证码"><img src="/assets/captcha.png" alt="验证码"> 也可使用语音验证码</p></form>`},
		{"a11y-click-not-keyboard", "fail", `<p><span onclick="show()">查看详细内容</span></p>`, "只能用鼠标点击", `<p><button type="button" onclick="show()">查看详细内容</button></p>`},
		{"a11y-contrast-inline", "review", `<p style="color:#aaa;background:#fff">浅灰色的说明文字</p>`, "文字对比度不足", `<p style="color:#333;background:#fff">深灰色的说明文字</p>`},
		{"a11y-decorative-conflict", "fail", `<p><img src="/assets/icon.png" alt="" aria-label="标志"></p>`, "标为装饰又带有名称", `<p><img src="/assets/icon.png" alt=""></p>`},
		{"a11y-form-label", "fail", `<p>姓名 <input type="text" name="x"></p>`, "输入框没有标签", `<p><label>姓名 <input type="text" name="x"></label></p>`},
		{"a11y-frame-tab", "fail", `<p><iframe tabindex="-1" title="通讯录" srcdoc="<a href='/about.html'>电话</a>"></iframe></p>`, "框架不能用键盘到达", `<p><iframe title="通讯录" srcdoc="<a href='/about.html'>电话</a>"></iframe></p>`},
		{"a11y-frame-title", "fail", `<p><iframe src="/embed/weather.html"></iframe></p>`, "框架没有名称", `<p><iframe src="/embed/weather.html" title="天气"></iframe></p>`},
		{"a11y-group-fieldset", "review", `<p><label><input type="radio" name="s" value="1">满意</label><label><input type="radio" name="s" value="2">不满意</label></p>`, "一组选项没有归组", `<fieldset><legend>您的评价</legend><label><input type="radio" name="s" value="1">满意</label><label><input type="radio" name="s" value="2">不满意</label></fieldset>`},
		{"a11y-headings", "fail", `<h2></h2>`, "空标题", `<h2>任务分工</h2>`},
		{"a11y-id-duplicate-used", "fail", `<p><label for="dup">单位</label><input id="dup"><input id="dup" title="部门"></p>`, "标签所指的标识重复", `<p id="dup">单位</p><p id="dup">部门</p>`},
		{"a11y-img-alt-bad", "review", `<p><img src="/assets/W020240530.jpg" alt="W020240530.jpg"></p>`, "替代文本是文件名", `<p><img src="/assets/W020240530.jpg" alt="会议现场"></p>`},
		{"a11y-label-in-name", "fail", `<p><a href="/about.html" aria-label="点击进入">政务公开</a></p>`, "读屏名称不含可见文字", `<p><a href="/about.html" aria-label="政务公开，站内说明">政务公开</a></p>`},
		{"a11y-lang-parts", "fail", `<p lang="chn">重要公告</p>`, "局部语言代码无效", `<p lang="en">Important notice</p>`},
		{"a11y-link-text", "review", `<p><a href="/about.html">&gt;&gt;</a></p>`, "链接文字只有符号", `<p><a href="/about.html" title="更多本站说明">&gt;&gt;</a></p>`},
		{"a11y-list-structure", "fail", `<ul><a href="/about.html">第一条</a><li>第二条</li></ul>`, "列表内直接放了链接", `<ul><li><a href="/about.html">第一条</a></li><li>第二条</li></ul>`},
		{"a11y-moving-text", "fail", `<marquee>欢迎访问本站</marquee>`, "滚动文字不能停止", `<p class="marquee">欢迎访问本站</p>`},
		{"a11y-nested-interactive", "fail", `<div role="button" tabindex="0">关注 <a href="/about.html">说明</a></div>`, "按钮内有链接", `<p><button type="button">关注</button> <a href="/about.html">说明</a></p>`},
		{"a11y-role-valid", "fail", `<p><span role="lnik">相关说明</span></p>`, "角色拼写错误", `<p><span role="note">相关说明</span></p>`},
		{"a11y-spacing-important", "fail", `<p style="letter-spacing:0.05em !important">间距很小的一段文字</p>`, "字间距被固定", `<p style="letter-spacing:0.2em !important">间距足够的一段文字</p>`},
		{"a11y-tabindex-positive", "review", `<p><a href="/about.html" tabindex="5">优先说明</a></p>`, "焦点顺序被打乱", `<p><a href="/about.html" tabindex="0">优先说明</a></p>`},
		{"a11y-table-headers", "review", `<table><tr><td>单位</td><td>数量</td><td>备注</td></tr><tr><td>甲局</td><td>3</td><td>无</td></tr><tr><td>乙局</td><td>4</td><td>无</td></tr></table>`, "数据表格没有表头", `<table><tr><th>单位</th><th>数量</th><th>备注</th></tr><tr><td>甲局</td><td>3</td><td>无</td></tr><tr><td>乙局</td><td>4</td><td>无</td></tr></table>`},
	} {
		bad.body += x.html
		p.plantAs(x.outcome, x.check, bad.Path, "", x.note)
		good.body += x.twin
		p.twin(x.check, good.Path, "", "同样的内容，写法正确")
	}
	good.body += `<p><img src="/assets/photo1.png" alt="大厅"> <a href="/about.html"><img src="/assets/photo1.png" alt="关于本站"></a></p>`
	p.twin("a11y-img-alt", good.Path, "", "有替代文本的图片")
	p.twin("a11y-link-name", good.Path, "", "图片链接有替代文本")
}

// pageFaults are faults in the head or the make of a page, one a page.
func (p *Portal) pageFaults() {
	list := p.col("规划计划").articles
	list[5].head = `<style>a:focus { outline: none }</style>`
	p.plantAs("review", "a11y-focus-outline", list[5].Path, "", "样式去掉了焦点外框")
	list[6].head = `<style>a:focus { outline: none; background: #ff0; color: #000 } @media (orientation: portrait) { body { font-size: 110% } }</style>`
	p.twin("a11y-focus-outline", list[6].Path, "", "用背景代替焦点外框")
	p.twin("a11y-orientation-lock", list[6].Path, "", "按屏幕方向只改变字号")
	list[7].head = `<style>@media (orientation: portrait) { body { transform: rotate(90deg) } }</style>`
	p.plant("a11y-orientation-lock", list[7].Path, "", "竖屏时旋转页面")

	money := p.col("财政资金").articles
	money[2].head = `<meta http-equiv="refresh" content="60">`
	p.plant("a11y-meta-refresh", money[2].Path, "", "页面每分钟自动刷新")
	money[3].body += `<p><a href="/old/moved.html">旧版页面</a></p>`
	p.twin("a11y-meta-refresh", "/old/moved.html", "", "立即跳转不是刷新")
	money[3].viewport = "width=device-width, initial-scale=1, maximum-scale=1, user-scalable=no"
	p.plant("a11y-viewport-zoom", money[3].Path, "", "页面禁止放大")
	money[4].viewport = "width=device-width, initial-scale=1, maximum-scale=5"
	p.twin("a11y-viewport-zoom", money[4].Path, "", "最多放大五倍")
	money[9].bare = true
	p.plant("a11y-bypass", money[9].Path, "", "没有标题和区域可以跳过导航")
	p.twin("a11y-bypass", money[3].Path, "", "有标题和区域")
}
