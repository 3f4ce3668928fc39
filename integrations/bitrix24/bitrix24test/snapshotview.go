package bitrix24test

// Snapshot is what state.json shows: the business side of the portal, without tokens.
func (p *Portal) Snapshot() Fields {
	deals := []Fields{}
	for _, d := range p.Items(Deal) {
		d["productRows"] = p.Rows(Deal, integer(d["id"]))
		d["stageName"] = p.StageName(Deal, text(d["stageId"]))
		deals = append(deals, d)
	}
	items := []Fields{}
	for _, t := range p.Types() {
		for _, r := range p.Items(t.EntityTypeID) {
			r["productRows"] = p.Rows(t.EntityTypeID, integer(r["id"]))
			r["stageName"] = p.StageName(t.EntityTypeID, text(r["stageId"]))
			items = append(items, r)
		}
	}
	return Fields{
		"version": p.Version(), "now": p.nowText(), "installed": p.Installed(), "deals": deals, "items": items,
		"companies": p.Items(Company), "contacts": p.Items(Contact), "tasks": p.Tasks(), "users": p.Users(),
		"notifications": p.Notifications(), "letters": p.Letters(), "timeline": p.Timeline(), "types": p.Types(),
		"handlers": p.Handlers(), "placements": p.allPlacements(),
		"bin": p.Bin(), "mail": p.MailConnected(), "events": !p.EventsDropped(),
	}
}

// StageName is the name of a stage; the id itself when it is unknown.
func (p *Portal) StageName(entityType int, id string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if s := p.st.stage(entityType, id); s != nil {
		return s.Name
	}
	return id
}

func (p *Portal) allPlacements() []Placement {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := []Placement{}
	for _, pl := range p.st.Placements {
		out = append(out, *pl)
	}
	return out
}
