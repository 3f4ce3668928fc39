package sbistest

import "strings"

// certificates lists the certificates of the account, or the one with a thumbprint.
func (c *call) certificates(params dict) (any, *refusal) {
	in := params.object("Фильтр")
	if in == nil {
		return nil, missing("Фильтр")
	}
	thumb := in.object("Сертификат").text("Отпечаток")
	list := []any{}
	for _, cert := range c.account.Certificates {
		if thumb == "" || strings.EqualFold(thumb, cert.Thumbprint) {
			list = append(list, renderCertificate(cert))
		}
	}
	return dict{"Сертификат": list}, nil
}

// certificatesOf returns the certificates that may sign the document.
func (c *call) certificatesOf(d *document) []Certificate {
	if a := c.Server.account(d.Account); a != nil {
		return a.Certificates
	}
	return nil
}

func (c *call) currentUser(params dict) (any, *refusal) {
	if _, given := params["Параметр"]; !given {
		return nil, missing("Параметр")
	}
	p := c.account.Owner
	return dict{"Пользователь": dict{
		"Фамилия": p.Surname, "Имя": p.Name, "Отчество": p.Patronymic, "Логин": c.account.Login,
	}}, nil
}

func (c *call) versionInfo(dict) (any, *refusal) {
	return dict{"ВнешнийИнтерфейс": dict{"ДатаВремяЗапроса": moment(c.cfg.Now())}}, nil
}
