package acts

// OperatorAccount is what SBIS reports about an account: its user and the organisations available to him.
type OperatorAccount struct {
	User          string                 `json:"user"`
	Organizations []OperatorOrganization `json:"organizations"`
}

// OperatorOrganization is an organisation available in an account.
type OperatorOrganization struct {
	INN       string `json:"inn"`
	KPP       string `json:"kpp,omitempty"`
	Name      string `json:"name"`
	Connected bool   `json:"connected"` // document exchange is enabled
}

// Is reports whether the organisation is the party, by INN and, where both have one, by KPP.
func (o OperatorOrganization) Is(p Party) bool {
	return o.INN == p.INN && o.INN != "" && (o.KPP == p.KPP || o.KPP == "" || p.KPP == "")
}

// Find returns the organisation of the account that is the party; ok is false when there is none.
func (c OperatorAccount) Find(p Party) (o OperatorOrganization, ok bool) {
	for _, one := range c.Organizations {
		if one.Is(p) {
			return one, true
		}
	}
	return o, false
}

// Fault returns a message about why the account cannot send documents of the party, or "".
func (c OperatorAccount) Fault(p Party) string {
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
