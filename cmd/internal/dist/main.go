// Command dist makes what is handed out of a version: for every platform an archive with the binary, its manual pages,
// the completions of four shells and all licences, and the checksums of the archives. The same source and version give the
// same bytes: every file bears the time of SOURCE_DATE_EPOCH, else that of the commit.
package main

import (
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// maxBinaryBytes is the size that no binary may exceed, 30 MiB: a choice for those on a slow line.
const maxBinaryBytes = 30 << 20

// platforms are the systems and processors a binary is made for.
var platforms = []platform{
	{"linux", "amd64"}, {"linux", "arm64"}, {"darwin", "amd64"}, {"darwin", "arm64"}, {"windows", "amd64"}, {"windows", "arm64"},
}

// platform is what GOOS and GOARCH name.
type platform struct{ os, arch string }

func (p platform) String() string { return p.os + "/" + p.arch }

// binary is the name of the program on the platform.
func (p platform) binary() string {
	if p.os == "windows" {
		return "kneecheck.exe"
	}
	return "kneecheck"
}

func main() {
	version := flag.String("version", "", "the `VERSION` that the binaries name")
	only := flag.String("only", "", "make the archive of one `PLATFORM` such as linux/amd64 instead of all")
	flag.Parse()
	if *version == "" || flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: dist -version VERSION [-only PLATFORM] FOLDER (in the root of the source)")
		os.Exit(2)
	}
	if err := run(*version, *only, flag.Arg(0)); err != nil {
		fmt.Fprintln(os.Stderr, "dist:", err)
		os.Exit(1)
	}
}

// run makes the archives in a folder, which must be empty or not there.
func run(version, only, folder string) error {
	if strings.ContainsAny(version, `/\ `) {
		return fmt.Errorf("version %q cannot be part of a file name", version)
	}
	when, err := sourceTime(os.Getenv("SOURCE_DATE_EPOCH"))
	if err != nil {
		return err
	}
	if list, err := os.ReadDir(folder); err == nil && len(list) > 0 {
		return fmt.Errorf("%s is not empty", folder)
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	docs, err := documents(version, when)
	if err != nil {
		return err
	}
	var sums strings.Builder
	for _, p := range platforms {
		if only != "" && only != p.String() {
			continue
		}
		name, data, err := release(p, version, when, docs)
		if err != nil {
			return fmt.Errorf("%v: %w", p, err)
		}
		if err := os.WriteFile(filepath.Join(folder, name), data, 0o644); err != nil {
			return err
		}
		fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256(data), name)
		fmt.Printf("%s  %.1f MiB\n", name, float64(len(data))/(1<<20))
	}
	if sums.Len() == 0 {
		return fmt.Errorf("unknown platform %q (%v)", only, platforms)
	}
	return os.WriteFile(filepath.Join(folder, "SHA256SUMS"), []byte(sums.String()), 0o644)
}

// sourceTime is the time that the files bear: seconds since 1970 as the environment gives them, else those of the commit.
func sourceTime(epoch string) (time.Time, error) {
	if epoch == "" {
		out, err := exec.Command("git", "log", "-1", "--format=%ct").Output()
		if err != nil {
			return time.Time{}, errors.New("this is no git checkout: set SOURCE_DATE_EPOCH to the seconds since 1970 that the files shall bear")
		}
		epoch = strings.TrimSpace(string(out))
	}
	seconds, err := strconv.ParseInt(epoch, 10, 64)
	// Zip knows no year before 1980 and none after 2107.
	if when := time.Unix(seconds, 0).UTC(); err == nil && when.Year() >= 1980 && when.Year() <= 2107 {
		return when, nil
	}
	return time.Time{}, fmt.Errorf("SOURCE_DATE_EPOCH %q is not a number of seconds since 1970, from 1980 on", epoch)
}

// release builds the binary of a platform and packs it with the documents.
func release(p platform, version string, when time.Time, docs []file) (name string, data []byte, err error) {
	binary, err := build(p, version)
	if err != nil {
		return "", nil, err
	}
	if len(binary) > maxBinaryBytes {
		return "", nil, fmt.Errorf("the binary has %.1f MiB, more than %d", float64(len(binary))/(1<<20), maxBinaryBytes>>20)
	}
	licences, err := thirdParty(p)
	if err != nil {
		return "", nil, err
	}
	files := append([]file{{p.binary(), 0o755, binary}, {"THIRD-PARTY-LICENSES", 0o644, licences}}, docs...)
	name = fmt.Sprintf("kneecheck-%s-%s-%s", version, p.os, p.arch)
	if p.os == "windows" {
		data, err = zipped(name, files, when)
		return name + ".zip", data, err
	}
	data, err = tarred(name, files, when)
	return name + ".tar.gz", data, err
}

// build compiles the program: static, without paths of this machine, and without what git knows, which a source without its
// history could not give.
func build(p platform, version string) ([]byte, error) {
	folder, err := os.MkdirTemp("", "kneecheck-dist-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	out := filepath.Join(folder, p.binary())
	cmd := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w -X kneecheck/cmd/internal/cli.released="+version,
		"-o", out, "./cmd/kneecheck")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+p.os, "GOARCH="+p.arch)
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return nil, err
	}
	return os.ReadFile(out)
}
