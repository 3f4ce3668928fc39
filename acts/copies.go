package acts

// Side names who signed a copy of an act: the file is our signed copy, theirs, or signed by both.
type Side string

// The two parties, and both.
const (
	SideOurs   Side = "ours"   // «Акт, подписанный нами»
	SideTheirs Side = "theirs" // «Акт, подписанный заявителем»
	SideSigned Side = "signed" // files of both parties that the operator of an electronic act has
)

// Label returns the side as users read it; the CRM field of its copies has the same name.
func (s Side) Label() string {
	switch s {
	case SideOurs:
		return "Акт, подписанный нами"
	case SideSigned:
		return "Подписанный комплект ЭДО"
	}
	return "Акт, подписанный заявителем"
}

// Event returns the event that the arrival of a copy causes for a paper act.
func (s Side) Event() Event {
	if s == SideOurs {
		return EventOurSignature
	}
	return EventCountersignature
}
