package analyze

import (
	"strconv"
	"strings"

	"kneecheck/ingest"
)

// tableSettings begin the settings of an entry whose body is the table of contents of an archive, and are followed by the
// size up to which archives are read. They are none of what settings writes, which has lines.
const tableSettings = "table of contents up to "

func tablesUpTo(o ingest.Options) string { return tableSettings + strconv.FormatInt(o.MaxBytes, 10) }

func (e *remembered) isTable() bool { return strings.HasPrefix(e.settings, tableSettings) }

// table recalls the table of contents of an archive in another one, empty where none is remembered.
func (m *memory) table(f *ingest.File, o ingest.Options) string {
	// There are few such archives, and few who have any.
	for i := len(m.entries) - 1; i >= 0; i-- {
		e := &m.entries[i]
		if e.isTable() && e.settings == tablesUpTo(o) && e.key == f.Path+f.Member {
			if e.racy || e.stamp != stampOf(f) {
				return ""
			}
			return e.body
		}
	}
	return ""
}

func (m *memory) learnTable(f *ingest.File, o ingest.Options, table string) {
	e := m.entryOf(f, tablesUpTo(o))
	e.body = table
	m.fresh = append(m.fresh, e)
}

// entryOf is the entry of a file without what became of it.
func (m *memory) entryOf(f *ingest.File, settings string) remembered {
	return remembered{
		settings: settings, key: f.Path + f.Member, diskLen: len(f.Path),
		stamp: stampOf(f), racy: f.ModTime.After(m.now.Add(-racyFor)),
	}
}
