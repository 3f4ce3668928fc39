package printform

// closing is what follows the table: the signatures of the invoice and, of an УПД, the transfer.
type closing struct {
	invoice  []row
	transfer []row // both parties side by side
	basis    []row
}

const signSpace = 2.6 // above a line for a signature

func (p *updPages) closing() closing {
	c := closing{invoice: p.invoiceSignatures()}
	if !p.invoice {
		c.basis, c.transfer = p.basisRows(), p.transferRows()
	}
	return c
}

func (c closing) height() float64 {
	return heightOf(c.invoice) + heightOf(c.basis) + heightOf(c.transfer) + 5
}

// draw draws the signatures on the page, or on a new one when they do not fit.
func (c closing) draw(p *updPages) {
	if !p.hasRoom(c.height()) {
		p.newPage()
	}
	from := p.y
	p.y += 1
	page := p.pages
	at := p.y
	for _, r := range c.invoice {
		p.putRow(r)
	}
	p.y += 1
	if p.invoice {
		return
	}
	p.vertical(p.x, from, p.y, thick)
	p.rule(wideLeft, p.y, wideFull, thick)
	p.drawSheetCount = func(n int) {
		p.pdf.SetPage(page)
		end := p.y
		p.y = at
		p.putRow(row{cells: []cell{p.cell(wideLeft, sideWidth-1, wideText, "Документ составлен на "+sheetsText(n))}, lead: 3})
		p.y = end
	}
	p.y += 1
	for _, r := range c.basis {
		p.putRow(r)
	}
	from = p.y + 0.5
	for _, r := range c.transfer {
		p.putRow(r)
	}
	p.vertical(wideLeft+wideFull/2, from, p.y, thick)
}

// signatureLines returns the lines for position, signature and name, or signature and name, with their captions below.
func (p *updPages) signatureLines(x float64, widths []float64, texts, captions []string) (line, below []cell) {
	const gap = 2
	for i, w := range widths {
		line = append(line, p.onLine(x, w, wideText, texts[i]))
		below = append(below, p.centred(x, w, wideNote, captions[i]))
		x += w + gap
	}
	return line, below
}

// invoiceSignatures returns the lines for the signatures of an invoice; names are printed only when the document is one.
func (p *updPages) invoiceSignatures() []row {
	d := p.doc
	x := p.x
	if !p.invoice {
		x += 2.5
	}
	w := (wideRight - x - 4) / 2
	label := 44.0
	sign, name := 30.0, w-44-30-2
	head, owner, registration := "", "", ""
	switch {
	case d.Invoice && d.Seller.Person:
		owner, registration = d.Signer.Name, d.Seller.Registration
	case d.Invoice:
		head = d.Signer.Name
	}
	captions := []string{"(подпись)", "(ф.и.о.)"}
	headLine, headBelow := p.signatureLines(x+label, []float64{sign, name}, []string{"", head}, captions)
	chiefLine, chiefBelow := p.signatureLines(x+w+4+label, []float64{sign, name}, []string{"", ""}, captions)
	ownerLine, ownerBelow := p.signatureLines(x+label, []float64{sign, name}, []string{"", owner}, captions)
	details := p.onLine(x+w+4, w, wideText, registration)
	first := row{cells: append([]cell{p.cell(x, label-1, wideText, "Руководитель организации или иное уполномоченное лицо"),
		p.cell(x+w+4, label-1, wideText, "Главный бухгалтер или иное уполномоченное лицо")}, append(headLine, chiefLine...)...), lead: 2.9}
	second := row{cells: append([]cell{p.cell(x, label-1, wideText, "Индивидуальный предприниматель или иное уполномоченное лицо"), details}, ownerLine...), lead: 2.9, before: 0.8}
	level(first)
	level(second)
	return []row{first, {cells: append(headBelow, chiefBelow...), lead: 2.2, before: 0.5},
		second, {cells: append(ownerBelow, p.centred(x+w+4, w, wideNote, p.edition.ogrnip)), lead: 2.2, before: 0.5}}
}

// basisRows returns fields [8] and [9].
func (p *updPages) basisRows() (rows []row) {
	const label = 62
	for _, f := range []struct{ label, value, code, caption string }{
		{"Основание передачи (сдачи) / получения (приемки)", orDash(p.doc.Basis), "[8]", "(договор; доверенность и др.)"},
		{"Данные о транспортировке и грузе", "—", "[9]",
			"(транспортная накладная, поручение экспедитору, экспедиторская / складская расписка и др. / масса нетто/ брутто груза, если не приведены ссылки на транспортные документы, содержащие эти сведения)"},
	} {
		value := p.cell(wideLeft+label, wideFull-label-codeWidth, wideText, f.value)
		value.under = true
		r := row{cells: []cell{p.cell(wideLeft, label-1, wideText, f.label), value, p.rightCell(wideRight-codeWidth, codeWidth, wideText, f.code)}, lead: 3, before: 0.4}
		levelValues(r)
		rows = append(rows, r, row{cells: []cell{p.centred(wideLeft+label, wideFull-label-codeWidth, wideNote, f.caption)}, lead: 2.2, before: 0.5})
	}
	return rows
}

// transferSide is what one party fills in.
type transferSide struct {
	title, position, name, dateLabel, date, otherLabel, other, otherCaption, author string
	codes                                                                           [5]string
}

// transferRows returns fields [10] to [19], both parties side by side.
func (p *updPages) transferRows() []row {
	d := p.doc
	buyer := d.Buyer.Name
	if d.Buyer.Codes != "" {
		buyer += ", ИНН/КПП " + d.Buyer.Codes
	}
	const half = wideFull/2 - 3
	rows := p.transferSide(wideLeft, half, transferSide{"Товар (груз) передал / услуги, результаты работ, права сдал", d.Signer.Position, d.Signer.Name,
		"Дата отгрузки, передачи (сдачи)", spelled(d.Handed), "Иные сведения об отгрузке, передаче", d.Operation,
		"(ссылки на неотъемлемые приложения, сопутствующие документы, иные документы и т.п.)", d.Author, [5]string{"[10]", "[11]", "[12]", "[13]", "[14]"}})
	theirs := p.transferSide(wideRight-half, half, transferSide{"Товар (груз) получил / услуги, результаты работ, права принял", "", "",
		"Дата получения (приемки)", blankDate, "Иные сведения о получении, приемке", "",
		"(информация о наличии/отсутствии претензии; ссылки на неотъемлемые приложения, и другие документы и т.п.)", buyer, [5]string{"[15]", "[16]", "[17]", "[18]", "[19]"}})
	for i := range rows {
		rows[i].cells = append(rows[i].cells, theirs[i].cells...)
		if underlined(rows[i]) {
			level(rows[i])
		}
	}
	return rows
}

const blankDate = "«___» ______________ 20___ г."

func underlined(r row) bool {
	for _, c := range r.cells {
		if c.under {
			return true
		}
	}
	return false
}

func (p *updPages) transferSide(x, w float64, t transferSide) []row {
	value := w - codeWidth - 1
	code := func(i int) cell { return p.rightCell(x+w-codeWidth, codeWidth, wideText, t.codes[i]) }
	widths := []float64{value*0.42 - 2, value * 0.22, value*0.36 - 2}
	captions := []string{"(должность)", "(подпись)", "(ф.и.о.)"}
	signed, signedBelow := p.signatureLines(x, widths, []string{t.position, "", t.name}, captions)
	responsible, responsibleBelow := p.signatureLines(x, widths, []string{t.position, "", t.name}, captions)
	label := func(text string) row { return row{cells: []cell{p.cell(x, w, wideText, text)}, lead: 2.9, before: 0.9} }
	note := func(cells ...cell) row { return row{cells: cells, lead: 2.2, before: 0.5} }
	return []row{
		{cells: []cell{p.cell(x, w, wideStrong, t.title)}, lead: 2.9, before: 1},
		{cells: append(signed, code(0)), lead: 2.9, before: signSpace}, note(signedBelow...),
		{cells: []cell{p.cell(x, 45, wideText, t.dateLabel), p.onLine(x+45, value-45, wideText, t.date), code(1)}, lead: 2.9, before: 0.8},
		label(t.otherLabel),
		{cells: []cell{p.onLine(x, value, wideText, t.other), code(2)}, lead: 2.9}, note(p.centred(x, value, wideNote, t.otherCaption)),
		label("Ответственный за правильность оформления факта хозяйственной жизни"),
		{cells: append(responsible, code(3)), lead: 2.9, before: signSpace - 1.4}, note(responsibleBelow...),
		label("Наименование экономического субъекта – составителя документа (в т.ч. комиссионера / агента)"),
		{cells: []cell{p.onLine(x, value, wideText, t.author), code(4)}, lead: 2.9},
		note(p.centred(x, value, wideNote, "(может не заполняться при проставлении печати в М.П., может быть указан ИНН / КПП)")),
		{cells: []cell{p.cell(x, w, wideText, "М.П.")}, lead: 2.9, before: 0.4},
	}
}
