package settings

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"acts24/handlers/web"
	"acts24/store"
	"acts24/store/accounts"
	"acts24/store/queue"
	"acts24/views"
)

// slowQueue is the age of the oldest task of a kind from which the queue counts as slow.
const slowQueue = 10 * time.Minute

// problem is a reason why something does not work.
type problem struct {
	broken bool // work has stopped; otherwise it is only late
	text   string
}

// troubles returns all problems, the severe ones first.
func (p portalState) troubles() (list []problem) {
	add := func(broken bool, text string) { list = append(list, problem{broken, text}) }
	if p.breakers[queue.PortalItself].Opened != nil {
		add(true, "Нет связи с Битрикс24. "+p.reason(queue.PortalItself))
	}
	if p.health.TokenDead {
		add(true, "Ключ портала не действует: администратор должен открыть приложение в Битрикс24.")
	}
	for _, a := range p.accounts {
		used := slices.ContainsFunc(p.own, func(c store.OwnCompany) bool { return c.AccountID == a.ID })
		switch {
		case a.Problem != "":
			add(used, "Аккаунт СБИС «"+a.Name+"»: "+a.Problem)
		case p.breakers[a.ID].Opened != nil:
			add(used, "Аккаунт СБИС «"+a.Name+"»: нет связи. "+p.reason(a.ID))
		}
	}
	for _, text := range p.portal.Automation.V.Problems {
		add(false, text)
	}
	if n := len(p.dead); n > 0 {
		add(false, "Ждёт вашего решения: "+views.Plural(n, "задача", "задачи", "задач")+".")
	}
	for _, t := range p.terms() {
		if t.fact.Chip.Tone == "problem" {
			add(false, t.fact.Name+": "+strings.ToLower(t.fact.Chip.Text)+". "+t.mend)
		}
	}
	for _, q := range p.health.Queue {
		if p.health.Now.Sub(q.Oldest) > slowQueue {
			add(false, "Очередь движется медленно: «"+taskName(q.Kind)+"» ждёт "+waitDuration(p.health.Now.Sub(q.Oldest))+".")
			break
		}
	}
	if p.breakers[queue.PortalItself].Opened != nil {
		return list // the other problems follow from it
	}
	if p.health.ReconcileProblem != "" {
		add(false, "Изменения портала не прочитаны: "+p.health.ReconcileProblem)
	}
	if p.health.BackfillProblem != "" {
		add(false, "Сделки портала не прочитаны: "+p.health.BackfillProblem)
	}
	return list
}

// reason returns why a breaker is open.
func (p portalState) reason(account int64) string {
	for _, i := range p.incidents {
		if i.Account == account && i.Closed == nil {
			return i.Reason
		}
	}
	return ""
}

// verdict summarises the problems in one line.
func verdict(list []problem) views.Chip {
	switch {
	case len(list) == 0:
		return views.Chip{Text: "Всё работает", Tone: "success"}
	case slices.ContainsFunc(list, func(t problem) bool { return t.broken }):
		return views.Chip{Text: "Не работает", Tone: "problem"}
	}
	return views.Chip{Text: "Работает, но требует внимания", Tone: "attention"}
}

func (p portalState) view(v web.Visit) views.State {
	zone, list := web.Zone(v), p.troubles()
	m := views.State{Frame: web.Frame(v, "Состояние"), Verdict: verdict(list), At: views.Moment(p.health.Now, zone), Check: web.Base(v) + "/state/check",
		Settings: web.Base(v) + "/settings/accounts"}
	m.Menu, m.CurrentTab, m.Busy = true, "/state", len(list) > 0 || len(p.health.Queue) > 0
	for _, t := range list {
		m.Troubles = append(m.Troubles, t.text)
	}
	m.Portal = p.portalFacts(zone)
	for _, a := range p.accounts {
		m.Accounts = append(m.Accounts, p.accountView(a, zone))
	}
	for _, q := range p.health.Queue {
		m.Queue = append(m.Queue, views.QueueRow{Name: taskName(q.Kind), Number: fmt.Sprint(q.Number), Age: waitDuration(p.health.Now.Sub(q.Oldest))})
	}
	at := web.Base(v) + "/state/tasks/"
	for _, t := range p.dead {
		m.Dead = append(m.Dead, views.StuckTask{ID: web.ID(t.ID), Title: taskWords(t), Href: placeOf(v, t), Problem: t.Problem, Repeat: at + web.ID(t.ID) + "/repeat", Postpone: at + web.ID(t.ID) + "/postpone"})
	}
	for _, t := range p.postponed {
		m.Postponed = append(m.Postponed, views.StuckTask{ID: web.ID(t.ID), Title: taskWords(t.Task), Href: placeOf(v, t.Task), Problem: t.Problem, Repeat: at + web.ID(t.ID) + "/repeat",
			Until: views.Moment(t.Due, zone)})
	}
	for _, i := range p.incidents {
		m.Incidents = append(m.Incidents, incidentView(i, zone))
	}
	return m
}

func (p portalState) portalFacts(zone *time.Location) []views.StateFact {
	h := p.health
	link := views.StateFact{Name: "Связь", Chip: views.Chip{Text: "есть", Tone: "success"}}
	if b := p.breakers[queue.PortalItself]; b.Opened != nil {
		link.Chip, link.Value = views.Chip{Text: "прервана", Tone: "problem"}, unreachableSince(b, zone)
	}
	token := views.StateFact{Name: "Ключ портала", Chip: views.Chip{Text: "действует", Tone: "success"}, Value: "обновлён " + momentOr(h.RenewedAt, zone, "при установке")}
	if h.TokenDead {
		token.Chip, token.Value = views.Chip{Text: "не действует", Tone: "problem"}, "Администратор портала должен открыть приложение в Битрикс24: ключ обновится сам."
	}
	event := "событий ещё не было"
	if h.EventAt != nil {
		event = views.Moment(*h.EventAt, zone) + ", " + eventWords(h.Event)
	}
	load := "скопированы все"
	if h.Loading {
		load = fmt.Sprintf("копируются: %d из %d", h.Seen, h.Total)
	}
	_, size := p.portal.Bucket()
	calls := fmt.Sprintf("занято %.0f из %.0f", h.Level, size)
	if len(p.paused) > 0 {
		calls += ". Портал просил подождать: " + strings.Join(p.paused, ", ")
	}
	return []views.StateFact{link, token, {Name: "Последнее событие", Value: event},
		{Name: "Последняя сверка", Value: momentOr(h.ReconciledAt, zone, "ещё не было"), Note: h.ReconcileProblem},
		{Name: "Сделки", Value: load, Note: h.BackfillProblem}, {Name: "Лимит запросов", Value: calls}, automationFact(p.portal.Automation.V)}
}

// automationFact returns what of our automation works.
func automationFact(a store.Automation) views.StateFact {
	m := views.StateFact{Name: "Автоматизация CRM", Value: "не зарегистрирована"}
	var parts []string
	for _, part := range []struct {
		works bool
		name  string
	}{{a.Badges, "значки на канбане"}, {a.Robots, "роботы"}, {a.Triggers, "триггеры"}} {
		if part.works {
			parts = append(parts, part.name)
		}
	}
	if len(parts) > 0 {
		m.Value = "зарегистрированы: " + strings.Join(parts, ", ")
	}
	if a.NoRight {
		m.Note = "Роботов нет: приложению не дано право «Бизнес-процессы» (bizproc)."
	}
	return m
}

func (p portalState) accountView(a accounts.Account, zone *time.Location) views.StateAccount {
	m := views.StateAccount{Name: a.Name, Chip: views.Chip{Text: "работает", Tone: "success"}}
	if b := p.breakers[a.ID]; b.Opened != nil {
		m.Chip, m.Problem = views.Chip{Text: "нет связи", Tone: "problem"}, p.reason(a.ID)+" "+unreachableSince(b, zone)
	}
	if a.Problem != "" {
		m.Chip, m.Problem = views.Chip{Text: "вход не принят", Tone: "problem"}, a.Problem
	}
	for _, c := range p.own {
		if c.AccountID == a.ID {
			m.Polls = append(m.Polls, p.pollFact(c, zone))
		}
	}
	for _, t := range p.terms() {
		if t.account == a.ID {
			m.Terms = append(m.Terms, t.fact)
		}
	}
	return m
}

// term is the expiry of a certificate or a power of attorney.
type term struct {
	account int64
	fact    views.StateFact
	mend    string // what to do when it ends
}

// terms returns the expiry of certificates and of the powers of attorney of our signers.
func (p portalState) terms() (list []term) {
	add := func(account int64, name string, until time.Time, mend string) {
		if chip := termChip(until, p.today); chip.Text != "" {
			list = append(list, term{account, views.StateFact{Name: name, Chip: chip}, mend})
		}
	}
	for _, c := range p.certificates {
		add(c.Account, "Сертификат «"+c.Owner+"»"+p.organisation(c.INN), c.To, "Выпустите новый и нажмите «Проверить» в настройках аккаунта.")
	}
	for _, c := range p.own {
		if c.AccountID != 0 && c.Power.ID != "" {
			add(c.AccountID, "Доверенность подписанта "+c.Signer.Short()+", "+c.Party.Name, c.Power.Until, "Оформите новую и впишите её номер в настройках организации.")
		}
	}
	return list
}

// organisation returns our company or the INN, to distinguish certificates of the same person.
func (p portalState) organisation(inn string) string {
	for _, c := range p.own {
		if inn != "" && c.Party.INN == inn {
			return ", " + c.Party.Name
		}
	}
	if inn != "" {
		return ", ИНН " + inn
	}
	return ""
}

// pollFact returns when SBIS was last polled for a company.
func (p portalState) pollFact(c store.OwnCompany, zone *time.Location) views.StateFact {
	for _, f := range p.feeds {
		if f.Company == c.ID {
			return views.StateFact{Name: c.Party.Name, Value: "последний опрос " + momentOr(f.PolledAt, zone, "ещё впереди"), Note: f.Problem}
		}
	}
	return views.StateFact{Name: c.Party.Name, Value: "ещё не опрашивалась"}
}

func incidentView(i store.Incident, zone *time.Location) views.IncidentRow {
	m := views.IncidentRow{Who: "Битрикс24", Reason: i.Reason, Opened: views.Moment(i.Opened, zone), Closed: "ещё идёт"}
	if i.Account != queue.PortalItself {
		m.Who = "СБИС, «" + i.Name + "»"
	}
	if i.Closed != nil {
		m.Closed = views.Moment(*i.Closed, zone)
	}
	return m
}

func unreachableSince(b queue.Breaker, zone *time.Location) string {
	words := "Не отвечает с " + momentOr(b.Opened, zone, "")
	if b.ProbeAt != nil {
		words += ", следующая проверка в " + b.ProbeAt.In(zone).Format("15:04:05")
	}
	return words + "."
}

func momentOr(t *time.Time, zone *time.Location, otherwise string) string {
	if t == nil {
		return otherwise
	}
	return views.Moment(*t, zone)
}
