package acts

import (
	"fmt"
	"hash/crc32"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxParticipantLength is the longest participant id that is accepted, in characters: two ids are part of a file
// name, which has at most 255 (ИдФайл of the schema of УПД 5.03).
const MaxParticipantLength = 100

// The usual length of an id in characters, from the schema of УПД 5.01; the schema of 5.03 has no element for it.
const (
	minUsualLength = 4
	maxUsualLength = 46
)

// operatorShapes are the formats of the ids of operators that have published them. КПП is empty in a Diadoc
// id of an ИП: «2BM-771365132548--2016072812271194308390000000».
var operatorShapes = map[string]*regexp.Regexp{
	SBIS:  regexp.MustCompile(`^2BE[0-9A-Fa-f]{32}$`),
	"2BM": regexp.MustCompile(`^2BM-(\d{10}-\d{4}[0-9A-Z]{2}\d{3}|\d{12}-|\d{12}|\d{10})-[0-9A-Za-z]+$`),
	"2LT": regexp.MustCompile(`^2LT-\d+$`),
}

// lookAlikes replaces Cyrillic letters by the Latin letters that look the same.
var lookAlikes = strings.NewReplacer(
	"А", "A", "В", "B", "Е", "E", "К", "K", "М", "M", "Н", "H", "О", "O", "Р", "P", "С", "C", "Т", "T", "Х", "X",
	"а", "a", "в", "b", "е", "e", "к", "k", "м", "m", "н", "h", "о", "o", "р", "p", "с", "c", "т", "t", "х", "x")

// TrimParticipant removes spaces and invisible characters at the ends of a participant id. Everything else is
// kept as received, because the id was issued by another organisation.
func TrimParticipant(id string) string { return strings.TrimFunc(id, isHidden) }

// isHidden reports whether a character is invisible.
func isHidden(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r)
}

// OperatorOf returns the operator prefix of a participant id, or "" when the id is too short.
func OperatorOf(participant string) string {
	if letters := []rune(participant); len(letters) >= 3 {
		return string(letters[:3])
	}
	return ""
}

// CheckParticipant returns a message about why no document can be sent to a participant id, or "". Ids that
// are only unusual are reported by Doubts.
func CheckParticipant(id string) string {
	n := utf8.RuneCountInString(id)
	switch {
	case id == "":
		return "Укажите идентификатор участника ЭДО: его знает бухгалтерия контрагента, он есть в настройках его оператора."
	case n > MaxParticipantLength:
		return fmt.Sprintf("В идентификаторе ЭДО %d знаков. Столько не бывает: проверьте, что вписан только он.", n)
	case !utf8.ValidString(id) || strings.ContainsFunc(id, breaksFileName):
		return "В идентификаторе ЭДО не бывает знаков _ / \\ : * ? \" < > | и переносов строк: из него составляется имя файла. Исправьте его."
	}
	return ""
}

// breaksFileName reports whether a character cannot be part of a file name, whose parts are separated by «_».
func breaksFileName(r rune) bool {
	return strings.ContainsRune(`_/\:*?"<>|`, r) || unicode.IsControl(r)
}

// Doubt is an unusual property of a participant id, which a person must confirm before documents are sent to it.
type Doubt struct {
	Text string // what is unusual, worded for a list: «длиннее 46 знаков»
	Own  string // the party's own number when the id contains that of another party: «ИНН 7802000015»
}

// String returns the doubt with both numbers.
func (d Doubt) String() string {
	if d.Own == "" {
		return d.Text
	}
	return d.Text + ", а в реквизитах " + d.Own
}

// Masked returns the doubt with most of the party's own number hidden, for readers outside our organisation.
func (d Doubt) Masked() Doubt {
	if name, number, ok := strings.Cut(d.Own, " "); ok {
		d.Own = name + " " + Mask(number)
	}
	return d
}

// WithParticipant returns the party with another participant id; seen is the DoubtToken that a person has confirmed.
func (p Party) WithParticipant(id, seen string) Party {
	p.Participant, p.ParticipantSeen = id, seen
	return p
}

// Doubts returns the unusual properties of the party's participant id.
func (p Party) Doubts() []Doubt {
	id := p.Participant
	if CheckParticipant(id) != "" {
		return nil
	}
	read := readAsLatin(id)
	doubts := append(p.ownerDoubts(read), letterDoubts(id)...)
	if n := utf8.RuneCountInString(id); n < minUsualLength || n > maxUsualLength {
		doubts = append(doubts, Doubt{Text: fmt.Sprintf("в нём знаков: %d, а бывает от %d до %d", n, minUsualLength, maxUsualLength)})
	}
	prefix := OperatorOf(read)
	operator, known := OperatorByPrefix(strings.ToUpper(prefix))
	switch {
	case prefix == "":
	case !known && !slices.Contains(namelessOperators, strings.ToUpper(prefix)):
		doubts = append(doubts, Doubt{Text: "оператора с кодом «" + prefix + "» нет в нашем списке"})
	case prefix != strings.ToUpper(prefix):
		doubts = append(doubts, Doubt{Text: "код оператора пишется заглавными буквами: " + strings.ToUpper(prefix)})
	case operatorShapes[prefix] != nil && !operatorShapes[prefix].MatchString(read):
		doubts = append(doubts, Doubt{Text: "у оператора " + operator.Name + " он выглядит иначе: " + operator.Hint})
	}
	return doubts
}

// ownerDoubts returns a doubt when the ИНН or the КПП inside the id differs from the party's.
func (p Party) ownerDoubts(read string) []Doubt {
	inn, kpp := ownerOf(read)
	switch {
	case inn == "" || p.INN == "":
		return nil
	case inn != p.INN:
		return []Doubt{{Text: "внутри него ИНН " + inn, Own: "ИНН " + p.INN}}
	case kpp != "" && p.KPP != "" && kpp != p.KPP:
		return []Doubt{{Text: "внутри него КПП " + kpp, Own: "КПП " + p.KPP}}
	}
	return nil
}

// ownerOf extracts the ИНН and the КПП that follow the prefix of an id, "" where there are none. Diadoc ids
// always contain them; in ids of other operators, and where dashes are missing, digits count as an ИНН only
// when their check digits are right.
func ownerOf(id string) (inn, kpp string) {
	prefix := OperatorOf(id)
	first, rest, _ := strings.Cut(strings.TrimLeft(strings.TrimPrefix(id, prefix), "-"), "-")
	if !isDigits(first) {
		return "", ""
	}
	if n := len(first); n == 10 || n == 12 {
		if prefix != "2BM" && CheckINN(first) != "" {
			return "", ""
		}
		kpp, _, _ = strings.Cut(rest, "-")
		return first, kppOrNone(kpp)
	}
	if len(first) > 19 && CheckINN(first[:10]) == "" && CheckKPP(first[10:19]) == "" {
		return first[:10], first[10:19]
	}
	if len(first) > 12 && CheckINN(first[:12]) == "" {
		return first[:12], ""
	}
	return "", ""
}

func kppOrNone(text string) string {
	if CheckKPP(text) != "" {
		return ""
	}
	return text
}

// readAsLatin returns the id with Cyrillic letters replaced by the Latin ones that look the same, every dash
// by a hyphen, and without invisible characters. The result is used for comparison only and is never stored.
func readAsLatin(id string) string {
	return lookAlikes.Replace(strings.Map(func(r rune) rune {
		switch {
		case isHidden(r):
			return -1
		case isDash(r):
			return '-'
		}
		return r
	}, id))
}

func isDash(r rune) bool { return unicode.Is(unicode.Pd, r) || r == '\u2212' }

var participantLetters = regexp.MustCompile(`[0-9A-Za-z@.\-]+`)

// letterDoubts returns a doubt that lists characters which do not occur in ids.
func letterDoubts(id string) []Doubt {
	var names []string
	for _, r := range participantLetters.ReplaceAllString(id, "") {
		name := "«" + string(r) + "»"
		switch {
		case unicode.IsSpace(r):
			name = "пробел"
		case isHidden(r):
			name = "невидимый знак"
		case isDash(r):
			name = "длинное тире вместо дефиса"
		case lookAlikes.Replace(string(r)) != string(r):
			name = "русская буква «" + string(r) + "» вместо латинской"
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return nil
	}
	return []Doubt{{Text: "в нём бывают только латинские буквы, цифры и знаки - . @, а здесь " + strings.Join(names[:min(len(names), 5)], ", ")}}
}

// DoubtToken returns a token of the current doubts about the party's id; it changes with the id and with the
// requisites. It is "" when there are no doubts.
func (p Party) DoubtToken() string {
	doubts := p.Doubts()
	if len(doubts) == 0 {
		return ""
	}
	return fmt.Sprintf("edo:%08x", crc32.ChecksumIEEE([]byte(p.Participant+"\n"+doubtList(doubts))))
}

// UnconfirmedDoubts returns the doubts about the party's id that no person has confirmed.
func (p Party) UnconfirmedDoubts() []Doubt {
	if doubts := p.Doubts(); len(doubts) > 0 && p.ParticipantSeen != p.DoubtToken() {
		return doubts
	}
	return nil
}

// IsForeign reports whether an id contains the number of another party.
func IsForeign(doubts []Doubt) bool {
	return slices.ContainsFunc(doubts, func(d Doubt) bool { return d.Own != "" })
}

// DoubtMessage returns a message that lists the doubts.
func DoubtMessage(doubts []Doubt) string {
	return "Проверьте идентификатор ЭДО: " + doubtList(doubts) + "."
}

func doubtList(doubts []Doubt) string {
	texts := make([]string, len(doubts))
	for i, d := range doubts {
		texts[i] = d.String()
	}
	return strings.Join(texts, "; ")
}

// Operator is an EDO operator, identified by the prefix of its participant ids.
type Operator struct {
	Prefix string // three characters, "2BE"
	Name   string
	Hint   string // the format of its ids for users, "" when no public rule is known
}

// SBIS is the prefix of our own operator; exchange with other operators is roaming.
const SBIS = "2BE"

// Operators lists the known operators, ours first (docs/contracts/sbis.md, "Participant ids", from the list at
// nalog.gov.ru).
var Operators = []Operator{
	{SBIS, "СБИС (Тензор)", "2BE и 32 символа (0–9, a–f) без дефисов"},
	{"2BM", "Диадок (Контур)", "2BM-ИНН-КПП-цифры, для ИП 2BM-ИНН--цифры"},
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

// namelessOperators are prefixes seen in documents whose operators' names are not known.
var namelessOperators = strings.Fields("2LB 2JH 2CI 2IM 2KX 2AD 2BA 2HX 2LH 2LG 2LJ 2BV 2JD 2IA 2LF 2KL 2JM 2KY 2KO 2GT 2LO 2RT 2LP 2LQ 2JB 2VO 2KV 2HU 2BF 2AH")

// OperatorByPrefix returns the operator with the prefix.
func OperatorByPrefix(prefix string) (Operator, bool) {
	for _, o := range Operators {
		if o.Prefix == prefix {
			return o, true
		}
	}
	return Operator{}, false
}

// BothAtSBIS reports whether both parties exchange documents through SBIS: the counterparty can open the document by its link there.
func (a Act) BothAtSBIS() bool {
	return a.Medium == MediumElectronic && a.Operator == SBIS && OperatorOf(a.Seller.Participant) == SBIS
}

// OperatorNamed returns the operator by what a person types: its prefix, its name, or a word of the name.
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
