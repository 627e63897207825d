package paper

import (
	"fmt"
	"strings"
)

// The size of a chart: 150 by 75 mm, in EMU.
const chartWidth, chartHeight = 5400000, 2700000

// chart writes a chart that word processors draw with the reader's own fonts,
// with its numbers as its alternative.
func (d *docx) chart(c *Chart) {
	if d.plain {
		d.paragraph("Zhu", "", run(c.Alt))
		return
	}
	d.charts = append(d.charts, c)
	n := len(d.charts)
	d.paragraph("Tu", "", fmt.Sprintf(`<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="%d" cy="%d"/><wp:docPr id="%d" name="图 %d" descr="%s"/><wp:cNvGraphicFramePr/>`+
		`<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart"><c:chart r:id="chart%d"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>`, chartWidth, chartHeight, n, n, esc(c.Alt), n))
	d.paragraph("Tizhu", "", run("图")+field("SEQ 图 \\* ARABIC", fmt.Sprint(n))+run("　"+c.Title+"（"+c.Unit+"）"))
}

// seriesColors differ in brightness too, for those who print in black and white.
var seriesColors = []string{"1F4E79", "9DC3E6"}

// chartXML is a chart of bars side by side.
func chartXML(c *Chart) string {
	var b strings.Builder
	b.WriteString(xmlHead + `<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">` +
		`<c:roundedCorners val="0"/><c:chart><c:autoTitleDeleted val="1"/><c:plotArea><c:layout/><c:barChart><c:barDir val="col"/><c:grouping val="clustered"/><c:varyColors val="0"/>`)
	for i, s := range c.Series {
		fmt.Fprintf(&b, `<c:ser><c:idx val="%d"/><c:order val="%d"/><c:tx><c:strRef><c:f>图!%s</c:f><c:strCache><c:ptCount val="1"/><c:pt idx="0"><c:v>%s</c:v></c:pt></c:strCache></c:strRef></c:tx><c:spPr><a:solidFill><a:srgbClr val="%s"/></a:solidFill></c:spPr><c:invertIfNegative val="0"/>`,
			i, i, reference(i+1, 0, 0), esc(s.Name), seriesColors[i%len(seriesColors)])
		fmt.Fprintf(&b, `<c:cat><c:strRef><c:f>图!%s</c:f><c:strCache><c:ptCount val="%d"/>`, reference(0, 1, len(c.Labels)), len(c.Labels))
		for k, l := range c.Labels {
			fmt.Fprintf(&b, `<c:pt idx="%d"><c:v>%s</c:v></c:pt>`, k, esc(l))
		}
		fmt.Fprintf(&b, `</c:strCache></c:strRef></c:cat><c:val><c:numRef><c:f>图!%s</c:f><c:numCache><c:formatCode>0.00</c:formatCode><c:ptCount val="%d"/>`, reference(i+1, 1, len(c.Labels)), len(c.Labels))
		for k, v := range s.Values {
			if v >= 0 {
				fmt.Fprintf(&b, `<c:pt idx="%d"><c:v>%s</c:v></c:pt>`, k, decimal(v, 2))
			}
		}
		b.WriteString(`</c:numCache></c:numRef></c:val></c:ser>`)
	}
	text := `<c:txPr><a:bodyPr/><a:p><a:pPr><a:defRPr sz="900"><a:latin typeface="` + latin + `"/><a:ea typeface="` + fangsong + `"/></a:defRPr></a:pPr><a:endParaRPr lang="zh-CN"/></a:p></c:txPr>`
	b.WriteString(`<c:gapWidth val="60"/><c:axId val="1"/><c:axId val="2"/></c:barChart>` +
		`<c:catAx><c:axId val="1"/><c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="0"/><c:axPos val="b"/><c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>` + text + `<c:crossAx val="2"/><c:crosses val="autoZero"/></c:catAx>` +
		`<c:valAx><c:axId val="2"/><c:scaling><c:orientation val="minMax"/><c:max val="100"/><c:min val="0"/></c:scaling><c:delete val="0"/><c:axPos val="l"/><c:majorGridlines/><c:numFmt formatCode="0" sourceLinked="0"/><c:majorTickMark val="out"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>` + text + `<c:crossAx val="1"/><c:crosses val="autoZero"/></c:valAx>` +
		`</c:plotArea><c:legend><c:legendPos val="b"/><c:overlay val="0"/>` + text + `</c:legend><c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart></c:chartSpace>`)
	return b.String()
}

// reference names cells of a sheet, whose values stand in the chart itself.
func reference(column, from, to int) string {
	name := string(rune('A' + column))
	if to <= from {
		return fmt.Sprintf("$%s$%d", name, from+1)
	}
	return fmt.Sprintf("$%s$%d:$%s$%d", name, from+1, name, to+1)
}
