package recovery

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"acts24/acts"
)

// Findings are what a reconciliation has found in a portal.
type Findings struct {
	Dry      bool // nothing is to be changed
	Done     []string
	ToDo     []string          // what a person has to do
	Numbers  int               // how often the next number was raised
	Progress func(text string) // called while the reconciliation goes on; may be nil
	lost     map[acts.ActID]*LostAct
	shown    map[acts.ActID]acts.Status
}

// LostAct is an act of the CRM that the backup lacks.
type LostAct struct {
	ID       acts.ActID
	Deal     acts.DealID
	Title    string
	Date     time.Time
	From, To time.Time // zero while no period is known
	Back     bool      // it is stored again, or would be

	Unknown []string // what neither the CRM nor SBIS shows of an act that is back
}

// AddDone adds what was done, or would be.
func (f *Findings) AddDone(format string, args ...any) {
	f.Done = append(f.Done, fmt.Sprintf(format, args...))
}

// AddToDo adds what a person has to do.
func (f *Findings) AddToDo(format string, args ...any) {
	f.ToDo = append(f.ToDo, fmt.Sprintf(format, args...))
}

// Step reports how far the reconciliation has come.
func (f *Findings) Step(format string, args ...any) {
	if f.Progress != nil {
		f.Progress(fmt.Sprintf(format, args...))
	}
}

// SetShown stores the status of an act that its item shows.
func (f *Findings) SetShown(act acts.ActID, status acts.Status) {
	if f.shown == nil {
		f.shown = map[acts.ActID]acts.Status{}
	}
	f.shown[act] = status
}

// AddLost notes an act that the backup lacks.
func (f *Findings) AddLost(act LostAct) {
	if f.lost == nil {
		f.lost = map[acts.ActID]*LostAct{}
	}
	f.lost[act.ID] = &act
}

// Lost returns an act that the backup lacks, nil for any other.
func (f *Findings) Lost(act acts.ActID) *LostAct { return f.lost[act] }

// IsBack reports whether an act was brought back, or would be.
func (f *Findings) IsBack(act acts.ActID) bool { return f.lost[act] != nil && f.lost[act].Back }

// LostActs lists the acts that the backup lacks by their deals, the oldest first.
func (f *Findings) LostActs() map[acts.DealID][]*LostAct {
	byDeal := map[acts.DealID][]*LostAct{}
	for _, id := range slices.Sorted(maps.Keys(f.lost)) {
		byDeal[f.lost[id].Deal] = append(byDeal[f.lost[id].Deal], f.lost[id])
	}
	for _, list := range byDeal {
		slices.SortStableFunc(list, func(a, b *LostAct) int { return cmp.Compare(a.Date.Unix(), b.Date.Unix()) })
	}
	return byDeal
}

// AddUnknownToDo adds to what a person has to do what neither the CRM nor SBIS shows of the acts that were brought back.
func (f *Findings) AddUnknownToDo() {
	for _, id := range slices.Sorted(maps.Keys(f.lost)) {
		if act := f.lost[id]; act.Back && len(act.Unknown) > 0 {
			f.AddToDo("act %d «%s» of deal %d is back without what no remote system shows: %s", act.ID, act.Title, act.Deal, strings.Join(act.Unknown, ", "))
		}
	}
}
