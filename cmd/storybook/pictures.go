package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"acts24/cmd/browser"
	"acts24/views/stories"
)

// widths are those of a laptop and of two phones.
var widths = []int64{1280, 390, 320}

// allPictures saves a picture of every story at every width, light and dark: DealTabPage-full-1280-dark.png.
func allPictures(ctx context.Context, url, dir, only string) error {
	page, stop, err := browser.Start(ctx)
	if err != nil {
		return err
	}
	defer stop()
	if !slices.ContainsFunc(stories.All(), func(s stories.Story) bool { return strings.Contains(s.Name(), only) }) {
		return fmt.Errorf("no story has %q in its name", only)
	}
	for _, s := range stories.All() {
		if !strings.Contains(s.Name(), only) {
			continue
		}
		if err := open(page, url, s.Name()); err != nil {
			return err
		}
		for _, theme := range []string{"light", "dark"} {
			if err := setTheme(page, theme); err != nil {
				return err
			}
			for _, width := range widths {
				name := fmt.Sprintf("%s-%d-%s.png", strings.ReplaceAll(s.Name(), "/", "-"), width, theme)
				png, err := picture(page, width, "")
				if err == nil {
					err = save(filepath.Join(dir, name), png)
				}
				if err != nil {
					return fmt.Errorf("%s: %w", name, err)
				}
			}
		}
	}
	return nil
}

// open shows a story.
func open(page context.Context, url, story string) error {
	return chromedp.Do(page, chromedp.Navigate(url+"/stories/"+story))
}

// setTheme sets the colour scheme of the device, light or dark.
func setTheme(page context.Context, theme string) error {
	_, err := chromedp.Call(page, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: theme}}})
	return err
}

// resize sets the size of the window.
func resize(page context.Context, width, height int64) error {
	return chromedp.Do(page, chromedp.EmulateViewport(width, height))
}

// picture returns a picture of an element in a window of this width, whose height is that of the page.
func picture(page context.Context, width int64, element string) ([]byte, error) {
	if err := resize(page, width, 900); err != nil {
		return nil, err
	}
	height, err := chromedp.Run(page, chromedp.Evaluate[int64]("Math.max(document.documentElement.offsetHeight, document.body.scrollHeight)"))
	if err != nil {
		return nil, err
	}
	if err := resize(page, width, height); err != nil {
		return nil, err
	}
	if element == "" {
		return chromedp.Run(page, chromedp.CaptureScreenshot())
	}
	return chromedp.Run(page, chromedp.Screenshot(chromedp.CSS(element)))
}

func save(path string, body []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, body, 0o644)
}
