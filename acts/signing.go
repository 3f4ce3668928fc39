package acts

import (
	"strings"
	"time"
)

// Signing is the way in which documents of an SBIS account get our signature
// (docs/contracts/sbis.md, "Sending").
type Signing string

// The ways of signing.
const (
	SigningManual   Signing = "draft"    // the document stays a draft until a person sends it in SBIS
	SigningDeferred Signing = "deferred" // the document is submitted to the signer: state 23
	SigningServer   Signing = "server"   // signed and sent immediately with a key stored by SBIS
)

// Signings lists the ways of signing, the simplest first.
var Signings = []Signing{SigningManual, SigningDeferred, SigningServer}

var signingLabels = map[Signing]string{
	SigningManual:   "Черновик в кабинете: подписывает и отправляет человек",
	SigningDeferred: "На подписание: документ сразу ждёт подписанта в кабинете",
	SigningServer:   "Ключ на сервере СБИС: подписать и отправить сразу",
}

// Label returns the way of signing as administrators read it.
func (s Signing) Label() string { return signingLabels[s] }

// Known reports whether the way of signing exists.
func (s Signing) Known() bool { return signingLabels[s] != "" }

// ServerKey is the type of a key that is stored by SBIS (docs/contracts/sbis.md, "Sending").
const ServerKey = "Серверный"

// Certificate is a signing certificate of an SBIS account.
type Certificate struct {
	Thumbprint string
	Owner      string // «Иванов Иван Иванович»
	INN        string
	Position   string
	From, To   time.Time // To is the last day of validity; zero when SBIS does not report it
	KeyType    string    // as SBIS names it
	Activated  bool
}

// OnServer reports whether SBIS stores the key.
func (c Certificate) OnServer() bool { return c.KeyType == ServerKey }

// Fault returns a message about why SBIS cannot sign for our company with the certificate on a day, or "". An
// employee signs with a personal certificate and a power of attorney, a director with the certificate of the
// organisation (docs/contracts/sbis.md, "Certificates").
func (c Certificate) Fault(own Party, s Signer, power PowerOfAttorney, today time.Time) string {
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

// WhoSigns returns the description of who must sign an act's document for us.
func WhoSigns(way Signing, s Signer, key Certificate) string {
	who := s.Short()
	if way == SigningServer {
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

// termSteps are the numbers of days before the end of a certificate or a power of attorney at which a warning is sent.
var termSteps = []int{7, 14, 30}

// TermStep returns the smallest of termSteps that is not less than the days left until the day until, or 0
// when no warning is due.
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
