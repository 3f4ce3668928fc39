package acts

// Status is the status of an act; transitions lists how it may change.
type Status string

// The statuses of an act.
const (
	StatusDraft            Status = "draft"
	StatusSignedByUs       Status = "signed_by_us"
	StatusSent             Status = "sent"
	StatusSigned           Status = "signed"
	StatusAcceptedUnsigned Status = "accepted_unsigned"
	StatusRefused          Status = "refused"
	StatusAnnulled         Status = "annulled"
)

// Statuses lists all statuses in the usual order of the lifecycle.
var Statuses = []Status{StatusDraft, StatusSignedByUs, StatusSent, StatusSigned, StatusAcceptedUnsigned, StatusRefused, StatusAnnulled}

// FinalStatuses are the statuses that end the lifecycle.
var FinalStatuses = []Status{StatusSigned, StatusAnnulled}

var statusLabels = map[Status]string{
	StatusDraft:            "Подготовка акта",
	StatusSignedByUs:       "Подписан с нашей стороны",
	StatusSent:             "Акт направлен заявителю",
	StatusSigned:           "Акт получен и подписан",
	StatusAcceptedUnsigned: "Акт принят, но не подписан заявителем",
	StatusRefused:          "Отказ от подписания",
	StatusAnnulled:         "Аннулирован",
}

// Label returns the status as users and the CRM show it.
func (s Status) Label() string { return statusLabels[s] }

// Medium distinguishes paper acts from electronic ones.
type Medium string

// The two media.
const (
	MediumAny        Medium = ""
	MediumPaper      Medium = "paper"
	MediumElectronic Medium = "electronic"
)

// Label returns the medium as users read it («Тип акта» in the CRM).
func (m Medium) Label() string {
	if m == MediumElectronic {
		return "Электронный"
	}
	return "Бумажный"
}

// PartyKind distinguishes individual entrepreneurs from legal entities.
type PartyKind string

// The kinds of parties.
const (
	PartyPerson  PartyKind = "person"  // ИП
	PartyCompany PartyKind = "company" // юрлицо
)

// Label returns the kind as users read it.
func (k PartyKind) Label() string {
	if k == PartyPerson {
		return "ИП"
	}
	return "Юрлицо"
}

// Channel is the way by which an act reaches the counterparty.
type Channel string

// The channels. Paper acts go by e-mail or by post, electronic acts by EDO.
const (
	ChannelEmail Channel = "email"
	ChannelPost  Channel = "post" // post, courier or by hand
	ChannelEDO   Channel = "edo"
)

// Label returns the channel as users read it («Способ отправки» in the CRM).
func (c Channel) Label() string {
	switch c {
	case ChannelEmail:
		return "E-mail"
	case ChannelPost:
		return "Почта, курьер или лично"
	}
	return "ЭДО"
}

// Delivery is the location of the document of an electronic act. It is independent of the status.
type Delivery string

// The locations of a document.
const (
	DeliveryNone              Delivery = ""                   // not handed over, or returned
	DeliveryQueued            Delivery = "queued"             // queued to be written to SBIS
	DeliveryWaitingSignature  Delivery = "waiting_signature"  // in the SBIS account, waiting for our signature
	DeliveryWaitingConnection Delivery = "waiting_connection" // state 2: the counterparty is invited to connect
	DeliverySent              Delivery = "sent"
	DeliveryDelivered         Delivery = "delivered"
	DeliveryCompleted         Delivery = "completed" // the exchange is over: signed or refused
	DeliveryFailed            Delivery = "error"
	DeliveryWithdrawing       Delivery = "withdrawing" // our withdrawal is queued
)

var deliveryLabels = map[Delivery]string{
	DeliveryNone:              "Не передан",
	DeliveryQueued:            "Передаётся в СБИС",
	DeliveryWaitingSignature:  "Ждёт нашей подписи в СБИС",
	DeliveryWaitingConnection: "Ждёт подключения контрагента к ЭДО",
	DeliverySent:              "Отправлен оператором",
	DeliveryDelivered:         "Доставлен контрагенту",
	DeliveryCompleted:         "Обмен завершён",
	DeliveryFailed:            "Ошибка отправки",
	DeliveryWithdrawing:       "Отзывается из СБИС",
}

// Label returns the location as users read it.
func (d Delivery) Label() string { return deliveryLabels[d] }

// WithOperator reports whether SBIS holds the document, so the act cannot be edited.
func (d Delivery) WithOperator() bool {
	switch d {
	case DeliveryNone, DeliveryFailed:
		return false
	}
	return true
}
