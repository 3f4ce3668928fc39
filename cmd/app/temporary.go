package app

import (
	"errors"
	"os"
	"path/filepath"
	"time"

	"acts24/workflow"
)

// keepTemporary is longer than any request that works with a temporary file, so that another process on this machine loses none.
const keepTemporary = time.Hour

// sweepTemporary removes the files that a killed process has left in dir.
func sweepTemporary(dir string, now time.Time) error {
	found, err := filepath.Glob(filepath.Join(dir, workflow.TemporaryFiles))
	if err != nil {
		return err
	}
	var errs []error
	for _, path := range found {
		info, err := os.Lstat(path)
		if err != nil || !info.Mode().IsRegular() || now.Sub(info.ModTime()) < keepTemporary {
			continue // it is in use, or has been removed meanwhile
		}
		errs = append(errs, os.Remove(path))
	}
	return errors.Join(errs...)
}
