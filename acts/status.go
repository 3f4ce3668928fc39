package acts

// Status is where an act stands in its life (design: the life of an act).
type Status string

// Every status an act may have.
const (
	Draft            Status = "draft"
	SignedByUs       Status = "signed_by_us"
	Sent             Status = "sent"
	Signed           Status = "signed"
	AcceptedUnsigned Status = "accepted_unsigned"
	StatusRefused    Status = "refused"
	Annulled         Status = "annulled"
)

// Statuses lists all statuses in the order of an act's life.
var Statuses = []Status{Draft, SignedByUs, Sent, Signed, AcceptedUnsigned, StatusRefused, Annulled}

var statusLabels = map[Status]string{
	Draft:            "Подготовка акта",
	SignedByUs:       "Подписан с нашей стороны",
	Sent:             "Акт направлен заявителю",
	Signed:           "Акт получен и подписан",
	AcceptedUnsigned: "Акт принят, но не подписан заявителем",
	StatusRefused:    "Отказ от подписания",
	Annulled:         "Аннулирован",
}

// Label is the status as users and the CRM read it.
func (s Status) Label() string { return statusLabels[s] }

// Medium tells paper from electronic.
type Medium string

// The two media.
const (
	AnyMedium  Medium = ""
	Paper      Medium = "paper"
	Electronic Medium = "electronic"
)

// Label is the medium as users read it («Тип акта» in the CRM).
func (m Medium) Label() string {
	if m == Electronic {
		return "Электронный"
	}
	return "Бумажный"
}

// PartyKind tells an individual entrepreneur from a legal entity.
type PartyKind string

// The two kinds of parties an act may be made for.
const (
	Person  PartyKind = "person"  // ИП
	Company PartyKind = "company" // юрлицо
)

// Label is the kind as users read it.
func (k PartyKind) Label() string {
	if k == Person {
		return "ИП"
	}
	return "Юрлицо"
}

// Channel is how an act reaches the counterparty.
type Channel string

// The channels: paper goes by mail of either kind, electronic by EDO.
const (
	ByEmail Channel = "email"
	ByPost  Channel = "post" // post, courier or by hand
	ByEDO   Channel = "edo"
)

// Label is the channel as users read it («Способ отправки» in the CRM).
func (c Channel) Label() string {
	switch c {
	case ByEmail:
		return "E-mail"
	case ByPost:
		return "Почта, курьер или лично"
	}
	return "ЭДО"
}

// Delivery is where the document of an electronic act is; it stands beside the status, never in it.
type Delivery string

// Where the document may be.
const (
	NotHanded         Delivery = ""                   // not handed over, or came back
	Queued            Delivery = "queued"             // waits to be written to SBIS
	WaitingSignature  Delivery = "waiting_signature"  // in the cabinet, waits for our signature
	WaitingConnection Delivery = "waiting_connection" // state 2: the invitation is out
	OnItsWay          Delivery = "sent"
	Delivered         Delivery = "delivered"
	Completed         Delivery = "completed" // the exchange is over: signed or refused
	DeliveryFailed    Delivery = "error"
	Withdrawing       Delivery = "withdrawing" // our taking back waits to be done in SBIS
)

var deliveryLabels = map[Delivery]string{
	NotHanded:         "Не передан",
	Queued:            "Передаётся в СБИС",
	WaitingSignature:  "Ждёт нашей подписи в СБИС",
	WaitingConnection: "Ждёт подключения контрагента к ЭДО",
	OnItsWay:          "Отправлен оператором",
	Delivered:         "Доставлен контрагенту",
	Completed:         "Обмен завершён",
	DeliveryFailed:    "Ошибка отправки",
	Withdrawing:       "Отзывается из СБИС",
}

// Label is the delivery as users read it.
func (d Delivery) Label() string { return deliveryLabels[d] }

// WithOperator reports whether SBIS holds the document, so that the act may not be edited.
func (d Delivery) WithOperator() bool {
	switch d {
	case NotHanded, DeliveryFailed:
		return false
	}
	return true
}
