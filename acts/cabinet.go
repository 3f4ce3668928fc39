package acts

// Cabinet is what SBIS says of an account: who enters it and which organisations he sees.
type Cabinet struct {
	User          string                `json:"user"`
	Organizations []CabinetOrganization `json:"organizations"`
}

// CabinetOrganization is an organisation of an account.
type CabinetOrganization struct {
	INN       string `json:"inn"`
	KPP       string `json:"kpp,omitempty"`
	Name      string `json:"name"`
	Connected bool   `json:"connected"` // exchange of documents is on
}

// Is reports whether it is the party, by INN and, where both have one, КПП.
func (o CabinetOrganization) Is(p Party) bool {
	return o.INN == p.INN && o.INN != "" && (o.KPP == p.KPP || o.KPP == "" || p.KPP == "")
}

// Find is the account's organisation that is the party; ok is false when the account has none.
func (c Cabinet) Find(p Party) (o CabinetOrganization, ok bool) {
	for _, one := range c.Organizations {
		if one.Is(p) {
			return one, true
		}
	}
	return o, false
}

// Fault is a sentence about why the account cannot send documents of the party, or "".
func (c Cabinet) Fault(p Party) string {
	if _, ok := c.Find(p); ok {
		return ""
	}
	for _, o := range c.Organizations {
		if o.INN == p.INN && p.INN != "" {
			return "В этом аккаунте СБИС у организации другой КПП: " + o.KPP + ". Исправьте КПП в карточке организации или подключите аккаунт нужного филиала."
		}
	}
	return "Этот аккаунт СБИС не знает организацию с ИНН " + p.INN + ". Выберите аккаунт, в котором она есть, или добавьте её в кабинете СБИС и нажмите «Проверить» у аккаунта."
}
