package sbistest

import (
	"strings"

	"github.com/google/uuid"
)

// Types of keys (docs/contracts/sbis.md, "Sending").
const (
	keyServer = "Серверный"
	keyClient = "Клиентский"

	keyDeferred  = "Отложенный"
	keyConfirmed = "ОтложенныйСПодтверждением"
)

// Regulation is how the documents of an account leave it: accounts with an approval stage have other names than
// «Отправка» and «Отправить», and their stages are known by their identifiers (docs/contracts/sbis.md, "Sending"). Empty names
// are the usual ones.
type Regulation struct {
	Stage  string `json:"stage,omitempty"`
	Action string `json:"action,omitempty"`
}

// usual reports whether the account has no regulation of its own.
func (r Regulation) usual() bool { return r == Regulation{} }

// effect is what an action does.
type effect int

const (
	noEffect effect = iota
	sends
	annuls
	declines
)

// stage is a step that the service offers.
type stage struct {
	id, name string
	service  bool
	actions  []action
}

// action is what can be done in a stage.
type action struct {
	name          string
	does          effect
	signs, reason bool // needs a signature, a comment
}

// stagesOf lists the stages that are offered now. Whether SBIS offers to annul a document that was sent is not public: the fake does so only
// when a test turns AnnulmentActions on. Two things are assumed: the answer to a proposal has the same action, beside «Отклонить», and our own
// proposal offers nothing (docs/contracts/sbis.md, "Recall and annulment"). An account with a regulation also offers a service stage, and the
// first action of its own stage needs a reason: a client that takes the first stage or the first action executes the wrong one.
func (s *Server) stagesOf(d *document) []stage {
	switch {
	case signable(d):
		return s.sendingStages(d)
	case !s.st.AnnulmentActions:
		return nil
	case proposed(d) && d.Annulment == "counterparty":
		return []stage{d.annulmentStage(action{name: "Аннулировать", does: annuls, signs: true}, action{name: "Отклонить", does: declines, reason: true})}
	case inState(docState.isUnderWay)(d), annullable(d):
		return []stage{d.annulmentStage(action{name: "Аннулировать", does: annuls, signs: true, reason: true})}
	}
	return nil
}

func (d *document) annulmentStage(actions ...action) stage {
	return stage{id: d.stageID("Аннулирование"), name: "Аннулирование", actions: actions}
}

func (s *Server) sendingStages(d *document) []stage {
	r := s.regulationOf(d)
	if r.usual() {
		return []stage{{id: d.stageID("Отправка"), name: "Отправка", actions: []action{{name: "Отправить", does: sends, signs: true}}}}
	}
	return []stage{
		{id: d.stageID("служебный"), name: "Обработка служебных", service: true, actions: []action{{name: "Обработать служебное", signs: true}}},
		{id: d.stageID(r.Stage), name: r.Stage, actions: []action{{name: "Отклонить", reason: true}, {name: r.Action, does: sends, signs: true}}},
	}
}

func (s *Server) regulationOf(d *document) Regulation {
	if a := s.account(d.Account); a != nil {
		return a.Regulation
	}
	return Regulation{}
}

// stageID is a new one whenever the document has become a draft again (assumed).
func (d *document) stageID(name string) string {
	drafts := 0
	for _, e := range d.Events {
		if e.State.isDraft() {
			drafts++
		}
	}
	return uuid.NewSHA1(uuid.NameSpaceOID, []byte(strings.Join([]string{d.ID, name, strings.Repeat("+", drafts)}, "|"))).String()
}

// step is a request of prepare and execute, read from its nested shape.
type step struct {
	document *document
	stage    stage
	does     effect
	signs    bool   // the action needs a signature
	name     string // of the action
	action   dict
	files    []dict
}

func (c *call) readStep(params dict) (step, *refusal) {
	in := params.object("Документ")
	if in == nil {
		return step{}, missing("Документ")
	}
	d, r := c.ownDocument(in.text("Идентификатор"))
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
	s := step{document: d, action: action, files: at.list("Вложение"), name: action.text("Название")}
	if d.Prepared > 1 { // a second preparation leaves nothing to send (docs/contracts/sbis.md, "Sending")
		return step{}, errPassed
	}
	return s, c.find(&s, at)
}

// find looks the stage and its action up among those that are offered.
func (c *call) find(s *step, at dict) *refusal {
	id, name, r := at.text("Идентификатор"), at.text("Название"), c.regulationOf(s.document)
	for _, offered := range c.stagesOf(s.document) {
		if offered.name != name || id != "" && id != offered.id || id == "" && !r.usual() {
			continue
		}
		for _, a := range offered.actions {
			if a.name == s.name {
				s.stage, s.does, s.signs = offered, a.does, a.signs
				if a.reason && s.action.text("Комментарий") == "" {
					return refuse("Укажите комментарий")
				}
				return nil
			}
		}
	}
	if name == orElse(r.Stage, "Отправка") && s.name == orElse(r.Action, "Отправить") && !signable(s.document) {
		return errPassed
	}
	return refuse("Этап «%s» для документа недоступен", name)
}

// prepareAction shows the files to sign (docs/contracts/sbis.md, "Sending"). The names and the identifier are those of the stage.
func (c *call) prepareAction(params dict) (any, *refusal) {
	s, r := c.readStep(params)
	if r != nil {
		return nil, r
	}
	if s.signs && !s.deferred() {
		if _, r := c.certificateFor(s, false); r != nil {
			return nil, r
		}
	}
	s.document.Prepared++
	c.line.Effect = "prepared"
	c.changed()
	if s.document.Prepared > 1 {
		return nil, errPassed
	}
	return dict{
		"Идентификатор": s.document.ID,
		"Этап": []any{dict{
			"Идентификатор": s.stage.id, "Название": s.stage.name,
			"Действие": []any{dict{"Название": s.name, "ТребуетПодписания": "Да"}},
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
	kind := s.action.object("Сертификат").object("Ключ").text("Тип")
	switch {
	case s.does == noEffect:
		return nil, refuse("Действие «%s» сейчас не выполняется", s.name)
	case kind != "" && kind != keyDeferred && kind != keyConfirmed:
		return nil, refuse("Неизвестный тип ключа: %s", kind)
	case s.does == sends && len(s.files) == 0 && c.account.Prepares && s.document.Prepared == 0 && s.document.sellerTitleName() != "":
		return nil, unsigned(s.document.sellerTitleName())
	case s.does == sends && s.deferred() && len(s.files) > 0:
		return nil, refuse("К вложению не приложен файл подписи")
	case s.does == sends && s.deferred():
		return c.leaveForSigner(s)
	}
	by := c.account.Owner
	if s.signs {
		cert, r := c.certificateFor(s, true)
		if r != nil {
			return nil, r
		}
		if r := s.takeSignatures(cert); r != nil {
			return nil, r
		}
		by = cert.Owner
	}
	if s.does == sends {
		c.send(s.document, by)
	} else if err := c.annul(s, by); err != nil {
		return nil, refuse("%s", err)
	}
	c.line.Effect = "executed " + s.name
	c.changed()
	return c.render(s.document, nil), nil
}

func (s step) deferred() bool {
	kind := s.action.object("Сертификат").object("Ключ").text("Тип")
	return kind == keyDeferred || kind == keyConfirmed
}

// sellerTitleName is the name of a seller's title among the files, "" when there is none.
func (d *document) sellerTitleName() string {
	for _, a := range d.Attachments {
		if strings.HasPrefix(a.Name, "ON_NSCHFDOPPR_") {
			return a.Name
		}
	}
	return ""
}

// leaveForSigner leaves the document in the account for a person to sign.
func (c *call) leaveForSigner(s step) (any, *refusal) {
	if s.document.State.Code == 23 {
		return nil, errPassed
	}
	c.addEvent(s.document, newEvent{name: "Передан на подписание", state: stateWaiting, by: c.account.Owner})
	c.line.Effect = "executed deferred"
	c.changed()
	return c.render(s.document, nil), nil
}

// annul recalls a document under way, proposes an annulment, or answers that of the counterparty.
func (c *call) annul(s step, by Person) error {
	do := MoveRequest{Comment: s.action.text("Комментарий"), Person: by, By: "us"}
	switch {
	case s.does == declines:
		return c.declineAnnulment(s.document, do)
	case proposed(s.document):
		return c.agreeAnnulment(s.document, do)
	case s.document.State.isUnderWay():
		return c.recall(s.document, do)
	}
	return c.proposeAnnulment(s.document, do)
}
