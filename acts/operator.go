package acts

import (
	"regexp"
	"strings"
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

var (
	participantShape = regexp.MustCompile(`^[0-9A-Z@.\-]{3}[0-9A-Za-z@.\-]{1,43}$`)
	operatorShapes   = map[string]*regexp.Regexp{
		"2BE": regexp.MustCompile(`^2BE[0-9a-f]{32}$`),
		"2BM": regexp.MustCompile(`^2BM-(\d{10}-\d{4}[0-9A-Z]{2}\d{3}|\d{12}|\d{10})-[0-9A-Za-z]{1,31}$`),
		"2LT": regexp.MustCompile(`^2LT-\d+$`),
	}
	lookAlikes = strings.NewReplacer(
		"А", "A", "В", "B", "Е", "E", "К", "K", "М", "M", "Н", "H", "О", "O", "Р", "P", "С", "C", "Т", "T", "Х", "X",
		"а", "a", "в", "b", "е", "e", "к", "k", "м", "m", "н", "h", "о", "o", "р", "p", "с", "c", "т", "t", "х", "x",
		" ", "", "\t", "", "\u00a0", "", "–", "-", "—", "-", "‑", "-")
)

// NormalizeParticipant mends what people do to ids when they copy them: spaces, long dashes,
// Cyrillic look-alikes and the case of the prefix.
func NormalizeParticipant(id string) string {
	clean := lookAlikes.Replace(strings.TrimSpace(id))
	prefix := strings.ToUpper(OperatorOf(clean))
	rest := clean[len(OperatorOf(clean)):]
	if prefix == SBIS {
		rest = strings.ToLower(rest)
	}
	return prefix + rest
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
