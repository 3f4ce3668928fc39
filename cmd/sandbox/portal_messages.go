package main

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"acts24/integrations/bitrix24/bitrix24test"
)

// portalEntry is a line of the timeline.
type portalEntry struct {
	Kind, Title, HTML, Who, Time string
	URL                          string
	at                           string
}

// portalTask is a task of the list and its page.
type portalTask struct {
	ID                                         int64
	Title, HTML, Deadline, Responsible, Author string
	URL                                        string
	Done                                       bool
	Bindings                                   []portalLink
}

// portalLetter is an e-mail of the mailbox.
type portalLetter struct {
	ID                              int64
	From, To, Subject, Time, Source string
	URL                             string
	Owner                           portalLink
	Files                           []portalLink
}

// userNotifications returns the notifications of a user, newest first.
func (s *portalPages) userNotifications(user int64) []portalNotification {
	var out []portalNotification
	for _, n := range s.portal.Notifications() {
		if n.User == user {
			out = append(out, portalNotification{n.ID, bbHTML(n.Message), s.userName(n.From), formatTime(n.Time), n.Read})
		}
	}
	slices.Reverse(out)
	return out
}

func (s *portalPages) notifications(w http.ResponseWriter, r *http.Request) {
	s.show(w, r, http.StatusOK, portalNotifications(s.shell(r, "Уведомления")))
}

// timeline returns the timeline of a card, newest first.
func (s *portalPages) timeline(entityType int, id int64) []portalEntry {
	owner := fmt.Sprintf("%d:%d", entityType, id)
	var out []portalEntry
	add := func(e portalEntry, at string) {
		e.at, e.Time = at, formatTime(at)
		out = append(out, e)
	}
	for _, c := range s.portal.Timeline() {
		if c.Owner == owner {
			add(portalEntry{Kind: map[string]string{"log": "Запись", "comment": "Комментарий"}[c.Kind], Title: c.Title, HTML: bbHTML(c.Text), Who: s.userName(c.Author)}, c.Time)
		}
	}
	for _, l := range s.portal.Letters() {
		if l.Owner == owner {
			add(portalEntry{Kind: "Письмо", Title: l.Subject, HTML: bbHTML("Кому: " + strings.Join(l.To, ", ")), Who: l.From, URL: fmt.Sprintf("/mail/%d/", l.ID)}, l.Time)
		}
	}
	for _, t := range s.portal.Tasks() {
		if slices.Contains(bindings(t), bindingOf(entityType, id)) {
			add(portalEntry{Kind: "Задача", Title: textOf(t, "title"), Who: s.userName(number(textOf(t, "responsibleId"))), URL: s.taskURL(t)}, textOf(t, "createdDate"))
		}
	}
	for _, step := range s.portal.StageHistory(entityType, id) {
		add(portalEntry{Kind: "Стадия", Title: step.Stage, Who: s.userName(step.By)}, step.Time)
	}
	slices.SortStableFunc(out, func(a, b portalEntry) int { return strings.Compare(b.at, a.at) })
	return out
}

func (s *portalPages) tasks(w http.ResponseWriter, r *http.Request) {
	var list []portalTask
	for _, t := range s.portal.Tasks() {
		if number(textOf(t, "responsibleId")) == pathNumber(r, "id") {
			list = append(list, s.taskView(t))
		}
	}
	slices.Reverse(list)
	s.show(w, r, http.StatusOK, portalTasks(s.shell(r, "Задачи"), list))
}

func (s *portalPages) openTasks(user int64) int {
	n := 0
	for _, t := range s.portal.Tasks() {
		if number(textOf(t, "responsibleId")) == user && textOf(t, "status") != "5" {
			n++
		}
	}
	return n
}

func (s *portalPages) task(w http.ResponseWriter, r *http.Request) {
	for _, t := range s.portal.Tasks() {
		if number(textOf(t, "id")) == pathNumber(r, "n") {
			s.show(w, r, http.StatusOK, portalTaskPage(s.shell(r, textOf(t, "title")), s.taskView(t)))
			return
		}
	}
	s.missing(w, r, "Задача не найдена.")
}

func (s *portalPages) taskView(t bitrix24test.Fields) portalTask {
	out := portalTask{
		ID: number(textOf(t, "id")), Title: textOf(t, "title"), HTML: bbHTML(textOf(t, "description")),
		Responsible: s.userName(number(textOf(t, "responsibleId"))), Author: s.userName(number(textOf(t, "createdBy"))),
		URL: s.taskURL(t), Done: textOf(t, "status") == "5", Deadline: "без срока",
	}
	if d := textOf(t, "deadline"); d != "" {
		out.Deadline = formatTime(d)
	}
	for _, b := range bindings(t) {
		if l, ok := s.bindingLink(b); ok {
			out.Bindings = append(out.Bindings, l)
		}
	}
	return out
}

func (s *portalPages) taskURL(t bitrix24test.Fields) string {
	return fmt.Sprintf("/company/personal/user/%s/tasks/task/view/%s/", textOf(t, "responsibleId"), textOf(t, "id"))
}

func bindings(t bitrix24test.Fields) []string {
	list, _ := t["ufCrmTask"].([]any)
	var out []string
	for _, x := range list {
		if b, ok := x.(string); ok {
			out = append(out, b)
		}
	}
	return out
}

// bindingOf returns the code of a card in a task: D_10, T406_17.
func bindingOf(entityType int, id int64) string {
	code, ok := map[int]string{bitrix24test.Deal: "D", bitrix24test.Contact: "C", bitrix24test.Company: "CO"}[entityType]
	if !ok {
		code = fmt.Sprintf("T%x", entityType)
	}
	return fmt.Sprintf("%s_%d", code, id)
}

// bindingLink returns the link to the card named in a task.
func (s *portalPages) bindingLink(binding string) (portalLink, bool) {
	code, rest, _ := strings.Cut(binding, "_")
	id := number(rest)
	kinds := map[string]int{"D": bitrix24test.Deal, "C": bitrix24test.Contact, "CO": bitrix24test.Company}
	for _, t := range s.portal.Types() {
		kinds[fmt.Sprintf("T%x", t.EntityTypeID)] = t.EntityTypeID
	}
	return s.cardLink(kinds[code], id)
}

// cardLink returns the link to a card with its title.
func (s *portalPages) cardLink(entityType int, id int64) (portalLink, bool) {
	item := s.portal.Item(entityType, id)
	if item == nil {
		return portalLink{}, false
	}
	title, place := textOf(item, "title"), map[int]string{bitrix24test.Deal: "deal", bitrix24test.Company: "company", bitrix24test.Contact: "contact"}[entityType]
	if entityType == bitrix24test.Contact {
		title = contactName(item)
	}
	if place == "" {
		return link(title, fmt.Sprintf("/crm/type/%d/details/%d/", entityType, id)), true
	}
	return link(title, fmt.Sprintf("/crm/%s/details/%d/", place, id)), true
}
