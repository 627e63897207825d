package aria

import "strings"

// attributes are the states and properties by their names without "aria-".
var attributes = readAttributes(`
activedescendant     id
actions              ids global
atomic               bool global
autocomplete         token inline list both none
braillelabel         text global names
brailleroledescription text global names
busy                 bool global
checked              tristate
colcount             integer
colindex             integer
colindextext         text
colspan              integer
controls             ids global
current              token global page step location date time true false
describedby          ids global
description          text global
details              ids global
disabled             bool global
dropeffect           tokens global copy execute link move none popup
errormessage         ids global
expanded             maybe
flowto               ids global
grabbed              maybe global
haspopup             token global false true menu listbox tree grid dialog
hidden               maybe global
invalid              token global grammar false spelling true
keyshortcuts         text global
label                text global names
labelledby           ids global names
level                ordinal
live                 token global assertive off polite
modal                bool
multiline            bool
multiselectable      bool
orientation          token horizontal vertical undefined
owns                 ids global
placeholder          text
posinset             ordinal
pressed              tristate
readonly             bool
relevant             tokens global additions all removals text
required             bool
roledescription      text global names
rowcount             integer
rowindex             integer
rowindextext         text
rowspan              integer
selected             maybe
setsize              integer
sort                 token ascending descending none other
valuemax             number
valuemin             number
valuenow             number
valuetext            text
`)

// roles are the roles: flags, then what they take, need, stand in and own.
// Flags: c content, n nameless, f flat, w widget, a abstract.
var roles = readRoles(`
alert
alertdialog | takes modal
application | takes activedescendant expanded
article | takes posinset setsize
banner
blockquote
button cfw | takes expanded pressed required
caption n | in figure grid table treegrid
cell c | takes colindex colindextext colspan rowindex rowindextext rowspan | in row
checkbox cfw | takes expanded readonly required | needs checked
code n
columnheader cw | takes colindex colindextext colspan expanded readonly required rowindex rowindextext rowspan selected sort | in row
combobox w | takes activedescendant autocomplete multiline orientation placeholder readonly required | needs controls expanded
comment c | takes level posinset setsize
complementary
contentinfo
definition
deletion n
dialog | takes modal
directory
document
emphasis n
feed | owns article
figure
form
generic n
grid w | takes activedescendant colcount level multiselectable readonly rowcount | owns row rowgroup caption
gridcell cw | takes colindex colindextext colspan expanded readonly required rowindex rowindextext rowspan selected | in row
group | takes activedescendant
heading c | needs level
image f
img f
insertion n
link cw | takes expanded
list | owns listitem
listbox w | takes activedescendant expanded multiselectable orientation readonly required | owns option group
listitem | takes level posinset setsize | in list directory
log
main
mark n
marquee
math
menu w | takes activedescendant orientation | owns menuitem menuitemcheckbox menuitemradio group separator menu
menubar w | takes activedescendant orientation | owns menuitem menuitemcheckbox menuitemradio group separator menu
menuitem cw | takes expanded posinset setsize | in group menu menubar
menuitemcheckbox cfw | takes expanded posinset setsize | needs checked | in group menu menubar
menuitemradio cfw | takes expanded posinset setsize | needs checked | in group menu menubar
meter f | takes valuemax valuemin valuetext | needs valuenow
navigation
none n
note
option cfw | takes checked posinset selected setsize | in group listbox
paragraph n
presentation n
progressbar fw | takes valuemax valuemin valuenow valuetext
radio cfw | takes posinset required setsize | needs checked
radiogroup w | takes activedescendant orientation readonly required
region
row cw | takes activedescendant colindex expanded level posinset rowindex selected setsize | in grid rowgroup table treegrid | owns cell columnheader gridcell rowheader
rowgroup | in grid table treegrid | owns row
rowheader cw | takes colindex colindextext colspan expanded readonly required rowindex rowindextext rowspan selected sort | in row
scrollbar fw | takes orientation valuemax valuemin valuetext | needs controls valuenow
search
searchbox w | takes activedescendant autocomplete multiline placeholder readonly required
separator f | takes orientation valuemax valuemin valuenow valuetext
slider fw | takes orientation readonly required valuemax valuemin valuetext | needs valuenow
spinbutton w | takes activedescendant readonly required valuemax valuemin valuenow valuetext
status
strong n
subscript n
suggestion n
superscript n
switch cfw | takes expanded readonly required | needs checked
tab cfw | takes expanded posinset selected setsize | in tablist
table | takes colcount rowcount | owns row rowgroup caption
tablist | takes activedescendant level multiselectable orientation | owns tab
tabpanel
term
textbox w | takes activedescendant autocomplete multiline placeholder readonly required
time
timer
toolbar | takes activedescendant orientation
tooltip c
tree w | takes activedescendant multiselectable orientation required | owns treeitem group
treegrid w | takes activedescendant colcount level multiselectable orientation readonly required rowcount | owns row rowgroup caption
treeitem cw | takes checked expanded level posinset selected setsize | in group tree
graphics-document
graphics-object
graphics-symbol f
doc-abstract
doc-acknowledgments
doc-afterword
doc-appendix
doc-backlink cw | takes expanded
doc-biblioentry
doc-bibliography
doc-biblioref cw | takes expanded
doc-chapter
doc-colophon
doc-conclusion
doc-cover f
doc-credit
doc-credits
doc-dedication
doc-endnote
doc-endnotes
doc-epigraph
doc-epilogue
doc-errata
doc-example
doc-footnote
doc-foreword
doc-glossary
doc-glossref cw | takes expanded
doc-index
doc-introduction
doc-noteref cw | takes expanded
doc-notice
doc-pagebreak
doc-pagefooter
doc-pageheader
doc-pagelist
doc-part
doc-preface
doc-prologue
doc-pullquote
doc-qna
doc-subtitle c
doc-tip
doc-toc
command a
composite a
input a
landmark a
range a
roletype a
section a
sectionhead a
select a
structure a
widget a
window a
`)

func readAttributes(table string) map[string]Attribute {
	kinds := map[string]Type{"text": Text, "bool": Bool, "maybe": MaybeBool, "tristate": Tristate, "token": Token, "tokens": Tokens,
		"integer": Integer, "ordinal": Ordinal, "number": Number, "id": ID, "ids": IDs}
	out := map[string]Attribute{}
	for line := range strings.Lines(strings.TrimSpace(table)) {
		w := strings.Fields(line)
		a := Attribute{Type: kinds[w[1]]}
		for _, x := range w[2:] {
			switch x {
			case "global":
				a.Global = true
			case "names":
				a.Names = true
			default:
				a.Tokens = append(a.Tokens, x)
			}
		}
		out[w[0]] = a
	}
	return out
}

func readRoles(table string) map[string]*Role {
	out := map[string]*Role{}
	for line := range strings.Lines(strings.TrimSpace(table)) {
		parts := strings.Split(line, "|")
		head := strings.Fields(parts[0])
		r := &Role{Name: head[0]}
		if len(head) > 1 {
			r.Content = strings.Contains(head[1], "c")
			r.Nameless = strings.Contains(head[1], "n")
			r.Flat = strings.Contains(head[1], "f")
			r.Widget = strings.Contains(head[1], "w")
			r.Abstract = strings.Contains(head[1], "a")
		}
		for _, p := range parts[1:] {
			w := strings.Fields(p)
			switch w[0] {
			case "takes":
				r.Attrs = w[1:]
			case "needs":
				r.Required = w[1:]
			case "in":
				r.Parents = w[1:]
			case "owns":
				r.Children = w[1:]
			}
		}
		out[r.Name] = r
	}
	return out
}
