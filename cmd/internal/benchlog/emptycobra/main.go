// Command emptycobra does nothing, with the command framework of kneecheck: what starting kneecheck is measured against.
package main

import (
	"os"

	"github.com/spf13/cobra"
)

func main() {
	root := &cobra.Command{Use: "emptycobra"}
	for _, name := range []string{"analyze", "check", "report", "rules", "explain", "ingest", "init", "version"} {
		root.AddCommand(&cobra.Command{Use: name, Run: func(*cobra.Command, []string) {}})
	}
	if root.Execute() != nil {
		os.Exit(1)
	}
}
