package analyze

import (
	"context"
	"slices"
	"strings"
	"sync"

	"kneecheck/ingest"
)

// OpenMemo is a memo that is opened once for several logs, such as those of a coach's athletes: its file is read once and
// written once. Several goroutines may read at the same time. A nil OpenMemo remembers nothing.
type OpenMemo struct {
	mem *memory
	mu  sync.Mutex
	// orders are the entries by key, for each of the settings that were asked for.
	orders map[string][]int
}

// Open reads the memo's file; nil for a nil Memo.
func (m *Memo) Open() *OpenMemo {
	if m == nil {
		return nil
	}
	return &OpenMemo{mem: m.open(), orders: map[string][]int{}}
}

// Read is Memo.Read, but that what was learnt is not saved before Save.
func (o *OpenMemo) Read(ctx context.Context, paths []string, options ingest.Options) ([]Run, []Strength, *Receipt, error) {
	return read(ctx, paths, options, o.view)
}

// view is the memory for one reading. It shares the entries, which nobody changes.
func (o *OpenMemo) view() *memory {
	if o == nil {
		return nil
	}
	m := o.mem
	return &memory{
		entries: m.entries, size: m.size, damaged: m.damaged, reader: codec{reading: true},
		header: m.header, headerSum: m.headerSum, shared: o, file: m.file, now: m.now,
	}
}

// order is memory.ordered, worked out once.
func (o *OpenMemo) order(settings string) []int {
	o.mu.Lock()
	defer o.mu.Unlock()
	if _, ok := o.orders[settings]; !ok {
		o.orders[settings] = o.mem.ordered(settings)
	}
	return o.orders[settings]
}

// take collects what one reading has learnt.
func (o *OpenMemo) take(fresh []remembered) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.mem.fresh = append(o.mem.fresh, fresh...)
}

// Save writes what all readings have learnt. It comes after the last of them.
func (o *OpenMemo) Save() error {
	if o == nil {
		return nil
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	// In the order of a reading, whoever came first.
	slices.SortStableFunc(o.mem.fresh, func(a, b remembered) int { return strings.Compare(a.key, b.key) })
	err := o.mem.save()
	o.mem.fresh = nil
	return err
}
