package acts

import (
	"strings"
	"time"
)

// Signing is how documents of an SBIS account get our signature (contracts/sbis.md 2.3).
type Signing string

// The ways to sign.
const (
	SignInCabinet Signing = "draft"    // the document is left as a draft, a person sends it in the cabinet
	SignDeferred  Signing = "deferred" // the document is put before the signer: state 23
	SignByService Signing = "server"   // signed and sent at once with a key that SBIS holds
)

// Signings are the ways to sign, the simplest first.
var Signings = []Signing{SignInCabinet, SignDeferred, SignByService}

var signingLabels = map[Signing]string{
	SignInCabinet: "Черновик в кабинете: подписывает и отправляет человек",
	SignDeferred:  "На подписание: документ сразу ждёт подписанта в кабинете",
	SignByService: "Ключ на сервере СБИС: подписать и отправить сразу",
}

// Label is the way as administrators read it.
func (s Signing) Label() string { return signingLabels[s] }

// Known reports whether there is such a way.
func (s Signing) Known() bool { return signingLabels[s] != "" }

// ServerKey is the kind of key that SBIS holds and signs with (contracts/sbis.md 2.3).
const ServerKey = "Серверный"

// Certificate is a signing certificate of an SBIS account.
type Certificate struct {
	Thumbprint string
	Owner      string // «Иванов Иван Иванович»
	INN        string
	Position   string
	From, To   time.Time // the last day is To; zero when SBIS did not say
	KeyType    string    // in the words of SBIS
	Activated  bool
}

// OnServer reports whether SBIS holds the key.
func (c Certificate) OnServer() bool { return c.KeyType == ServerKey }

// Fault is a sentence about why the service cannot sign for our company with the certificate on a day, or "". An employee
// signs with a certificate of his own and a power of attorney, a director with that of the organisation (contracts/sbis.md 7.19).
func (c Certificate) Fault(own Party, s Signer, power Power, today time.Time) string {
	today = day(today.Date())
	switch {
	case c.Thumbprint == "":
		return "Для ключа на сервере не выбран сертификат. Выберите его в настройках организации."
	case !c.OnServer():
		return "Ключ сертификата «" + c.Owner + "» хранится не в СБИС, сервис им не подпишет. Выберите другой сертификат или способ подписания."
	case !c.Activated:
		return "Сертификат «" + c.Owner + "» не активирован. Активируйте его кодом из СМС в настройках аккаунта."
	case !c.From.IsZero() && today.Before(c.From):
		return "Сертификат «" + c.Owner + "» действует только с " + c.From.Format("02.01.2006") + "."
	case !c.To.IsZero() && today.After(c.To):
		return "Сертификат «" + c.Owner + "» истёк " + c.To.Format("02.01.2006") + ". Выпустите новый и проверьте аккаунт в настройках."
	case c.INN == own.INN && c.INN != "":
		return ""
	case power.ID == "":
		return "ИНН сертификата (" + c.INN + ") не нашей организации. Укажите машиночитаемую доверенность подписанта или выберите другой сертификат."
	case !strings.EqualFold(joinWords(c.Owner), s.FullName()):
		return "Сертификат выдан другому человеку: " + c.Owner + ", а доверенность — подписанту " + s.FullName() + "."
	}
	return power.Fault(today)
}

// WhoSigns tells who must put our signature under an act's document.
func WhoSigns(way Signing, s Signer, key Certificate) string {
	who := s.Short()
	if way == SignByService {
		if key.Owner != "" {
			who = ParseSigner(key.Owner).Short()
		}
		return strings.TrimSpace("Подпишет сервис ключом " + who)
	}
	if who == "" {
		return "Подписывает наш сотрудник в кабинете СБИС"
	}
	return "Подписывает " + who + " в кабинете СБИС"
}

// termSteps are how many days before its end a certificate or a power of attorney is warned of.
var termSteps = []int{7, 14, 30}

// TermStep is the warning that is due for what ends on a day: 30, 14 or 7 days before, 0 for none.
func TermStep(until, today time.Time) (days int) {
	if until.IsZero() {
		return 0
	}
	left := int(day(until.Date()).Sub(day(today.Date())).Hours() / 24)
	for _, step := range termSteps {
		if left >= 0 && left <= step {
			return step
		}
	}
	return 0
}
