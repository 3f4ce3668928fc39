package sbistest

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// codePause is the shortest interval between two activation codes (docs/contracts/sbis.md, "Certificates").
const codePause = 10 * time.Second

// serverCertificate returns a certificate of the account whose key the service stores.
func (c *call) serverCertificate(params dict) (*Certificate, *refusal) {
	in := params.object("Сертификат")
	if in == nil {
		return nil, missing("Сертификат")
	}
	for i := range c.account.Certificates {
		cert := &c.account.Certificates[i]
		if !strings.EqualFold(cert.Thumbprint, in.text("Отпечаток")) {
			continue
		}
		switch {
		case cert.KeyType != keyServer:
			return nil, refuse("Ключ сертификата хранится не на сервере")
		case cert.Activated:
			return nil, refuse("Сертификат уже активирован")
		}
		return cert, nil
	}
	return nil, refuse("Сертификат не найден")
}

// sendCode sends the owner a code by SMS (docs/contracts/sbis.md, "Certificates").
func (c *call) sendCode(params dict) (any, *refusal) {
	cert, r := c.serverCertificate(params)
	if r != nil {
		return nil, r
	}
	now := c.cfg.Machine()
	if now.Sub(cert.CodeAt) < codePause {
		return nil, refuse("Код уже отправлен. Повторный запрос возможен через 10 секунд")
	}
	cert.Code, cert.CodeAt = fmt.Sprintf("%06d", rand.IntN(1e6)), now
	c.line.Effect = "code sent"
	c.changed()
	return nil, nil
}

// activate checks the code (docs/contracts/sbis.md, "Certificates").
func (c *call) activate(params dict) (any, *refusal) {
	cert, r := c.serverCertificate(params)
	if r != nil {
		return nil, r
	}
	if code := params.object("Сертификат").text("КодАктивации"); cert.Code == "" || code != cert.Code {
		return nil, refuse("Неверный код активации")
	}
	cert.Activated, cert.Code = true, ""
	c.line.Effect = "activated"
	c.changed()
	return nil, nil
}

// SMS is a message to the owner of a certificate.
type SMS struct {
	Owner, Thumbprint, Code string
	At                      time.Time
}

// Messages returns the unused activation codes.
func (s *Server) Messages() (list []SMS) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range s.st.Accounts {
		for _, cert := range a.Certificates {
			if cert.Code != "" {
				list = append(list, SMS{cert.Owner.Full(), cert.Thumbprint, cert.Code, cert.CodeAt.In(moscow)})
			}
		}
	}
	return list
}
