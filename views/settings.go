package views

// SettingsFrame is what every page of the settings has: its name among them and what was wrong in the form, by field.
type SettingsFrame struct {
	Frame
	Section string // the path below /settings, "" for the first page
	Faults  map[string]string
}

// section is one page of the settings and what it is for.
type section struct{ path, label, text string }

var sections = []section{
	{"", "Обзор", ""},
	{"/accounts", "Аккаунты СБИС", "Через них электронные акты уходят на подпись: ключи, сертификаты, способ подписания."},
	{"/companies", "Наши организации", "От чьего имени составляются акты, кто подписывает, как они нумеруются, закрытый период."},
	{"/stages", "Стадии сделок", "Куда и когда сделки переходят сами."},
	{"/question", "Вопрос контрагенту", "Письмо со ссылкой на форму: на бумаге или через ЭДО."},
	{"/days", "Рабочие дни", "По ним считаются сроки и напоминания."},
	{"/people", "Люди", "Кто смотрит акты, кто с ними работает, кто управляет приложением."},
	{"/storage", "Хранение", "Сколько данные хранятся после удаления приложения."},
}

// Overview is the first page of the settings: what is still to be done, and the way to the others.
type Overview struct {
	SettingsFrame
	ToDo    []ToDo
	Account string // what is wrong with an SBIS account, "" when nothing is
}

// QuestionRules is what the settings say of the question to counterparties.
type QuestionRules struct {
	SettingsFrame
	Off, Once, HandOver bool
	Days, Valid         string
	Subject, Body       string
	Native              string
	Fields              []NativeField
	Placeholders        [][2]string
	PreviewSubject      string
	Preview             string // the letter as it would go, as HTML made by us
}

// NativeField is a field of deals that holds a part of the answer.
type NativeField struct{ Name, Label, Value string }

// Days is what the settings say of working days and reminders.
type Days struct {
	SettingsFrame
	Portal  string // what the portal says, in words
	Unknown string // a year whose calendar is not published
	Off, On string // days added by the administrator, one a line
	Terms   []TermField
}

// TermField is a term of reminders in days.
type TermField struct{ Name, Label, Value string }

// Stages is which stages of deals stand for ours.
type Stages struct {
	SettingsFrame
	Pipelines    []Pipeline
	DoneByFormed bool
	WithoutFiles bool
}

// Pipeline maps our stages to those of a pipeline.
type Pipeline struct {
	ID, Name string
	Stages   []StageChoice
	Await    []Option // stages whose deals wait for an act
	Rules    []StageRule
	Missing  []string // ours that no stage stands for
}

// StageChoice is the stage that stands for one of ours.
type StageChoice struct {
	Field, Label string
	Options      []Option
	Lost         string // it stood for ours and was deleted
	Doubt        string // why the choice deserves a second look
}

// StageRule says what will move when.
type StageRule struct {
	When, Then, Stage string
	Off               bool // nothing will, no stage is chosen
}

// Storage is for how long data stays after the app was removed.
type Storage struct {
	SettingsFrame
	Days, Reason string
}

// Companies are our companies in the settings.
type Companies struct {
	SettingsFrame
	Companies []Company
}

// Company is one of our companies in the settings.
type Company struct {
	ID, Name                              string
	Requisites                            []Fact
	Lacks                                 string // what is missing in its requisites
	Card                                  Link   // where they are kept
	Participant, Signer, Position, Ground string
	Power, PowerFrom, PowerTo             string
	PowerState                            Chip
	Certificates                          []Option
	Numbers, NextNumber                   string
	Manual                                bool
	VATGround                             string
	VAT, Types, Channels                  []Option
	Functions, Accounts, Forms            []Option
	Closed, Today                         string
	Tries                                 []Event // in the closed period
	Logo                                  bool
	State                                 Chip
	Faults                                map[string]string
}

// Accounts are the SBIS accounts in the settings.
type Accounts struct {
	SettingsFrame
	Accounts []Account
	New      AccountLogin
	Tried    string // the account whose form was not taken, "0" for a new one
	Form     string // which of its forms
}

// Account is an SBIS account in the settings.
type Account struct {
	ID, Name, Problem string
	State             Chip
	Checked           string // when SBIS was asked, and who enters
	Organizations     []Organization
	Certificates      []Certificate
	Signings          []Option
	Login             AccountLogin
}

// AccountLogin is the way into an account as far as it may be shown: no secret is.
type AccountLogin struct{ ID, Name, ClientID, Login string }

// Organization is an organisation of an account beside ours.
type Organization struct {
	Name, Details, Note string
	State               Chip
}

// Certificate is a signing certificate of an account.
type Certificate struct {
	Thumbprint, Owner, Details, Key string
	State                           Chip
	Activate                        bool // a code by SMS is needed
}

// faultOf is what was wrong in a field of one form of an account.
func (m Accounts) faultOf(account, form, field string) string {
	if !m.tried(account, form) {
		return ""
	}
	return m.Faults[field]
}

// tried reports whether this form of the account was not taken.
func (m Accounts) tried(account, form string) bool { return m.Tried == account && m.Form == form }
