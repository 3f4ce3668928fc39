package sbistest

import (
	"net/http"
	"time"
)

const (
	sessionIdle  = 24 * time.Hour // an idle session ends (docs/contracts/sbis.md, "Session")
	maxFailures  = 5              // wrong passwords before a captcha (assumed)
	headerID     = "X-SBISSessionID"
	headerToken  = "X-SBISAccessToken"
	accountField = "НомерАккаунта"
)

func sessionOf(r *http.Request) string {
	return orElse(r.Header.Get(headerToken), r.Header.Get(headerID))
}

// logIn opens a session by login and password (docs/contracts/sbis.md, "Ways in").
func (c *call) logIn(in dict) (any, *refusal) {
	p := in.object("Параметр")
	if p == nil {
		return nil, missing("Параметр")
	}
	if !c.meter.login(c.cfg.Machine(), c.cfg.Limits) {
		return nil, errTooMany
	}
	c.line.User = p.text("Логин")
	a := c.accountOf(p.text("Логин"), p.text(accountField))
	switch {
	case a == nil:
		return nil, warning("Неверный логин или пароль")
	case a.Failures >= maxFailures:
		return nil, warning("Слишком много попыток входа. Войдите через сайт и введите код с картинки")
	case a.Password != p.text("Пароль"):
		a.Failures++
		c.changed()
		return nil, warning("Неверный логин или пароль")
	case a.SecondFactor:
		return nil, secondFactor()
	}
	a.Failures = 0
	return c.open(a, false), nil
}

// accountOf returns an account by login; the number selects one of several.
func (c *call) accountOf(login, number string) *Account {
	for _, a := range c.st.Accounts {
		if a.Login != "" && a.Login == login && (number == "" || a.Number == number) {
			return a
		}
	}
	return nil
}

func warning(text string) *refusal {
	r := refuse("%s", text)
	r.kind = "warning"
	return r
}

// secondFactor is the refusal that requires a confirmation code (docs/contracts/sbis.md, "Second factor").
func secondFactor() *refusal {
	r := refuse("Для входа введите полученный код подтверждения.")
	r.info = dict{
		"Идентификатор": "2f3b6c", "Телефон": "+7(9**)***-**-11", "Сообщение": "",
		"МетодОтправкиКодаПодтверждения": "СБИС.ОтправитьКодПодтверждения",
		"МетодПроверкиКодаИсключения":    "СБИС.ПодтвердитьВход",
		"ИдентификаторСессии":            secret(16),
	}
	return r
}

// open opens a session; the oldest sessions of the account beyond the limit end.
func (c *call) open(a *Account, token bool) string {
	one := &session{Value: "0000-" + secret(20), Token: token, Account: a.key(), Used: c.cfg.Now()}
	c.st.Sessions = append(c.st.Sessions, one)
	c.index.sessions[one.Value] = one
	var remaining []*session
	ofAccount := 0
	for i := len(c.st.Sessions) - 1; i >= 0; i-- {
		s := c.st.Sessions[i]
		if s.Account == one.Account {
			if ofAccount++; ofAccount > c.cfg.Limits.Sessions && !c.cfg.Limits.Off {
				delete(c.index.sessions, s.Value)
				continue
			}
		}
		remaining = append([]*session{s}, remaining...)
	}
	c.st.Sessions = remaining
	c.line.Effect = "session"
	c.changed()
	return one.Value
}

// authorized finds the account of the session and extends the session.
func (c *call) authorized() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	one := c.index.sessions[c.session]
	now := c.cfg.Now()
	if one == nil || now.Sub(one.Used) > sessionIdle || c.plan.Has(FaultExpired) {
		c.endSession(c.session)
		return false
	}
	if now.After(one.Used) {
		one.Used = now
	}
	c.account = c.Server.account(one.Account)
	c.line.User = one.Account
	return c.account != nil
}

// endSession ends one session; the caller holds the lock.
func (s *Server) endSession(value string) {
	delete(s.index.sessions, value)
	remaining := s.st.Sessions[:0]
	for _, one := range s.st.Sessions {
		if one.Value != value {
			remaining = append(remaining, one)
		}
	}
	s.st.Sessions = remaining
}

// ExpireSessions ends the sessions of an account; "" means of all.
func (s *Server) ExpireSessions(account string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var remaining []*session
	for _, one := range s.st.Sessions {
		if account != "" && one.Account != account {
			remaining = append(remaining, one)
		}
	}
	s.st.Sessions = remaining
	s.reindex()
	s.changed()
}

func (c *call) checkSession(dict) (any, *refusal) {
	one := c.index.sessions[c.session]
	if one == nil || c.cfg.Now().Sub(one.Used) > sessionIdle {
		return nil, errNotAuthorized
	}
	return dict{"СессияАктивна": "Да"}, nil
}

func (c *call) logOut(dict) (any, *refusal) {
	if c.index.sessions[c.session] == nil {
		r := warning("Ошибка входных параметров: не передан идентификатор сессии")
		r.class = ""
		return nil, r
	}
	c.endSession(c.session)
	c.changed()
	return nil, nil
}
