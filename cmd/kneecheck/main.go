// Kneecheck is a linter for a running log: it reads activity files and tells which training patterns deserve attention
// for a knee. See kneecheck --help.
package main

import (
	"os"
	_ "time/tzdata" // home_zone works on machines without a zone database

	"kneecheck/cmd/internal/cli"
)

func main() {
	os.Exit(cli.Main(os.Args[1:], cli.System()))
}
