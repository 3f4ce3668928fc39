package rules

import (
	"fmt"
	"slices"
	"strings"

	"acts24/acts"
)

// wasSent reports whether an act with this status was sent to the counterparty.
func wasSent(status string) bool {
	return status != string(acts.StatusDraft) && status != string(acts.StatusSignedByUs)
}

// awaitsCounterparty reports whether an act with this status waits for the counterparty's signature.
func awaitsCounterparty(status string) bool {
	return status == string(acts.StatusSent) || status == string(acts.StatusAcceptedUnsigned)
}

func lettersSentOnce(s *State) (broken []string) {
	ofAct, status := map[Ref]int{}, s.storedStatuses()
	for _, l := range s.Letters {
		act := Ref{l.Portal, l.Act}
		if l.Purpose == "act" {
			ofAct[act]++
		}
		dropped := l.Purpose == "reminder" && l.State == "failed" && l.TimesSent == 0 && !awaitsCounterparty(status[act]) // it was answered before it was sent
		if (l.TimesSent != 1 || l.State != "sent") && !dropped {
			broken = append(broken, fmt.Sprintf("letter %d of act %s is %s and was sent %d times", l.ID, act, l.State, l.TimesSent))
		}
	}
	for _, p := range s.Papers {
		act := Ref{p.Portal, p.Act}
		want := 0
		if p.ByEmail {
			want = 1
		}
		if got := ofAct[act]; got != want || p.ByEmail && wasSent(status[act]) != (got == 1) {
			broken = append(broken, fmt.Sprintf("act %s (%s) has %d letters, want %d", act, status[act], got, want))
		}
	}
	for _, stray := range s.StrayLetters {
		broken = append(broken, "a sent letter is not in the database: "+stray)
	}
	return broken
}

// paperStatuses returns the statuses that people have set for paper acts.
func (s *State) paperStatuses() map[Ref]acts.Status {
	status := map[Ref]acts.Status{}
	for _, p := range s.Papers {
		status[Ref{p.Portal, p.Act}] = p.Status
	}
	return status
}

// storedStatuses returns the statuses of acts in the database.
func (s *State) storedStatuses() map[Ref]string {
	status := map[Ref]string{}
	for _, a := range s.Acts {
		status[Ref{a.Portal, a.ID}] = a.Status
	}
	return status
}

func oneTaskPerReminder(s *State) (broken []string) {
	byKey := map[string][]StatusTask{}
	for _, t := range s.StatusTasks {
		byKey[fmt.Sprint(t.Portal, " ", t.Key)] = append(byKey[fmt.Sprint(t.Portal, " ", t.Key)], t)
	}
	open := map[Ref]int{}
	for _, r := range s.Reminders {
		key := fmt.Sprint(r.Portal, " ", r.Key)
		tasks := byKey[key]
		delete(byKey, key)
		if text := r.violation(tasks); text != "" {
			broken = append(broken, fmt.Sprintf("reminder %d (%s) of act %s %s", r.ID, r.Kind, Ref{r.Portal, r.Act}, text))
		}
		for _, t := range tasks {
			if !t.Ended {
				open[Ref{r.Portal, r.Act}]++
			}
		}
	}
	for key := range byKey {
		broken = append(broken, fmt.Sprintf("the task of portal and key %s belongs to no reminder", key))
	}
	for act, n := range open {
		if n > 1 {
			broken = append(broken, fmt.Sprintf("act %s has %d open tasks", act, n))
		}
	}
	return broken
}

// violation returns what is wrong with a reminder and the tasks with its key, "" for nothing.
func (r Reminder) violation(tasks []StatusTask) string {
	asks := r.Sent && acts.ReminderKind(r.Kind).RequiresAnswer()
	switch {
	case r.Due && !r.Sent && !r.Closed:
		return "is due and was not sent"
	case !asks && len(tasks) > 0, len(tasks) > 1:
		return fmt.Sprintf("has %d tasks", len(tasks))
	case asks && !r.Closed && len(tasks) == 0:
		return "has no task"
	case len(tasks) == 1 && tasks[0].ID != r.Task:
		return fmt.Sprintf("is linked to task %d, the portal has %d", r.Task, tasks[0].ID)
	case len(tasks) == 1 && tasks[0].Ended != r.Closed:
		return fmt.Sprintf("is answered: %v, its task is ended: %v", r.Closed, tasks[0].Ended)
	}
	return ""
}

// onePendingReminder checks that an act that was sent and not answered has exactly one pending reminder, also after its task was
// completed by hand.
func onePendingReminder(s *State) (broken []string) {
	pending := map[Ref]int{}
	for _, r := range s.Reminders {
		if !r.Closed && r.Kind == string(acts.RemindUnsigned) {
			pending[Ref{r.Portal, r.Act}]++
		}
	}
	for _, a := range s.Acts {
		want := 0
		if a.Status == string(acts.StatusSent) {
			want = 1
		}
		if got := pending[Ref{a.Portal, a.ID}]; got != want {
			broken = append(broken, fmt.Sprintf("act %s (%s) has %d pending reminders, want %d", Ref{a.Portal, a.ID}, a.Status, got, want))
		}
	}
	return broken
}

// copiesStoredOnce checks that every uploaded copy and every file of a signed document is stored once, and is once in the card.
func copiesStoredOnce(s *State) (broken []string) {
	want, stored, inCards := map[string]int{}, map[string]int{}, map[string]int{}
	for _, p := range s.Papers {
		for _, c := range p.Copies {
			want[fmt.Sprintf("act %s %s %x", Ref{p.Portal, p.Act}, c.Side, c.Sum)]++
		}
	}
	actOfItem := map[Ref]int64{}
	for _, a := range s.Acts {
		actOfItem[Ref{a.Portal, a.Item}] = a.ID
	}
	for _, c := range s.Copies {
		stored[fmt.Sprintf("act %s %s %s", Ref{c.Portal, c.Act}, c.Side, c.Sum)]++
		if !slices.ContainsFunc(s.CardFiles, func(f CardFile) bool { return f.Portal == c.Portal && f.ID == c.CardFileID && f.Sum == c.Sum }) {
			broken = append(broken, fmt.Sprintf("a copy (%s) of act %s is not in the card as file %d", c.Side, Ref{c.Portal, c.Act}, c.CardFileID))
		}
	}
	for _, f := range s.CardFiles {
		inCards[fmt.Sprintf("act %s %s %s", Ref{f.Portal, actOfItem[Ref{f.Portal, f.Item}]}, f.Side, f.Sum)]++
	}
	for _, c := range s.Copies { // nobody uploads what is fetched from SBIS
		if c.Side == acts.SideSigned {
			want[fmt.Sprintf("act %s %s %s", Ref{c.Portal, c.Act}, c.Side, c.Sum)]++
		}
	}
	for key := range want {
		if stored[key] != 1 || inCards[key] != 1 {
			broken = append(broken, fmt.Sprintf("the copy %.60s is stored %d times and is %d times in the card", key, stored[key], inCards[key]))
		}
		delete(stored, key)
		delete(inCards, key)
	}
	for key := range stored {
		broken = append(broken, "a stored copy was not uploaded: "+key)
	}
	for key := range inCards {
		broken = append(broken, "a copy in the card was not uploaded: "+key)
	}
	return broken
}

func paperStatusKept(s *State) (broken []string) {
	status := s.storedStatuses()
	for _, p := range s.Papers {
		if got := status[Ref{p.Portal, p.Act}]; got != string(p.Status) {
			broken = append(broken, fmt.Sprintf("act %s is %s, people have set %s", Ref{p.Portal, p.Act}, got, p.Status))
		}
	}
	return broken
}

// personalEvents are the kinds of history lines that only a person's change of an item causes; nobody changes items during a run.
var personalEvents = []string{"put_back", "ask_reason", "edit_war", "file_out", "item_gone", "responsible", "reason", "relinked", "undo"}

func noEchoTakenForPerson(s *State) (broken []string) {
	for _, e := range s.Events {
		if slices.Contains(personalEvents, e.Kind) || e.Kind == "uploaded" && strings.HasPrefix(e.Text, "Файл из карточки") ||
			e.Kind == "exchange" && strings.Contains(e.Text, "изменён в CRM") {
			broken = append(broken, fmt.Sprintf("act %s: %s, %s", Ref{e.Portal, e.Act}, e.Kind, e.Text))
		}
	}
	return broken
}

// oneReminderLetterPerDay checks that an act has as many reminder letters as lines of its history report, at most one for each reminder that became
// due, and that none is to come after an answer. How often each letter was sent is checked by lettersSentOnce.
func oneReminderLetterPerDay(s *State) (broken []string) {
	letters, lines, due := map[Ref]int{}, map[Ref]int{}, map[Ref]int{}
	for _, l := range s.Letters {
		if l.Purpose == "reminder" {
			letters[Ref{l.Portal, l.Act}]++
		}
	}
	for _, e := range s.Events {
		if e.Kind == "letter" && strings.HasPrefix(e.Text, "Напоминание контрагенту") {
			lines[Ref{e.Portal, e.Act}]++
		}
	}
	status := s.storedStatuses()
	for _, r := range s.Reminders {
		act := Ref{r.Portal, r.Act}
		if r.Kind != string(acts.RemindCounterparty) {
			continue
		}
		if r.Sent {
			due[act]++
		}
		if !awaitsCounterparty(status[act]) && !r.Closed {
			broken = append(broken, fmt.Sprintf("act %s (%s) has a letter to come", act, status[act]))
		}
	}
	for _, a := range s.Acts {
		act := Ref{a.Portal, a.ID}
		if letters[act] != lines[act] || letters[act] > due[act] {
			broken = append(broken, fmt.Sprintf("act %s has %d reminder letters, %d lines about them, %d due reminders", act, letters[act], lines[act], due[act]))
		}
	}
	return broken
}
