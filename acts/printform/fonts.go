package printform

import (
	_ "embed"
	"encoding/binary"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// PT Sans in two weights; the licence is in the same folder.
//
//go:embed fonts/PTSans-Regular.ttf
var regularTTF []byte

//go:embed fonts/PTSans-Bold.ttf
var boldTTF []byte

// drawable are the characters available in both weights.
var drawable = intersection(glyphs(regularTTF), glyphs(boldTTF))

// intersection returns the characters that are in both sets.
func intersection(a, b map[rune]bool) map[rune]bool {
	both := map[rune]bool{}
	for r := range a {
		if b[r] {
			both[r] = true
		}
	}
	return both
}

// font is a TrueType file; its numbers are big-endian.
type font []byte

func (f font) u16(at int) int { return int(binary.BigEndian.Uint16(f[at:])) }
func (f font) u32(at int) int { return int(binary.BigEndian.Uint32(f[at:])) }

// glyphs returns the characters of a font, read from the first subtable of its table «cmap», which has format 4.
func glyphs(f font) map[rune]bool {
	has := map[rune]bool{}
	for entry := 12; entry < 12+16*f.u16(4); entry += 16 {
		if string(f[entry:entry+4]) == "cmap" {
			cmap := f.u32(entry + 8)
			f.addSegments(cmap+f.u32(cmap+8), has)
		}
	}
	return has
}

// addSegments adds the character ranges of a table to has; ends, starts, deltas and offsets are four consecutive arrays.
func (f font) addSegments(table int, has map[rune]bool) {
	size := f.u16(table + 6) // size of one array
	for end := table + 14; end < table+14+size; end += 2 {
		start, delta, offset := end+size+2, end+2*size+2, end+3*size+2
		for r := f.u16(start); r <= f.u16(end) && r < 0xFFFF; r++ {
			glyph := r
			if f.u16(offset) != 0 {
				glyph = f.u16(offset + f.u16(offset) + 2*(r-f.u16(start)))
			}
			if glyph != 0 && (glyph+f.u16(delta))&0xFFFF != 0 {
				has[rune(r)] = true
			}
		}
	}
}

// substitutes maps characters to the ones drawn in their place when the font has no glyph for them.
var substitutes = map[rune]rune{
	'\u2010': '-', '\u2011': '-', '\u2012': '–', '\u2015': '—', '\u2212': '–', '\u02BC': '’', '\u2032': '’', '\u2033': '"',
	'\u202F': nbsp, '\u2007': nbsp,
}

// undrawable returns the characters of a text that printable replaces with question marks.
func undrawable(text string) string {
	var odd []rune
	for _, r := range norm.NFC.String(text) {
		_, replaced := substitutes[r]
		drawn := drawable[r] && unicode.IsPrint(r) || r == nbsp || replaced || unicode.IsSpace(r)
		if !drawn && !unicode.In(r, unicode.Cc, unicode.Cf, unicode.M) && !slices.Contains(odd, r) && len(odd) < 10 {
			odd = append(odd, r)
		}
	}
	return string(odd)
}

// printable returns the text as the fonts can draw it, in one line: invisible characters are dropped, white
// space becomes spaces, and characters without a glyph become question marks.
func printable(text string) string {
	var clean strings.Builder
	for _, r := range norm.NFC.String(strings.ToValidUTF8(text, "?")) {
		other, replaced := substitutes[r]
		switch {
		case drawable[r] && unicode.IsPrint(r) || r == nbsp:
			clean.WriteRune(r)
		case replaced:
			clean.WriteRune(other)
		case unicode.IsSpace(r):
			clean.WriteByte(' ')
		case !unicode.In(r, unicode.Cc, unicode.Cf, unicode.M):
			clean.WriteByte('?')
		}
	}
	return strings.Join(strings.FieldsFunc(clean.String(), func(r rune) bool { return r == ' ' }), " ")
}
