package bitrix24test

// rowList wants both =ownerType and =ownerId, with the sign.
func rowList(c *call) (any, error) {
	filter := fields(c.p["filter"])
	code, id := text(filter["=ownerType"]), integer(filter["=ownerId"])
	if code == "" || id == 0 {
		return nil, bad("0", "Required filter fields: =ownerType, =ownerId")
	}
	entityType := ownerType(code)
	if entityType == 0 || !c.st.knowsType(entityType) {
		return nil, bad("ENTITY_TYPE_NOT_SUPPORTED", "Entity type is not supported")
	}
	if c.st.records(entityType).get(id) == nil {
		return nil, bad("OWNER_NOT_FOUND", "Owner was not found")
	}
	if !c.st.maySee(c.user, entityType, id) {
		return nil, bad("ACCESS_DENIED", "Доступ запрещен")
	}
	var rows []Fields
	for _, r := range c.st.Rows[rowsKey(code, id)] {
		if fieldFits(r, filter) {
			rows = append(rows, r)
		}
	}
	keys := c.orderKeys()
	if len(keys) == 0 {
		keys = []sortKey{{"id", false}}
	}
	sortRows(rows, keys)
	page := c.page(rows)
	if page == nil {
		page = []Fields{}
	}
	return Fields{"productRows": page}, nil
}

// rowSet replaces all rows of the owner; they get new numbers.
func rowSet(c *call) (any, error) {
	code, id := text(c.p["ownerType"]), integer(c.p["ownerId"])
	entityType := ownerType(code)
	if entityType == 0 || !c.st.takesProducts(entityType) {
		return nil, bad("ENTITY_TYPE_NOT_SUPPORTED", "Entity type is not supported")
	}
	if c.st.records(entityType).get(id) == nil {
		return nil, bad("OWNER_NOT_FOUND", "Owner was not found")
	}
	if !c.st.maySee(c.user, entityType, id) {
		return nil, bad("ACCESS_DENIED", "Доступ запрещен")
	}
	var in []Fields
	for _, raw := range list(c.p["productRows"]) {
		f := fields(raw)
		c.recordIgnored("crm.item.productrow.set", f)
		delete(f, "id")
		in = append(in, f)
	}
	rows := c.replaceRows(entityType, id, in, c.user)
	out := []any{}
	for _, r := range rows {
		out = append(out, plain(r))
	}
	return Fields{"productRows": out}, nil
}

func (s *state) takesProducts(entityType int) bool {
	if entityType == Deal {
		return true
	}
	t := s.typeByEntity(entityType)
	return t != nil && truth(t.Flags["isLinkWithProductsEnabled"])
}
