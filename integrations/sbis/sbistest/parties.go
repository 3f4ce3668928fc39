package sbistest

import "github.com/google/uuid"

// counterpartyInfo returns what is known of an organisation. Its member Идентификатор is the id of the first box, or a list of all boxes when
// ДопПоля requests one (docs/contracts/sbis.md, "Counterparties").
func (c *call) counterpartyInfo(params dict) (any, *refusal) {
	o, r := readParty(params, "Участник")
	if r != nil {
		return nil, r
	}
	known := c.counterparty(o.INN, o.KPP)
	if known == nil {
		known = &Counterparty{Organization: o}
	}
	out := renderParty(known.Organization)
	if params.object("Участник").text("ДопПоля") != "СписокИдентификаторов" {
		if len(known.Boxes) > 0 {
			out["Идентификатор"] = known.Boxes[0].ID
		}
		return out, nil
	}
	boxes := []any{}
	for _, b := range known.Boxes {
		boxes = append(boxes, renderBox(b, known.Connected))
	}
	out["Идентификатор"] = boxes
	return out, nil
}

func renderBox(b Box, connected bool) dict {
	state := dict{"Код": "7", "Описание": "Подключен"}
	if !connected {
		state = dict{"Код": "2", "Описание": "Без аккаунта (отправлено приглашение)"}
	}
	if b.Code != "" {
		state = dict{"Код": b.Code, "Описание": b.State}
	}
	return dict{
		"ИдентификаторУчастника": b.ID, "Комментарий": "", "Основной": yesNo(b.Main), "Роуминг": yesNo(b.Roaming),
		"Оператор": dict{"Идентификатор": b.Operator, "Название": b.Name}, "СостояниеПодключения": state,
	}
}

// ownOrganizations returns the organisations of the account on one page.
func (c *call) ownOrganizations(params dict) (any, *refusal) {
	in := params.object("Фильтр")
	if in == nil {
		return nil, missing("Фильтр")
	}
	list := []any{}
	if n, _ := in.object("Навигация").number("Страница"); n == 0 {
		for _, o := range c.account.Own {
			one := renderParty(o)
			one["ДокументооборотПодключен"] = yesNo(o.Connected)
			list = append(list, one)
		}
	}
	return dict{"НашаОрганизация": list, "Навигация": dict{"ЕстьЕще": "Нет", "РазмерСтраницы": "50", "Страница": "0"}}, nil
}

// sendInvitation invites a counterparty to connect; a connected counterparty is an error that
// means success (docs/contracts/sbis.md, "Counterparties").
func (c *call) sendInvitation(params dict) (any, *refusal) {
	in := params.object("Приглашение")
	if in == nil {
		return nil, missing("Приглашение")
	}
	box, side := in.object("НашаОрганизация").text("ИдентификаторАЯ"), in.object("Контрагент")
	own := false
	for _, o := range c.account.Own {
		own = own || (o.BoxID != "" && o.BoxID == box)
	}
	switch {
	case !own:
		return nil, refuse("Неизвестный идентификатор участника: %s", box)
	case !hasDigits(side.text("ИНН"), 10) && !hasDigits(side.text("ИНН"), 12):
		return nil, refuse("Неверный ИНН контрагента")
	}
	o := Organization{INN: side.text("ИНН"), KPP: side.text("КПП"), Name: side.text("Название")}
	if known := c.counterparty(o.INN, o.KPP); known != nil && known.Connected {
		return nil, refuse("Приглашение не требуется: с контрагентом уже можно обмениваться документами")
	}
	i := c.invite(c.account.key(), o)
	c.line.Effect = "invited"
	c.changed()
	return dict{"Идентификатор": i.ID}, nil
}

// invite returns the invitation of a counterparty, a new one if necessary.
func (s *Server) invite(account string, o Organization) *invitation {
	for _, i := range s.st.Invitations {
		if i.Account == account && i.INN == o.INN && i.KPP == o.KPP {
			return i
		}
	}
	i := &invitation{ID: uuid.NewString(), Account: account, INN: o.INN, KPP: o.KPP, Code: 2}
	s.st.Invitations = append(s.st.Invitations, i)
	return i
}

func (c *call) readInvitation(params dict) (any, *refusal) {
	id := params.object("Приглашение").text("Идентификатор")
	for _, i := range c.st.Invitations {
		if i.ID == id && i.Account == c.account.key() {
			return renderInvitation(i), nil
		}
	}
	return nil, refuse("Приглашение не найдено")
}

func renderInvitation(i *invitation) dict {
	state := dict{"Код": "2", "Название": "Отправлено"}
	if i.Code == 7 {
		state = dict{"Код": "7", "Название": "Подключен"}
	}
	return dict{"Идентификатор": i.ID, "Состояние": state}
}
