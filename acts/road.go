package acts

// Road is the event by which a person brings the act to a status; ok is false when no event of his does.
func (a Act) Road(to Status) (e Event, ok bool) {
	for _, s := range steps {
		if s.to == to && s.from != to && s.matches(a, s.event, ByPerson) {
			return s.event, true
		}
	}
	return "", false
}
