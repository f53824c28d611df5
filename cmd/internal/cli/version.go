package cli

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// released is the version of a released binary, set by the linker: -X kneecheck/cmd/internal/cli.released=1.2.3.
var released string

// version is the released version, else what the build knows of the source it was made from.
func version() string {
	if released != "" {
		return released
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "development"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	revision, changed := "", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision" && len(s.Value) >= 12:
			revision = s.Value[:12]
		case s.Key == "vcs.modified" && s.Value == "true":
			changed = " with changes"
		}
	}
	if revision == "" {
		return "development"
	}
	return "development " + revision + changed
}

// build names the program that runs more closely than its version, which stays the same while somebody works on it.
func build() string {
	name := version()
	if file, err := os.Executable(); err == nil {
		if info, err := os.Stat(file); err == nil {
			name += fmt.Sprintf(" of %d, %d bytes", info.ModTime().Unix(), info.Size())
		}
	}
	return name
}

func newVersionCmd(env *Env) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "print the version",
		Args:  noArgs,
		// There is nothing to interrupt, and to listen for Ctrl-C would take a third of the time.
		PersistentPreRun: func(*cobra.Command, []string) {},
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintf(env.Out, "kneecheck %s (%s, %s/%s)\n", version(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return err
		},
	}
}
