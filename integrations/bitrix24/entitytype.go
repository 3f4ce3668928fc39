package bitrix24

import (
	"math"
	"strconv"
)

// EntityType is the number of a kind of CRM object (section 3.1).
type EntityType int

// Kinds of CRM objects that we meet; those of smart processes differ from portal to portal.
const (
	LeadType      EntityType = 1
	DealType      EntityType = 2
	ContactType   EntityType = 3
	CompanyType   EntityType = 4
	RequisiteType EntityType = 8
)

// Short returns the short code: D for a deal, T406 for the smart process 1030 (sections 3.1 and 3.3).
func (t EntityType) Short() string {
	switch t {
	case LeadType:
		return "L"
	case DealType:
		return "D"
	case ContactType:
		return "C"
	case CompanyType:
		return "CO"
	}
	return "T" + strconv.FormatInt(int64(t), 16)
}

// Name returns the name that timeline methods use: deal, company, dynamic_1030 (section 6.4).
func (t EntityType) Name() string {
	switch t {
	case LeadType:
		return "lead"
	case DealType:
		return "deal"
	case ContactType:
		return "contact"
	case CompanyType:
		return "company"
	}
	return "dynamic_" + strconv.Itoa(int(t))
}

// UnmarshalJSON reads every shape of an id.
func (t *EntityType) UnmarshalJSON(data []byte) error {
	var id ID
	if err := id.UnmarshalJSON(data); err != nil || id < 0 || id > math.MaxInt32 {
		return errShape
	}
	*t = EntityType(id)
	return nil
}
