// Package cli is kneecheck's command line: one file a command, each an options struct, a constructor that binds flags
// to it, and a run function. Standard output carries the result only; everything else goes to standard error.
package cli

import (
	"io"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"golang.org/x/term"
)

// defaultWidth is the width of text that does not go to a terminal, in columns.
const defaultWidth = 100

// Env is the world around a command: everything that a test wants to hold still.
type Env struct {
	In       io.Reader
	Out, Err io.Writer
	// OutWidth and ErrWidth are the widths in columns of the terminals behind Out and Err; 0 where there is none.
	OutWidth, ErrWidth int
	// InTerminal is true when a person sits at In and can be asked.
	InTerminal bool
	// Getenv reads an environment variable.
	Getenv func(string) string
	// Build names the build of the program that runs; nil for a program that does not say.
	Build func() string
	// CacheDir is the folder for what can be made again, of all of the user's programs; empty where there is none.
	CacheDir string
	// DataDir is the folder for what must be kept, of all of the user's programs; empty where there is none.
	DataDir string
	// Now is the clock; its location is the one in which today is today.
	Now func() time.Time
}

// System returns the environment of the process.
func System() *Env {
	return &Env{
		In: os.Stdin, Out: os.Stdout, Err: os.Stderr,
		OutWidth: terminalWidth(os.Stdout), ErrWidth: terminalWidth(os.Stderr),
		Getenv:     os.Getenv,
		Build:      build,
		CacheDir:   cacheDir(),
		DataDir:    dataDir(),
		Now:        time.Now,
		InTerminal: term.IsTerminal(int(os.Stdin.Fd())),
	}
}

// cacheDir is $XDG_CACHE_HOME on every system, else what is usual on this one.
func cacheDir() string {
	if dir := os.Getenv("XDG_CACHE_HOME"); filepath.IsAbs(dir) {
		return dir
	}
	// The error is that the user has no home: then there is no cache.
	dir, _ := os.UserCacheDir()
	return dir
}

// dataDir is $XDG_DATA_HOME on every system, else what is usual on this one.
func dataDir() string {
	if dir := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(dir) {
		return dir
	}
	home, err := os.UserHomeDir()
	if err != nil || !filepath.IsAbs(home) {
		return ""
	}
	switch runtime.GOOS {
	case "darwin":
		return filepath.Join(home, "Library", "Application Support")
	case "windows":
		if dir := os.Getenv("LocalAppData"); filepath.IsAbs(dir) {
			return dir
		}
	}
	return filepath.Join(home, ".local", "share")
}

func terminalWidth(f *os.File) int {
	if !term.IsTerminal(int(f.Fd())) {
		return 0
	}
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil || width <= 0 {
		return defaultWidth
	}
	return width
}

// width is the number of columns for text on standard output.
func (e *Env) width() int {
	if e.OutWidth > 0 {
		return e.OutWidth
	}
	return defaultWidth
}

// colour says whether standard output takes colour: a terminal that is not dumb, and no NO_COLOR (no-color.org).
func (e *Env) colour() bool {
	return e.OutWidth > 0 && e.Getenv("NO_COLOR") == "" && e.Getenv("TERM") != "dumb"
}
