package sbistest

import (
	"encoding/base64"
	"strings"
)

// certificateFor returns the named certificate after checking that it can sign.
func (c *call) certificateFor(s step, execute bool) (Certificate, *refusal) {
	thumb := s.action.object("Сертификат").text("Отпечаток")
	if thumb == "" {
		return Certificate{}, refuse("Не указан сертификат")
	}
	for _, cert := range c.account.Certificates {
		if !strings.EqualFold(cert.Thumbprint, thumb) {
			continue
		}
		switch {
		case c.cfg.Now().After(cert.Until):
			return cert, refuse("Подписание по просроченному сертификату невозможно")
		case cert.KeyType == keyServer && !cert.Activated:
			return cert, refuse("Сертификат не активирован")
		case execute && cert.KeyType == keyServer && len(s.files) > 0:
			return cert, refuse("Подпись ставится ключом на сервере, вложения указывать не нужно")
		case cert.KeyType == keyServer && !s.document.mayBeSignedBy(cert):
			return cert, refuse("Сертификат не принадлежит организации %s", s.document.Ours.INN)
		case execute && cert.KeyType == keyClient && len(s.files) == 0:
			return cert, refuse("Не приложен файл подписи")
		}
		return cert, nil
	}
	return Certificate{}, refuse("Сертификат не найден")
}

// takeSignatures stores signatures made by the client; an attachment without one is refused.
func (s step) takeSignatures(cert Certificate) *refusal {
	for _, item := range s.files {
		list := item.list("Подпись")
		if len(list) == 0 {
			return refuse("К вложению не приложен файл подписи")
		}
		var target *attachment
		for _, a := range s.document.Attachments {
			if a.ID == item.text("Идентификатор") {
				target = a
			}
		}
		if target == nil {
			return refuse("Вложение не найдено")
		}
		for _, one := range list {
			file := one.object("Файл")
			data, err := base64.StdEncoding.DecodeString(file.text("ДвоичныеДанные"))
			if err != nil || len(data) == 0 {
				return refuse("Файл подписи повреждён")
			}
			power := one.object("Сертификат").object("Доверенность").text("ИдентификаторМЧД")
			target.Signatures = append(target.Signatures, signature{Name: file.text("Имя"), Data: data, Power: power})
		}
	}
	if len(s.files) > 0 && cert.KeyType == keyClient {
		for _, a := range s.document.Attachments {
			if len(a.Signatures) == 0 {
				return refuse("Не хватает подписи к файлу %s", a.Name)
			}
		}
	}
	return nil
}

// mayBeSignedBy reports whether the certificate belongs to the organisation, or the files name a power of attorney (assumed).
func (d *document) mayBeSignedBy(cert Certificate) bool {
	if cert.INN == "" || cert.INN == d.Ours.INN {
		return true
	}
	for _, a := range d.Attachments {
		if a.Power == "" {
			return false
		}
	}
	return true
}
