// Package browser starts Chromium for pictures and browser tests, and holds the scripts that check a page in it.
package browser

import (
	"context"
	_ "embed"
	"errors"
	"os"
	"path/filepath"
	"slices"

	"github.com/chromedp/chromedp"
)

// Axe is axe-core 4.14.1 of npm, MPL-2.0: it finds accessibility problems of pages.
//
//go:embed axe.min.js
var Axe string

// Looks defines the function looks in a page: it returns what is wrong with the page as it is displayed, one problem a line. See the file
// for the checks.
//
//go:embed looks.js
var Looks string

// ErrNotInstalled means that Chromium is not installed.
var ErrNotInstalled = errors.New("no chromium here: apt-get install chromium")

// Start starts Chromium. The context is of the browser; stop ends it and removes its profile.
func Start(ctx context.Context) (browser context.Context, stop func(), err error) {
	stop = func() {}
	program, err := find()
	if err != nil {
		return nil, stop, err
	}
	profile, err := os.MkdirTemp("", "acts-chromium")
	if err != nil {
		return nil, stop, err
	}
	alloc, end := chromedp.NewExecAllocator(ctx, append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
		chromedp.ExecPath(program), chromedp.UserDataDir(profile), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("hide-scrollbars", true), chromedp.WindowSize(1280, 900))...)
	browser, cancel := chromedp.NewContext(alloc)
	stop = func() {
		_ = chromedp.Cancel(browser)
		cancel()
		end()
		_ = os.RemoveAll(profile)
	}
	if err := chromedp.Do(browser); err != nil {
		stop()
		return nil, func() {}, err
	}
	return browser, stop, nil
}

// find returns the path of Chromium or Chrome.
func find() (string, error) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		for _, dir := range filepath.SplitList(os.Getenv("PATH")) {
			path := filepath.Join(dir, name)
			if info, err := os.Stat(path); err == nil && !info.IsDir() && info.Mode()&0o111 != 0 {
				return path, nil
			}
		}
	}
	return "", ErrNotInstalled
}
