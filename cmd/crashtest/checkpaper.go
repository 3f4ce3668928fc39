package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"acts24/acts"
)

// letterRow is a letter in the database; Went is how often the portal has sent it.
type letterRow struct {
	Portal  int
	ID      int64
	Act     int64 // 0 for a question
	Purpose string
	State   string
	Went    int

	Deal, Question int64
}

// reminder is a reminder of an act in the database.
type reminder struct {
	Portal        int
	ID, Act       int64
	Kind          string
	Key           string // of its task in the portal
	Due, Sent     bool
	Closed, Ended bool
	Task          int64
}

// statusTask is a task of the portal.
type statusTask struct {
	Portal int
	ID     int64
	Key    string
	Ended  bool
}

// copyRow is a copy in the database, cardFile one in a field of an item.
type copyRow struct {
	Portal int
	Act    int64
	Side   acts.Side
	Sum    string // hexadecimal
	InCard int64
}

type cardFile struct {
	Portal int
	Item   int64
	Side   acts.Side
	ID     int64
	Sum    string
}

func sumOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// wasSent reports whether an act with this status was sent to the counterparty.
func wasSent(status string) bool {
	return status != string(acts.StatusDraft) && status != string(acts.StatusSignedByUs)
}

func oneLetter(s *state) (broken []string) {
	rows := map[ref][]letterRow{}
	for _, l := range s.Letters {
		act := ref{l.Portal, l.Act}
		if l.Purpose == "act" {
			rows[act] = append(rows[act], l)
		}
		if l.Went != 1 || l.State != "sent" {
			broken = append(broken, fmt.Sprintf("letter %d of act %s is %s and was sent %d times", l.ID, act, l.State, l.Went))
		}
	}
	status := s.statuses()
	for _, p := range s.Papers {
		act := ref{p.Portal, p.Act}
		want := 0
		if p.ByEmail {
			want = 1
		}
		if got := len(rows[act]); got != want || got == 1 != wasSent(status[act]) && p.ByEmail {
			broken = append(broken, fmt.Sprintf("act %s (%s) has %d letters, want %d", act, status[act], got, want))
		}
	}
	for _, stray := range s.StrayLetters {
		broken = append(broken, "a letter belongs to nothing: "+stray)
	}
	return broken
}

// onPaper returns the statuses that people have set for paper acts.
func (s *state) onPaper() map[ref]acts.Status {
	status := map[ref]acts.Status{}
	for _, p := range s.Papers {
		status[ref{p.Portal, p.Act}] = p.Status
	}
	return status
}

func (s *state) statuses() map[ref]string {
	status := map[ref]string{}
	for _, a := range s.Acts {
		status[ref{a.Portal, a.ID}] = a.Status
	}
	return status
}

func oneTask(s *state) (broken []string) {
	byKey := map[string][]statusTask{}
	for _, t := range s.StatusTasks {
		byKey[fmt.Sprint(t.Portal, " ", t.Key)] = append(byKey[fmt.Sprint(t.Portal, " ", t.Key)], t)
	}
	open := map[ref]int{}
	for _, r := range s.Reminders {
		key := fmt.Sprint(r.Portal, " ", r.Key)
		tasks := byKey[key]
		delete(byKey, key)
		if text := r.breaks(tasks); text != "" {
			broken = append(broken, fmt.Sprintf("reminder %d (%s) of act %s %s", r.ID, r.Kind, ref{r.Portal, r.Act}, text))
		}
		for _, t := range tasks {
			if !t.Ended {
				open[ref{r.Portal, r.Act}]++
			}
		}
	}
	for key := range byKey {
		broken = append(broken, fmt.Sprintf("the task of portal and key %s belongs to nothing", key))
	}
	for act, n := range open {
		if n > 1 {
			broken = append(broken, fmt.Sprintf("act %s has %d open tasks", act, n))
		}
	}
	return broken
}

// breaks returns what is wrong with a reminder and the tasks with its key.
func (r reminder) breaks(tasks []statusTask) string {
	asks := r.Sent && acts.ReminderKind(r.Kind).Asks()
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

// oneTerm checks that an act that was sent and not answered has exactly one pending reminder, also after its task was
// completed by hand.
func oneTerm(s *state) (broken []string) {
	running := map[ref]int{}
	for _, r := range s.Reminders {
		if !r.Closed && r.Kind == string(acts.RemindUnsigned) {
			running[ref{r.Portal, r.Act}]++
		}
	}
	for _, a := range s.Acts {
		want := 0
		if a.Status == string(acts.StatusSent) {
			want = 1
		}
		if got := running[ref{a.Portal, a.ID}]; got != want {
			broken = append(broken, fmt.Sprintf("act %s (%s) has %d pending reminders, want %d", ref{a.Portal, a.ID}, a.Status, got, want))
		}
	}
	return broken
}

// oneCopy checks that every uploaded copy and every file of a signed document is stored once, and is once in the card.
func oneCopy(s *state) (broken []string) {
	want, rows, inCards := map[string]int{}, map[string]int{}, map[string]int{}
	for _, p := range s.Papers {
		for _, c := range p.Copies {
			want[fmt.Sprintf("act %s %s %x", ref{p.Portal, p.Act}, c.Side, c.Sum)]++
		}
	}
	acted := map[ref]int64{}
	for _, a := range s.Acts {
		acted[ref{a.Portal, a.Item}] = a.ID
	}
	for _, c := range s.Copies {
		rows[fmt.Sprintf("act %s %s %s", ref{c.Portal, c.Act}, c.Side, c.Sum)]++
		if !slices.ContainsFunc(s.CardFiles, func(f cardFile) bool { return f.Portal == c.Portal && f.ID == c.InCard && f.Sum == c.Sum }) {
			broken = append(broken, fmt.Sprintf("a copy (%s) of act %s is not in the card as file %d", c.Side, ref{c.Portal, c.Act}, c.InCard))
		}
	}
	for _, f := range s.CardFiles {
		inCards[fmt.Sprintf("act %s %s %s", ref{f.Portal, acted[ref{f.Portal, f.Item}]}, f.Side, f.Sum)]++
	}
	for _, c := range s.Copies { // nobody uploads what is fetched from SBIS
		if c.Side == acts.SideSigned {
			want[fmt.Sprintf("act %s %s %s", ref{c.Portal, c.Act}, c.Side, c.Sum)]++
		}
	}
	for key := range want {
		if rows[key] != 1 || inCards[key] != 1 {
			broken = append(broken, fmt.Sprintf("%.60s is stored %d times and %d times in the card", key, rows[key], inCards[key]))
		}
		delete(rows, key)
		delete(inCards, key)
	}
	for key := range rows {
		broken = append(broken, "nobody uploaded "+key)
	}
	for key := range inCards {
		broken = append(broken, "nobody uploaded, and the card has "+key)
	}
	return broken
}

func paperStatusKept(s *state) (broken []string) {
	status := s.statuses()
	for _, p := range s.Papers {
		if got := status[ref{p.Portal, p.Act}]; got != string(p.Status) {
			broken = append(broken, fmt.Sprintf("act %s is %s, people have set %s", ref{p.Portal, p.Act}, got, p.Status))
		}
	}
	return broken
}

// requests are the kinds of history lines that only a person's change of an item causes; nobody changes items during a run.
var requests = []string{"put_back", "ask_reason", "fight", "file_out", "item_gone", "responsible", "reason", "relinked", "undo"}

func noEcho(s *state) (broken []string) {
	for _, e := range s.Events {
		if slices.Contains(requests, e.Kind) || e.Kind == "uploaded" && strings.HasPrefix(e.Text, "Файл из карточки") ||
			e.Kind == "exchange" && strings.Contains(e.Text, "изменён в CRM") {
			broken = append(broken, fmt.Sprintf("act %s: %s, %s", ref{e.Portal, e.Act}, e.Kind, e.Text))
		}
	}
	return broken
}
