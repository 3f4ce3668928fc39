package sbis

import (
	"context"
	"strconv"
	"time"
)

// User is the person or robot whose session it is.
type User struct {
	Surname    string `json:"Фамилия"`
	Name       string `json:"Имя"`
	Patronymic string `json:"Отчество"`
	Login      string `json:"Логин"`
}

// CurrentUser tells whose session it is: the health check of a connection.
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

// VersionInfo returns the clock of the service, to measure skew (docs/contracts/sbis.md, "Addresses").
func (c *Client) VersionInfo(ctx context.Context) (time.Time, error) {
	var out struct {
		External struct {
			At string `json:"ДатаВремяЗапроса"`
		} `json:"ВнешнийИнтерфейс"`
	}
	if err := c.call(ctx, "СБИС.ИнформацияОВерсии", object{"Параметр": object{}}, &out); err != nil {
		return time.Time{}, err
	}
	return ParseDateTime(out.External.At)
}

// maxOrganizationPages bounds the list of own organisations: 20 pages are beyond any account.
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

// CounterpartyInfo asks what SBIS knows about an organisation and its EDO boxes. КПП is
// required for a legal entity (docs/contracts/sbis.md, "Counterparties").
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

// CheckSession tells whether the kept session is alive; it never opens one.
func (c *Client) CheckSession(ctx context.Context) (bool, error) {
	s, err := c.sessions.Session(ctx)
	if err != nil || s.Value == "" {
		return false, err
	}
	var out struct {
		Active bool `json:"СессияАктивна"`
	}
	err = c.rpc(ctx, c.auth, s, "СБИС.ПроверитьСессию", object{}, &out)
	if IsSession(err) {
		return false, nil
	}
	return out.Active, err
}

// Logout ends the kept session: it withdraws a token, or closes a session. A session that
// is over already counts as done.
func (c *Client) Logout(ctx context.Context) error {
	s, err := c.sessions.Session(ctx)
	if err != nil || s.Value == "" {
		return err
	}
	if s.Header == HeaderToken {
		return c.redact(c.tokenService(ctx, object{"token": s.Value}, &tokens{}), s)
	}
	err = c.rpc(ctx, c.auth, s, "СБИС.Выход", object{}, nil)
	if IsSession(err) || messageContains(err, "не передан идентификатор сессии") {
		return nil
	}
	return err
}
