package analyze

import (
	"context"
	"slices"
	"strings"
	"sync"

	"kneecheck/ingest"
)

// OpenMemo is a memo that is opened once for several logs, such as those of a coach's athletes: its file is read once and
// written once, and so are the street maps. Several goroutines may read at the same time.
type OpenMemo struct {
	mem *memory
	mu  sync.Mutex
	// indexes are what was prepared for recall, for each of the settings that were asked for.
	indexes map[string]memoIndex
}

// memoIndex is what memory.index prepares.
type memoIndex struct {
	order    []int
	outdated func(ground string) bool
}

// Open reads the memo's file.
func (m *Memo) Open() *OpenMemo {
	return &OpenMemo{mem: m.open(), indexes: map[string]memoIndex{}}
}

// Read is Memo.Read, but that what was learnt is not saved before Save.
func (o *OpenMemo) Read(ctx context.Context, paths []string, options ingest.Options) ([]Run, []Strength, *Receipt, error) {
	return read(ctx, paths, options, o.view)
}

// view is the memory for one reading. It shares the entries, which nobody changes, and the maps.
func (o *OpenMemo) view() *memory {
	m := o.mem
	return &memory{
		entries: m.entries, size: m.size, damaged: m.damaged, reader: codec{reading: true},
		header: m.header, headerSum: m.headerSum, streets: m.streets, shared: o, file: m.file, now: m.now,
	}
}

// index is memory.index, worked out once.
func (o *OpenMemo) index(settings string) ([]int, func(ground string) bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	x, ok := o.indexes[settings]
	if !ok {
		x.order = o.mem.ordered(settings)
		x.outdated = o.mem.streets.outdated(o.mem.grounds(x.order))
		o.indexes[settings] = x
	}
	return x.order, x.outdated
}

// take collects what one reading has learnt.
func (o *OpenMemo) take(fresh []remembered) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.mem.fresh = append(o.mem.fresh, fresh...)
}

// Save writes what all readings have learnt. It comes after the last of them.
func (o *OpenMemo) Save() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	// In the order of a reading, whoever came first.
	slices.SortStableFunc(o.mem.fresh, func(a, b remembered) int { return strings.Compare(a.key, b.key) })
	err := o.mem.save()
	o.mem.fresh = nil
	return err
}

// MapFaults are the reasons for which a street map could not be used, as far as one was needed.
func (o *OpenMemo) MapFaults() []error { return o.mem.streets.faults() }
