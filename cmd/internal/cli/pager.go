package cli

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
)

// pagerVar is the command to page with, always and not only when asked; its words are parted by blanks.
const pagerVar = "KNEECHECK_PAGER"

// pager shows a result page by page. It keeps all of it, so that nothing is lost where the pager fails.
type pager struct {
	out  io.Writer
	cmd  *exec.Cmd
	pipe io.WriteCloser
	kept bytes.Buffer
}

// startPager puts a pager before standard output: where the command line or KNEECHECK_PAGER asks for one, standard output
// is a terminal, and the command has a result to show. Else, and where the pager does not start, it returns nil.
func startPager(env *Env, g *globals, cmd *cobra.Command) *pager {
	asked := g.pager
	words := strings.Fields(env.Getenv(pagerVar))
	if f := cmd.Flag("pager"); f != nil && !f.Changed {
		asked = len(words) > 0
	}
	if !asked || env.OutWidth == 0 || cmd.Annotations[paged] == "" && cmd.Flag("output") == nil {
		return nil
	}
	if len(words) == 0 {
		words = strings.Fields(cmp.Or(strings.TrimSpace(env.Getenv("PAGER")), defaultPager()))
	}
	p := &pager{out: env.Out, cmd: exec.Command(words[0], words[1:]...)}
	p.cmd.Stdout, p.cmd.Stderr = env.Out, env.Err
	if env.Getenv("LESS") == "" {
		// Leave at once where all fits the screen, keep colours, and leave the text on the screen.
		p.cmd.Env = append(os.Environ(), "LESS=FRX")
	}
	pipe, err := p.cmd.StdinPipe()
	if err == nil {
		// What a process ignores its children ignore too.
		signal.Reset(syscall.SIGPIPE)
		err = p.cmd.Start()
		signal.Ignore(syscall.SIGPIPE)
	}
	if err != nil {
		fmt.Fprintf(env.Err, "kneecheck: the pager %s does not start, so the result comes without it: %s\n", printable(words[0]), printable(err.Error()))
		return nil
	}
	p.pipe, env.Out = pipe, p
	return p
}

// paged marks a command without -o that has a result to show.
const paged = "paged"

func defaultPager() string {
	if runtime.GOOS == "windows" {
		return "more"
	}
	return "less"
}

// Write passes text on. A reader who leaves the pager early is no error.
func (p *pager) Write(b []byte) (int, error) {
	p.kept.Write(b)
	_, _ = p.pipe.Write(b)
	return len(b), nil
}

// stop waits for the pager to end, and writes the result without it where it failed.
func (p *pager) stop(env *Env) error {
	if p == nil {
		return nil
	}
	env.Out = p.out
	_ = p.pipe.Close() // fails only where the pager is gone
	err := p.cmd.Wait()
	if err == nil {
		return nil
	}
	fmt.Fprintf(env.Err, "kneecheck: the pager %s failed (%v), so the result comes without it\n", printable(p.cmd.Args[0]), err)
	_, err = p.out.Write(p.kept.Bytes())
	return err
}
