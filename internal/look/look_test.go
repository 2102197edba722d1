package look

import (
	"regexp"
	"strings"
	"testing"
)

// Every colour is a variable that light and dark pages both have, so that no page is
// readable in one of them alone.
func TestColoursAreOfBothSchemes(t *testing.T) {
	sheet := string(Style(""))
	light, rest, ok := strings.Cut(sheet, "@media (prefers-color-scheme: dark) {")
	if !ok {
		t.Fatal("no dark scheme")
	}
	dark, _, _ := strings.Cut(rest, "\n}\n")
	colour := regexp.MustCompile(`(--[a-z-]+): #`)
	of := func(text string) map[string]bool {
		found := map[string]bool{}
		for _, match := range colour.FindAllStringSubmatch(text, -1) {
			found[match[1]] = true
		}
		return found
	}
	inLight, inDark := of(light), of(dark)
	if len(inLight) < 10 {
		t.Fatalf("light colours: %v", inLight)
	}
	for name := range inLight {
		if !inDark[name] && name != "--warn-line" {
			t.Errorf("dark pages have no %s of their own", name)
		}
	}
	for name := range inDark {
		if !inLight[name] {
			t.Errorf("light pages have no %s", name)
		}
	}
}

func TestPartsAndStyle(t *testing.T) {
	var b strings.Builder
	if err := Templates("x").ExecuteTemplate(&b, "look-brand", "Requests"); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), `<span class="brand-part">Requests</span>`) {
		t.Error(b.String())
	}
	if sheet := string(Style(".own{}")); !strings.HasSuffix(sheet, ".own{}") || !strings.Contains(sheet, "--paper") {
		t.Error("the style sheet is not the look and the own rules")
	}
	if !strings.HasPrefix(string(Icon()), "<svg") {
		t.Error("the icon is no SVG")
	}
}
