// Command testdb runs a command with a temporary PostgreSQL server: testdb -- go test ./...
//
// The command reads the server's address from TEST_DATABASE_URL. If that is already set, it is kept and no server
// is started. The exit code is the command's.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"acts24/store/localdb"
)

const addressVar = "TEST_DATABASE_URL"

func main() {
	command := os.Args[1:]
	if len(command) > 0 && command[0] == "--" {
		command = command[1:]
	}
	if len(command) == 0 {
		fmt.Fprintln(os.Stderr, "usage: testdb -- command arguments...")
		os.Exit(2)
	}
	code, err := run(command)
	if err != nil {
		fmt.Fprintln(os.Stderr, "testdb:", err)
	}
	os.Exit(code)
}

// run runs the command with a server and returns the command's exit code.
func run(command []string) (code int, err error) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	if os.Getenv(addressVar) == "" {
		ctx := context.Background()
		server, err := localdb.Temp(ctx)
		if err != nil {
			return 1, err
		}
		defer func() {
			if stopErr := server.Stop(ctx); stopErr != nil && err == nil {
				code, err = max(code, 1), stopErr
			}
		}()
		os.Setenv(addressVar, server.DSN(localdb.Superuser, localdb.Superuser))
	}
	return wait(exec.Command(command[0], command[1:]...), signals)
}

// wait waits for the end of the command. Signals are passed on to the command and do not end testdb itself.
func wait(cmd *exec.Cmd, signals <-chan os.Signal) (int, error) {
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := cmd.Start(); err != nil {
		return 127, err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for {
		select {
		case s := <-signals:
			_ = cmd.Process.Signal(s) // the command may have ended already
		case err := <-ended:
			var exit *exec.ExitError
			if errors.As(err, &exit) {
				return exitCode(exit), nil
			}
			return 0, err
		}
	}
}

// exitCode returns the exit code that a shell reports, also for a command ended by a signal.
func exitCode(exit *exec.ExitError) int {
	if status, ok := exit.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return 128 + int(status.Signal())
	}
	return exit.ExitCode()
}
