package portal

// homeBody is what the home page shows besides its lists.
const homeBody = `<section class="block"><h2>便民服务</h2><p><a href="/hdjl/xx.html">我要写信</a> <a href="/bsfw/wsbs.html">网上办事</a> <a href="/files/plan.pdf">年度工作安排</a></p>
<p><img src="/assets/photo1.png" alt="青岚区政务服务大厅"></p></section>
<section class="block"><h2>政府信息公开</h2><p><a href="/zwgk/zfxxgkzn.html">政府信息公开指南</a> <a href="/zwgk/zfxxgkzd.html">政府信息公开制度</a> <a href="/zwgk/fdzdgk.html">法定主动公开内容</a> <a href="/zwgk/xxgknb/">政府信息公开年报</a> <a href="/zwgk/ysqgk.html">依申请公开</a></p></section>`

// plantFaults changes the sound portal into the one that is inspected. Each
// fault stands beside its line of truth, and so does what only looks like one.
func (p *Portal) plantFaults() {
	p.pairDocuments()
	p.documentFaults()
	p.serviceFaults()
	p.linkFaults()
	p.linkOfOthers()
	p.columnFaults()
	p.dateFaults()
	p.labelFaults()
	p.contentFaults()
	p.wordFaults()
	p.personFaults()
	p.reports()
	p.letterFaults()
	p.consultations()
	p.accessFaults()
	p.limits()
	p.accounts()
}
