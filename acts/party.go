package acts

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Party is one side of an act with its requisites at the time when the act was made.
type Party struct {
	Kind        PartyKind `json:"kind"`
	Name        string    `json:"name"`                // ООО «Ромашка»; for an ИП the full name
	LastName    string    `json:"last,omitempty"`      // ИП only
	FirstName   string    `json:"first,omitempty"`     // ИП only
	MiddleName  string    `json:"middle,omitempty"`    // ИП only
	INN         string    `json:"inn"`                 // 10 digits, of an ИП 12
	KPP         string    `json:"kpp,omitempty"`       // юрлицо only
	OGRN        string    `json:"ogrn,omitempty"`      // 13 digits, of an ИП 15 (ОГРНИП)
	Address     string    `json:"address,omitempty"`   // one line of text
	Bank        string    `json:"bank,omitempty"`      // name of the bank
	BIK         string    `json:"bik,omitempty"`       // 9 digits
	Account     string    `json:"account,omitempty"`   // 20 digits
	CorrAccount string    `json:"corr,omitempty"`      // 20 digits
	Phone       string    `json:"phone,omitempty"`     // as typed
	Email       string    `json:"email,omitempty"`     // as typed
	Participant string    `json:"edo,omitempty"`       // EDO participant id, exactly as received
	NoPreset    bool      `json:"no_preset,omitempty"` // the CRM has no requisites of the party

	Unsupported Unsupported `json:"unsupported,omitempty"` // why no act can be made for the party
	Cleaned     string      `json:"cleaned,omitempty"`     // CRM fields from which invisible characters were removed: «ИНН, КПП»

	Registered time.Time `json:"registered,omitzero"` // registration day of the ОГРНИП, for our own ИП that issues invoices

	ParticipantSeen string `json:"edo_seen,omitempty"` // the DoubtToken of Participant that a person has confirmed
}

// KindByINN returns the party kind that follows from the length of the INN: 12 digits mean a person.
func KindByINN(inn string) PartyKind {
	if len(inn) == 12 && isDigits(inn) {
		return PartyPerson
	}
	return PartyCompany
}

// FullName returns the name for documents.
func (p Party) FullName() string {
	if p.Kind == PartyPerson {
		if name := joinWords(p.LastName, p.FirstName, p.MiddleName); name != "" {
			return "Индивидуальный предприниматель " + name
		}
	}
	return p.Name
}

// CheckINN returns a message about what is wrong with an INN, or "" (order ЕД-7-14/559@, check digits).
func CheckINN(inn string) string {
	switch {
	case inn == "":
		return "не указан ИНН"
	case !isDigits(inn) || len(inn) != 10 && len(inn) != 12:
		return "ИНН должен состоять из 10 цифр (юрлицо) или 12 цифр (ИП)"
	case strings.HasPrefix(inn, "00"):
		return "ИНН не может начинаться с 00"
	case len(inn) == 10 && checkDigit(inn, 2, 4, 10, 3, 5, 9, 4, 6, 8) != inn[9],
		len(inn) == 12 && checkDigit(inn, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8) != inn[10],
		len(inn) == 12 && checkDigit(inn, 3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8) != inn[11]:
		return "в ИНН опечатка: не сходится контрольная цифра"
	}
	return ""
}

// checkDigit returns the check digit of the first len(weights) digits of number.
func checkDigit(number string, weights ...int) byte {
	sum := 0
	for i, w := range weights {
		sum += w * int(number[i]-'0')
	}
	return byte('0' + sum%11%10)
}

// CheckKPP returns a message about what is wrong with a KPP, or "". Positions 5 and 6 may be letters.
func CheckKPP(kpp string) string {
	if kpp == "" {
		return "не указан КПП"
	}
	if len(kpp) != 9 || !isDigits(kpp[:4]) || !isDigits(kpp[6:]) {
		return "КПП должен состоять из 9 знаков"
	}
	for _, c := range kpp[4:6] {
		if (c < '0' || c > '9') && (c < 'A' || c > 'Z') {
			return "КПП должен состоять из 9 знаков"
		}
	}
	if strings.HasPrefix(kpp, "00") {
		return "КПП не может начинаться с 00"
	}
	return ""
}

// CheckOGRN returns a message about what is wrong with an ОГРН (13 digits) or ОГРНИП (15), or "".
func CheckOGRN(ogrn string, kind PartyKind) string {
	length, name, modulus := 13, "ОГРН", uint64(11)
	if kind == PartyPerson {
		length, name, modulus = 15, "ОГРНИП", 13
	}
	if len(ogrn) != length || !isDigits(ogrn) {
		return name + " должен состоять из " + map[int]string{13: "13", 15: "15"}[length] + " цифр"
	}
	var n uint64
	for _, c := range ogrn[:length-1] {
		n = n*10 + uint64(c-'0')
	}
	if byte('0'+n%modulus%10) != ogrn[length-1] {
		return "в " + name + " опечатка: не сходится контрольная цифра"
	}
	return ""
}

// isDigits reports whether a text consists of digits; an empty one does not.
func isDigits(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(c rune) bool { return c < '0' || c > '9' })
}

// Unsupported is the reason why no act can be made with a party, "" when one can.
type Unsupported string

// The parties for which no act is made. Missing facts about a person are never guessed.
const (
	UnsupportedPrivate      Unsupported = "private"       // a private person
	UnsupportedSelfEmployed Unsupported = "self_employed" // pays НПД and is not an ИП
	UnsupportedForeign      Unsupported = "foreign"
	UnsupportedUnclear      Unsupported = "unclear" // either an ИП or a private person, not known which
)

// Message returns a message about why no act can be made and what to do; who is «Контрагент» or «Исполнитель».
func (u Unsupported) Message(who string) string {
	switch u {
	case UnsupportedPrivate:
		return who + " — физическое лицо: так указано в виде реквизитов. Акты формируются только с организациями и ИП. Если это ИП, укажите в реквизитах ОГРНИП."
	case UnsupportedSelfEmployed:
		return who + " — самозанятый: так указано в виде реквизитов. Акты формируются только с организациями и ИП, оформите документ отдельно. Если это ИП, укажите в реквизитах ОГРНИП."
	case UnsupportedForeign:
		return who + " — иностранное лицо: реквизиты не российские. Акты формируются только с российскими организациями и ИП, оформите документ отдельно."
	case UnsupportedUnclear:
		return who + ": по реквизитам не видно, ИП это или физическое лицо. ИНН из 12 цифр, а ОГРНИП нет и вид реквизитов не «ИП». " +
			"Если это ИП, укажите ОГРНИП или выберите вид «ИП»; если организация, исправьте ИНН: у неё он из 10 цифр."
	}
	return ""
}

// Preset is the template of requisites chosen in the CRM. Its id differs between portals, so its kind is
// derived from its name (docs/contracts/bitrix24.md, "Requisites and parties"). Foreign marks the template of
// a country other than Russia.
type Preset struct {
	Name    string
	Foreign bool
}

// Classify sets the kind of the party, or the reason why it is unsupported, from the preset and the ОГРНИП.
// The ИНН must already be set; only an ИП has an ОГРНИП.
func (p *Party) Classify(preset Preset, ogrnip string) {
	name := strings.ToLower(preset.Name)
	named := func(parts ...string) bool {
		return slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(name, part) })
	}
	words := strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) })
	p.Kind, p.Unsupported = PartyPerson, ""
	switch {
	case preset.Foreign:
		p.Kind, p.Unsupported = KindByINN(p.INN), UnsupportedForeign
	case ogrnip != "":
	case named("самозан", "профессиональный доход") || slices.Contains(words, "нпд"):
		p.Unsupported = UnsupportedSelfEmployed
	case named("физ. лиц", "физлиц", "физическ", "физ лиц", "частное лицо"):
		p.Unsupported = UnsupportedPrivate
	case named("предприниматель") || slices.Contains(words, "ип"):
	case KindByINN(p.INN) == PartyPerson:
		p.Unsupported = UnsupportedUnclear
	default:
		p.Kind = PartyCompany
	}
}

// KindOrINN returns the kind of the party, or the kind that follows from the ИНН when Classify has not set it.
func (p Party) KindOrINN() PartyKind { return cmp.Or(p.Kind, KindByINN(p.INN)) }

// CleanCode returns a number of the requisites without spaces and invisible characters, and records in Cleaned
// that some were removed.
func (p *Party) CleanCode(field, text string) string {
	seen := strings.Trim(text, " \t\r\n")
	return p.recordCleaned(field, seen, strings.Map(func(r rune) rune {
		if isHidden(r) {
			return -1
		}
		return r
	}, seen))
}

// CleanText returns a text of the requisites with single spaces and without invisible characters, and records in
// Cleaned that some were removed.
func (p *Party) CleanText(field, text string) string {
	clean := strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if isHidden(r) && !unicode.IsSpace(r) {
			return -1
		}
		return r
	}, text)), " ")
	return p.recordCleaned(field, strings.Join(strings.Fields(text), " "), clean)
}

// recordCleaned returns clean, and records the field in Cleaned when it differs from what was read.
func (p *Party) recordCleaned(field, seen, clean string) string {
	if seen != clean {
		p.addCleaned(field)
	}
	return clean
}

// addCleaned adds fields to Cleaned, each once.
func (p *Party) addCleaned(fields string) {
	for _, field := range strings.Split(fields, ", ") {
		if !slices.Contains(strings.Split(p.Cleaned, ", "), field) {
			p.Cleaned = strings.TrimPrefix(p.Cleaned+", "+field, ", ")
		}
	}
}

// cleanedNote returns a message about the characters removed from the requisites, or "".
func (p Party) cleanedNote() string {
	if p.Cleaned == "" {
		return ""
	}
	return "Из реквизитов убраны лишние пробелы и невидимые знаки: " + p.Cleaned + ". Проверьте и исправьте их в карточке."
}

// soleTraderForm matches the abbreviations and words for an ИП before a name, in any case: «ИП», «И.П.», «И.
// П.», «Индивидуальный предприниматель».
const soleTraderForm = `(?:ип|и\.\s?п\.|индивидуальн(?:ый|ая)\s+предприниматель)`

var (
	formBefore = regexp.MustCompile(`(?i)^` + soleTraderForm + `(?:[\s,:]+|$)`)
	formAfter  = regexp.MustCompile(`(?i)(?:^|[\s,(]+)` + soleTraderForm + `\)?$`)
)

// notNames are words that are found beside a name, or instead of one, in CRM fields.
var notNames = []string{"ип", "индивидуальный", "индивидуальная", "предприниматель", "глава", "кфх", "крестьянское", "фермерское", "хозяйство", "фермер",
	"директор", "генеральный", "исполнительный", "руководитель", "президент", "председатель", "управляющий", "начальник", "заместитель",
	"адвокат", "нотариус", "самозанятый", "самозанятая", "ооо", "оао", "зао", "пао", "ао", "магазин", "салон", "кафе", "студия", "фирма", "компания"}

// givenLikeSurnames are given names with the endings of surnames.
var givenLikeSurnames = []string{"ирина", "марина", "галина", "полина", "алина", "нина", "кристина", "екатерина", "карина", "арина", "дарина", "регина",
	"ангелина", "василина", "антонина", "валентина", "мальвина", "константин", "валентин", "мартин", "августин", "лев", "яков"}

var (
	nameWord     = regexp.MustCompile(`^\p{Cyrillic}+(?:['’-]\p{Cyrillic}+)*$`)
	vowel        = regexp.MustCompile(`(?i)[аеёиоуыэюяіїє]`)
	surnameShape = regexp.MustCompile(`(?i)(?:[оеё]в|[иы]н|[оеё]ва|[иы]на|[сц]кий|[сц]кая|[оыи]й|ая|[ыи]х|[её]нко|[ую]к|ян|дзе|швили)$`)
	patronymic   = regexp.MustCompile(`(?i)(?:вич|ьич|мич|кич|тич|вна|чна)$`)
)

// patronymicWords are second words of two-word patronymics: «Гусейн оглы».
var patronymicWords = []string{"оглы", "оглу", "угли", "уулу", "кызы", "гызы", "кизи"}

// NameDoubt returns a message about why a text is not the full name of one person, or "". It is used for
// typed «Фамилия Имя Отчество» and does not check the order.
func NameDoubt(name string) string {
	if word := oddWord(name); word != "" {
		return "Укажите фамилию, имя и отчество полностью и без лишних слов и знаков, например: Иванов Иван Иванович. Исправьте: «" + word + "»."
	}
	for _, word := range strings.Fields(name) {
		if utf8.RuneCountInString(word) == 1 {
			return "Фамилия и имя пишутся полностью, без инициалов, например: Иванов Иван Иванович. Исправьте: «" + word + "»."
		}
	}
	return ""
}

// oddWord returns the first word that cannot be part of a person's name, or "".
func oddWord(name string) string {
	for _, word := range strings.Fields(name) {
		if strings.ContainsFunc(word, notInName) || slices.Contains(notNames, strings.ToLower(word)) {
			return word
		}
	}
	return ""
}

// notInName reports whether a character does not occur in names.
func notInName(r rune) bool {
	return !unicode.IsLetter(r) && !strings.ContainsRune("-'’", r) && !unicode.Is(unicode.Mn, r)
}

// SplitPersonName fills the parts of an ИП's name from one string, «ИП Иванов Иван Иванович», when that is
// certainly the name of one person. Otherwise the parts stay empty and RequisiteFaults requests them: an operator
// refuses a name that differs from ЕГРИП.
func (p *Party) SplitPersonName(name string) {
	clean := strings.Join(strings.Fields(name), " ")
	for _, form := range []*regexp.Regexp{formBefore, formAfter} {
		clean = strings.TrimSpace(form.ReplaceAllString(clean, ""))
	}
	p.LastName, p.FirstName, p.MiddleName = "", "", ""
	if surelyPerson(strings.Fields(clean)) {
		s := ParseSigner(clean)
		p.LastName, p.FirstName, p.MiddleName = s.Last, s.First, s.Middle
	}
}

// surelyPerson reports whether words are certainly a surname, a given name and, if there are more, a patronymic in this order.
func surelyPerson(words []string) bool {
	if len(words) < 2 || len(words) > 4 || NameDoubt(strings.Join(words, " ")) != "" {
		return false
	}
	for i, word := range words {
		small := i > 1 && slices.Contains(patronymicWords, strings.ToLower(word))
		if !nameWord.MatchString(word) || !vowel.MatchString(word) || !small && !unicode.IsUpper([]rune(word)[0]) {
			return false
		}
	}
	last, given := words[0], words[1]
	switch {
	case patronymic.MatchString(given):
		return false
	case len(words) == 2:
		return surnameShape.MatchString(last) && !likeSurname(given)
	case len(words) == 3:
		return patronymic.MatchString(words[2])
	}
	return slices.Contains(patronymicWords, strings.ToLower(words[3]))
}

// likeSurname reports whether a word looks like a surname rather than a given name.
func likeSurname(word string) bool {
	return surnameShape.MatchString(word) && !slices.Contains(givenLikeSurnames, strings.ToLower(word))
}
