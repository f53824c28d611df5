package main

import (
	"fmt"
	"os"
	"strconv"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "benchlog:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	switch args[0] {
	case "write":
		n, _ := strconv.Atoi(args[2])
		d, err := writeLog(args[1], n)
		fmt.Println(d)
		return err
	case "loop":
		return runLoop(args[1], args[2])
	}
	return fmt.Errorf("?")
}
