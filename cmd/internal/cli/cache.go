package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"kneecheck/analyze"
	"kneecheck/ingest"
)

func newCacheCmd(env *Env, g *globals) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "cache",
		Short: "look after what is remembered of files that were read",
		Long: `Kneecheck remembers what it made of every file, so that files that have not changed need not be read again. The cache
holds the figures of runs (dates, distances, names, cadence), the problems, and the names of the files in archives that lie
in others; no positions and no samples. It may be deleted at any time: what is missing is read again. It lies in the user's folder for caches, $XDG_CACHE_HOME where that
is set, and is for its owner alone. With --no-cache a command neither uses nor fills it.`,
		Example: "  kneecheck cache info\n  kneecheck cache verify runs/",
		Args:    cobra.ArbitraryArgs,
		RunE:    needCommand("info", "clear", "verify"),
	}
	cmd.AddCommand(
		&cobra.Command{
			Use: "info", Short: "tell where the cache is, how large, and what it holds", Args: noArgs,
			RunE: func(*cobra.Command, []string) error { return runCacheInfo(env, g) },
		},
		&cobra.Command{
			Use: "clear", Short: "delete the cache", Args: noArgs,
			RunE: func(*cobra.Command, []string) error { return runCacheClear(env, g) },
		},
		&cobra.Command{
			Use: "verify [PATH...]", Short: "read remembered files again and compare",
			Long: `Verify reads the remembered files again, those below PATH or all, and compares. It exits with 3 when a file that has not
changed gives other figures than those remembered.`,
			Example: "  kneecheck cache verify\n  kneecheck cache verify runs/",
			RunE:    func(cmd *cobra.Command, args []string) error { return runCacheVerify(cmd.Context(), env, g, args) },
		},
	)
	return cmd
}

// cache is the memo for a command about it.
func cache(env *Env, g *globals) (*analyze.Memo, error) {
	if g.noCache {
		return nil, errors.New("--no-cache and the cache command contradict each other (leave out --no-cache)")
	}
	m := g.memo(env, env.Now())
	if m.File == "" {
		return nil, errors.New("there is no folder for caches (set XDG_CACHE_HOME or HOME)")
	}
	return m, nil
}

func runCacheInfo(env *Env, g *globals) error {
	m, err := cache(env, g)
	if err != nil {
		return err
	}
	info, err := m.Info()
	if err != nil {
		return fmt.Errorf("%s: %w", m.File, plainPathError(err))
	}
	var b strings.Builder
	fmt.Fprintf(&b, "file     %s\n", m.File)
	if info.Bytes == 0 {
		fmt.Fprint(&b, "size     empty: nothing is remembered\n")
	} else {
		fmt.Fprintf(&b, "size     %s", byteSize(info.Bytes))
		if info.StaleBytes > 0 {
			fmt.Fprintf(&b, ", %s of it superseded", byteSize(info.StaleBytes))
		}
		if info.DamagedBytes > 0 {
			fmt.Fprintf(&b, ", %s of it damaged or of another version: it will be read again", byteSize(info.DamagedBytes))
		}
		fmt.Fprintf(&b, "\nholds    %s: %s, %d with a problem, %d ignored\n",
			plural(info.Files, "file"), plural(info.Runs, "run"), info.Problems, info.Ignored)
	}
	_, err = fmt.Fprint(env.Out, b.String())
	return err
}

func runCacheClear(env *Env, g *globals) error {
	m, err := cache(env, g)
	if err != nil {
		return err
	}
	n, err := m.Clear()
	if err != nil {
		return fmt.Errorf("%s: %w", m.File, plainPathError(err))
	}
	_, err = fmt.Fprintf(env.Out, "%s freed; the next command reads every file again\n", byteSize(n))
	return afterWriting("the cache is empty", err)
}

func runCacheVerify(ctx context.Context, env *Env, g *globals, paths []string) error {
	m, err := cache(env, g)
	if err != nil {
		return err
	}
	bar := newProgress(env)
	c, err := m.Verify(ctx, paths, ingest.Options{Progress: bar.callback()})
	bar.clear()
	if err != nil {
		return err
	}
	var b strings.Builder
	for _, name := range c.Different {
		fmt.Fprintf(&b, "%s: gives other figures than those remembered\n", printable(name))
	}
	fmt.Fprintf(&b, "%s as remembered, %d changed since, %d gone, %d different\n",
		plural(c.Same, "file"), c.Changed, c.Gone, len(c.Different))
	if _, err := fmt.Fprint(env.Out, b.String()); err != nil {
		return err
	}
	if len(c.Different) > 0 {
		return &outcome{gaps: true, strict: true, say: "the cache is not to be trusted (kneecheck cache clear; please report it)"}
	}
	return nil
}

// byteSize writes a number of bytes with the unit that suits it.
func byteSize(n int64) string {
	switch {
	case n < 1<<10:
		return fmt.Sprintf("%d bytes", n)
	case n < 1<<20:
		return fmt.Sprintf("%.0f KiB", float64(n)/(1<<10))
	}
	return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
}
