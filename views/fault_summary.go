package views

import (
	"bytes"
	"cmp"
	"context"
	"io"

	"github.com/a-h/templ"
)

// FormFault is a fault of a form that was not accepted.
type FormFault struct{ Field, Text string }

// fieldLabels names the fields whose messages do not stand below a label of their own.
var fieldLabels = map[string]string{
	"type": "Тип акта", "own": "Исполнитель", "buyer": "Заказчик", "participant": "Идентификатор участника ЭДО", "rows": "Позиции сделки", "lines": "Строки акта", "key": "Форма",
	"date": "Дата акта", "correction-cause": "Почему изменились суммы", "channel": "Способ обмена", "email": "E-mail для актов", "post": "Почтовый адрес", "address": "E-mail контрагента",
	"reason": "Причина", "login": "Вход в СБИС", "signing": "Как подписывать документы", "code": "Код из СМС", "name": "Название", "role": "Роль", "roles": "Роли", "user": "Сотрудники",
	"department": "Отдел", "workgroup": "Рабочая группа", "source": "Откуда брать основание", "numbers": "Номера актов", "body": "Текст письма", "q": "Поиск", "filter": "Фильтр",
}

// shownFaults collects the fields whose messages a page shows, with their labels.
type shownFaults map[string]string

type shownFaultsKey struct{}

// noteFault records that the message of a field is shown, and returns the id of its element.
func noteFault(ctx context.Context, field, label string) string {
	if shown, ok := ctx.Value(shownFaultsKey{}).(shownFaults); ok {
		shown[field] = cmp.Or(label, fieldLabels[field], "Поле с ошибкой")
	}
	return "fault-" + field
}

// faultLink is a line of the summary of mistakes: a link to a field, or the message of a field that the page does not show.
type faultLink struct{ Href, Text string }

// faultLinks returns the lines of the summary.
func faultLinks(list []FormFault, shown shownFaults) (links []faultLink) {
	seen := map[faultLink]bool{}
	for _, m := range list {
		l := faultLink{Text: m.Text}
		if label := shown[m.Field]; label != "" {
			l = faultLink{Href: "#fault-" + m.Field, Text: label}
		}
		if !seen[l] {
			links = append(links, l)
		}
		seen[l] = true
	}
	return links
}

// withSummary renders the content of a page below the summary of its mistakes. A message stands at its field only, so the summary is
// known after the content has been rendered.
func withSummary(f Frame) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		content := templ.GetChildren(ctx)
		ctx = templ.ClearChildren(ctx)
		if len(f.FormFaults) == 0 {
			if err := messages(f, nil).Render(ctx, w); err != nil {
				return err
			}
			return content.Render(ctx, w)
		}
		shown := shownFaults{}
		var body bytes.Buffer
		if err := content.Render(context.WithValue(ctx, shownFaultsKey{}, shown), &body); err != nil {
			return err
		}
		if err := messages(f, faultLinks(f.FormFaults, shown)).Render(ctx, w); err != nil {
			return err
		}
		_, err := w.Write(body.Bytes())
		return err
	})
}
