package sbis

import "context"

// Codes of Invitation.State (docs/contracts/sbis.md, "Counterparties").
const (
	InvitationSent      = 2
	InvitationConnected = 7
)

// Invitation is an invitation of SBIS to a counterparty to connect to EDO.
type Invitation struct {
	ID    string `json:"Идентификатор"`
	State State  `json:"Состояние"`
}

// InvitationRequest is the input of SendInvitation.
type InvitationRequest struct {
	OwnBoxID     string
	Counterparty Invited
}

// Invited is a counterparty without a box: a company by Name, a sole trader by Surname.
type Invited struct {
	INN        string `json:"ИНН"`
	KPP        string `json:"КПП,omitempty"`
	Name       string `json:"Название,omitempty"`
	Surname    string `json:"Фамилия,omitempty"`
	FirstName  string `json:"Имя,omitempty"`
	Patronymic string `json:"Отчество,omitempty"`
	Email      string `json:"Email,omitempty"`
	BoxID      string `json:"ИдентификаторАЯ,omitempty"`
}

// SendInvitation invites a counterparty. For a connected counterparty, which SBIS reports as an
// error, it returns an invitation in state InvitationConnected (docs/contracts/sbis.md, "Counterparties").
func (c *Client) SendInvitation(ctx context.Context, r InvitationRequest) (*Invitation, error) {
	in := object{
		"НашаОрганизация": object{"ИдентификаторАЯ": r.OwnBoxID},
		"Контрагент":      r.Counterparty,
	}
	var out Invitation
	err := c.call(ctx, "СБИС.ОтправитьПриглашение", object{"Приглашение": in}, &out)
	if messageContains(err, "приглашение не требуется", "уже зарегистрирован", "можно обмениваться документами") {
		return &Invitation{State: State{Code: InvitationConnected}}, nil
	}
	if err != nil {
		return nil, err
	}
	return &out, nil
}
