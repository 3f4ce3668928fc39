package sbistest

// Types of keys (contract 2.3).
const (
	keyServer = "Серверный"
	keyClient = "Клиентский"

	keyDeferred  = "Отложенный"
	keyConfirmed = "ОтложенныйСПодтверждением"
)

// stage is a step with its one action.
type stage struct{ name, action string }

var (
	sending   = stage{"Отправка", "Отправить"}
	annulling = stage{"Аннулирование", "Аннулировать"}
)

// stagesOf lists what the service offers now. That «Аннулирование» is offered for a
// document under way, and takes it back, is assumed.
func stagesOf(d *document) []stage {
	switch {
	case signable(d):
		return []stage{sending}
	case in(docState.underway)(d), annullable(d), proposed(d) && d.Annulment == "counterparty":
		return []stage{annulling}
	}
	return nil
}

// step is a request of prepare and execute, read from its nested shape.
type step struct {
	document *document
	stage    stage
	action   dict
	files    []dict
}

func (c *call) readStep(params dict) (step, *refusal) {
	in := params.object("Документ")
	if in == nil {
		return step{}, missing("Документ")
	}
	d, r := c.mine(in.text("Идентификатор"))
	if r != nil {
		return step{}, r
	}
	at := in.object("Этап")
	if at == nil {
		return step{}, missing("Этап")
	}
	action := at.object("Действие")
	if action == nil {
		return step{}, missing("Действие")
	}
	want := stage{at.text("Название"), action.text("Название")}
	for _, offered := range stagesOf(d) {
		if offered == want {
			return step{d, want, action, at.list("Вложение")}, nil
		}
	}
	if want == sending {
		return step{}, errPassed
	}
	return step{}, no("Этап «%s» для документа недоступен", want.name)
}

// prepareAction shows the files to sign (contract 2.3).
func (c *call) prepareAction(params dict) (any, *refusal) {
	s, r := c.readStep(params)
	if r != nil {
		return nil, r
	}
	if _, r := c.certificateFor(s, false); r != nil {
		return nil, r
	}
	return dict{
		"Идентификатор": s.document.ID,
		"Этап": []any{dict{
			"Идентификатор": s.document.ID + "-0", "Название": s.stage.name,
			"Действие": []any{dict{"Название": s.stage.action, "ТребуетПодписания": "Да"}},
			"Вложение": c.renderFiles(s.document, s.document.Attachments),
		}},
	}, nil
}

// executeAction signs and sends, leaves the signature to a person, or annuls.
func (c *call) executeAction(params dict) (any, *refusal) {
	s, r := c.readStep(params)
	if r != nil {
		return nil, r
	}
	switch kind := s.action.object("Сертификат").object("Ключ").text("Тип"); {
	case kind == "":
	case kind != keyDeferred && kind != keyConfirmed:
		return nil, no("Неизвестный тип ключа: %s", kind)
	case s.stage == sending && len(s.files) > 0:
		return nil, no("К вложению не приложен файл подписи")
	case s.stage == sending:
		return c.leave(s)
	}
	cert, r := c.certificateFor(s, true)
	if r != nil {
		return nil, r
	}
	if r := s.takeSignatures(cert); r != nil {
		return nil, r
	}
	if s.stage == sending {
		c.send(s.document, cert.Owner)
	} else if err := c.annul(s, cert.Owner); err != nil {
		return nil, no("%s", err)
	}
	c.line.Effect = "executed " + s.stage.action
	c.changed()
	return c.render(s.document, nil), nil
}

// leave leaves the document in the cabinet for a person to sign.
func (c *call) leave(s step) (any, *refusal) {
	if s.document.State.Code == 23 {
		return nil, errPassed
	}
	c.happen(s.document, happening{name: "Передан на подписание", state: stateWaiting, by: c.account.Owner})
	c.line.Effect = "executed deferred"
	c.changed()
	return c.render(s.document, nil), nil
}

// annul recalls a document under way, proposes an annulment, or agrees to the other side's.
func (c *call) annul(s step, by Person) error {
	do := Do{Comment: s.action.text("Комментарий"), Person: by, By: "us"}
	switch {
	case proposed(s.document):
		return c.agreeAnnulment(s.document, do)
	case s.document.State.underway():
		return c.recall(s.document, do)
	}
	return c.proposeAnnulment(s.document, do)
}
