package aria

import "testing"

// TestTable holds the table against itself: what one role names must be there.
func TestTable(t *testing.T) {
	if len(roles) < 120 || len(attributes) < 50 {
		t.Fatalf("%d roles, %d attributes", len(roles), len(attributes))
	}
	for name, r := range roles {
		for _, a := range append(append([]string{}, r.Attrs...), r.Required...) {
			if _, ok := attributes[a]; !ok {
				t.Errorf("%s takes aria-%s, which is no attribute", name, a)
			}
		}
		for _, other := range append(append([]string{}, r.Parents...), r.Children...) {
			if !Valid(other) {
				t.Errorf("%s speaks of %s, which is no role", name, other)
			}
		}
		for _, p := range r.Parents {
			if kids := roles[p].Children; len(kids) > 0 && !has(kids, name) && p != "row" {
				t.Errorf("%s stands in %s, which does not own it", name, p)
			}
		}
	}
	for name, a := range attributes {
		if (a.Type == Token || a.Type == Tokens) != (len(a.Tokens) > 0) {
			t.Errorf("aria-%s: tokens %v", name, a.Tokens)
		}
	}
}

func TestFirst(t *testing.T) {
	for attr, want := range map[string]string{"": "", "lnik": "", "lnik LINK button": "link", "widget": "", " none ": "none"} {
		if got := First(attr); got != want {
			t.Errorf("First(%q) = %q, want %q", attr, got, want)
		}
	}
}

func TestFits(t *testing.T) {
	for _, c := range []struct {
		name, value string
		want        bool
	}{
		{"aria-expanded", "undefined", true}, {"aria-expanded", "collapsed", false}, {"aria-pressed", "mixed", true},
		{"aria-busy", "yes", false}, {"aria-valuenow", "1.5", true}, {"aria-valuenow", "one", false}, {"aria-valuenow", "NaN", false},
		{"aria-level", "2", true}, {"aria-level", "2.5", false}, {"aria-level", "0", false}, {"aria-setsize", "-1", true}, {"aria-relevant", "text additions", true}, {"aria-relevant", "text bold", false},
		{"aria-current", "PAGE", true}, {"aria-label", "任意", true}, {"aria-activedescendant", "a b", false}, {"aria-controls", "a b", true},
	} {
		a, ok := Known(c.name)
		if !ok || a.Fits(c.value) != c.want {
			t.Errorf("%s=%q: fits %v, want %v", c.name, c.value, a.Fits(c.value), c.want)
		}
	}
	if _, ok := Known("aria-labeledby"); ok {
		t.Error("a misspelt attribute is known")
	}
	if _, ok := Known("label"); ok {
		t.Error("an attribute without aria- is known")
	}
}

func TestTakes(t *testing.T) {
	if b := Lookup("button"); b.Takes("aria-sort") || !b.Takes("aria-pressed") || !b.Takes("aria-label") {
		t.Error("a button takes the wrong attributes")
	}
	if l := Lookup("list"); !l.Owns("listitem") || l.Owns("link") || !Lookup("listitem").In("list") {
		t.Error("lists and their items do not fit")
	}
}
