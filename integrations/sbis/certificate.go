package sbis

import "context"

// Certificate is a signing certificate of the account (docs/contracts/sbis.md, "Writing a document" and "Certificates").
type Certificate struct {
	Thumbprint string `json:"Отпечаток"`
	Owner      string `json:"ФИО"`
	INN        string `json:"ИНН"`
	Position   string `json:"Должность"`
	ValidFrom  string `json:"ДействителенС"`
	ValidTo    string `json:"ДействителенПо"`
	Qualified  bool   `json:"Квалифицированный"`
	Serial     string `json:"СерийныйНомер"`
	Key        Key    `json:"Ключ"`
}

// Key describes where the private key of a certificate is.
type Key struct {
	Type       string `json:"Тип"`
	Activated  bool   `json:"Активирован"`
	Activation string `json:"СпособАктивации"`
}

// ListCertificates returns the certificates of the account, all when thumbprint is empty.
func (c *Client) ListCertificates(ctx context.Context, thumbprint string) ([]Certificate, error) {
	filter := object{}
	if thumbprint != "" {
		filter["Сертификат"] = certRef{Thumbprint: thumbprint}
	}
	var out struct {
		List []Certificate `json:"Сертификат"`
	}
	if err := c.call(ctx, "СБИС.СписокСертификатов", object{"Фильтр": filter}, &out); err != nil {
		return nil, err
	}
	return out.List, nil
}

// ActivationCode requests an SMS with an activation code to the owner of a certificate, at most every ten seconds
// (docs/contracts/sbis.md, "Certificates").
func (c *Client) ActivationCode(ctx context.Context, thumbprint string) error {
	return c.call(ctx, "СБИС.ПолучитьКодАктивацииСертификата", object{"Сертификат": certRef{Thumbprint: thumbprint}}, nil)
}

// ActivateCertificate activates a certificate whose key SBIS stores, with the code sent to its owner
// (docs/contracts/sbis.md, "Certificates").
func (c *Client) ActivateCertificate(ctx context.Context, thumbprint, code string) error {
	return c.call(ctx, "СБИС.АктивироватьСертификат", object{"Сертификат": object{"Отпечаток": thumbprint, "КодАктивации": code}}, nil)
}
