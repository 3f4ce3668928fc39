// Package scan checks files with signed copies of acts that people upload: their type, size, number and names.
package scan

import (
	"bytes"
	"strings"
	"unicode"

	"acts24/acts"
)

// MaxSize is the largest file, in bytes; MaxCount is the largest number of files of one side.
const (
	MaxSize  = 20 << 20
	MaxCount = 20
)

// types are the accepted ones, recognised by their first bytes.
var types = []struct{ magic, media, ending string }{
	{"%PDF-", "application/pdf", ".pdf"},
	{"\xff\xd8\xff", "image/jpeg", ".jpg"},
	{"\x89PNG\r\n\x1a\n", "image/png", ".png"},
}

// Sniff returns the media type of a file and its file extension, recognised by the first bytes. Anything
// but a PDF, JPEG or PNG is an Invalid error with the accepted types.
func Sniff(head []byte) (media, ending string, err error) {
	if len(head) == 0 {
		return "", "", acts.Errorf(acts.Invalid, "Файл пустой. Выберите другой.")
	}
	for _, t := range types {
		if bytes.HasPrefix(head, []byte(t.magic)) {
			return t.media, t.ending, nil
		}
	}
	if len(head) > 12 && string(head[4:8]) == "ftyp" && strings.Contains("heic heix hevc mif1 msf1 avif", string(head[8:12])) {
		return "", "", acts.Errorf(acts.Invalid, "Фото в формате HEIC откроется не у всех. Сохраните его как JPEG (на iPhone: «Настройки», «Камера», «Форматы», «Наиболее совместимые») или как PDF.")
	}
	return "", "", acts.Errorf(acts.Invalid, "Нужен PDF, JPEG или PNG. Сохраните скан в одном из этих форматов, содержимое этого файла другое.")
}

// SafeName returns a safe file name with the extension ending: without folders, quotes and control
// characters, at most 120 characters.
func SafeName(name, ending string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || !unicode.IsPrint(r) || strings.ContainsRune(`"'<>|:*?%;`, r) || r == unicode.ReplacementChar {
			return -1
		}
		return r
	}, strings.ToValidUTF8(name, ""))
	if dot := strings.LastIndex(name, "."); dot >= 0 {
		name = name[:dot]
	}
	name = strings.Trim(strings.Join(strings.Fields(name), " "), ". ")
	if runes := []rune(name); len(runes) > 120 {
		name = strings.TrimRight(string(runes[:120]), ". ")
	}
	if name == "" {
		name = "Скан"
	}
	return name + ending
}
