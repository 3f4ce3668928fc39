package acts

import (
	"bytes"
	"strings"
	"unicode"
)

// Side names who signed a copy of an act: the file is our signed copy, theirs, or signed by both.
type Side string

// The two parties, and both.
const (
	SideOurs   Side = "ours"   // «Акт, подписанный нами»
	SideTheirs Side = "theirs" // «Акт, подписанный заявителем»
	SideSigned Side = "signed" // files of both parties that the operator of an electronic act has
)

// Label returns the side as users read it; the CRM field of its copies has the same name.
func (s Side) Label() string {
	switch s {
	case SideOurs:
		return "Акт, подписанный нами"
	case SideSigned:
		return "Подписанный комплект ЭДО"
	}
	return "Акт, подписанный заявителем"
}

// Event returns the event that the arrival of a copy causes for a paper act.
func (s Side) Event() Event {
	if s == SideOurs {
		return EventOurSignature
	}
	return EventCountersignature
}

// MaxCopySize is the largest file of a copy, in bytes; MaxCopies is the largest number of files of one side.
const (
	MaxCopySize = 20 << 20
	MaxCopies   = 20
)

// copyTypes are the accepted types of files, recognised by their first bytes.
var copyTypes = []struct{ magic, media, ending string }{
	{"%PDF-", "application/pdf", ".pdf"},
	{"\xff\xd8\xff", "image/jpeg", ".jpg"},
	{"\x89PNG\r\n\x1a\n", "image/png", ".png"},
}

// SniffCopy returns the media type of a copy and its file extension, recognised by the first bytes. Anything
// but a PDF, JPEG or PNG is an Invalid error with the accepted types.
func SniffCopy(head []byte) (media, ending string, err error) {
	if len(head) == 0 {
		return "", "", Errorf(Invalid, "Файл пустой. Выберите другой.")
	}
	for _, t := range copyTypes {
		if bytes.HasPrefix(head, []byte(t.magic)) {
			return t.media, t.ending, nil
		}
	}
	if len(head) > 12 && string(head[4:8]) == "ftyp" && strings.Contains("heic heix hevc mif1 msf1 avif", string(head[8:12])) {
		return "", "", Errorf(Invalid, "Фото в формате HEIC откроется не у всех. Сохраните его как JPEG (на iPhone: «Настройки», «Камера», «Форматы», «Наиболее совместимые») или как PDF.")
	}
	return "", "", Errorf(Invalid, "Нужен PDF, JPEG или PNG. Сохраните скан в одном из этих форматов, содержимое этого файла другое.")
}

// CopyName returns a safe file name with the extension ending: without folders, quotes and control
// characters, at most 120 characters.
func CopyName(name, ending string) string {
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
