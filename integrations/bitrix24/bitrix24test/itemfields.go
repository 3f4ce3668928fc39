package bitrix24test

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// The entity types with fixed numbers.
const (
	Deal    = 2
	Contact = 3
	Company = 4
)

// field describes one field of an item.
type field struct {
	name     string
	kind     string
	title    string
	readOnly bool
	multiple bool
	user     *UserField // set for user fields
}

// The fixed fields: name, type, flags (r read-only, m multiple), title.
const commonFields = `
id integer r ID
title string - Название
createdTime datetime r Когда создан
updatedTime datetime r Когда обновлен
createdBy user r Кем создан
updatedBy user r Кем обновлен
assignedById user - Ответственный
opened boolean - Доступно для всех
webformId integer - Создано CRM-формой
sourceId crm_status - Источник
sourceDescription text - Дополнительно об источнике
originatorId string - Внешний источник
originId string - Идентификатор элемента во внешнем источнике
observers user m Наблюдатели
lastActivityBy user r Кем осуществлена последняя активность
lastActivityTime datetime r Последняя активность
utmSource string - UTM Source
utmMedium string - UTM Medium
utmCampaign string - UTM Campaign
utmContent string - UTM Content
utmTerm string - UTM Term
`

const pipelineFields = `
categoryId crm_category - Воронка
stageId crm_status - Стадия
movedTime datetime r Когда передвинут
movedBy user r Кем передвинут
companyId crm_company - Компания
contactId crm_contact - Контакт
contactIds crm_contact m Контакты
opportunity double - Сумма
isManualOpportunity boolean - Режим расчета суммы
taxValue double - Сумма налога
currencyId crm_currency - Валюта
begindate date - Дата начала
closedate date - Дата завершения
`

const dealFields = `
stageSemanticId string r Группа стадии
isNew boolean r Новая сделка
isRecurring boolean r Регулярная сделка
isReturnCustomer boolean r Повторная сделка
isRepeatedApproach boolean r Повторное обращение
closed boolean r Закрыта
typeId crm_status - Тип сделки
leadId crm_lead - Лид
quoteId crm_quote - Предложение
productId integer - Товар
probability integer - Вероятность
comments text - Комментарий
additionalInfo text - Дополнительная информация
locationId location - Местоположение
searchContent text r Поисковый индекс
`

const dynamicFields = `
xmlId string - Внешний код
previousStageId crm_status r Предыдущая стадия
mycompanyId crm_company - Реквизиты вашей компании
`

const companyFields = `
typeId crm_status - Тип компании
industry crm_status - Сфера деятельности
employees crm_status - Кол-во сотрудников
currencyId crm_currency - Валюта
revenue double - Годовой оборот
isMyCompany boolean - Моя компания
comments text - Комментарий
bankingDetails text - Банковские реквизиты
address string - Адрес
addressLegal string - Юридический адрес
leadId crm_lead - Лид
contactIds crm_contact m Контакты
categoryId crm_category - Категория
hasPhone boolean r Задан телефон
hasEmail boolean r Задан e-mail
hasImol boolean r Задана открытая линия
fm multifield m Средства связи
`

const contactFields = `
honorific crm_status - Обращение
name string - Имя
secondName string - Отчество
lastName string - Фамилия
birthdate date - Дата рождения
typeId crm_status - Тип контакта
post string - Должность
comments text - Комментарий
companyId crm_company - Компания
companyIds crm_company m Компании
leadId crm_lead - Лид
export boolean - Участвует в экспорте
categoryId crm_category - Категория
hasPhone boolean r Задан телефон
hasEmail boolean r Задан e-mail
hasImol boolean r Задана открытая линия
fm multifield m Средства связи
`

var fixedFields = map[int][]field{
	Deal:    parseFields(commonFields + pipelineFields + dealFields),
	Contact: parseFields(commonFields + contactFields),
	Company: parseFields(commonFields + companyFields),
	0:       parseFields(commonFields + pipelineFields + dynamicFields),
}

func parseFields(table string) []field {
	var out []field
	for line := range strings.SplitSeq(strings.TrimSpace(table), "\n") {
		parts := strings.SplitN(line, " ", 4)
		if len(parts) < 4 {
			continue
		}
		out = append(out, field{
			name: parts[0], kind: parts[1], title: parts[3],
			readOnly: strings.Contains(parts[2], "r"), multiple: strings.Contains(parts[2], "m"),
		})
	}
	return out
}

// fieldsOf lists all fields of an entity type: fixed ones, links to parents, user fields.
func (s *state) fieldsOf(entityType int) map[string]field {
	base, ok := fixedFields[entityType]
	if !ok {
		base = fixedFields[0]
	}
	out := map[string]field{}
	for _, f := range base {
		out[f.name] = f
	}
	for _, parent := range s.parentsOf(entityType) {
		name := fmt.Sprintf("parentId%d", parent)
		out[name] = field{name: name, kind: "crm_entity", title: s.typeTitle(parent)}
	}
	for _, uf := range s.UserFields {
		if uf.EntityID == s.userFieldEntity(entityType) {
			out[uf.itemName()] = field{
				name: uf.itemName(), kind: uf.Kind, title: uf.Label, multiple: uf.Multiple, user: uf,
			}
		}
	}
	return out
}

// upperName is the old spelling of a field: parentId2 is PARENT_ID_2.
func (f field) upperName() string {
	if f.user != nil {
		return f.user.Name
	}
	var b strings.Builder
	digits := false
	for i, r := range f.name {
		if i > 0 && (unicode.IsUpper(r) || unicode.IsDigit(r) && !digits) {
			b.WriteByte('_')
		}
		digits = unicode.IsDigit(r)
		b.WriteRune(unicode.ToUpper(r))
	}
	return b.String()
}

// describe is the field in the words of crm.item.fields.
func (f field) describe(s *state, entityType int) Fields {
	out := Fields{
		"type": f.kind, "isRequired": f.user != nil && f.user.Mandatory, "isReadOnly": f.readOnly, "isImmutable": false,
		"isMultiple": f.multiple, "isDynamic": f.user != nil, "title": f.title, "upperName": f.upperName(),
	}
	switch {
	case f.name == "sourceId":
		out["statusType"] = "SOURCE"
	case f.name == "stageId" || f.name == "previousStageId":
		out["statusType"] = s.stageEntity(entityType, s.firstCategory(entityType))
	case f.kind == "crm_entity":
		out["settings"] = Fields{"parentEntityTypeId": integer(strings.TrimPrefix(f.name, "parentId"))}
	case f.kind == "crm_company":
		out["settings"] = Fields{"parentEntityTypeId": Company}
	case f.user != nil && len(f.user.Enum) > 0:
		var items []any
		for _, e := range f.user.Enum {
			items = append(items, Fields{"ID": strconv.FormatInt(e.ID, 10), "VALUE": e.Value})
		}
		out["items"] = items
	}
	return out
}

func itemFields(c *call) (any, error) {
	entityType := int(integer(c.p["entityTypeId"]))
	if !c.st.knowsType(entityType) {
		return nil, errTypeNotFound()
	}
	out := Fields{}
	for name, f := range c.st.fieldsOf(entityType) {
		out[name] = f.describe(c.st, entityType)
	}
	return Fields{"fields": out}, nil
}
