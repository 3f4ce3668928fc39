package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"path/filepath"
	"slices"

	"acts24/cmd/browser"
)

// frameWidth is the width of our frame in the card of a deal on a laptop.
const frameWidth = 1001

// guides are the pictures of the guides: a story, the element that is shown, "" for the whole page, and the largest height of the picture in pixels.
var guides = []struct {
	file, story, element string
	height               int
}{
	{"deal-tab.png", "DealTabPage/usual", "", 1110},
	{"monthly.png", "DealTabPage/full", "[data-testid=monthly]", 700},
	{"question.png", "DealTabPage/asked", "#exchange", 400},
	{"correction.png", "DealTabPage/correction", "", 1430},
	{"act.png", "ActPageView/overdue", "", 800},
	{"registry.png", "RegistryPage/saved-filter", "", 748},
	{"deals-without-acts.png", "DealsWithoutActsPage/full", "", 676},
	{"report.png", "ReportPage/full", "", 1230},
}

// guidePictures saves the pictures of the guides.
func guidePictures(ctx context.Context, url, dir string) error {
	page, stop, err := browser.Start(ctx)
	defer stop()
	if err != nil {
		return err
	}
	for _, g := range guides {
		body, err := guidePicture(page, url, g.story, g.element, g.height)
		if err == nil {
			err = save(filepath.Join(dir, g.file), body)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", g.file, err)
		}
	}
	return nil
}

func guidePicture(page context.Context, url, story, element string, height int) ([]byte, error) {
	if err := open(page, url, story); err != nil {
		return nil, err
	}
	body, err := picture(page, frameWidth, element)
	if err != nil {
		return nil, err
	}
	whole, err := png.Decode(bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	size := whole.Bounds()
	size.Max.Y = min(size.Max.Y, size.Min.Y+height)
	small := image.NewPaletted(size, commonColours(whole, size))
	draw.Draw(small, size, whole, size.Min, draw.Src)
	var out bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	err = encoder.Encode(&out, small)
	return out.Bytes(), err
}

// commonColours returns the 256 most frequent colours of a picture: it becomes three times smaller and looks the same.
func commonColours(of image.Image, size image.Rectangle) color.Palette {
	seen := map[color.RGBA]int{}
	for y := size.Min.Y; y < size.Max.Y; y++ {
		for x := size.Min.X; x < size.Max.X; x++ {
			seen[color.RGBAModel.Convert(of.At(x, y)).(color.RGBA)]++
		}
	}
	var list []color.RGBA
	for c := range seen {
		list = append(list, c)
	}
	slices.SortFunc(list, func(a, b color.RGBA) int {
		return cmp.Or(seen[b]-seen[a], int(a.R)-int(b.R), int(a.G)-int(b.G), int(a.B)-int(b.B))
	})
	var palette color.Palette
	for _, c := range list[:min(256, len(list))] {
		palette = append(palette, c)
	}
	return palette
}
