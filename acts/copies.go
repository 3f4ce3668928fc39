package acts

import (
	"bytes"
	"strings"
	"unicode"
)

// Side tells whose signed copy of an act a file is.
type Side string

// The sides.
const (
	Ours   Side = "ours"   // «Акт, подписанный нами»
	Theirs Side = "theirs" // «Акт, подписанный заявителем»
)

// Label is the side as users read it, and the name of its field in the CRM.
func (s Side) Label() string {
	if s == Ours {
		return "Акт, подписанный нами"
	}
	return "Акт, подписанный заявителем"
}

// Event is what the arrival of a copy does to a paper act.
func (s Side) Event() Event {
	if s == Ours {
		return OurSignature
	}
	return Countersignature
}

// MostCopy is the largest file of a copy, in bytes; MostCopies the number of files of one side.
const (
	MostCopy   = 20 << 20
	MostCopies = 20
)

// copyTypes are the kinds of files a copy may be, told by their first bytes.
var copyTypes = []struct{ magic, media, ending string }{
	{"%PDF-", "application/pdf", ".pdf"},
	{"\xff\xd8\xff", "image/jpeg", ".jpg"},
	{"\x89PNG\r\n\x1a\n", "image/png", ".png"},
}

// SniffCopy tells the media type of a copy by its first bytes; what is no PDF, JPEG or PNG is Invalid with what to do.
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

// CopyName makes a file name harmless and gives it the ending of its content: no folders, quotes or control characters,
// at most 120 letters.
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
