package printform

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	_ "image/jpeg" // what logos are
	"image/png"

	"codeberg.org/go-pdf/fpdf"
)

// The largest logo that is worth printing, and the room it gets.
const (
	logoBytes  = 4 << 20
	logoPixels = 4_000_000
	logoWidth  = 45.0 // mm
	logoHeight = 16.0
)

// drawLogo puts the logo into the upper right corner and leaves it out when it is of no use.
func drawLogo(s *sheet, data []byte) {
	picture, size := flat(data)
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

// flat is the picture on white as the plainest PNG there is: interlaced, transparent, 16-bit and CMYK files
// are what PDF writers stumble over. It is nil for what is no picture or too large.
func flat(data []byte) ([]byte, image.Point) {
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
