package printform

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
)

// picture returns a PNG of this size.
func picture(w, h int) []byte {
	p := image.NewGray(image.Rect(0, 0, w, h))
	for i := range p.Pix {
		p.Pix[i] = byte(i)
	}
	return encoded(p)
}

// seeThrough returns a transparent PNG.
func seeThrough(w, h int) []byte {
	p := image.NewNRGBA(image.Rect(0, 0, w, h))
	p.Set(1, 1, color.NRGBA{R: 255, A: 90})
	return encoded(p)
}

// deep returns a PNG with 16 bits per colour.
func deep(w, h int) []byte {
	p := image.NewNRGBA64(image.Rect(0, 0, w, h))
	p.Set(1, 1, color.NRGBA64{R: 0x1234, A: 0x8000})
	return encoded(p)
}

func encoded(p image.Image) []byte {
	var out bytes.Buffer
	if err := png.Encode(&out, p); err != nil {
		panic(err)
	}
	return out.Bytes()
}

func jpegPicture(w, h int) []byte {
	var out bytes.Buffer
	if err := jpeg.Encode(&out, image.NewYCbCr(image.Rect(0, 0, w, h), image.YCbCrSubsampleRatio420), nil); err != nil {
		panic(err)
	}
	return out.Bytes()
}

// bomb returns a small PNG whose header claims 60,000 by 60,000 pixels.
func bomb() []byte {
	file := picture(1, 1)
	header := file[12:29] // the "IHDR" chunk
	binary.BigEndian.PutUint32(header[4:], 60_000)
	binary.BigEndian.PutUint32(header[8:], 60_000)
	binary.BigEndian.PutUint32(file[29:], crc32.ChecksumIEEE(header))
	return file
}
