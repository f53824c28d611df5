package report

import (
	"io"
	"slices"
	"strings"
)

// RunMarkdown writes runs in detail as Markdown: the same content as RunText.
func RunMarkdown(w io.Writer, ins []RunInput) error {
	var m markdown
	for i := range ins {
		m.run(newRunFacts(ins[i]))
	}
	mapped := slices.ContainsFunc(ins, func(in RunInput) bool { return in.Mapped })
	m.line("*", escape(disclaimer+credit(mapped)), "*")
	return m.writeTo(w)
}

func (m *markdown) run(f *runFacts) {
	m.line("# ", escape(f.head()))
	m.line()
	m.line(escape(f.first()))
	m.line()
	m.splits(f)
	m.line("## Steps")
	m.line()
	m.line(escape(strings.Join(f.steps(), " ")))
	m.line()
	for _, l := range f.lines() {
		switch {
		case l[1] == "":
		case l[0] != "":
			m.line("- **", l[0], "** ", escape(l[1]))
		default:
			m.line("  ", escape(l[1]))
		}
	}
	m.line()
	m.line("## Rules")
	m.line()
	for i := range f.findings {
		g := &f.findings[i]
		m.line("- **", g.Severity, "** ", g.Rule, " ", escape(g.Name), ": ", escape(g.Message))
	}
	if len(f.findings) == 0 {
		m.line("No finding names this run (as of ", dateOf(f.in.Log.AsOf), ").")
	}
	m.line()
}

func (m *markdown) splits(f *runFacts) {
	m.line("## Splits")
	m.line()
	cols, none := f.splitTable()
	if none != "" {
		m.line(escape(none))
		m.line()
		return
	}
	head, rule := make([]string, len(cols)), make([]string, len(cols))
	for c := range cols {
		head[c], rule[c] = cols[c].head, "---:"
	}
	m.row(head...)
	m.row(rule...)
	for i := range cols[0].cells {
		cells := make([]string, len(cols))
		for c := range cols {
			cells[c] = escape(cols[c].cells[i])
		}
		m.row(cells...)
	}
	m.line()
}
