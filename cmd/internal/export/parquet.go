package export

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"reflect"
	"strings"
	"time"
)

// Why no library writes this: parquet-go/parquet-go brings protocol buffers, an HTTP client, Brotli, LZ4 and Zstandard along,
// which were a third of the program, and whose start took longer than all the rest of a short command. The tables need little of
// the format (apache/parquet-format, version 2.11): flat columns, lists of text, one encoding. In the tests the library reads
// what is written here.

const (
	parquetMagic = "PAR1"
	// parquetGroup is how many rows are gathered in memory before they are written.
	parquetGroup = 1 << 17
)

// parquetType is a physical type of the format.
type parquetType int64

// The physical types in use.
const (
	parquetBool   parquetType = 0
	parquetInt32  parquetType = 1
	parquetInt64  parquetType = 2
	parquetDouble parquetType = 5
	parquetBytes  parquetType = 6
)

// Other numbers of the format.
const (
	parquetRequired, parquetOptional, parquetRepeated = 0, 1, 2
	parquetPlain, parquetRLE, parquetRLEDictionary    = 0, 3, 8
	parquetDataPage, parquetDictionaryPage            = 0, 2
	parquetGzip                                       = 2
)

// parquetColumn is a column and what is gathered of it for the next group of rows.
type parquetColumn struct {
	name string
	at   []int
	of   parquetType
	// kind is what the numbers mean, by a name of ours; optional and list say what may be missing or several.
	kind           string
	optional, list bool

	// levels are the definition level of each entry, and repeats its repetition level in a list.
	levels, repeats bits
	values          []byte
	truths          bits
	// words are the places in values of a column with a dictionary, by word; refs are the word of each value.
	words map[string]uint32
	refs  []uint32
	// present counts the values, and least and most bound them where they are whole numbers.
	present     int64
	least, most int64
}

// parquetWriter writes a table.
type parquetWriter struct {
	out     io.Writer
	at      int64
	columns []parquetColumn
	rows    int64 // gathered
	all     int64 // written
	groups  []thrift
	packed  bytes.Buffer
	zip     *gzip.Writer
}

func newParquet[T any](out io.Writer) (*Writer[T], error) {
	w := &parquetWriter{out: out, zip: gzip.NewWriter(nil)}
	for _, c := range Columns[T]() {
		p, err := newParquetColumn(reflect.TypeFor[T]().FieldByIndex(c.index), c.index)
		if err != nil {
			return nil, err
		}
		w.columns = append(w.columns, p)
	}
	if err := w.write([]byte(parquetMagic)); err != nil {
		return nil, err
	}
	return &Writer[T]{
		write: func(rows []T) error {
			for i := range rows {
				if err := w.row(reflect.ValueOf(&rows[i]).Elem()); err != nil {
					return err
				}
			}
			return nil
		},
		close: w.close,
	}, nil
}

// newParquetColumn is the column of a field; the error is that of a type that no table has.
func newParquetColumn(f reflect.StructField, index []int) (parquetColumn, error) {
	name, options, _ := strings.Cut(f.Tag.Get("parquet"), ",")
	c := parquetColumn{name: name, at: index}
	t := f.Type
	if c.optional = t.Kind() == reflect.Pointer; c.optional {
		t = t.Elem()
	}
	switch {
	case t.Kind() == reflect.Bool:
		c.of = parquetBool
	case t.Kind() == reflect.Int32 && options == "date":
		c.of, c.kind = parquetInt32, "date"
	case t.Kind() == reflect.Int32:
		c.of, c.kind = parquetInt32, "int"
	case t.Kind() == reflect.Float64:
		c.of = parquetDouble
	case t.Kind() == reflect.String:
		c.of, c.kind = parquetBytes, "text"
		if options == "dict" {
			c.words = map[string]uint32{}
		}
	case t == reflect.TypeFor[time.Time]():
		c.of, c.kind = parquetInt64, "time"
	case t == reflect.TypeFor[[]string]():
		c.of, c.kind, c.list = parquetBytes, "text", true
	default:
		return c, fmt.Errorf("column %s: Parquet has no type for %v", name, t)
	}
	return c, nil
}

func (w *parquetWriter) write(b []byte) error {
	n, err := w.out.Write(b)
	w.at += int64(n)
	return err
}

// row gathers a row, and writes the group when it is full.
func (w *parquetWriter) row(row reflect.Value) error {
	for i := range w.columns {
		c := &w.columns[i]
		c.add(row.FieldByIndex(c.at))
	}
	if w.rows++; w.rows < parquetGroup {
		return nil
	}
	return w.group()
}

// add gathers one cell.
func (c *parquetColumn) add(v reflect.Value) {
	switch {
	case c.list:
		n := v.Len()
		for i := range n {
			c.repeats.add(i > 0)
			c.levels.add(true)
			c.value(v.Index(i))
		}
		if n == 0 {
			c.repeats.add(false)
			c.levels.add(false)
		}
	case !c.optional:
		c.value(v)
	case v.IsNil():
		c.levels.add(false)
	default:
		c.levels.add(true)
		c.value(v.Elem())
	}
}

func (c *parquetColumn) value(v reflect.Value) {
	c.present++
	switch c.of {
	case parquetBool:
		c.truths.add(v.Bool())
	case parquetInt32:
		c.bound(v.Int())
		c.values = binary.LittleEndian.AppendUint32(c.values, uint32(v.Int()))
	case parquetInt64:
		ms := v.Addr().Interface().(*time.Time).UnixMilli()
		c.bound(ms)
		c.values = binary.LittleEndian.AppendUint64(c.values, uint64(ms))
	case parquetDouble:
		c.values = binary.LittleEndian.AppendUint64(c.values, math.Float64bits(v.Float()))
	case parquetBytes:
		s := inUTF8(v.String())
		if c.words != nil {
			ref, known := c.words[s]
			if c.refs = append(c.refs, ref); known {
				return
			}
			ref = uint32(len(c.words))
			c.words[s], c.refs[len(c.refs)-1] = ref, ref
		}
		c.values = binary.LittleEndian.AppendUint32(c.values, uint32(len(s)))
		c.values = append(c.values, s...)
	}
}

// bound widens the bounds of the column to a value.
func (c *parquetColumn) bound(v int64) {
	if c.present == 1 {
		c.least, c.most = v, v
	}
	c.least, c.most = min(c.least, v), max(c.most, v)
}

// group writes the rows that were gathered.
func (w *parquetWriter) group() error {
	if w.rows == 0 {
		return nil
	}
	var chunks []thrift
	size := int64(0)
	for i := range w.columns {
		chunk, plain, err := w.chunk(&w.columns[i])
		if err != nil {
			return err
		}
		chunks, size = append(chunks, chunk), size+plain
	}
	var g thrift
	g.list(1, thriftStruct, chunks)
	g.int64(2, size)
	g.int64(3, w.rows)
	w.groups = append(w.groups, g.end())
	w.all, w.rows = w.all+w.rows, 0
	return nil
}

// chunk writes what was gathered of a column and empties it. It returns the column's entry in the footer and its size
// before compression.
func (w *parquetWriter) chunk(c *parquetColumn) (thrift, int64, error) {
	from, plain := w.at, int64(0)
	dictionary := int64(0)
	encoding := int64(parquetPlain)
	values := c.values
	switch {
	case c.of == parquetBool:
		values = c.truths.packed
	case c.words != nil:
		dictionary, encoding = w.at, parquetRLEDictionary
		var head thrift
		head.int32(1, int64(len(c.words)))
		head.int32(2, parquetPlain)
		if err := w.page(parquetDictionaryPage, 7, head.end(), c.values, &plain); err != nil {
			return nil, 0, err
		}
		values = runLengths(c.refs, len(c.words))
	}
	var page []byte
	entries := c.present
	if c.list {
		page = c.repeats.levels(page)
	}
	if c.list || c.optional {
		page, entries = c.levels.levels(page), int64(c.levels.n)
	}
	data := w.at
	var head thrift
	head.int32(1, entries)
	head.int32(2, encoding)
	head.int32(3, parquetRLE)
	head.int32(4, parquetRLE)
	if err := w.page(parquetDataPage, 5, head.end(), append(page, values...), &plain); err != nil {
		return nil, 0, err
	}

	meta := c.meta(encoding, entries)
	meta.int64(6, plain)
	meta.int64(7, w.at-from)
	meta.int64(9, data)
	if c.words != nil {
		meta.int64(11, dictionary)
	}
	meta.child(12, c.statistics(entries))
	var chunk thrift
	chunk.int64(2, from)
	chunk.child(3, meta.end())
	c.empty()
	return chunk.end(), plain, nil
}

// meta begins what the footer says of a column.
func (c *parquetColumn) meta(encoding, entries int64) thrift {
	var meta thrift
	meta.int32(1, int64(c.of))
	meta.list(2, thriftInt32, []thrift{zigzag(encoding), zigzag(parquetPlain), zigzag(parquetRLE)})
	var path []thrift
	for _, name := range c.path() {
		path = append(path, text(name))
	}
	meta.list(3, thriftBinary, path)
	meta.int32(4, parquetGzip)
	meta.int64(5, entries)
	return meta
}

// empty makes a column ready for the next values.
func (c *parquetColumn) empty() {
	c.levels.empty()
	c.repeats.empty()
	c.truths.empty()
	c.values, c.refs, c.present = c.values[:0], c.refs[:0], 0
	clear(c.words)
}

// path is the column's place in the schema.
func (c *parquetColumn) path() []string {
	if c.list {
		return []string{c.name, "list", "element"}
	}
	return []string{c.name}
}

// statistics tell what is missing, and within what bounds whole numbers lie, so that a reader can pass over the group.
func (c *parquetColumn) statistics(entries int64) thrift {
	var s thrift
	s.int64(3, entries-c.present)
	if c.present > 0 {
		switch c.of {
		case parquetInt32:
			s.binary(5, binary.LittleEndian.AppendUint32(nil, uint32(c.most)))
			s.binary(6, binary.LittleEndian.AppendUint32(nil, uint32(c.least)))
		case parquetInt64:
			s.binary(5, binary.LittleEndian.AppendUint64(nil, uint64(c.most)))
			s.binary(6, binary.LittleEndian.AppendUint64(nil, uint64(c.least)))
		}
	}
	return s.end()
}

// page writes a page; head is what belongs to its kind, under a number of its own. It adds what the page takes without
// compression to plain.
func (w *parquetWriter) page(kind, number int64, head thrift, body []byte, plain *int64) error {
	w.packed.Reset()
	w.zip.Reset(&w.packed)
	if _, err := w.zip.Write(body); err != nil {
		return err
	}
	if err := w.zip.Close(); err != nil {
		return err
	}
	var page thrift
	page.int32(1, kind)
	page.int32(2, int64(len(body)))
	page.int32(3, int64(w.packed.Len()))
	page.child(number, head)
	page = page.end()
	*plain += int64(len(page) + len(body))
	if err := w.write(page); err != nil {
		return err
	}
	return w.write(w.packed.Bytes())
}

// close writes the last group and the footer.
func (w *parquetWriter) close() error {
	if err := w.group(); err != nil {
		return err
	}
	var orders []thrift
	schema := []thrift{node("table", -1, -1, len(w.columns), thrift{}, -1)}
	for i := range w.columns {
		c := &w.columns[i]
		schema = append(schema, c.schema()...)
		var order thrift
		order.child(1, thrift{}.end())
		orders = append(orders, order.end())
	}
	var f thrift
	f.int32(1, 1)
	f.list(2, thriftStruct, schema)
	f.int64(3, w.all)
	f.list(4, thriftStruct, w.groups)
	f.binary(6, []byte("kneecheck"))
	f.list(7, thriftStruct, orders)
	f = f.end()
	return w.write(append(binary.LittleEndian.AppendUint32(f, uint32(len(f))), parquetMagic...))
}
