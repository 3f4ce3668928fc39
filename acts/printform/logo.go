package printform

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	_ "image/jpeg" // registers the decoder of JPEG logos
	"image/png"

	"codeberg.org/go-pdf/fpdf"
)

// The largest logo that is decoded, and the area in which it is drawn.
const (
	logoBytes  = 4 << 20
	logoPixels = 4_000_000
	logoWidth  = 45.0 // mm
	logoHeight = 16.0
)

// drawLogo draws the logo in the upper right corner; an unusable logo is left out.
func drawLogo(s *sheet, data []byte) {
	picture, size := flatten(data)
	if picture == nil {
		return
	}
	scale := min(logoWidth/float64(size.X), logoHeight/float64(size.Y))
	w, h := scale*float64(size.X), scale*float64(size.Y)
	options := fpdf.ImageOptions{ImageType: "PNG"}
	s.pdf.RegisterImageOptionsReader("logo", options, bytes.NewReader(picture))
	s.pdf.ImageOptions("logo", right-w, top, w, h, false, options, 0, "")
	s.logo = h
}

// flatten returns the picture on a white background as an 8-bit PNG, because PDF writers fail on interlaced,
// transparent, 16-bit and CMYK files. It returns nil for data that is no picture or too large.
func flatten(data []byte) ([]byte, image.Point) {
	if len(data) == 0 || len(data) > logoBytes {
		return nil, image.Point{}
	}
	config, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil || config.Width < 1 || config.Height < 1 || config.Width > logoPixels/config.Height {
		return nil, image.Point{}
	}
	picture, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, image.Point{}
	}
	white := image.NewRGBA(image.Rect(0, 0, config.Width, config.Height))
	draw.Draw(white, white.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.Draw(white, white.Bounds(), picture, picture.Bounds().Min, draw.Over)
	var out bytes.Buffer
	if err := png.Encode(&out, white); err != nil {
		return nil, image.Point{}
	}
	return out.Bytes(), white.Bounds().Size()
}
