package ingest

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// TestArchiveLimits holds members and archives against --max-size 1 MiB, so 4 MiB for what is compressed.
func TestArchiveLimits(t *testing.T) {
	run := shortRun(300)
	big := shortRun(20_000)
	pad := strings.Repeat("\x00", 5<<20)
	for _, tc := range []struct {
		name    string
		archive string
		want    map[string]string
	}{
		{"a member that is too large", pack(t, entry{name: "big.gpx", content: big}, entry{name: "x.gpx", content: run}),
			map[string]string{"a.zip!big.gpx": "too-large", "a.zip!x.gpx": "300"}},
		{"but not one that is no activity", pack(t, entry{name: "film.mp4", content: big[500:], stored: true}, entry{name: "x.gpx", content: run}),
			map[string]string{"a.zip!film.mp4": "ignored", "a.zip!x.gpx": "300"}},
		{"a gz bomb in an archive", pack(t, entry{name: "bomb.gpx.gz", content: zipped(run + pad)}),
			map[string]string{"a.zip!bomb.gpx.gz": "too-large"}},
		{"a bomb of one layer", pack(t, entry{name: "x.gpx", content: run}, entry{name: "bomb.gpx", content: run + pad}),
			map[string]string{"a.zip!x.gpx": "300", "a.zip!bomb.gpx": "too-large"}},
		{"a bomb of many members", pack(t, entry{name: "x.gpx", content: run}, entry{name: "1.gpx", content: run + pad[:len(pad)*2/3]}, entry{name: "2.gpx", content: run + pad[:len(pad)*2/3]}),
			map[string]string{"a.zip": "too-large"}},
		{"an inner archive too large for memory", pack(t, entry{name: "x.gpx", content: run},
			entry{name: "b.zip", content: pack(t, entry{name: "y.gpx", content: run}, entry{name: "noise", content: noise(5 << 20), stored: true})}),
			map[string]string{"a.zip!x.gpx": "300", "a.zip!b.zip": "too-large"}},
		{"but not when it is stored", pack(t, entry{stored: true, name: "b.zip",
			content: pack(t, entry{name: "y.gpx", content: run}, entry{name: "noise", content: noise(5 << 20), stored: true})}),
			map[string]string{"a.zip!b.zip!y.gpx": "300", "a.zip!b.zip!noise": "ignored"}},
		{"a bomb in an inner archive costs nothing else", pack(t, entry{name: "x.gpx", content: run},
			entry{name: "b.zip", content: pack(t, entry{name: "bomb.gpx", content: run + pad})}),
			map[string]string{"a.zip!x.gpx": "300", "a.zip!b.zip!bomb.gpx": "too-large"}},
		{"members that share their bytes", overlapping(t, run, 50), map[string]string{"a.zip": "corrupt"}},
		{"a directory that announces a million", zipLocal + string(appendEnd(nil, 1_000_000, 4)), map[string]string{"a.zip": "too-large"}},
		{"a directory of 17 MiB", directoryOf(t, 280, 60<<10), map[string]string{"a.zip": "too-large"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tree(t, map[string]string{"a.zip": tc.archive})
			if d := cmp.Diff(tc.want, became(t, Options{MaxBytes: 1 << 20}, "a.zip")); d != "" {
				t.Errorf("-want +got\n%s", d)
			}
		})
	}
}

// noise returns bytes that do not shrink.
func noise(n int) string {
	b := make([]byte, n)
	x := uint32(1)
	for i := range b {
		x = x*1664525 + 1013904223
		b[i] = byte(x >> 24)
	}
	return string(b)
}

// overlapping writes an archive whose directory lists the same stretch n times.
func overlapping(t testing.TB, content string, n int) string {
	m := salvaged{name: []byte("0.gpx"), crc: crc32.ChecksumIEEE([]byte(content)), packed: int64(len(content)), raw: int64(len(content))}
	b := []byte(pack(t, entry{name: "0.gpx", content: content, stored: true}))
	copy(m.head[:], b)
	start := int64(zipLocalLen + len("0.gpx") + len(content))
	var directory []byte
	for i := range n {
		m.name = fmt.Appendf(nil, "%d.gpx", i)
		directory = m.appendEntry(directory)
	}
	return string(b[:start]) + string(appendEnd(directory, uint64(n), start))
}

// directoryOf writes an archive of n empty members with long names.
func directoryOf(t *testing.T, n, nameLen int) string {
	var entries []entry
	for i := range n {
		entries = append(entries, entry{name: fmt.Sprintf("%06d%s", i, strings.Repeat("x", nameLen)), stored: true})
	}
	return pack(t, entries...)
}

func TestArchiveOfManyMembers(t *testing.T) {
	var entries []entry
	for i := range 66_000 { // more than 16 bits count: a zip64 archive
		entries = append(entries, entry{name: fmt.Sprintf("%06d.txt", i), stored: true})
	}
	entries = append(entries, entry{name: "x.gpx", content: shortRun(300)})
	tree(t, map[string]string{"a.zip": pack(t, entries...)})
	files, problems, err := Discover(context.Background(), []string{"a.zip"}, Options{})
	if err != nil || len(problems) != 0 || len(files) != 66_001 {
		t.Fatalf("%d files, problems %v, error %v", len(files), problems, err)
	}
	if got := (&loader{max: 1 << 20, buffers: &buffers{}}).load(files[66_000]); got.format != GPX || got.problem != nil {
		t.Errorf("%s: %q, %v", files[66_000].Name, got.format, got.problem)
	}
}

// TestArchiveLies has members whose directory entry is wrong.
func TestArchiveLies(t *testing.T) {
	run := shortRun(300)
	packed := deflated(run)
	method := func(h *zip.FileHeader) { h.Method = zip.Deflate }
	for _, tc := range []struct {
		name    string
		content string
		lie     func(*zip.FileHeader)
		want    string
	}{
		{"nothing", packed, func(h *zip.FileHeader) {
			method(h)
			h.UncompressedSize64, h.CRC32 = uint64(len(run)), crc32.ChecksumIEEE([]byte(run))
		}, "300"},
		{"a wrong checksum keeps what is there", run, func(h *zip.FileHeader) { h.CRC32++ }, "300 corrupt"},
		{"more content than there is", packed, func(h *zip.FileHeader) { method(h); h.UncompressedSize64 = 1 << 19 }, "300 truncated"},
		{"less content than there is", packed, func(h *zip.FileHeader) { method(h); h.UncompressedSize64 = 100 }, "corrupt"},
		{"a huge size", packed, func(h *zip.FileHeader) { method(h); h.UncompressedSize64 = 1 << 50 }, "corrupt"},
		{"more bytes than the archive has", packed, func(h *zip.FileHeader) { method(h); h.CompressedSize64 = 1 << 31 }, "corrupt"},
		{"bytes that are not packed", run, func(h *zip.FileHeader) { method(h) }, "corrupt"},
		{"encrypted", run, func(h *zip.FileHeader) { h.Flags |= zipFlagEncrypted }, ""},
		{"an unknown method", run, func(h *zip.FileHeader) { h.Method = 12 }, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tree(t, map[string]string{"a.zip": pack(t, entry{name: "x.gpx", content: tc.content, lie: tc.lie}, entry{name: "y.gpx", content: run})})
			want := map[string]string{"a.zip!x.gpx": tc.want, "a.zip!y.gpx": "300"}
			if tc.want == "" {
				delete(want, "a.zip!x.gpx")
				want["a.zip"] = "unsupported"
			}
			if d := cmp.Diff(want, became(t, Options{MaxBytes: 1 << 20}, ".")); d != "" {
				t.Errorf("-want +got\n%s", d)
			}
		})
	}
}

func TestLockedArchiveIsOneProblem(t *testing.T) {
	lock := func(h *zip.FileHeader) { h.Flags |= zipFlagEncrypted }
	tree(t, map[string]string{
		"a.zip":   pack(t, entry{name: "1.fit", content: "x", lie: lock}, entry{name: "2.fit.gz", content: "x", lie: lock}, entry{name: "3.jpg", content: "x", lie: lock}),
		"tax.zip": pack(t, entry{name: "2023.pdf", content: "x", lie: lock}),
	})
	files, problems, err := Discover(context.Background(), []string{"."}, Options{})
	if err != nil || len(problems) != 1 {
		t.Fatalf("problems %v, error %v", problems, err)
	}
	if got, want := problems[0].Error(), "unsupported: encrypted: 1.fit and 1 more; unpack it with its password and name the folder"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if d := cmp.Diff([]string{"tax.zip"}, names(files)); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
}

// TestCutArchive cuts an archive anywhere and wants the members before the cut.
func TestCutArchive(t *testing.T) {
	run := shortRun(300)
	for _, stored := range []bool{false, true} {
		whole := pack(t, entry{name: "1.gpx", content: run, stored: stored}, entry{name: "2.gpx", content: run, stored: stored})
		directory := strings.Index(whole, "PK\x01\x02")
		second := strings.LastIndex(whole, zipLocal)
		for _, tc := range []struct {
			name string
			cut  int
			want map[string]string
		}{
			{"before the directory", directory, map[string]string{"a.zip": "truncated", "a.zip!1.gpx": "300", "a.zip!2.gpx": "300"}},
			{"in the directory", directory + 60, map[string]string{"a.zip": "truncated", "a.zip!1.gpx": "300", "a.zip!2.gpx": "300"}},
			{"in the second header", second + 12, map[string]string{"a.zip": "truncated", "a.zip!1.gpx": "300"}},
			{"in the first header", 12, map[string]string{"a.zip": "truncated"}},
		} {
			tree(t, map[string]string{"a.zip": whole[:tc.cut]})
			if d := cmp.Diff(tc.want, became(t, Options{}, ".")); d != "" {
				t.Errorf("stored %v, cut %s: -want +got\n%s", stored, tc.name, d)
			}
		}
		cut := second + (directory-second)*2/3
		tree(t, map[string]string{"a.zip": whole[:cut], "b.zip": pack(t, entry{name: "in.zip", content: whole[:cut]})})
		got := became(t, Options{}, ".")
		for _, prefix := range []string{"a.zip", "b.zip!in.zip"} {
			// How much of a packed run is there depends on the packing.
			if got[prefix] != "truncated" || got[prefix+"!1.gpx"] != "300" || !strings.HasSuffix(got[prefix+"!2.gpx"], " truncated") {
				t.Errorf("stored %v, cut in the second member: %v", stored, got)
			}
		}
	}
}

func TestSplitArchive(t *testing.T) {
	whole := []byte(pack(t, entry{name: "1.gpx", content: shortRun(300)}, entry{name: "2.gpx", content: shortRun(200)}))
	binary.LittleEndian.PutUint16(whole[bytes.LastIndex(whole, []byte(zipEnd))+4:], 2)
	tree(t, map[string]string{"a.z01": "PK\x07\x08" + string(whole[:500]), "a.z02": string(whole[500:2000]), "a.zip": string(whole[2000:])})
	want := map[string]string{"a.z01": "ignored", "a.z02": "ignored", "a.zip": "unsupported"}
	if d := cmp.Diff(want, became(t, Options{}, ".")); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
}

func TestArchiveBehindAProgram(t *testing.T) {
	tree(t, map[string]string{"a.zip": "MZ" + noise(5000) + pack(t, entry{name: "1.gpx", content: shortRun(300)})})
	want := map[string]string{"a.zip!1.gpx": "300"}
	if d := cmp.Diff(want, became(t, Options{}, ".")); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
}

func TestArchiveWithADamagedDirectory(t *testing.T) {
	whole := []byte(pack(t, entry{name: "1.gpx", content: shortRun(300)}, entry{name: "2.gpx", content: shortRun(200)}))
	copy(whole[bytes.LastIndex(whole, []byte("PK\x01\x02")):], "????")
	tree(t, map[string]string{"a.zip": string(whole)})
	want := map[string]string{"a.zip": "corrupt", "a.zip!1.gpx": "300", "a.zip!2.gpx": "200"}
	if d := cmp.Diff(want, became(t, Options{}, ".")); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
}

func TestLocalSizesOfLargeArchives(t *testing.T) {
	extra := []byte{9, 9, 2, 0, 1, 2, 1, 0, 16, 0}
	extra = binary.LittleEndian.AppendUint64(extra, 5<<30)
	extra = binary.LittleEndian.AppendUint64(extra, 4<<30)
	m := salvaged{}
	if m.longSizes(extra); m.raw != 5<<30 || m.packed != 4<<30 {
		t.Errorf("got %d packed from %d", m.packed, m.raw)
	}
	m = salvaged{packed: 7}
	if m.longSizes(extra[:20]); m.packed != 7 {
		t.Errorf("a cut extra field gave %d", m.packed)
	}
}

// FuzzArchive lists and loads whatever an archive holds, within limits of 64 KiB a member.
func FuzzArchive(f *testing.F) {
	run := shortRun(60)
	inner := pack(f, entry{name: "x.gpx", content: run}, entry{name: "y.gpx.gz", content: zipped(run), stored: true})
	nested := pack(f, entry{name: "p.zip", content: inner}, entry{name: "s.zip", content: inner, stored: true}, entry{name: "../.h/"})
	for _, seed := range []string{
		"", zipLocal, inner, nested, pack(f), overlapping(f, run, 20), inner[:len(inner)/2], nested[:len(nested)*2/3], inner[:len(inner)-30],
		zipLocal + string(appendEnd(nil, 1_000_000, 4)), pack(f, entry{name: "bomb.zip", content: strings.Repeat("\x00", 1<<20)}),
		pack(f, entry{name: "x.gpx", content: run, lie: func(h *zip.FileHeader) { h.UncompressedSize64 = 1 << 40 }}),
	} {
		f.Add([]byte(seed))
	}
	l := loader{max: 64 << 10, buffers: &buffers{}}
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(t.TempDir(), "a.zip")
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
		files, problems, err := Discover(context.Background(), []string{path}, Options{MaxBytes: l.max})
		if err != nil {
			t.Fatal(err)
		}
		sameByTables(t, &l, path, files, problems)
		total := int64(0)
		for _, file := range files {
			if file.Name != filepath.ToSlash(path) && !strings.HasPrefix(file.Name, filepath.ToSlash(path)+"!") {
				t.Fatalf("%q is not below %s", file.Name, path)
			}
			got := l.load(file)
			if total += int64(len(got.data)); int64(len(got.data)) > l.max*inflateFactor {
				t.Fatalf("%s: %d bytes", file.Name, len(got.data))
			}
			if file.member == nil {
				continue
			}
			if n := len(file.member.archive.shelf.free); n > 2+int(l.max*inflateFactor)/blockLen {
				t.Fatalf("%s: %d blocks were taken", file.Name, n)
			}
		}
		// A .gz member may inflate to four times what the archive itself may.
		if limit := (int64(len(data))*maxArchiveRatio + l.max*inflateFactor) * inflateFactor; total > limit {
			t.Fatalf("%d bytes of content out of %d", total, len(data))
		}
	})
}

// sameByTables discovers path with tables of contents, remembered and recalled, and wants what was found without.
func sameByTables(t *testing.T, l *loader, path string, want []File, problems []*Problem) {
	t.Helper()
	remembered := map[string]string{}
	key := func(f File) string { return f.Path + f.Member }
	for _, tables := range []*Tables{
		{Recall: func(File) string { return "" }, Remember: func(f File, table string) { remembered[key(f)] = table }},
		{Recall: func(f File) string { return remembered[key(f)] }, Remember: func(File, string) {}},
	} {
		got, gotProblems, err := Discover(context.Background(), []string{path}, Options{MaxBytes: l.max, Tables: tables})
		if err != nil {
			t.Fatal(err)
		}
		words := func(all []*Problem) (out []string) {
			for _, p := range all {
				out = append(out, p.File+": "+p.Error())
			}
			return out
		}
		if d := cmp.Diff(words(problems), words(gotProblems)); d != "" {
			t.Fatalf("problems -without +with tables\n%s", d)
		}
		if d := cmp.Diff(want, got, cmpopts.IgnoreUnexported(File{})); d != "" {
			t.Fatalf("files -without +with tables\n%s", d)
		}
		for i := range want {
			a := l.load(want[i])
			content := string(a.data)
			if b := l.load(got[i]); string(b.data) != content || b.format != a.format || (a.problem == nil) != (b.problem == nil) {
				t.Fatalf("%s: %d bytes of %q without tables, %d of %q with", want[i].Name, len(content), a.format, len(b.data), b.format)
			}
		}
	}
}

// TestUnfitMembersCount: members that cannot be true count towards how many an archive may list, archives in it included, or
// each of them would be told.
func TestUnfitMembersCount(t *testing.T) {
	m := salvaged{packed: 1, raw: 1 << 40}
	var directory []byte
	const n = 40_000
	for range n {
		m.name = []byte("x.gpx")
		directory = m.appendEntry(directory)
	}
	inner := string(appendEnd(directory, n, 0))
	tree(t, map[string]string{"a.zip": pack(t, entry{name: "1.zip", content: inner}, entry{name: "2.zip", content: inner}, entry{name: "3.zip", content: inner})})
	_, problems, err := Discover(context.Background(), []string{"a.zip"}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(problems); n < 2*40_000 || n > maxArchiveMembers {
		t.Errorf("%d problems out of an archive that may list %d members", n, maxArchiveMembers)
	}
}

// TestTablesAreBounded: archives in an archive that have much in their tables of contents are not all remembered, and none
// that is refused, whether some of them are remembered already or not.
func TestTablesAreBounded(t *testing.T) {
	big := directoryOf(t, 50, 60<<10)
	entries := []entry{{name: "0.zip", content: overlapping(t, shortRun(60), 20)}}
	for i := range 6 {
		entries = append(entries, entry{name: fmt.Sprintf("%d.zip", i+1), content: big})
	}
	tree(t, map[string]string{"a.zip": pack(t, entries...)})
	remembered := map[string]string{}
	for range 2 {
		_, _, err := Discover(context.Background(), []string{"a.zip"}, Options{Tables: &Tables{
			Recall:   func(f File) string { return remembered[f.Member] },
			Remember: func(f File, table string) { remembered[f.Member] = table },
		}})
		if err != nil {
			t.Fatal(err)
		}
		total := 0
		for _, table := range remembered {
			total += len(table)
		}
		if remembered["!0.zip"] != "" || len(remembered) < 4 || total > maxTables {
			t.Errorf("%d bytes of %d archives are remembered, of the one that is refused %d", total, len(remembered), len(remembered["!0.zip"]))
		}
	}
}

// FuzzTable lists a compressed archive in another one by whatever is remembered of it, true or not, and loads what that lists.
func FuzzTable(f *testing.F) {
	run := shortRun(60)
	inner := pack(f, entry{name: "x.gpx", content: run}, entry{name: "s.zip", content: pack(f, entry{name: "y.gpx", content: run}), stored: true})
	outer := pack(f, entry{name: "p.zip", content: inner})
	path := filepath.Join(f.TempDir(), "a.zip")
	if err := os.WriteFile(path, []byte(outer), 0o644); err != nil {
		f.Fatal(err)
	}
	for _, of := range []string{inner, outer, inner[:len(inner)/2], overlapping(f, run, 20)} {
		for _, size := range []int{len(of), len(inner), 0, 1 << 40} {
			f.Add(binary.AppendUvarint(nil, uint64(size)), []byte(of))
		}
	}
	l := loader{max: 64 << 10, buffers: &buffers{}}
	f.Fuzz(func(t *testing.T, size, rest []byte) {
		files, _, err := Discover(context.Background(), []string{path}, Options{MaxBytes: l.max, Tables: &Tables{
			Recall:   func(File) string { return string(size) + string(rest) },
			Remember: func(File, string) {},
		}})
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if got := l.load(file); int64(len(got.data)) > l.max*inflateFactor {
				t.Fatalf("%s: %d bytes", file.Name, len(got.data))
			}
		}
	})
}
