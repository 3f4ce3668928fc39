package upd

// table is ТаблСчФакт: the rows and their totals.
type table struct {
	Rows  []row `xml:"СведТов"`
	Total total `xml:"ВсегоОпл"`
}

// row is СведТов. A number the document lacks is an empty string.
type row struct {
	N        int         `xml:"НомСтр,attr"`
	Name     string      `xml:"НаимТов,attr,omitempty"`
	UnitCode string      `xml:"ОКЕИ_Тов,attr,omitempty"`
	Unit     string      `xml:"НаимЕдИзм,attr,omitempty"`
	Quantity string      `xml:"КолТов,attr,omitempty"`
	Price    string      `xml:"ЦенаТов,attr,omitempty"`
	Net      string      `xml:"СтТовБезНДС,attr,omitempty"`
	Rate     string      `xml:"НалСт,attr"`
	Gross    string      `xml:"СтТовУчНал,attr,omitempty"`
	More     *additional `xml:"ДопСведТов"`
	Excise   *excise     `xml:"Акциз"`
	Tax      tax         `xml:"СумНал"`
}

// additional is ДопСведТов, with the attributes that we write or that the rules check.
type additional struct {
	Kind    string `xml:"ПрТовРаб,attr,omitempty"`
	Feature string `xml:"ХарактерТов,attr,omitempty"`
	Article string `xml:"АртикулТов,attr,omitempty"`
	Code    string `xml:"КодТов,attr,omitempty"`
}

type excise struct {
	None string `xml:"БезАкциз,omitempty"`
}

// tax is СумНДСТип: a sum, or the words «без НДС».
type tax struct {
	Sum  string `xml:"СумНал,omitempty"`
	None string `xml:"БезНДС,omitempty"`
}

type total struct {
	Net   string `xml:"СтТовБезНДСВсего,attr,omitempty"`
	Gross string `xml:"СтТовУчНалВсего,attr,omitempty"`
	Tax   tax    `xml:"СумНалВсего"`
}
