package sbis

import (
	"context"
	"strconv"
)

// User is the user of a session.
type User struct {
	Surname    string `json:"Фамилия"`
	Name       string `json:"Имя"`
	Patronymic string `json:"Отчество"`
	Login      string `json:"Логин"`
}

// CurrentUser returns the user of the session. It also checks the connection.
func (c *Client) CurrentUser(ctx context.Context) (*User, error) {
	var out struct {
		User User `json:"Пользователь"`
	}
	err := c.call(ctx, "СБИС.ИнформацияОТекущемПользователе", object{"Параметр": nil}, &out)
	if err != nil {
		return nil, err
	}
	return &out.User, nil
}

// maxOrganizationPages limits the pages of own organisations; real accounts have fewer.
const maxOrganizationPages = 20

// OwnOrganizations lists the organisations that the session may see.
func (c *Client) OwnOrganizations(ctx context.Context) ([]OwnOrganization, error) {
	var all []OwnOrganization
	for page := range maxOrganizationPages {
		var out struct {
			List   []OwnOrganization `json:"НашаОрганизация"`
			Paging Paging            `json:"Навигация"`
		}
		filter := object{"Навигация": object{"Страница": strconv.Itoa(page)}}
		if err := c.call(ctx, "СБИС.СписокНашихОрганизаций", object{"Фильтр": filter}, &out); err != nil {
			return nil, err
		}
		all = append(all, out.List...)
		if !out.Paging.More || len(out.List) == 0 {
			break
		}
	}
	return all, nil
}

// CounterpartyInfo returns the data of SBIS about an organisation and its EDO boxes. КПП is required for a legal entity
// (docs/contracts/sbis.md, "Counterparties").
func (c *Client) CounterpartyInfo(ctx context.Context, o Organization) (*Counterparty, error) {
	in := struct {
		Organization
		Extra string `json:"ДопПоля"`
	}{o, "СписокИдентификаторов"}
	var out Counterparty
	if err := c.call(ctx, "СБИС.ИнформацияОКонтрагенте", object{"Участник": in}, &out); err != nil {
		return nil, err
	}
	return &out, nil
}
