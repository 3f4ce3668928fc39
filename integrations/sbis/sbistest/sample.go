package sbistest

import (
	"bytes"
	"strings"
	"text/template"
)

var sellerForm = template.Must(template.New("seller").Funcs(template.FuncMap{"x": escaped}).Parse(
	`<?xml version="1.0" encoding="windows-1251"?>
<Файл ИдФайл="{{x .ID}}" ВерсФорм="5.03" ВерсПрог="sandbox">
<Документ КНД="1115131" Функция="{{.Function}}" НаимДокОпр="Акт о выполненных работах (оказанных услугах)" ДатаИнфПр="{{.Date}}" ВремИнфПр="10.05.00">
<СвСчФакт НомерДок="{{x .Number}}" ДатаДок="{{.Date}}">
<СвПрод>{{template "side" .Seller}}</СвПрод>
<СвПокуп>{{template "side" .Buyer}}</СвПокуп>
<ДенИзм КодОКВ="643" НаимОКВ="Российский рубль"/>
</СвСчФакт>
<ТаблСчФакт>
<СведТов НомСтр="1" НаимТов="Продвижение на рынке ОАЭ — этап 1" ОКЕИ_Тов="876" НаимЕдИзм="усл. ед" КолТов="1" ЦенаТов="40000.00" СтТовБезНДС="40000.00" НалСт="22%" СтТовУчНал="48800.00"><СумНал><СумНал>8800.00</СумНал></СумНал></СведТов>
<СведТов НомСтр="2" НаимТов="Перевод каталога" ОКЕИ_Тов="796" НаимЕдИзм="шт" КолТов="2.5" ЦенаТов="6480.00" СтТовБезНДС="16200.00" НалСт="без НДС" СтТовУчНал="16200.00"><СумНал><БезНДС>без НДС</БезНДС></СумНал></СведТов>
<ВсегоОпл СтТовБезНДСВсего="56200.00" СтТовУчНалВсего="65000.00"><СумНалВсего><СумНал>8800.00</СумНал></СумНалВсего></ВсегоОпл>
</ТаблСчФакт>
<СвПродПер><СвПер СодОпер="Услуги оказаны" ДатаПер="{{.Date}}"><БезДокОснПер>1</БезДокОснПер></СвПер></СвПродПер>
<Подписант Должн="Генеральный директор" СпосПодтПолном="1"><ФИО Фамилия="Иванов" Имя="Иван" Отчество="Иванович"/></Подписант>
</Документ>
</Файл>
{{define "side"}}<ИдСв>{{if .KPP}}<СвЮЛУч НаимОрг="{{x .Name}}" ИННЮЛ="{{.INN}}" КПП="{{.KPP}}"/>{{else}}<СвИП ИННФЛ="{{.INN}}"><ФИО Фамилия="{{x .Person.Surname}}" Имя="{{x .Person.Name}}" Отчество="{{x .Person.Patronymic}}"/></СвИП>{{end}}</ИдСв>{{end}}`))

// SampleTitle returns a seller's title for tests: an act of 65 000,00 with two rows. guid makes the file name unique; function is "ДОП" or "СЧФДОП".
func SampleTitle(function, number, date, guid string, seller, buyer Organization) (name string, data []byte) {
	day := strings.Split(date, ".")
	id := strings.Join([]string{"ON_NSCHFDOPPR", orElse(buyer.BoxID, "BUYER"), orElse(seller.BoxID, "SELLER"), day[2] + day[1] + day[0], guid, "0_0_0_0_0_00"}, "_")
	var text bytes.Buffer
	err := sellerForm.Execute(&text, map[string]any{
		"ID": id, "Function": function, "Number": number, "Date": date, "Seller": seller, "Buyer": buyer,
	})
	if err != nil {
		panic(err)
	}
	return id + ".xml", to1251(text.String())
}
