package acts

import (
	"regexp"
	"strings"
	"unicode"
)

// Operator is an EDO operator known by the prefix of its participant ids.
type Operator struct {
	Prefix string // three characters, "2BE"
	Name   string
	Hint   string // the shape of its ids, "" when no public rule is known
}

// SBIS is the prefix of the operator we exchange through; others are roaming.
const SBIS = "2BE"

// Operators are the known operators, ours first (contracts/sbis.md 4.1, after the list at nalog.gov.ru).
var Operators = []Operator{
	{SBIS, "СБИС (Тензор)", "2BE и 32 знака 0–9, a–f без дефисов"},
	{"2BM", "Диадок (Контур)", "2BM-ИНН-КПП-цифры, для ИП 2BM-ИНН-цифры"},
	{"2LT", "ЭДО Лайт (ЦРПТ)", "2LT-цифры"},
	{"2AL", "Такском", ""},
	{"2AE", "Калуга Астрал", ""},
	{"2AK", "ТаксНет", ""},
	{"2BK", "СФЕРА Курьер", ""},
	{"2BN", "Линк-ЭДО", ""},
	{"2IG", "Synerdocs", ""},
	{"2LD", "Э-КОМ", ""},
	{"2IJ", "Эдисофт", ""},
	{"2PS", "OFD.ru", ""},
	{"2AB", "Комита", ""},
	{"2BD", "Белинфоналог", ""},
	{"2AO", "Аском", ""},
	{"2CN", "УЦ ГИС", ""},
	{"2GP", "КДС", ""},
}

// OperatorByPrefix finds an operator by its prefix.
func OperatorByPrefix(prefix string) (Operator, bool) {
	for _, o := range Operators {
		if o.Prefix == prefix {
			return o, true
		}
	}
	return Operator{}, false
}

// OperatorNamed finds an operator by what a person calls it: its prefix, its name, or a word of the name.
func OperatorNamed(text string) (Operator, bool) {
	text = strings.ToLower(strings.TrimSpace(text))
	if o, ok := OperatorByPrefix(strings.ToUpper(lookAlikes.Replace(text))); ok {
		return o, true
	}
	for _, o := range Operators {
		if name := strings.ToLower(o.Name); len([]rune(text)) > 2 && (strings.HasPrefix(name, text) || strings.Contains(name, "("+text)) {
			return o, true
		}
	}
	return Operator{}, false
}

var (
	participantShape = regexp.MustCompile(`^[0-9A-Z@.\-]{3}[0-9A-Za-z@.\-]{1,43}$`)
	operatorShapes   = map[string]*regexp.Regexp{
		"2BE": regexp.MustCompile(`^2BE[0-9a-f]{32}$`),
		"2BM": regexp.MustCompile(`^2BM-(\d{10}-\d{4}[0-9A-Z]{2}\d{3}|\d{12}|\d{10})-[0-9A-Za-z]{1,31}$`),
		"2LT": regexp.MustCompile(`^2LT-\d+$`),
	}
	lookAlikes = strings.NewReplacer(
		"А", "A", "В", "B", "Е", "E", "К", "K", "М", "M", "Н", "H", "О", "O", "Р", "P", "С", "C", "Т", "T", "Х", "X",
		"а", "a", "в", "b", "е", "e", "к", "k", "м", "m", "н", "h", "о", "o", "р", "p", "с", "c", "т", "t", "х", "x")
)

// NormalizeParticipant mends what people do to ids when they copy them: spaces, long dashes, Cyrillic look-alikes,
// the case of the prefix, dashes in wrong places where the operator's rule tells the right ones.
func NormalizeParticipant(id string) string {
	clean := lookAlikes.Replace(strings.Map(visible, id))
	bare := strings.ReplaceAll(clean, "-", "")
	if prefix := strings.ToUpper(OperatorOf(bare)); operatorShapes[prefix] != nil {
		clean = mendDashes(prefix, clean, bare[len(prefix):])
	}
	prefix := OperatorOf(clean)
	return strings.ToUpper(prefix) + clean[len(prefix):]
}

// visible drops what does not show and makes one dash of all.
func visible(r rune) rune {
	switch {
	case unicode.Is(unicode.Pd, r), r == '\u2212':
		return '-'
	case unicode.IsSpace(r), unicode.IsControl(r), unicode.Is(unicode.Cf, r):
		return -1
	}
	return r
}

// mendDashes puts the dashes of an id where its operator has them. bare is what follows the prefix, without dashes.
// What cannot be told for certain stays as it was typed.
func mendDashes(prefix, typed, bare string) string {
	rest := typed
	for letters := 0; letters < 3; rest = rest[1:] {
		if rest[0] != '-' {
			letters++
		}
	}
	switch {
	case prefix == SBIS:
		return prefix + strings.ToLower(bare)
	case operatorShapes[prefix].MatchString(prefix + rest):
		return prefix + rest
	case prefix == "2LT":
		return prefix + "-" + bare
	case len(bare) > 19 && CheckINN(bare[:10]) == "" && CheckKPP(bare[10:19]) == "":
		return prefix + "-" + bare[:10] + "-" + bare[10:19] + "-" + bare[19:]
	case len(bare) > 12 && CheckINN(bare[:12]) == "":
		return prefix + "-" + bare[:12] + "-" + bare[12:]
	}
	return prefix + "-" + strings.TrimLeft(rest, "-")
}

// OperatorOf is the operator's prefix of a participant id, "" when it is too short to have one.
func OperatorOf(participant string) string {
	letters := 0
	for i := range participant {
		if letters == 3 {
			return participant[:i]
		}
		letters++
	}
	if letters == 3 {
		return participant
	}
	return ""
}

// CheckParticipant returns a sentence about what is wrong with a participant id, or "".
// An unknown prefix is no fault: the list of operators changes.
func CheckParticipant(id string) string {
	if id == "" {
		return "Укажите идентификатор участника ЭДО: его знает бухгалтерия контрагента, он есть в настройках его оператора."
	}
	if !participantShape.MatchString(id) {
		return "Идентификатор ЭДО состоит из 4–46 латинских букв, цифр и знаков - . @, например 2BM-7700000000-770001001-201501010101."
	}
	prefix := OperatorOf(id)
	if shape, ok := operatorShapes[prefix]; ok && !shape.MatchString(id) {
		o, _ := OperatorByPrefix(prefix)
		return "Идентификатор у оператора " + o.Name + " выглядит так: " + o.Hint + "."
	}
	return ""
}
