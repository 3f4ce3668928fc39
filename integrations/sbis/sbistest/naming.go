package sbistest

import "strconv"

// Naming is the way in which an account reports states. Some states have only a name, several names share a code, and codes differ
// (docs/contracts/sbis.md, "States and events"): the name decides, the code comes second.
type Naming string

// The ways to report a state.
const (
	ByCode      Naming = ""      // with the code that public clients use
	ByName      Naming = "name"  // without a code
	ByOtherCode Naming = "other" // with undocumented codes, or codes of other states
)

// otherCodes replace the documented codes; two of them are codes of other states.
var otherCodes = map[int]int{0: 1, 23: 24, 2: 3, 3: 5, 4: 14, 6: 16, 7: 17, 9: 19, 20: 7}

// otherNames are other names of states that the vendor's client reads.
var otherNames = map[string]string{stateDraft.Name: "Загружен на сервер", stateDelivered.Name: "На утверждении", stateFailed.Name: "Проблемы при доставке"}

// renderState omits the code of a state that has only a name.
func (c *call) renderState(s docState) dict {
	code, naming := s.Code, ByCode
	if c.account != nil {
		naming = c.account.States
	}
	if naming != ByCode {
		s.Name = orElse(otherNames[s.Name], s.Name)
	}
	out := dict{
		"Название": s.Name, "Описание": orElse(s.Description, s.Name), "Примечание": "",
		"Комментарий": s.Comment, "НеполнаяОбработка": "Нет",
	}
	if known, ok := otherCodes[code]; ok && naming == ByOtherCode {
		code = known
	}
	if code >= 0 && naming != ByName {
		out["Код"] = strconv.Itoa(code)
	}
	return out
}
