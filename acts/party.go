package acts

import "strings"

// Party is one side of an act with its requisites as they stood when the act was made.
type Party struct {
	Kind        PartyKind `json:"kind"`
	Name        string    `json:"name"`                // ООО «Ромашка»; for ИП the full name
	LastName    string    `json:"last,omitempty"`      // ИП only
	FirstName   string    `json:"first,omitempty"`     // ИП only
	MiddleName  string    `json:"middle,omitempty"`    // ИП only
	INN         string    `json:"inn"`                 // 10 digits, ИП 12
	KPP         string    `json:"kpp,omitempty"`       // юрлицо only
	OGRN        string    `json:"ogrn,omitempty"`      // 13 digits, ИП 15 (ОГРНИП)
	Address     string    `json:"address,omitempty"`   // one line of text
	Bank        string    `json:"bank,omitempty"`      // name of the bank
	BIK         string    `json:"bik,omitempty"`       // 9 digits
	Account     string    `json:"account,omitempty"`   // 20 digits
	CorrAccount string    `json:"corr,omitempty"`      // 20 digits
	Phone       string    `json:"phone,omitempty"`     // as typed
	Email       string    `json:"email,omitempty"`     // as typed
	Participant string    `json:"edo,omitempty"`       // EDO participant id
	NoPreset    bool      `json:"no_preset,omitempty"` // the CRM has no requisites at all
}

// KindByINN tells the party kind by the length of the INN: 12 digits are a person's.
func KindByINN(inn string) PartyKind {
	if len(inn) == 12 {
		return Person
	}
	return Company
}

// FullName is the name for documents.
func (p Party) FullName() string {
	if p.Kind == Person {
		if name := joinWords(p.LastName, p.FirstName, p.MiddleName); name != "" {
			return "Индивидуальный предприниматель " + name
		}
	}
	return p.Name
}

// SplitPersonName fills the parts of an ИП's name from one string: «ИП Иванов Иван Иванович».
func (p *Party) SplitPersonName(name string) {
	clean := strings.TrimSpace(name)
	for _, prefix := range []string{"Индивидуальный предприниматель", "индивидуальный предприниматель", "ИП"} {
		if rest, ok := strings.CutPrefix(clean, prefix+" "); ok {
			clean = rest
			break
		}
	}
	s := ParseSigner(strings.Trim(clean, " \"«»"))
	p.LastName, p.FirstName, p.MiddleName = s.Last, s.First, s.Middle
}

// CheckINN returns a sentence about what is wrong with an INN, or "" (order ЕД-7-14/559@, check digits).
func CheckINN(inn string) string {
	switch {
	case inn == "":
		return "не указан ИНН"
	case !digits(inn) || len(inn) != 10 && len(inn) != 12:
		return "ИНН должен состоять из 10 цифр (юрлицо) или 12 цифр (ИП)"
	case strings.HasPrefix(inn, "00"):
		return "ИНН не может начинаться с 00"
	case len(inn) == 10 && weigh(inn, 2, 4, 10, 3, 5, 9, 4, 6, 8) != inn[9],
		len(inn) == 12 && weigh(inn, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8) != inn[10],
		len(inn) == 12 && weigh(inn, 3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8) != inn[11]:
		return "в ИНН опечатка: не сходится контрольная цифра"
	}
	return ""
}

// weigh returns the check digit of the first len(weights) digits.
func weigh(number string, weights ...int) byte {
	sum := 0
	for i, w := range weights {
		sum += w * int(number[i]-'0')
	}
	return byte('0' + sum%11%10)
}

// CheckKPP returns a sentence about what is wrong with a KPP, or "". Places 5 and 6 may hold letters.
func CheckKPP(kpp string) string {
	if kpp == "" {
		return "не указан КПП"
	}
	if len(kpp) != 9 || !digits(kpp[:4]) || !digits(kpp[6:]) {
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

// CheckOGRN returns a sentence about what is wrong with an ОГРН (13 digits) or ОГРНИП (15), or "".
func CheckOGRN(ogrn string, kind PartyKind) string {
	length, name, modulus := 13, "ОГРН", uint64(11)
	if kind == Person {
		length, name, modulus = 15, "ОГРНИП", 13
	}
	if len(ogrn) != length || !digits(ogrn) {
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

func digits(s string) bool {
	for _, c := range s {
		if c < '0' || c > '9' {
			return false
		}
	}
	return s != ""
}
