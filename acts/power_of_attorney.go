package acts

import (
	"regexp"
	"time"
)

// PowerOfAttorney is a machine-readable power of attorney (МЧД), identified by its number.
type PowerOfAttorney struct {
	ID     string    `json:"id,omitempty"`
	Issued time.Time `json:"issued,omitzero"`
	Until  time.Time `json:"until,omitzero"` // last day of validity
}

// PowerOfAttorneyRegistry is the storage of powers of attorney named in documents (ИдСистХран of УПД 5.03): the register of ФНС.
const PowerOfAttorneyRegistry = "https://m4d.nalog.gov.ru/"

// Fault returns a message about why the power of attorney cannot be used on a day, or "".
func (p PowerOfAttorney) Fault(today time.Time) string {
	today = day(today.Date())
	switch {
	case p.ID == "":
		return ""
	case !p.Issued.IsZero() && today.Before(p.Issued):
		return "Доверенность подписанта действует только с " + p.Issued.Format("02.01.2006") + "."
	case !p.Until.IsZero() && today.After(p.Until):
		return "Доверенность подписанта истекла " + p.Until.Format("02.01.2006") + ". Оформите новую и впишите её номер в настройках организации."
	}
	return ""
}

var powerShape = regexp.MustCompile(`^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`)

// CheckPowerOfAttorney adds the faults of a typed power of attorney.
func CheckPowerOfAttorney(faults *Faults, p PowerOfAttorney) {
	if p.ID == "" {
		if !p.Issued.IsZero() || !p.Until.IsZero() {
			faults.Add("power", "Укажите номер доверенности или сотрите её даты.")
		}
		return
	}
	if !powerShape.MatchString(p.ID) {
		faults.Add("power", "Номер доверенности — 36 знаков вида dd52c3d2-405b-7fca-b0a3-0a2e5abb45f3.")
	}
	switch {
	case p.Issued.IsZero():
		faults.Add("power-from", "Укажите дату выдачи доверенности.")
	case p.Until.IsZero():
		faults.Add("power-to", "Укажите, до какого дня действует доверенность.")
	case p.Until.Before(p.Issued):
		faults.Add("power-to", "Доверенность заканчивается раньше, чем выдана.")
	}
}
