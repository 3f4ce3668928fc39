package acts

import (
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"
)

// model is a deal with its acts, their documents at the operator and the stage of the deal. Its steps are what people, the operator, the CRM
// and the clock do; each changes it only as the rules of this package allow, and is checked by laws that are written independently of them.
type model struct {
	choice uint64 // what is left of the present step's number
	now    time.Time
	kept   []ProductRow
	acts   []*modelAct
	nextID int64

	taken   decimal.Decimal // what acts have taken beyond the deal
	stale   bool            // taken has to be counted again
	changed *modelAct       // by the present step

	policy  StagePolicy
	place   DealPlace
	settled Stage // the target for which the stage was decided last
	byHand  bool  // a person moved the deal after we had placed it for settled
	touched bool  // a person has moved the deal once

	verbose bool // log what happens
	log     []string
	fault   string
}

// modelAct is an act with the changes of its status and its document at the operator.
type modelAct struct {
	Act
	changes []Change
	doc     *modelDocument
}

// modelDocument is a document at the operator; a report shows its present state.
type modelDocument struct {
	DocumentState
	events int
}

// firstDealStage is where the deal of a model begins; the pipeline has one more stage that is not mapped.
const firstDealStage = "NEW"

var modelPipeline = Pipeline{StagePreparing: "P", StageApproved: "A", StageSent: "S", StageDone: "D", StageRemarks: "R"}

func newModel(n uint64, verbose bool) *model {
	m := &model{choice: n, verbose: verbose, now: time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC), place: DealPlace{StageID: firstDealStage}}
	m.policy = StagePolicy{DoneByFormed: m.pick(4) == 0, RemarksOpen: m.pick(2) == 0}
	m.sell()
	return m
}

// pick returns a number below n.
func (m *model) pick(n int) int {
	k := m.choice % uint64(n)
	m.choice /= uint64(n)
	return int(k)
}

func (m *model) logf(format string, values ...any) {
	if m.verbose {
		m.log = append(m.log, fmt.Sprintf(format, values...))
	}
}

// breaks records the first law that is broken.
func (m *model) breaks(format string, values ...any) {
	if m.fault == "" {
		m.fault = fmt.Sprintf(format, values...)
	}
}

// step does what the number chooses, and checks the laws.
func (m *model) step(n uint64) {
	m.choice = n
	m.now = m.now.Add(time.Hour)
	m.stale, m.changed = false, nil
	fromCRM := false
	switch k := m.pick(20); {
	case k < 2 || len(m.acts) == 0:
		m.form()
	case k < 4:
		fromCRM, m.stale = true, true
		m.changeRows()
	case k == 4:
		m.closeOrReopen()
	case k == 5:
		m.moveByHand()
	case k < 8:
		m.moveDeal()
	default:
		m.changed = m.acts[m.pick(len(m.acts))]
		m.live(m.changed)
	}
	if m.stale {
		before := m.taken
		if m.taken = m.excess(); !fromCRM && m.taken.GreaterThan(before) {
			m.breaks("acts have taken %s too much, before it %s", m.taken, before)
		}
	}
	if m.changed != nil {
		m.checkAct(m.changed)
	}
}

// count sets the quantities and sums that acts have taken of each row.
func (m *model) count() {
	for i := range m.kept {
		r := &m.kept[i]
		r.InActs, r.ActTotals = decimal.Zero, Totals{}
		for _, a := range m.acts {
			for _, l := range a.Lines {
				if a.CountsTowardDeal() && l.Row == r.ID {
					r.InActs, r.ActTotals = r.InActs.Add(l.Quantity), r.ActTotals.Plus(l.Totals)
				}
			}
		}
	}
}

func (m *model) rows() []ProductRow {
	m.count()
	rows, _ := Settle(m.kept)
	return rows
}

func (m *model) excess() decimal.Decimal {
	m.count()
	return Excess(Settle(m.kept))
}

// remainder is the quantity of all rows that still needs an act.
func (m *model) remainder() decimal.Decimal {
	sum := decimal.Zero
	for _, r := range m.rows() {
		sum = sum.Add(r.Remainder())
	}
	return sum
}

func (m *model) form() {
	if len(m.acts) == 5 {
		return
	}
	a := Act{ID: ActID(len(m.acts) + 1), Status: StatusDraft, Medium: MediumPaper, Lines: m.takes(m.rows())}
	if m.pick(3) > 0 {
		a.Medium = MediumElectronic
	}
	if len(a.Lines) == 0 {
		return
	}
	m.logf("%s act %d is formed:%s", a.Medium, a.ID, lineList(a.Lines))
	m.acts, m.stale = append(m.acts, &modelAct{Act: a}), true
	m.changed = m.acts[len(m.acts)-1]
}

// takes returns lines for parts of what is left of rows.
func (m *model) takes(rows []ProductRow) (lines []Line) {
	for _, r := range rows {
		left := r.Remainder()
		if !left.IsPositive() || m.pick(3) == 0 {
			continue
		}
		if m.pick(2) == 0 {
			left = decimal.NewFromInt(1 + int64(m.pick(int(left.IntPart()))))
		}
		lines = append(lines, r.Line(left, r.Rate))
	}
	return lines
}

// lineList formats the quantities of lines.
type lineList []Line

// String returns the quantity and the row of each line.
func (lines lineList) String() (text string) {
	for _, l := range lines {
		text += fmt.Sprintf(" %s of row %d", l.Quantity, l.Row)
	}
	return text
}

func (m *model) fresh() int64 { m.nextID++; return m.nextID }

func (m *model) sell() {
	id := m.fresh()
	r := ProductRow{ID: RowID(id), CRM: id, Family: RowID(id), Sort: int(id), Name: "Работа " + strconv.FormatInt(id, 10), Quantity: decimal.NewFromInt(1 + int64(m.pick(8))),
		Price: decimal.NewFromInt(100), Rate: "22", NeedsAct: true}
	m.logf("row %d: %s are sold", id, r.Quantity)
	m.kept = append(m.kept, r)
}

// changeRows changes the rows of the deal in the CRM and reads them. What only divides them otherwise leaves as much for acts as before.
func (m *model) changeRows() {
	var now []ProductRow
	for _, k := range m.kept {
		if !k.Gone {
			now = append(now, k)
		}
	}
	before, same := m.remainder(), true
	kind := m.pick(6)
	if len(now) == 0 || kind == 5 && len(now) < 4 {
		m.sell()
		return
	}
	i := m.pick(len(now))
	switch kind {
	case 0, 5:
		m.logf("all rows get new ids")
		for j := range now {
			now[j].CRM = m.fresh()
		}
	case 1:
		whole := now[i].Quantity.IntPart()
		if whole < 2 {
			return
		}
		part := now[i]
		part.Quantity = decimal.NewFromInt(1 + int64(m.pick(int(whole-1))))
		now[i].Quantity = now[i].Quantity.Sub(part.Quantity)
		part.CRM = m.fresh()
		if m.pick(2) == 0 {
			now[i].CRM = m.fresh()
		}
		now = append(now, part)
		m.logf("row %d is split into %s and %s", now[i].ID, now[i].Quantity, part.Quantity)
	case 2:
		j := slices.IndexFunc(now, func(r ProductRow) bool { return r.CRM != now[i].CRM && r.Identity() == now[i].Identity() })
		if j < 0 {
			return
		}
		m.logf("row %d is joined with row %d", now[i].ID, now[j].ID)
		now[i].Quantity, now[i].CRM = now[i].Quantity.Add(now[j].Quantity), m.fresh()
		now = slices.Delete(now, j, j+1)
	case 3:
		same = false
		now[i].Quantity = decimal.NewFromInt(1 + int64(m.pick(8)))
		m.logf("row %d has %s", now[i].ID, now[i].Quantity)
	case 4:
		same = false
		m.logf("row %d is removed", now[i].ID)
		now = slices.Delete(now, i, i+1)
	}
	m.read(now)
	if after := m.remainder(); same && !after.Equal(before) {
		m.breaks("the rows are divided otherwise: %s need an act, before it %s", after, before)
	}
}

// read stores rows as the CRM returns them.
func (m *model) read(now []ProductRow) {
	for i := range now {
		now[i].ID, now[i].Family, now[i].Closed, now[i].InActs, now[i].ActTotals = 0, 0, decimal.Zero, decimal.Zero, Totals{}
	}
	m.count()
	rows, lost := MatchRows(m.kept, now)
	stored := map[RowID]ProductRow{}
	for _, r := range append(rows, lost...) {
		if r.ID == 0 {
			r.ID = RowID(r.CRM)
			m.kept = append(m.kept, r)
		}
		stored[r.ID] = r
	}
	for i, k := range m.kept {
		r, ok := stored[k.ID]
		if gone := !ok || slices.ContainsFunc(lost, func(l ProductRow) bool { return l.ID == k.ID }); ok {
			r.Gone, r.Family = gone, max(r.Family, k.Family)
			m.kept[i] = r
		}
	}
}

func (m *model) closeOrReopen() {
	rows := m.rows()
	if len(rows) == 0 {
		return
	}
	r := rows[m.pick(len(rows))]
	closed := decimal.Zero
	if !r.Covered() {
		closed = r.Closed.Add(r.Remainder())
	}
	m.logf("%s of row %d are closed", closed, r.ID)
	m.kept[rowByID(m.kept, r.ID)].Closed = closed
}

func (m *model) moveByHand() {
	to := []string{firstDealStage, "P", "A", "S", "D", "R", "OTHER", "LOSE"}[m.pick(8)]
	m.place.StageID, m.place.Final = to, to == "D" || to == "LOSE"
	m.byHand, m.touched = m.place.LastSet != "" && to != m.place.LastSet, true // moved back to where we had placed it, it is ours again
	m.logf("a person moves the deal to %s", to)
}

// moveDeal delivers the stage that follows from the acts, as the CRM's own move does.
func (m *model) moveDeal() {
	var all []Act
	for _, a := range m.acts {
		all = append(all, a.Act)
	}
	rows := m.rows()
	target, was := StageByActs(all, rows, m.policy), m.place
	if want := m.wantedStage(all, rows); target != want {
		m.breaks("the acts require «%s», the rule «%s»", target.Name(), want.Name())
	}
	if target == NoStage {
		return
	}
	to, note := modelPipeline.Move(m.place, target)
	m.place = modelPipeline.After(m.place, target, to, to == "D")
	m.logf("the acts require «%s»: the deal is at %s. %s", target.Name(), m.place.StageID, note)
	switch moved := m.place.StageID != was.StageID; {
	case moved && m.place.StageID != modelPipeline[target]:
		m.breaks("the deal is moved to %s", m.place.StageID)
	case moved && modelPipeline.StageOf(was.StageID).Rank() > target.Rank():
		m.breaks("the deal is moved back from %s to %s", was.StageID, m.place.StageID)
	case moved && m.byHand && m.settled == target:
		m.breaks("a person moved the deal to %s, nothing else has happened, and it is moved to %s", was.StageID, m.place.StageID)
	case !moved && !m.touched && modelPipeline.StageOf(was.StageID).Rank() < target.Rank() && target != StagePreparing:
		m.breaks("the deal stays at %s", was.StageID)
	}
	m.settled, m.byHand = target, m.byHand && m.place.StageID == was.StageID
	if again, _ := modelPipeline.Move(m.place, target); again != "" && again != m.place.StageID {
		m.breaks("a second delivery moves the deal to %s", again)
	}
}

// wantedStage is the rule of stages as the users know it.
func (m *model) wantedStage(all []Act, rows []ProductRow) Stage {
	in := map[Status]int{}
	valid, remarks, corrected, wasSent := 0, 0, 0, 0
	for _, a := range all {
		switch {
		case a.Status == StatusAnnulled:
			if !a.SentAt.IsZero() {
				wasSent++
			}
		case a.ReplacedBy != 0 && a.Status == StatusRefused:
			corrected++
		case a.ReplacedBy != 0:
		default:
			valid++
			in[a.Status]++
			if a.Status == StatusSigned && a.Remarks != "" {
				remarks++
			}
		}
	}
	covered := true
	for _, r := range rows {
		covered = covered && !r.Quantity.Sub(r.InActs).Sub(r.Closed).IsPositive()
	}
	finished := in[StatusSigned] + in[StatusAcceptedUnsigned]
	switch {
	case in[StatusRefused] > 0, m.policy.RemarksOpen && remarks > 0, corrected > 0 && in[StatusDraft]+in[StatusSignedByUs] > 0:
		return StageRemarks
	case valid > 0 && finished == valid && (covered || m.policy.DoneByFormed):
		return StageDone
	case finished+in[StatusSent] > 0:
		return StageSent
	case wasSent > 0:
		return StagePreparing
	}
	return NoStage
}

// follows checks that the status is what SBIS has, unless a person or SBIS itself has decided otherwise before.
func (m *model) follows(was, is Act, r DocumentState) {
	want := is.Status
	switch {
	case r.Phase == PhaseSent || r.Phase == PhaseDelivered:
		if was.Status == StatusDraft || was.Status == StatusSignedByUs {
			want = StatusSent
		}
	case r.Phase == PhaseDecided && (r.Verdict == VerdictAccepted || r.Verdict == VerdictRemarks || r.Verdict == VerdictNone):
		if want = StatusSigned; was.Status == StatusAnnulled || was.Status == StatusRefused && !was.MarkedByPerson {
			want = was.Status
		}
	case r.Phase == PhaseRefused && r.Dispatched, r.Phase == PhaseDecided && r.Verdict == VerdictRefused:
		if want = StatusRefused; was.Status == StatusAnnulled || was.Status == StatusSigned {
			want = was.Status
		}
	case r.Phase == PhaseCancelled && was.Status == StatusSigned:
		want = StatusAnnulled
	}
	if is.Status != want {
		m.breaks("act %d was %s, the document is in phase %d: %s, want %s", is.ID, was.Status, r.Phase, is.Status, want)
	}
}

// checkAct checks that the history of an act leads to its status, and that somebody can do something about it or one of our calls is due.
func (m *model) checkAct(a *modelAct) {
	at := StatusDraft
	for _, c := range a.changes {
		if c.From != at {
			m.breaks("act %d was %s, its history goes on from %s", a.ID, at, c.From)
		}
		at = c.To
	}
	if at != a.Status {
		m.breaks("act %d is %s, its history ends with %s", a.ID, a.Status, at)
	}
	if a.Ended() || a.Delivery.callPending() || a.Annulment.IsQueued() {
		return
	}
	if a.AnnulAfter != "" {
		m.breaks("act %d is to be annulled, and nothing is due", a.ID)
	}
	byPerson := a.MayForget() == nil || a.MayAnswer() == nil || a.MayWithdraw() == nil ||
		slices.ContainsFunc(exits, func(way struct {
			words string
			may   func(Act) bool
		}) bool {
			return way.may(a.Act)
		})
	if byOperator := a.doc != nil && a.doc.Phase != PhaseRefused && a.doc.Phase != PhaseFailed; !byPerson && !byOperator {
		m.breaks("act %d, %s %s, %q, is a dead end: %s", a.ID, a.Medium, a.Status, a.Delivery, a.AllowedActions(ActorPerson))
	}
}

// run plays a sequence until a law is broken.
func run(steps []uint64, verbose bool) *model {
	m := newModel(steps[0], verbose)
	for _, n := range steps[1:] {
		if m.step(n); m.fault != "" {
			break
		}
	}
	return m
}

// shrink leaves out steps as long as some law stays broken.
func shrink(steps []uint64) []uint64 {
	for size := len(steps) / 2; size > 0; {
		smaller := false
		for i := 1; i+size <= len(steps); i++ {
			if fewer := slices.Delete(slices.Clone(steps), i, i+size); run(fewer, false).fault != "" {
				steps, smaller = fewer, true
				break
			}
		}
		if !smaller {
			size /= 2
		}
	}
	return steps
}

// modelSequences is the number of sequences of the test; ACTS_MODEL overrides it, as ACTS_MODEL_SEED the seed.
func modelSequences() int {
	if testing.Short() {
		return 5_000
	}
	if n, err := strconv.Atoi(os.Getenv("ACTS_MODEL")); err == nil {
		return n
	}
	return 100_000
}

// Whatever people, the operator, the CRM and the clock do in whatever order: acts never take more of a deal than it has, every act that is not at
// its end has something that somebody can do, the stage follows from the acts and from people's moves, and the history explains every status.
func TestRandomLives(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	if n, err := strconv.ParseUint(os.Getenv("ACTS_MODEL_SEED"), 10, 64); err == nil {
		seed = n
	}
	t.Log("ACTS_MODEL_SEED:", seed)
	workers := runtime.GOMAXPROCS(0)
	reached := make([]map[Status]int, workers)
	var all sync.WaitGroup
	for w := range workers {
		reached[w] = map[Status]int{}
		all.Go(func() { randomLives(t, rand.New(rand.NewPCG(seed, uint64(w))), modelSequences()/workers, reached[w]) })
	}
	all.Wait()
	for _, s := range Statuses {
		n := 0
		for _, part := range reached {
			n += part[s]
		}
		if !t.Failed() && n*200 < modelSequences() {
			t.Errorf("only %d acts end as %s: too little happens", n, s)
		}
	}
}

// randomLives plays sequences and counts the statuses in which their acts end.
func randomLives(t *testing.T, r *rand.Rand, sequences int, reached map[Status]int) {
	steps := make([]uint64, 20)
	for range sequences {
		for i := range steps {
			steps[i] = r.Uint64()
		}
		m := run(steps, false)
		if m.fault != "" {
			m = run(shrink(slices.Clone(steps)), true)
			t.Errorf("%s\n%s", strings.Join(m.log, "\n"), m.fault)
			return
		}
		for _, a := range m.acts {
			reached[a.Status]++
		}
	}
}
