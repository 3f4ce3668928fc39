package usecases_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"acts24/acts"
	"acts24/store"
	"acts24/store/accounts"
	"acts24/store/people"
	"acts24/store/queue"
	"acts24/store/storetest"
	"acts24/workflow"
	"acts24/workflow/usecases"
)

// lives plays random sequences of what people, the operator, the CRM and the clock do with the acts of one deal, through the use cases and
// PostgreSQL, and checks the laws that acts.TestRandomLives checks of the rules alone.
type lives struct {
	*testing.T
	db     *store.DB
	flow   *usecases.All
	crm    *livesCRM
	edo    *livesEDO
	visit  workflow.Visit
	r      *rand.Rand
	now    time.Time
	deal   acts.DealID
	byHand bool            // a person has moved the deal
	taken  decimal.Decimal // what acts have taken beyond the deal
	ends   map[acts.Status]int
	log    []string
	fault  string
}

func newLives(t *testing.T) *lives {
	db := storetest.Open(t)
	portal := storetest.AddPortal(t, db, "a")
	l := &lives{T: t, ends: map[acts.Status]int{}, db: db, now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), visit: workflow.Visit{Visit: people.Visit{Portal: portal, User: 2, UserName: "Иванова"}},
		crm: &livesCRM{deals: map[acts.DealID]*store.Deal{}, ended: map[int64]bool{}, tasks: map[string]int64{}, files: map[acts.ItemID]map[acts.Side][]int64{}, nextID: 1000},
		edo: &livesEDO{documents: map[string]*livesDocument{}, moment: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}}
	l.edo.loses = func() bool { return l.r.IntN(8) == 0 }
	l.flow = usecases.New(db, l.crm, l.edo, workflow.DefaultTiming, "https://acts.example", func() time.Time { return l.now }, func() {}, slog.New(slog.DiscardHandler))
	storetest.InTx(t, db, portal, func(tx store.Tx) error {
		own := store.OwnCompany{ID: 1, Party: acts.Party{Kind: acts.PartyCompany, Name: "ООО «Мы»", INN: "7701010105", KPP: "770101001", Address: "Москва", Participant: "2BEeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee"},
			Signer: acts.Signer{Last: "Громов", First: "Андрей", Position: "Директор"}, Function: acts.FunctionAct, Numbers: "{N}", Form: store.FormUPD, PaperForm: acts.PaperFormAct}
		var err error
		if own.AccountID, err = tx.Accounts().Save(t.Context(), accounts.Account{Name: "Основной", Login: accounts.Login{Login: "robot", Password: "secret"}}); err != nil {
			return err
		}
		stages := []store.DealStage{{ID: "NEW"}, {ID: "P"}, {ID: "A"}, {ID: "S"}, {ID: "D", Semantics: "S"}, {ID: "R"}, {ID: "OTHER"}}
		settings := store.Settings{WithoutFiles: true, Pipelines: []store.Pipeline{{Stages: stages,
			Mapped: acts.Pipeline{acts.StagePreparing: "P", acts.StageApproved: "A", acts.StageSent: "S", acts.StageDone: "D", acts.StageRemarks: "R"}}}}
		return errors.Join(tx.Companies().Merge(t.Context(), own), tx.Companies().Save(t.Context(), own), queue.AddFeed(t.Context(), tx, own.ID, l.now), tx.Portals().SaveSettings(t.Context(), settings))
	})
	return l
}

func (l *lives) say(format string, values ...any) {
	l.log = append(l.log, fmt.Sprintf(format, values...))
}

func (l *lives) breaks(format string, values ...any) {
	if l.fault == "" {
		l.fault = fmt.Sprintf(format, values...)
	}
}

// did logs what a person did. A refusal that he can read is a result like another; anything else is a fault.
func (l *lives) did(what string, err error) bool {
	l.say("%s: %v", what, err)
	if faults := (acts.Faults)(nil); err != nil && acts.KindOf(err) == "" && !errors.As(err, &faults) {
		l.breaks("%s: %v", what, err)
	}
	return err == nil
}

// play plays a sequence with a deal of its own.
func (l *lives) play(deal acts.DealID, steps []uint64) {
	l.deal, l.log, l.fault, l.byHand, l.taken = deal, nil, "", false, decimal.Zero
	l.r = rand.New(rand.NewPCG(steps[0], 0))
	l.edo.offers = l.r.IntN(2) == 0
	l.crm.deals[deal] = &store.Deal{ID: deal, Title: "Сделка", StageID: "NEW", Company: 5, Responsible: 2, Currency: "RUB", ManualAmount: true, Email: "buh@romashka.ru",
		Buyer: acts.Party{Kind: acts.PartyCompany, Name: "ООО «Заказчик»", INN: "7802020205", KPP: "780201001", Address: "Петербург", Participant: "2BEffffffffffffffffffffffffffffffff"}}
	l.sell()
	l.read()
	for _, n := range steps[1:] {
		l.r = rand.New(rand.NewPCG(n, 0))
		if l.step(); l.fault != "" {
			return
		}
	}
	l.settle()
}

func (l *lives) step() {
	crm, all := false, l.acts()
	switch k := l.r.IntN(24); {
	case k < 2 && len(all) < 4 || len(all) == 0:
		l.form()
	case k == 2:
		crm = true
		l.changeRows()
		l.read()
	case k == 3:
		l.closeOrReopen()
	case k == 4 && l.r.IntN(3) == 0:
		to := []string{"NEW", "P", "A", "S", "D", "R", "OTHER"}[l.r.IntN(7)]
		l.crm.deals[l.deal].StageID, l.crm.deals[l.deal].Final, l.byHand = to, to == "D", true
		l.say("a person moves the deal to %s", to)
	case k == 5:
		l.now = l.now.AddDate(0, 0, 1+l.r.IntN(9))
		_, err := l.flow.Remind.ProcessDueReminders(l.Context())
		l.did(fmt.Sprint("it is ", l.now.Format(time.DateOnly)), err)
	case k < 9:
		l.deliver()
	case k == 9:
		l.poll()
	case k < 15:
		if l.operate(); l.r.IntN(2) == 0 {
			l.poll()
		}
	default:
		l.person(all[l.r.IntN(len(all))])
	}
	before := l.taken
	if l.taken = l.excess(); !crm && l.taken.GreaterThan(before) {
		l.breaks("acts have taken %s too much, before it %s", l.taken, before)
	}
}

func (l *lives) scope() store.Scope { return l.db.Scope(l.visit.Portal) }

// must returns a value that is always readable.
func must[T any](l *lives, v T, err error) T {
	if err != nil {
		l.breaks("read: %v", err)
	}
	return v
}

func (l *lives) acts() []acts.Act {
	all, err := l.scope().Acts().OfDeal(l.Context(), l.deal)
	return must(l, all, err)
}

func (l *lives) excess() decimal.Decimal {
	d, err := l.scope().Deals().Get(l.Context(), l.deal)
	must(l, d, err)
	return acts.Excess(d.Rows, d.Lost)
}

func (l *lives) read() {
	l.did("the deal is read", l.flow.Deals.FetchDeals(l.Context(), l.visit.Portal, l.deal))
}

func (l *lives) sell() {
	id, d := l.crm.id(), l.crm.deals[l.deal]
	d.Rows = append(d.Rows, acts.ProductRow{CRM: id, Sort: int(id), Name: fmt.Sprint("Работа ", id), Quantity: decimal.NewFromInt(1 + l.r.Int64N(8)), Price: decimal.NewFromInt(100),
		Rate: "22", Unit: acts.Unit{Code: "796", Name: "шт"}})
	l.say("%s are sold in row %d", d.Rows[len(d.Rows)-1].Quantity, id)
}

// changeRows changes the rows of the deal in the CRM.
func (l *lives) changeRows() {
	rows := &l.crm.deals[l.deal].Rows
	if len(*rows) == 0 || l.r.IntN(4) == 0 && len(*rows) < 4 {
		l.sell()
		return
	}
	i := l.r.IntN(len(*rows))
	row := &(*rows)[i]
	switch l.r.IntN(4) {
	case 0:
		l.say("all rows get new ids")
		for j := range *rows {
			(*rows)[j].CRM = l.crm.id()
		}
	case 1:
		if whole := row.Quantity.IntPart(); whole > 1 {
			part := *row
			part.CRM, part.Quantity = l.crm.id(), decimal.NewFromInt(1+l.r.Int64N(whole-1))
			row.Quantity = row.Quantity.Sub(part.Quantity)
			l.say("row %d is split", row.CRM)
			*rows = append(*rows, part)
		}
	case 2:
		row.Quantity = decimal.NewFromInt(1 + l.r.Int64N(8))
		l.say("row %d has %s", row.CRM, row.Quantity)
	case 3:
		l.say("row %d is removed", row.CRM)
		*rows = slices.Delete(*rows, i, i+1)
	}
}

func (l *lives) form() {
	details, err := l.scope().Deals().Details(l.Context(), l.deal)
	if err != nil || len(details.Acts) > 6 {
		must(l, details, err)
		return
	}
	f := workflow.Suggest(details, l.now)
	f.Type, f.Signer, f.Position = "paper-company", "Громов Андрей Петрович", "Директор"
	if l.r.IntN(3) > 0 {
		f.Type, f.Channel, f.Operator, f.Participant = "electronic-company", "edo", "2BE", l.crm.deals[l.deal].Buyer.Participant
	}
	l.takePart(f)
	id, err := l.flow.Acts.FormAct(l.Context(), l.visit, l.deal, *f)
	l.did(fmt.Sprintf("%s act %d is formed", f.Type, id), err)
}

// takePart leaves some of the quantities for other acts.
func (l *lives) takePart(f *workflow.ActForm) {
	for _, id := range slices.Sorted(keysOf(f.Picks)) {
		pick := f.Picks[id]
		if q, err := acts.ParseDecimal(pick.Quantity); err == nil && q.GreaterThan(decimal.NewFromInt(1)) && l.r.IntN(2) == 0 {
			pick.Quantity = decimal.NewFromInt(1 + l.r.Int64N(q.IntPart())).String()
			f.Picks[id] = pick
		}
	}
}

func keysOf[K comparable, V any](m map[K]V) func(func(K) bool) {
	return func(yield func(K) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

func (l *lives) closeOrReopen() {
	d, err := l.scope().Deals().Get(l.Context(), l.deal)
	if must(l, d, err); len(d.Rows) == 0 {
		return
	}
	row := d.Rows[l.r.IntN(len(d.Rows))]
	if l.r.IntN(2) == 0 {
		l.did(fmt.Sprintf("row %d is closed", row.ID), l.flow.Bulk.CloseRemainder(l.Context(), l.visit, l.deal, row.ID, "не нужен"))
	} else {
		l.did(fmt.Sprintf("row %d is reopened", row.ID), l.flow.Bulk.ReopenRemainder(l.Context(), l.visit, l.deal, row.ID))
	}
}

// person does something with an act, whether the page offers it or not.
func (l *lives) person(a acts.Act) {
	ctx, v, s, what := l.Context(), l.visit, l.flow.Acts, fmt.Sprintf("act %d, %s %s %q: ", a.ID, a.Medium, a.Status, a.Delivery)
	choice := l.r.IntN(24)
	switch a.Status { // half of the time what leads on
	case acts.StatusDraft:
		if choice >= 12 && a.MayHandOver() == nil {
			choice = 0
		} else if choice >= 12 && a.Medium == acts.MediumPaper {
			choice = 6
		}
	case acts.StatusSignedByUs:
		if choice >= 12 && a.Medium == acts.MediumPaper {
			choice = 7
		}
	case acts.StatusRefused:
		if choice >= 16 {
			choice = 10
		}
	default:
		if choice >= 16 {
			choice = 3
		}
	}
	switch choice % 12 {
	case 0, 1:
		l.did(what+"hand over", s.HandOver(ctx, v, a.ID))
	case 2:
		l.did(what+"take back", s.TakeBack(ctx, v, a.ID))
	case 3, 4:
		events := a.AllowedEvents(acts.ActorPerson)
		if l.r.IntN(4) == 0 {
			events = []acts.Event{acts.EventRefusal, acts.EventAnnulment, acts.EventReturnToDraft, acts.EventAcceptUnsigned}
		}
		if len(events) == 0 {
			return
		}
		e := events[l.r.IntN(len(events))]
		if e == acts.EventDispatch || e == acts.EventRedispatch || e == acts.EventRecall {
			l.did(what+"send", s.SendPaper(ctx, v, a.ID, workflow.SendForm{Channel: "post"}))
			return
		}
		l.did(what+string(e), s.Mark(ctx, v, a.ID, e, "потому что"))
	case 5:
		l.did(what+"undo", s.Undo(ctx, v, a.ID, "ошибка"))
	case 6:
		side := []acts.Side{acts.SideOurs, acts.SideTheirs}[l.r.IntN(2)]
		body := []byte("%PDF-1.4 " + strconv.Itoa(l.r.IntN(1000)))
		file := workflow.Upload{Name: "Скан.pdf", Media: "application/pdf", SHA256: body, Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }}
		l.did(what+"upload "+string(side), s.UploadCopies(ctx, v, a.ID, side, []workflow.Upload{file}, l.r.IntN(3) == 0))
	case 7:
		l.did(what+"send", s.SendPaper(ctx, v, a.ID, workflow.SendForm{Channel: "post"}))
	case 8, 9:
		step := []acts.AnnulmentStep{acts.StepRecall, acts.StepPropose, acts.StepAgree, acts.StepDecline, acts.StepWithdraw}[l.r.IntN(5)]
		if l.r.IntN(5) == 0 {
			l.did(what+"forget", s.ForgetAnnulment(ctx, v, a.ID))
			return
		}
		l.did(what+string(step), s.Annul(ctx, v, a.ID, step, "ошибка"))
	case 10:
		_, err := s.Correct(ctx, v, a.ID, uuid.NewString())
		if a.Status == acts.StatusAnnulled {
			_, err = s.Copy(ctx, v, a.ID, uuid.NewString())
		}
		l.did(what+"correct or copy", err)
	case 11:
		d, err := l.scope().Deals().Get(ctx, l.deal)
		f := workflow.FormOf(a, must(l, d, err).Without(a))
		l.takePart(f)
		l.did(what+"edit", s.EditAct(ctx, v, a.ID, *f))
	}
}

// operate moves a document of the deal in SBIS.
func (l *lives) operate() {
	var mine []*livesDocument
	for _, a := range l.acts() {
		for _, d := range l.edo.documents {
			if d.act == a.ID && !d.Deleted && d.Phase != acts.PhaseCancelled {
				mine = append(mine, d)
			}
		}
	}
	if len(mine) == 0 {
		return
	}
	slices.SortFunc(mine, func(a, b *livesDocument) int { return strings.Compare(a.events[0], b.events[0]) })
	d := mine[l.r.IntN(len(mine))]
	to := func(p acts.DocumentPhase, name string) { d.Phase, d.Name = p, name; l.edo.happens(d) }
	switch k := l.r.IntN(8); d.Phase {
	case acts.PhaseDraft, acts.PhaseWaitingSignature:
		switch k {
		case 0:
			to(acts.PhaseWaitingSignature, "На подписании")
		case 1:
			d.Deleted = true
			to(acts.PhaseCancelled, "Удален")
		case 2:
			d.Returned = true
			to(acts.PhaseDraft, "Документ редактируется")
		default:
			d.Dispatched, d.Returned = true, false
			to(acts.PhaseSent, "Отправлен")
		}
	case acts.PhaseSent, acts.PhaseDelivered:
		switch k {
		case 0:
			to(acts.PhaseFailed, "Ошибка")
		case 1:
			to(acts.PhaseRefused, "Отклонён")
		case 2:
			d.Recalled = true
			to(acts.PhaseCancelled, "Отозван мной")
		case 3:
			to(acts.PhaseDelivered, "Доставлен")
		default:
			d.Verdict = []acts.Verdict{acts.VerdictAccepted, acts.VerdictAccepted, acts.VerdictRemarks, acts.VerdictRefused}[k-4]
			to(acts.PhaseDecided, "Выполнение завершено")
		}
	case acts.PhaseDecided:
		if d.Verdict == acts.VerdictRefused {
			return
		}
		step := []acts.AnnulmentStep{acts.StepPropose, acts.StepAgree, acts.StepDecline, acts.StepWithdraw}[k%4]
		open := len(d.Annulment) > 0 && (d.Annulment[len(d.Annulment)-1].Kind == acts.AnnulmentProposedByUs || d.Annulment[len(d.Annulment)-1].Kind == acts.AnnulmentProposedByThem)
		switch {
		case step == acts.StepPropose && !open:
			d.tell([]acts.AnnulmentEventKind{acts.AnnulmentProposedByUs, acts.AnnulmentProposedByThem}[k/4], "", len(l.edo.lines))
			l.edo.happens(d)
		case step == acts.StepAgree && open:
			to(acts.PhaseCancelled, "Аннулирован")
		case step != acts.StepPropose && open:
			d.tell(acts.AnnulmentDeclined, "", len(l.edo.lines))
			l.edo.happens(d)
		}
	}
	l.say("the document of act %d is in phase %d, verdict %d, deleted %v, %d news", d.act, d.Phase, d.Verdict, d.Deleted, len(d.Annulment))
}

func (l *lives) poll() {
	storetest.InTx(l.T, l.db, l.visit.Portal, func(tx store.Tx) error { return queue.WakeFeed(l.Context(), tx, 1) })
	feeds, err := queue.LeaseFeeds(l.Context(), l.db, 1, time.Minute)
	if must(l, feeds, err); len(feeds) == 1 {
		l.did("poll", l.flow.EDO.Poll(l.Context(), feeds[0]))
	}
}

// deliver delivers the tasks that are due, in the order in which they are leased.
func (l *lives) deliver() {
	q, ctx := l.flow.Queue, l.Context()
	for _, way := range []struct {
		kinds   []string
		deliver func(context.Context, []queue.Task) error
	}{{q.SingleKinds(), func(ctx context.Context, t []queue.Task) error { return q.DeliverOne(ctx, t[0]) }}, {q.ReadingKinds(), q.ReadBatch}, {q.BatchKinds(), q.DeliverBatch}} {
		for range 100 {
			tasks, err := queue.Lease(ctx, l.db, way.kinds, 1, time.Minute)
			if must(l, tasks, err); len(tasks) == 0 {
				break
			}
			l.did("deliver "+tasks[0].Kind, way.deliver(ctx, tasks))
		}
	}
}

// settle lets everything that is due happen, and checks what is left.
func (l *lives) settle() {
	for round := 0; round < 12 && (round < 3 || len(l.left()) > 0); round++ {
		l.poll()
		storetest.AsPortal(l.T, l.db, l.visit.Portal, `UPDATE tasks SET due_at = clock_timestamp() WHERE NOT dead AND lease_until < clock_timestamp()`)
		l.deliver()
	}
	for _, kind := range l.left() {
		l.breaks("left: %s", kind)
	}
	faults, err := l.scope().Acts().HistoryFaults(l.Context())
	for _, f := range must(l, faults, err) {
		l.breaks("history: %s", f)
	}
	for _, a := range l.acts() {
		l.ends[a.Status]++
		l.checkAct(a)
	}
	l.checkStage()
}

// left lists the tasks that were not done.
func (l *lives) left() (list []string) {
	tx, err := storetest.AsApp(l.T, l.db).BeginTx(l.Context(), nil)
	if err != nil {
		l.Fatal(err)
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(l.Context(), "SELECT set_config('acts.portal', $1, true)", fmt.Sprint(l.visit.Portal)); err != nil {
		l.Fatal(err)
	}
	rows, err := tx.QueryContext(l.Context(), "SELECT format('%s of %s: %s', kind, subject, problem) FROM tasks")
	if err != nil {
		l.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			l.Fatal(err)
		}
		list = append(list, text)
	}
	return list
}

// checkAct checks that each change of the status is one that its cause may make, that an act which is not at its end has something that somebody can
// do, and that its reminder is the one that its state requires.
func (l *lives) checkAct(a acts.Act) {
	events, err := l.scope().Acts().Events(l.Context(), a.ID)
	for _, e := range must(l, events, err) {
		if e.From == e.To || e.Kind == "undo" {
			continue
		}
		from := acts.Act{Medium: a.Medium, Status: e.From}
		was := acts.Act{Medium: a.Medium, Status: e.From, MarkedByPerson: true}
		event := acts.Event(e.Kind)
		if e.Kind == "uploaded" || e.Kind == "original" || e.Kind == "sent" {
			event, _ = was.EventTo(e.To)
		}
		to, err := from.Apply(event, acts.Actor(e.Actor))
		if err != nil {
			to, err = was.Apply(event, acts.Actor(e.Actor))
		}
		if err != nil || to != e.To {
			l.breaks("act %d: line %q by %s changes %s to %s: %v", a.ID, e.Kind, e.Actor, e.From, e.To, err)
		}
	}
	if a.AnnulAfter != "" || a.Annulment.IsQueued() || a.Delivery == acts.DeliveryQueued || a.Delivery == acts.DeliveryWithdrawing {
		l.breaks("act %d is %s, %q, to be annulled %q, step %q: and nothing is due", a.ID, a.Status, a.Delivery, a.AnnulAfter, a.Annulment.Step)
	}
	if ways := a.AllowedActions(acts.ActorPerson); !a.Ended() && ways == "дождаться ответа СБИС" && a.MayForget() != nil && a.MayWithdraw() != nil {
		l.breaks("act %d, %s %q, is a dead end: %s", a.ID, a.Status, a.Delivery, ways)
	}
	open, err := l.openReminders(a.ID)
	must(l, open, err)
	want := []acts.ReminderKind{}
	if k := a.Awaits(); k != acts.NoReminder {
		want = append(want, k)
	}
	if !slices.Equal(open, want) && !(a.Awaits() == acts.RemindInvitation && len(open) == 0) {
		l.breaks("act %d, %s %q, has the reminders %v, want %v", a.ID, a.Status, a.Delivery, open, want)
	}
}

func (l *lives) openReminders(id acts.ActID) (kinds []acts.ReminderKind, err error) {
	kinds = []acts.ReminderKind{}
	storetest.InTx(l.T, l.db, l.visit.Portal, func(tx store.Tx) error {
		open, err := tx.Reminders().Open(l.Context(), id)
		for _, r := range open {
			kinds = append(kinds, r.Kind)
		}
		return err
	})
	return kinds, nil
}

// checkStage checks that the deal is at the stage that its acts require, or further, unless a person moved it.
func (l *lives) checkStage() {
	d, err := l.scope().Deals().Get(l.Context(), l.deal)
	must(l, d, err)
	all := l.acts()
	mapped := map[acts.Stage]string{acts.StageSent: "S", acts.StageDone: "D", acts.StageRemarks: "R"}
	target, at := acts.TargetStage(all, d.Rows, acts.StagePolicy{}), l.crm.deals[l.deal].StageID
	ranks := map[string]int{"NEW": 0, "P": 1, "A": 2, "S": 3, "D": 4, "R": 4, "OTHER": 0}
	switch {
	case target == acts.NoStage || l.byHand:
	case ranks[at] < target.Rank(), target.Rank() == 4 && at != mapped[target]:
		l.breaks("the deal is at %s, its acts require «%s»", at, target.Name())
	}
}

// livesCount is the number of sequences; ACTS_LIVES overrides it. ACTS_LIVES_SEED overrides the seed, which is the same in every run: other
// lives are looked for in long runs, not in the runs that a change must pass.
func livesCount() int {
	if n, err := strconv.Atoi(os.Getenv("ACTS_LIVES")); err == nil {
		return n
	}
	return 100
}

// The laws of acts.TestRandomLives hold for the use cases on PostgreSQL too, with answers that are lost and reports that come late; when
// everything is quiet, no task, step or request is left over and every act has the reminder that its state requires.
func TestRandomLives(t *testing.T) {
	t.Parallel()
	seed := uint64(1)
	if n, err := strconv.ParseUint(os.Getenv("ACTS_LIVES_SEED"), 10, 64); err == nil {
		seed = n
	}
	t.Log("ACTS_LIVES_SEED:", seed)
	l := newLives(t)
	r := rand.New(rand.NewPCG(seed, 0))
	deal := acts.DealID(0)
	play := func(steps []uint64) bool {
		deal++
		l.play(deal, steps)
		return l.fault == ""
	}
	steps := make([]uint64, 30)
	for range livesCount() {
		for i := range steps {
			steps[i] = r.Uint64()
		}
		if play(steps) {
			if os.Getenv("ACTS_LIVES_LOG") != "" {
				t.Log(strings.Join(l.log, "\n"))
			}
			continue
		}
		log, fault := l.log, l.fault
		for i := len(steps) - 1; i > 0; i-- { // leave out what is not needed
			fewer := slices.Delete(slices.Clone(steps), i, i+1)
			if !play(fewer) && strings.HasPrefix(l.fault, fault[:min(4, len(fault))]) {
				steps, log, fault = fewer, l.log, l.fault
			}
		}
		t.Fatalf("%s\n%s", strings.Join(log, "\n"), fault)
	}
	for _, s := range acts.Statuses {
		if n := l.ends[s]; livesCount() >= 1000 && n < 2 {
			t.Errorf("only %d acts end as %s: too little happens", n, s)
		}
	}
	t.Log(l.ends)
}
