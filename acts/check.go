package acts

import (
	"slices"
	"strings"
	"time"
)

// FixedBy is the role of the person who can fix a failed check.
type FixedBy string

// Who can fix a failed check.
const (
	FixManager FixedBy = "менеджер"
	FixAdmin   FixedBy = "администратор"
	FixClient  FixedBy = "контрагент"
)

// FixAt is where a failed check is fixed; the page turns it into a link.
type FixAt string

// The places where checks are fixed.
const (
	FixAtForm     FixAt = "form"
	FixAtBuyer    FixAt = "buyer"  // the counterparty's requisites in the CRM
	FixAtSeller   FixAt = "seller" // our company's requisites in the CRM
	FixAtSettings FixAt = "settings"
)

// Check is one line of the check before sending.
type Check struct {
	Title string // what was checked
	OK    bool
	Open  bool   // not known yet; does not block sending
	Text  string // what is wrong and what to do
	By    FixedBy
	Place FixAt
}

// Readiness is the input of the check before sending.
type Readiness struct {
	Act            Act
	Account        bool             // our company has an SBIS account
	AccountDetails *OperatorAccount // what SBIS reported about that account, nil before it was queried
	Connection     Connection       // what SBIS reported about the counterparty
	Today          time.Time

	Signing Signing
	Key     Certificate     // the certificate used when Signing is SigningServer
	Power   PowerOfAttorney // our signer's power of attorney
	VAT     VATPeriods
	Closed  ClosedPeriod
	Manual  bool      // numbers are assigned by hand
	Paper   PaperForm // what our company prints of a paper act
	Last    Numbered  // the latest dated act of our company in the year that has a number

	Form     Faults          // faults of the form, when the act does not exist yet
	Document []DocumentFault // what the document builder refuses, nil where no document is built
}

// Connection is what SBIS reported about a counterparty.
type Connection struct {
	Asked bool              // SBIS has answered
	Known bool              // SBIS found the counterparty
	Boxes []string          // its participant ids
	Codes map[string]string // connection code of each box as SBIS reports it
	Alive []string          // boxes whose code has had a successful exchange: the meaning of codes is not published
	Note  string            // the state in the words of SBIS

	Invitation string    // our invitation to connect, "" when none was sent
	InvitedAt  time.Time // business time
}

// Invited reports whether an invitation to connect is pending, by our own record or by what SBIS reports.
func (c Connection) Invited() bool {
	return c.Invitation != "" || strings.Contains(strings.ToLower(c.Note), "приглашени")
}

// Reaches reports whether documents are known to arrive at a box, or at any box when box is "".
func (c Connection) Reaches(box string) bool {
	return box == "" && len(c.Alive) > 0 || contains(c.Alive, box)
}

// AllPassed reports whether no check blocks the hand-over.
func AllPassed(checks []Check) bool {
	for _, c := range checks {
		if !c.OK && !c.Open {
			return false
		}
	}
	return true
}

// Check returns the lines of the check before the act is sent to SBIS.
func (r Readiness) Check() []Check {
	checks := []Check{
		partyCheck(CheckTitleBuyer, r.Act.Buyer, FixManager, FixAtBuyer),
		r.sellerCheck(),
		r.kindCheck(),
		r.Act.basisCheck(),
		r.addressCheck(),
		r.ratesCheck(),
		{Title: CheckTitleRows, OK: true},
		r.signerCheck(),
		r.participantCheck(),
		r.accountCheck(),
		r.connectionCheck(),
	}
	checks = slices.Concat(checks, r.invoiceCheck(), r.correctionCheck(), r.keyCheck(), r.dateChecks())
	if r.Manual && r.Act.Number == "" && r.Act.Wanted == "" && !r.Act.Correction.IsSet() {
		checks = append(checks, Check{Title: CheckTitleNumber, Text: "Номера этой организации даются вручную. Впишите номер акта.", By: FixManager, Place: FixAtForm})
	}
	return withForm(withDocument(checks, r.Document), r.Form)
}

// PaperCheck returns the lines of the check before a paper act gets its number (402-ФЗ art. 9).
func (r Readiness) PaperCheck() []Check {
	checks := []Check{
		partyCheck(CheckTitleBuyer, r.Act.Buyer, FixManager, FixAtBuyer),
		r.sellerCheck(),
		r.kindCheck(), r.Act.basisCheck(), r.ratesCheck(), r.signerCheck(),
	}
	return withForm(withDocument(slices.Concat(checks, r.invoiceCheck(), r.correctionCheck(), r.dateChecks()), r.Document), r.Form)
}

// keyCheck checks the certificate or the power of attorney that our signature needs.
func (r Readiness) keyCheck() []Check {
	if r.Signing == SigningServer {
		c := Check{Title: "Ключ на сервере СБИС", OK: true}
		if text := r.Key.Fault(r.Act.Seller, r.Act.Signer, r.Power, r.Today); text != "" {
			c = Check{Title: c.Title, Text: text, By: FixAdmin, Place: FixAtSettings}
		}
		return []Check{c}
	}
	if text := r.Power.Fault(r.Today); text != "" {
		return []Check{{Title: "Доверенность подписанта", Text: text, By: FixAdmin, Place: FixAtSettings}}
	}
	return nil
}

func (r Readiness) correctionCheck() []Check {
	if !r.Act.Correction.IsSet() {
		return nil
	}
	c := Check{Title: "Исправление", OK: true}
	if faults := CorrectionFaults(r.Act, r.Today); len(faults) > 0 {
		var texts []string
		for _, f := range faults {
			texts = append(texts, f.Text)
		}
		c = Check{Title: c.Title, Text: JoinFaults(texts), By: FixManager, Place: FixAtForm}
	}
	return []Check{c}
}

// basisCheck fails for a basis that no document can carry.
func (a Act) basisCheck() Check {
	c := Check{Title: CheckTitleBasis, By: FixManager, Place: FixAtForm}
	faults := a.Basis.Faults(a.Date)
	switch {
	case len(faults) > 0:
		c.Text = faults[0].Text
	case a.Basis.Label() == "":
		c.Open, c.Text = true, "Акт без документа-основания. Если есть договор, заказ или счёт, укажите его."
	case a.Basis.Taken != "":
		c.Open, c.Text = true, "Основание взято из прежнего акта ("+a.Basis.Taken+"): "+a.Basis.Label()+". Проверьте, что договор тот же."
	default:
		return Check{Title: c.Title, OK: true}
	}
	return c
}

func (r Readiness) addressCheck() Check {
	c := Check{Title: CheckTitleAddress, OK: true}
	if r.Act.Function != FunctionActAndInvoice {
		return c
	}
	switch {
	case r.Act.Seller.Address == "":
		return Check{Title: c.Title, Text: "Для акта со счётом-фактурой нужен адрес нашей организации.", By: FixAdmin, Place: FixAtSeller}
	case r.Act.Buyer.Address == "":
		return Check{Title: c.Title, Text: "Для акта со счётом-фактурой нужен адрес контрагента.", By: FixManager, Place: FixAtBuyer}
	}
	return c
}

func (r Readiness) ratesCheck() Check {
	if faults := CheckLines(r.Act.Lines, r.Act.Date); len(faults) > 0 {
		return Check{Title: CheckTitleRates, Text: faults[0].Text, By: FixManager, Place: FixAtForm}
	}
	regime := r.VAT.On(r.Act.Date)
	faults := append(CheckRates(r.Act.Lines, regime, r.Act.Date), CheckGrounds(r.Act.Lines, regime, r.Act.VATGround, r.Act.ZeroGround)...)
	switch {
	case len(faults) > 0:
		return Check{Title: CheckTitleRates, Text: faults[0].Text, By: FixManager, Place: FixAtForm}
	case r.Act.Function == FunctionActAndInvoice && !regime.MayInvoice():
		return Check{Title: CheckTitleRates, Text: "Организация не платит НДС, счёт-фактура не выставляется. Выберите в настройках организации «Только акт».", By: FixAdmin, Place: FixAtSettings}
	case regime == VATUnknown:
		return Check{Title: CheckTitleRates, Open: true, Text: "Режим НДС нашей организации не указан в настройках: ставки взяты из сделки и не сверены.", By: FixAdmin, Place: FixAtSettings}
	}
	return Check{Title: CheckTitleRates, OK: true}
}

// invoiceCheck warns that an act with VAT which is not an invoice requires a separate one (п. 3 ст. 168 НК
// РФ).
func (r Readiness) invoiceCheck() (list []Check) {
	if r.Act.Taxed() && !r.Act.IssuesInvoice(r.Paper) {
		list = append(list, Check{Title: lineInvoice, Open: true, Text: "В акте есть НДС, а счёт-фактура в него не входит: выставьте её отдельно не позднее пяти дней.", By: FixManager})
	}
	return list
}

func (r Readiness) signerCheck() Check {
	s := r.Act.Signer
	switch {
	case s.Last == "" || s.First == "":
		return Check{Title: CheckTitleSigner, Text: NoSigner, By: FixManager, Place: FixAtForm}
	case NameDoubt(s.FullName()) != "":
		return Check{Title: CheckTitleSigner, Text: NameDoubt(s.FullName()), By: FixManager, Place: FixAtForm}
	case s.Fault(r.Act.Seller) != "":
		return Check{Title: CheckTitleSigner, Text: s.Fault(r.Act.Seller), By: FixManager, Place: FixAtForm}
	case s.Position == "" && r.Act.Seller.Kind == PartyCompany:
		return Check{Title: CheckTitleSigner, Text: "Укажите должность подписанта.", By: FixManager, Place: FixAtForm}
	}
	return Check{Title: CheckTitleSigner, OK: true}
}

func (r Readiness) participantCheck() Check {
	c := Check{Title: CheckTitleParticipant, By: FixManager, Place: FixAtForm}
	if c.Text = CheckParticipant(r.Act.Buyer.Participant); c.Text != "" {
		return c
	}
	if doubts := r.Act.Buyer.UnconfirmedDoubts(); len(doubts) > 0 {
		c.Text = DoubtMessage(doubts) + " Исправьте его или подтвердите в форме акта."
		return c
	}
	return Check{Title: c.Title, OK: true}
}

func (r Readiness) accountCheck() Check {
	title := CheckTitleAccount
	switch {
	case !r.Account:
		return Check{Title: title, Text: "Для нашей организации не подключён аккаунт СБИС.", By: FixAdmin, Place: FixAtSettings}
	case CheckParticipant(r.Act.Seller.Participant) != "":
		return Check{Title: title, Text: "Не указан идентификатор ЭДО нашей организации.", By: FixAdmin, Place: FixAtSettings}
	case len(r.Act.Seller.UnconfirmedDoubts()) > 0:
		return Check{Title: title, Text: "Наша организация. " + DoubtMessage(r.Act.Seller.UnconfirmedDoubts()) + " Исправьте его или подтвердите в настройках.", By: FixAdmin, Place: FixAtSettings}
	case r.AccountDetails != nil && r.AccountDetails.Fault(r.Act.Seller) != "":
		return Check{Title: title, Text: r.AccountDetails.Fault(r.Act.Seller), By: FixAdmin, Place: FixAtSettings}
	}
	return Check{Title: title, OK: true}
}

func (r Readiness) connectionCheck() Check {
	title := "Контрагент в СБИС"
	switch {
	case !r.Connection.Asked:
		return Check{Title: title, Open: true, Text: "Ещё не проверено, спрашиваем СБИС."}
	case !r.Connection.Known:
		return Check{Title: title, Open: true, Text: "СБИС не знает контрагента: после нашей подписи он получит приглашение к обмену.", By: FixClient}
	case r.Act.Buyer.Participant != "" && len(r.Connection.Boxes) > 0 && !contains(r.Connection.Boxes, r.Act.Buyer.Participant):
		return Check{Title: title, Open: true, Text: "СБИС знает контрагента под другим идентификатором: " +
			strings.Join(r.Connection.Boxes, ", ") + ". Проверьте, куда отправлять.", By: FixManager, Place: FixAtForm}
	case !r.Connection.Reaches(r.Act.Buyer.Participant):
		return Check{Title: title, Open: true, Text: "Подключение к обмену не проверено" + quoted(r.Connection.Note) +
			". Документ будет отправлен; если он не дойдёт, СБИС сообщит об ошибке."}
	}
	return Check{Title: title, OK: true}
}

// CheckLines returns the faults of the lines of an act of this date, at form fields named by the row.
func CheckLines(lines []Line, date time.Time) Faults {
	var faults Faults
	for _, l := range lines {
		if !l.Rate.ValidOn(date) {
			faults.Add(LineField("rate", l), "%s не действует на %s. Выберите ставку.", upperFirst(l.Rate.Label()), date.Format("02.01.2006"))
		}
	}
	return faults
}

// quoted returns words of SBIS in a form that fits into a sentence.
func quoted(words string) string {
	if words == "" {
		return ""
	}
	return " (СБИС сообщает: «" + words + "»)"
}

func lowerFirst(s string) string {
	for i, r := range s {
		return strings.ToLower(string(r)) + s[i+len(string(r)):]
	}
	return s
}

func upperFirst(s string) string {
	for i, r := range s {
		return strings.ToUpper(string(r)) + s[i+len(string(r)):]
	}
	return s
}

func contains(list []string, one string) bool {
	return slices.ContainsFunc(list, func(s string) bool { return strings.EqualFold(s, one) })
}

func (r Readiness) sellerCheck() Check {
	if text := r.Act.Seller.Unsupported.Message("Исполнитель"); text != "" {
		return Check{Title: CheckTitleSeller, Text: text, By: FixAdmin, Place: FixAtSeller}
	}
	if c := partyCheck(CheckTitleSeller, r.Act.Seller, FixAdmin, FixAtSeller); !c.OK && !c.Open {
		return c
	}
	if text := r.Act.RegistrationFault(); text != "" {
		return Check{Title: CheckTitleSeller, Text: text, By: FixAdmin, Place: FixAtSettings}
	}
	return partyCheck(CheckTitleSeller, r.Act.Seller, FixAdmin, FixAtSeller)
}

func partyCheck(title string, p Party, by FixedBy, at FixAt) Check {
	if p.Unsupported != "" { // reported by the check of the act's type
		return Check{Title: title, Open: true, Text: "Не сверены, см. «" + CheckTitleActType + "»."}
	}
	if p.NoPreset {
		return Check{Title: title, Text: "Реквизиты не заполнены. Добавьте их в карточке и обновите страницу.", By: by, Place: at}
	}
	if wrong := p.RequisiteFaults(); len(wrong) > 0 {
		return Check{Title: title, Text: strings.TrimSpace(upperFirst(strings.Join(wrong, "; ")) + ". " + p.cleanedNote()), By: by, Place: at}
	}
	if note := p.cleanedNote(); note != "" {
		return Check{Title: title, Open: true, Text: note, By: by, Place: at}
	}
	return Check{Title: title, OK: true}
}

// RegistrationFault returns a message when the registration details without which an ИП cannot issue an
// invoice are missing, or "" (п. 6 ст. 169 НК РФ; docs/contracts/sbis.md, "УПД: seller title").
func (a Act) RegistrationFault() string {
	if a.Seller.Kind != PartyPerson || a.Function != FunctionActAndInvoice || a.Medium == MediumPaper {
		return ""
	}
	return InvoicerFault(a.Seller)
}

// InvoicerFault returns a message naming the missing details without which an ИП issues no invoices, or "".
func InvoicerFault(p Party) string {
	switch {
	case p.OGRN == "":
		return "Счёт-фактуру ИП выставляет с ОГРНИП и датой его присвоения (п. 6 ст. 169 НК РФ). Укажите ОГРНИП в реквизитах нашей организации."
	case p.Registered.IsZero():
		return "Счёт-фактуру ИП выставляет с ОГРНИП и датой его присвоения (п. 6 ст. 169 НК РФ). Укажите дату в настройках организации."
	}
	return ""
}

// RequisiteFaults lists what is missing or wrong in the requisites of a party.
func (p Party) RequisiteFaults() (wrong []string) {
	if strings.TrimSpace(p.Name) == "" {
		wrong = append(wrong, "не указано название")
	}
	if text := p.innFault(); text != "" {
		wrong = append(wrong, text)
	}
	if p.Kind == PartyCompany {
		if text := CheckKPP(p.KPP); text != "" {
			wrong = append(wrong, text)
		}
	} else if p.LastName == "" || p.FirstName == "" {
		wrong = append(wrong, "не указаны фамилия и имя предпринимателя: заполните поля «Фамилия» и «Имя» реквизитов")
	} else if odd := oddWord(joinWords(p.LastName, p.FirstName, p.MiddleName)); odd != "" {
		wrong = append(wrong, "в имени предпринимателя лишнее или сокращено: «"+odd+"», впишите фамилию и имя полностью")
	}
	if p.OGRN != "" {
		if text := CheckOGRN(p.OGRN, p.Kind); text != "" {
			wrong = append(wrong, text)
		}
	}
	return wrong
}

// innFault returns a message about what is wrong with the ИНН, or "".
func (p Party) innFault() string {
	text := CheckINN(p.INN)
	switch {
	case text != "" || p.KindOrINN() == KindByINN(p.INN):
		return text
	case p.Kind == PartyPerson:
		return "у ИП ИНН из 12 цифр, а указан ИНН организации"
	}
	return "у организации ИНН из 10 цифр, а указан ИНН ИП"
}

func (r Readiness) kindCheck() Check {
	if text := KindFault(r.Act.Buyer, r.Act.PartyKind); text != "" {
		return Check{Title: CheckTitleActType, Text: text, By: FixManager, Place: FixAtForm}
	}
	return Check{Title: CheckTitleActType, OK: true}
}

// KindFault returns a message when the chosen type of the act contradicts the counterparty's kind, or "".
func KindFault(buyer Party, chosen PartyKind) string {
	if text := buyer.Unsupported.Message("Контрагент"); text != "" {
		return text
	}
	is, ofWhom := map[PartyKind]string{PartyCompany: "юрлицо", PartyPerson: "ИП"}, map[PartyKind]string{PartyCompany: "юрлица", PartyPerson: "ИП"}
	if kind := buyer.KindOrINN(); buyer.INN != "" && kind != chosen {
		return "Контрагент — " + is[kind] + ", а выбран акт для " + ofWhom[chosen] + ". Исправьте тип акта."
	}
	return ""
}

// Titles of the checks of the act's dates.
const (
	lineInvoice = "Счёт-фактура"
)

// Numbered is an act that has a number; the zero value is no act.
type Numbered struct {
	Number string
	Date   time.Time
}

// FutureFault returns a message for an act dated after today, or "": a fact of economic life is recorded when
// it happens or directly after it (402-ФЗ art. 9 part 3). today is the date in the portal's time zone.
func FutureFault(date, today time.Time) string {
	if !date.After(day(today.Date())) {
		return ""
	}
	return "Дата акта ещё не наступила: сегодня " + today.Format("02.01.2006") + ". Укажите день, когда работы приняты, не позже сегодняшнего."
}

// dateChecks returns a failed check of the act's date, or warnings about an unusual one.
func (r Readiness) dateChecks() []Check {
	var faults, warnings []string
	if text := FutureFault(r.Act.Date, r.Today); text != "" && !r.Today.IsZero() {
		faults = append(faults, text)
	}
	if r.Closed.Closed(r.Act.DocumentDay()) {
		faults = append(faults, "Период до "+r.Closed.Before.Format("02.01.2006")+" закрыт. Измените дату акта.")
	}
	if r.Act.Number == "" && !r.Act.Correction.IsSet() && r.Act.Date.Before(r.Last.Date) { // ПП 1137, прил. 1, п. 1а: numbers of invoices follow their days
		warnings = append(warnings, "Последний номер этого года выдан более позднему акту: № "+r.Last.Number+" от "+r.Last.Date.Format("02.01.2006")+
			". Номера пойдут не по порядку дат. Проверьте дату.")
	}
	var list []Check
	for _, one := range []struct {
		open  bool
		texts []string
	}{{false, faults}, {true, warnings}} {
		if len(one.texts) > 0 {
			list = append(list, Check{Title: CheckTitleDate, Open: one.open, Text: strings.Join(one.texts, " "), By: FixManager, Place: FixAtForm})
		}
	}
	return append(list, r.lateInvoice()...)
}

// invoiceDays is the number of calendar days after the service within which its invoice is due (п. 3 ст. 168 НК РФ).
const invoiceDays = 5

// lateInvoice warns when an act that is also an invoice is formed or dated later than the law allows. A
// correction keeps the date of the corrected invoice.
func (r Readiness) lateInvoice() []Check {
	service, issued := r.Act.Date, r.Act.Date
	if !r.Act.To.IsZero() {
		service = r.Act.To
	}
	if today := day(r.Today.Date()); today.After(issued) {
		issued = today
	}
	due := service.AddDate(0, 0, invoiceDays)
	if !r.Act.IssuesInvoice(r.Paper) || r.Act.Correction.IsSet() || service.IsZero() || !issued.After(due) {
		return nil
	}
	return []Check{{Title: lineInvoice, Open: true, By: FixManager, Place: FixAtForm,
		Text: "Счёт-фактура выставляется не позднее пяти календарных дней после оказания услуг (п. 3 ст. 168 НК РФ): срок был " + due.Format("02.01.2006") + "."}}
}
