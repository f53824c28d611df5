package ingest

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// entry is a member to be packed.
type entry struct {
	name, content string
	// stored leaves the content as it is.
	stored bool
	// lie changes the directory entry, whose content is then taken as packed already.
	lie func(*zip.FileHeader)
}

// fixedTime is when files that must not differ were written.
var fixedTime = time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC)

// pack writes a zip file. Sizes stand behind the content of packed members, as streaming programs write them, and before
// that of stored ones, whose end nobody could find otherwise.
func pack(t testing.TB, entries ...entry) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, e := range entries {
		h := &zip.FileHeader{Name: e.name, Method: zip.Deflate, NonUTF8: true}
		content := e.content
		create := w.CreateHeader
		if e.stored || e.lie != nil {
			h.Method, h.CRC32 = zip.Store, crc32.ChecksumIEEE([]byte(content))
			h.CompressedSize64, h.UncompressedSize64 = uint64(len(content)), uint64(len(content))
			create = w.CreateRaw
		}
		if e.lie != nil {
			e.lie(h)
		}
		m, err := create(h)
		if err == nil {
			_, err = io.WriteString(m, content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func deflated(s string) string {
	var b bytes.Buffer
	w, _ := flate.NewWriter(&b, flate.BestCompression)
	_, _ = io.WriteString(w, s)
	_ = w.Close()
	return b.String()
}

// became tells in a word or two what became of every file below paths, problems of archives included.
func became(t *testing.T, o Options, paths ...string) map[string]string {
	t.Helper()
	files, problems, err := Discover(context.Background(), paths, o)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.IsSortedFunc(files, func(a, b File) int { return strings.Compare(a.Name, b.Name) }) {
		t.Errorf("not in order: %v", names(files))
	}
	results, err := Map(context.Background(), files, o, func(a *Activity) (int, *Problem) { return a.Samples.Len(), nil })
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	add := func(name, what string) { out[name] = strings.TrimSpace(out[name] + " " + what) }
	for i, r := range results {
		for _, n := range r.Values {
			add(r.File, fmt.Sprint(n))
		}
		if r.Ignored {
			add(r.File, "ignored")
		}
		for _, p := range r.Problems {
			add(r.File, string(p.Kind))
		}
		if r.Bytes > files[i].storedSize() {
			t.Errorf("%s: %d bytes read of %d", r.File, r.Bytes, files[i].storedSize())
		}
	}
	for _, p := range problems {
		add(p.File, string(p.Kind))
	}
	return out
}

func TestArchives(t *testing.T) {
	run, other := shortRun(300), shortRun(200)
	inner := pack(t, entry{name: "x.gpx", content: run})
	second := pack(t, entry{name: "in.zip", content: inner}, entry{name: "y.gpx.gz", content: zipped(other)})
	for _, tc := range []struct {
		name    string
		entries []entry
		want    map[string]string
	}{
		{"files of every kind, packed and stored", []entry{
			{name: "activities/1.gpx", content: run}, {name: "activities/2.gpx.gz", content: zipped(run), stored: true},
			{name: "activities.csv", content: "Activity ID\n"}, {name: "activities/"}, {name: "media/a.jpg", content: "\xff\xd8\xff\xe0"},
		}, map[string]string{
			"a.zip!activities/1.gpx": "300", "a.zip!activities/2.gpx.gz": "300", "a.zip!activities.csv": "ignored", "a.zip!media/a.jpg": "ignored",
		}},
		{"a packed archive inside", []entry{{name: "Part1.ZIP", content: inner}}, map[string]string{"a.zip!Part1.ZIP!x.gpx": "300"}},
		{"a stored archive inside", []entry{{name: "Part1.zip", content: inner, stored: true}}, map[string]string{"a.zip!Part1.zip!x.gpx": "300"}},
		{"three deep, in every mix", []entry{
			{name: "p.zip", content: second}, {name: "s.zip", content: second, stored: true},
			{name: "t.zip", content: pack(t, entry{name: "in.zip", content: inner, stored: true})},
			{name: "u.zip", content: pack(t, entry{name: "in.zip", content: inner, stored: true}), stored: true},
		}, map[string]string{
			"a.zip!p.zip!in.zip!x.gpx": "300", "a.zip!p.zip!y.gpx.gz": "200", "a.zip!s.zip!in.zip!x.gpx": "300", "a.zip!s.zip!y.gpx.gz": "200",
			"a.zip!t.zip!in.zip!x.gpx": "300", "a.zip!u.zip!in.zip!x.gpx": "300",
		}},
		{"four deep", []entry{{name: "b.zip", content: pack(t, entry{name: "c.zip", content: second})}, {name: "x.gpx", content: run}},
			map[string]string{"a.zip!b.zip!c.zip!in.zip": "unsupported", "a.zip!b.zip!c.zip!y.gpx.gz": "200", "a.zip!x.gpx": "300"}},
		{"hidden members and what macOS adds", []entry{
			{name: ".hidden.gpx", content: run}, {name: ".git/x.gpx", content: run}, {name: "__MACOSX/._x.gpx", content: "x"}, {name: "x.gpx", content: run},
		}, map[string]string{"a.zip!x.gpx": "300"}},
		{"names that lead elsewhere", []entry{
			{name: "/etc/a.gpx", content: run}, {name: "../../b.gpx", content: run}, {name: `C:\runs\c.gpx`, content: run}, {name: "x/./../d.gpx", content: run},
		}, map[string]string{"a.zip!etc/a.gpx": "300", "a.zip!b.gpx": "300", "a.zip!C:/runs/c.gpx": "300", "a.zip!d.gpx": "300"}},
		{"names that a terminal would obey or not understand", []entry{
			{name: "\x1b[2Ja.gpx", content: run}, {name: "\xc5\xdc.gpx", content: run}, {name: "läuf\u202f.gpx", content: run},
		}, map[string]string{"a.zip!\ufffd[2Ja.gpx": "300", "a.zip!ÅÜ.gpx": "300", "a.zip!läuf\u202f.gpx": "300"}},
		{"a name twice: the last one counts", []entry{{name: "x.gpx", content: run}, {name: "x.gpx", content: other}},
			map[string]string{"a.zip!x.gpx": "200"}},
		{"no member at all", nil, map[string]string{"a.zip": "ignored"}},
		{"only folders and hidden members", []entry{{name: "x/"}, {name: ".x", content: "x"}}, map[string]string{"a.zip": "ignored"}},
		{"an archive without members inside", []entry{{name: "b.zip", content: pack(t)}}, map[string]string{"a.zip!b.zip": "ignored"}},
		{"documents are not looked into", []entry{{name: "training.docx", content: inner}, {name: "kneecheck.jar", content: inner, stored: true}},
			map[string]string{"a.zip!training.docx": "ignored", "a.zip!kneecheck.jar": "ignored"}},
		{"an archive inside that is none", []entry{{name: "b.zip", content: "<html>"}}, map[string]string{"a.zip!b.zip": "unsupported"}},
		{"a damaged archive inside costs itself", []entry{{name: "b.zip", content: inner[:10] + strings.Repeat("?", 200)}, {name: "x.gpx", content: run}},
			map[string]string{"a.zip!b.zip": "truncated", "a.zip!x.gpx": "300"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tree(t, map[string]string{"a.zip": pack(t, tc.entries...)})
			for _, workers := range []int{1, 3} {
				if d := cmp.Diff(tc.want, became(t, Options{Workers: workers}, ".")); d != "" {
					t.Errorf("%d workers: -want +got\n%s", workers, d)
				}
			}
		})
	}
}

// TestArchivesThatAreNone has files whose name and content disagree about being an archive.
func TestArchivesThatAreNone(t *testing.T) {
	archive := pack(t, entry{name: "x.gpx", content: shortRun(300)})
	tree(t, map[string]string{
		"run.zip": shortRun(300), "page.zip": "<!DOCTYPE html><html>", "empty.zip": "", "activity.fit": archive, "activity.gpx.gz": zipped(archive),
		"export.zip.gz": zipped(archive), "notes.docx": archive, "book.gz": zipped(archive), "export.bin": archive,
	})
	want := map[string]string{
		"run.zip": "300", "page.zip": "unsupported", "empty.zip": "corrupt", "activity.fit": "unsupported", "activity.gpx.gz": "unsupported",
		"export.zip.gz": "unsupported", "notes.docx": "ignored", "book.gz": "ignored", "export.bin": "ignored",
	}
	if d := cmp.Diff(want, became(t, Options{}, ".")); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
	want = map[string]string{"export.bin!x.gpx": "300", "activity.fit": "unsupported"}
	if d := cmp.Diff(want, became(t, Options{}, "export.bin", "activity.fit")); d != "" {
		t.Errorf("named outright: -want +got\n%s", d)
	}
}

func TestArchiveReachedTwiceIsReadOnce(t *testing.T) {
	tree(t, map[string]string{"runs/a.zip": pack(t, entry{name: "x.gpx", content: shortRun(300)}), "runs/b.gpx": shortRun(200)})
	if err := os.Symlink("runs", "link"); err != nil {
		t.Skip("this system cannot make links: ", err)
	}
	if err := os.Symlink("a.zip", "runs/again.zip"); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"runs/a.zip!x.gpx": "300", "runs/b.gpx": "200"}
	if d := cmp.Diff(want, became(t, Options{}, "runs/a.zip", "runs", "./runs/../runs/a.zip", "link")); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
}

// TestShelfKeepsOneArchive reads many inner archives with many workers and wants no more memory taken than one needs.
func TestShelfKeepsOneArchive(t *testing.T) {
	var entries []entry
	want := map[string]string{}
	for i := range 8 {
		inner := []entry{{name: "noise", content: noise(1<<20 + i), stored: true}}
		for j := range 5 {
			inner = append(inner, entry{name: fmt.Sprintf("%d.gpx", j), content: shortRun(100 + 10*i + j)})
			want[fmt.Sprintf("a.zip!%d.zip!%d.gpx", i, j)] = fmt.Sprint(100 + 10*i + j)
		}
		want[fmt.Sprintf("a.zip!%d.zip!noise", i)] = "ignored"
		entries = append(entries, entry{name: fmt.Sprintf("%d.zip", i), content: pack(t, inner...)})
	}
	tree(t, map[string]string{"a.zip": pack(t, entries...)})
	if d := cmp.Diff(want, became(t, Options{Workers: 6}, ".")); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
	files, _, err := Discover(context.Background(), []string{"."}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err = Map(context.Background(), files, Options{Workers: 6}, func(a *Activity) (int, *Problem) { return 0, nil }); err != nil {
		t.Fatal(err)
	}
	s := files[0].member.archive.shelf
	taken := len(s.free)
	for _, a := range s.stack {
		taken += len(a.blocks)
	}
	// One inner archive is a little over 1 MiB, and reading ends in a block that stays empty at most.
	if limit := (1<<20+64<<10)/blockLen + 2; taken > limit || s.users != 0 {
		t.Errorf("%d blocks taken, want %d at most; %d users left", taken, limit, s.users)
	}
}

// TestLargeInnerArchives reads one that is kept in parts, with names in another order than the files, and with archives in
// it. However it is read, the memory stays bounded.
func TestLargeInnerArchives(t *testing.T) {
	var inner []entry
	want := map[string]string{}
	runs := 0
	run := func(name string) {
		runs++
		inner = append(inner, entry{name: name + ".gpx", content: shortRun(100 + runs)})
		want["a.zip!big.zip!"+name+".gpx"] = fmt.Sprint(100 + runs)
	}
	for i := range 7 {
		run(fmt.Sprintf("%c", 'z'-i))
		name := fmt.Sprintf("noise %d", 9-i)
		inner = append(inner, entry{name: name, content: noise(8<<20 + i), stored: true})
		want["a.zip!big.zip!"+name] = "ignored"
	}
	deep := pack(t, entry{name: "deep.gpx", content: shortRun(77)})
	inner = append(inner, entry{name: "deep.zip", content: deep}, entry{name: "flat.zip", content: deep, stored: true})
	want["a.zip!big.zip!deep.zip!deep.gpx"], want["a.zip!big.zip!flat.zip!deep.gpx"] = "77", "77"
	run("a")
	tree(t, map[string]string{"a.zip": pack(t, entry{name: "big.zip", content: pack(t, inner...)})})
	for _, workers := range []int{1, 5} {
		if d := cmp.Diff(want, became(t, Options{Workers: workers}, ".")); d != "" {
			t.Errorf("%d workers (-want +got)\n%s", workers, d)
		}
	}
	files, _, err := Discover(context.Background(), []string{"."}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := files[0].member.archive.shelf
	readAll := func() (err error) {
		for _, f := range slices.Backward(files) {
			r, openErr := f.Open()
			if openErr != nil {
				return openErr
			}
			_, copyErr := io.Copy(io.Discard, r)
			err = errors.Join(err, copyErr, r.Close())
		}
		return err
	}
	// From the last to the first, which nobody would do: it works as long as it does not take too long.
	if err := readAll(); err != nil {
		t.Error(err)
	}
	for _, f := range files {
		f.member.archive.rewinds = maxRewinds
	}
	if err := readAll(); err == nil {
		t.Error("an archive may be inflated without end")
	}
	taken := len(s.free)
	for _, a := range s.stack {
		for _, b := range a.blocks {
			if b != nil {
				taken++
			}
		}
	}
	if limit := windowBlocks + 8; taken > limit || s.users != 0 {
		t.Errorf("%d blocks taken, want %d at most; %d users left", taken, limit, s.users)
	}
}

func TestOpen(t *testing.T) {
	csv := "Activity ID\n1\n"
	tree(t, map[string]string{
		"activities.csv": csv,
		"a.zip": pack(t, entry{name: "activities.csv", content: csv}, entry{name: "cut.csv", content: csv, lie: func(h *zip.FileHeader) { h.CRC32++ }},
			entry{name: "b.zip", content: pack(t, entry{name: "shoes.csv", content: csv})},
			entry{name: "c.zip", content: pack(t, entry{name: "shoes.csv", content: csv})}),
	})
	files, _, err := Discover(context.Background(), []string{"."}, Options{})
	if err != nil || len(files) != 5 {
		t.Fatalf("%v, error %v", names(files), err)
	}
	// All are open at once, although only one of the inner archives is in memory at a time.
	var open []io.ReadCloser
	for _, f := range files {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		open = append(open, r)
	}
	for i, r := range open {
		got, err := io.ReadAll(r)
		if wantErr := strings.Contains(files[i].Name, "cut"); string(got) != csv || (err != nil) != wantErr {
			t.Errorf("%s: got %q, error %v", files[i].Name, got, err)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
	if _, err := (File{Name: "nowhere.csv"}).Open(); err == nil {
		t.Error("opened a file that does not exist")
	}
}

// TestWhatTellsThatAFileIsUnchanged wants a change of content to show without reading it.
func TestWhatTellsThatAFileIsUnchanged(t *testing.T) {
	stamp := func(content string) File {
		tree(t, map[string]string{"a.zip": pack(t, entry{name: "in.zip", content: pack(t, entry{name: "x.gpx", content: content, stored: true}), stored: true})})
		if err := os.Chtimes("a.zip", fixedTime, fixedTime); err != nil {
			t.Fatal(err)
		}
		files, _, err := Discover(context.Background(), []string{"."}, Options{})
		if err != nil || len(files) != 1 {
			t.Fatal(names(files), err)
		}
		f := files[0]
		if !filepath.IsAbs(f.Path) || filepath.Base(f.Path) != "a.zip" || f.Member != "!in.zip!x.gpx" {
			t.Errorf("found in %s as %s", f.Path, f.Member)
		}
		f.member, f.Path = nil, "" // each in a folder of its own
		return f
	}
	a, again, b := stamp(shortRun(300)), stamp(shortRun(300)), stamp(strings.Replace(shortRun(300), "10:03", "11:03", 1))
	if a != again {
		t.Errorf("the same content gave %+v and %+v", a, again)
	}
	if a == b || a.Size != b.Size || !a.ModTime.Equal(fixedTime) {
		t.Errorf("another content of the same size gave %+v after %+v", b, a)
	}
}

func TestArchiveGoneMeanwhile(t *testing.T) {
	tree(t, map[string]string{"a.zip": pack(t, entry{name: "x.gpx", content: shortRun(300)})})
	files, _, err := Discover(context.Background(), []string{"."}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove("a.zip"); err != nil {
		t.Fatal(err)
	}
	got := (&loader{max: 1 << 20, buffers: &buffers{}}).load(files[0])
	if got.problem == nil || got.problem.Kind != Unreadable || got.problem.Err.Error() != fs.ErrNotExist.Error() &&
		!strings.Contains(got.problem.Err.Error(), "no such file") {
		t.Errorf("got %v", got.problem)
	}
}

func TestDiscoverStopsWhenAsked(t *testing.T) {
	tree(t, map[string]string{"a.zip": pack(t, entry{name: "x.gpx", content: shortRun(300)}), "b.gpx": shortRun(200)})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if files, _, err := Discover(ctx, []string{"a.zip", "."}, Options{}); err != context.Canceled || len(files) != 0 {
		t.Errorf("%v, error %v", names(files), err)
	}
}

// TestFITThatIsNoRecordingCostsItsHead has monitoring files as Garmin's export holds them by the thousand.
func TestFITThatIsNoRecordingCostsItsHead(t *testing.T) {
	monitoring := (&fitBuilder{}).def(0, 0, fieldDef{0, 1, tEnum}).msg(0, u8(32)).def(1, 55, fieldDef{253, 4, tU32})
	for i := range 20_000 {
		monitoring.msg(1, monitoring.u32(1_000_000_000+60*i))
	}
	data := string(monitoring.file())
	tree(t, map[string]string{
		"a.fit": data, "b.zip": pack(t, entry{name: "c.fit", content: data, stored: true}),
		"chained.fit": data + string(watchFile(300)), "run.fit": string(watchFile(300)),
	})
	files, _, err := Discover(context.Background(), []string{"."}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	results, err := Map(context.Background(), files, Options{}, func(a *Activity) (int, *Problem) { return a.Samples.Len(), nil })
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range results {
		switch r.File {
		case "a.fit", "b.zip!c.fit":
			if len(r.Problems) != 1 || r.Problems[0].Kind != NotActivity || r.Bytes != sniffLen {
				t.Errorf("%s: %d bytes read, problems %v", r.File, r.Bytes, r.Problems)
			}
		default:
			if len(r.Values) != 1 || r.Bytes != files[i].Size {
				t.Errorf("%s: %d of %d bytes read, %d activities, problems %v", r.File, r.Bytes, files[i].Size, len(r.Values), r.Problems)
			}
		}
	}
}
