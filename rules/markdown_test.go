package rules

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write docs/RULES.md")

func TestMarkdown(t *testing.T) {
	path := filepath.Join("..", "docs", "RULES.md")
	got := Markdown()
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("docs/RULES.md is not what the rules say: run go generate ./rules (-file +rules)\n%s", diff)
	}
	for _, r := range All() {
		if !strings.Contains(got, "### "+r.ID+" "+r.Name) {
			t.Errorf("%s is in no family", r.ID)
		}
	}
}

// TestMarkdownLinks follows the links of the table to the headings as GitHub names them.
func TestMarkdownLinks(t *testing.T) {
	text := Markdown()
	links := regexp.MustCompile(`\]\(#([^)]+)\)`).FindAllStringSubmatch(text, -1)
	if len(links) != len(All()) {
		t.Errorf("%d links for %d rules", len(links), len(All()))
	}
	for _, link := range links {
		found := false
		for line := range strings.SplitSeq(text, "\n") {
			heading, ok := strings.CutPrefix(line, "### ")
			found = found || ok && strings.ReplaceAll(strings.ToLower(heading), " ", "-") == link[1]
		}
		if !found {
			t.Errorf("no heading for #%s", link[1])
		}
	}
}
