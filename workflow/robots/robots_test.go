package robots_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"acts24/acts/automation"
	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
	fake "acts24/integrations/bitrix24/bitrix24test/automation"
	"acts24/integrations/sbis/sbistest"
)

// The stages «Подготовка акта», «Одобрено комиссией», «Акт направлен заявителю» and «Услуга оказана».
const preparing, approved, sent, done = "ACTS_1", "ACTS_2", "ACTS_3", "ACTS_DONE"

// attach attaches robots to a stage, in this order.
func attach(s *apptest.Site, stage string, robots ...fake.Rule) {
	s.T.Helper()
	for _, r := range robots {
		r.StageID = stage
		if _, err := s.Portal.Automation.Attach(r); err != nil {
			s.T.Fatal(err)
		}
	}
}

// enter moves a deal to a stage as the manager.
func enter(s *apptest.Site, deal int64, stage string) {
	s.T.Helper()
	if err := s.Portal.Move(s.Portal.Manager(), bitrix24test.Deal, deal, stage); err != nil {
		s.T.Fatal(err)
	}
}

// answered waits for the answer to the n-th run.
func answered(s *apptest.Site, n int) fake.Run {
	s.T.Helper()
	s.Await(fmt.Sprintf("the answer to run %d", n), func() bool {
		runs := s.Portal.Automation.Runs()
		return len(runs) > n && runs[n].State == fake.RunDone
	})
	return s.Portal.Automation.Runs()[n]
}

// calls counts the calls of a method by the app.
func calls(s *apptest.Site, method string) (n int) {
	for _, l := range s.Portal.Trace().Lines() {
		if l.Method == method {
			n++
		}
	}
	return n
}

// ended waits until no task and no deadline of a robot is left.
func ended(s *apptest.Site) {
	s.T.Helper()
	s.AwaitQuiet()
	s.Await("the end of all tasks", func() bool { return s.Count("tasks WHERE kind LIKE 'crm.%'") == 0 })
	if n := s.Count("robot_deadlines d JOIN robot_calls c ON c.portal_id = d.portal_id AND c.id = d.call_id WHERE c.outcome = ''"); n != 0 {
		s.T.Errorf("%d deadlines are left", n)
	}
}

var form, handOver, ask = fake.Rule{Robot: automation.RobotForm}, fake.Rule{Robot: automation.RobotHandOver}, fake.Rule{Robot: automation.RobotAsk}

// One robot forms the act, the next hands it over. Calls that come again change nothing.
func TestRobotsFormAndHandOver(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	next := handOver
	next.Properties = fields{automation.PropertyAct: "{=" + automation.RobotForm + ":" + automation.ResultAct + "}"}
	attach(s, preparing, form, next)
	enter(s, s.Deal(1), preparing)
	formed, passed := answered(s, 0), answered(s, 1)
	if v := formed.Values; v[automation.ResultOutcome] != automation.OutcomeDone || v[automation.ResultAct] != "1" || v[automation.ResultReason] != "" || formed.Log != "Черновик акта сформирован." {
		t.Errorf("formed: %v, %q", v, formed.Log)
	}
	if v := passed.Values; v[automation.ResultOutcome] != automation.OutcomeDone || v[automation.ResultAct] != "1" || v[automation.ResultNumber] != "1" || passed.Log != "Акт № 1 передан в СБИС." {
		t.Errorf("handed over: %v, %q", v, passed.Log)
	}
	if n := len(s.Documents()); n != 1 {
		t.Errorf("%d documents when the robot was answered", n)
	}
	for _, r := range s.Portal.Automation.Runs() {
		s.Portal.Automation.Repeat(r.ID)
	}
	ended(s)
	if acts, documents := s.Count("acts"), len(s.Documents()); acts != 1 || documents != 1 || s.Count("robot_calls") != 2 || calls(s, "bizproc.event.send") != 2 {
		t.Errorf("%d acts, %d documents, %d answers", acts, documents, calls(s, "bizproc.event.send"))
	}
	opened, err := s.Manager.OpenDeal(s.Deal(1))
	s.Page(opened, err, http.StatusOK)
	history := apptest.TestID(s.ActPage("/p/1/acts/1"), "history").Text()
	if !strings.Contains(history, "Робот «Сформировать акт»") || !strings.Contains(history, "Робот «Передать в СБИС»") {
		t.Errorf("the history: %s", history)
	}
}

// A robot forms the act of the month that it is set to, like a monthly plan; without the setting the period follows that of the last act.
func TestRobotFillsThePeriod(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	deal := s.Deal(1)
	s.DealTab(deal)
	s.SetRows(deal, apptest.ProductRow("Абонентская плата", 2, 1000))
	doc, action, f := s.DealTab(deal)
	f.Set(apptest.QuantityFields(doc)[0], "1")
	f.Set("type", "paper-company")
	formed, err := s.Manager.Post(action, f)
	s.Page(formed, err, http.StatusOK)
	first := form
	first.Properties = fields{automation.PropertyPeriod: "previous-end"}
	attach(s, preparing, first)
	enter(s, deal, preparing)
	answered(s, 0)
	from := time.Date(s.Today().Year(), s.Today().Month()-1, 1, 0, 0, 0, 0, time.UTC)
	end := from.AddDate(0, 1, -1).Format(time.DateOnly)
	if n := s.Count(fmt.Sprintf(`acts WHERE period_from = '%s' AND period_to = '%s' AND act_date = '%s'`, from.Format(time.DateOnly), end, end)); n != 1 {
		t.Errorf("%d acts of the month before, dated its last day, want 1", n)
	}
}

// A robot that cannot do its work is answered with a reason, once.
func TestRefusedRobots(t *testing.T) {
	t.Parallel()
	const lost = "Сделка проиграна" // because it comes to the stage «Сделка провалена»
	for name, tt := range map[string]struct {
		robot   fake.Rule
		prepare func(s *apptest.Site)
		want    string
	}{
		"a deal without rows":    {form, func(s *apptest.Site) { s.Portal.SetRows(0, bitrix24test.Deal, s.Deal(1), nil) }, "нет товарных позиций"},
		"an unknown period":      {fake.Rule{Robot: automation.RobotForm, Properties: fields{automation.PropertyPeriod: "вчера"}}, func(*apptest.Site) {}, "«Период услуг» значение «вчера»"},
		"a deal that is covered": {form, func(s *apptest.Site) { s.FormPaperAct(s.Deal(1), "company") }, "не осталось неоформленных услуг"},
		"a lost deal":            {form, func(*apptest.Site) {}, lost},
		"no company of ours":     {form, func(s *apptest.Site) { s.Exec(`UPDATE own_companies SET gone = true`) }, "удалены в Битрикс24. Выберите другого исполнителя"},
		"several drafts": {handOver, func(s *apptest.Site) {
			for _, quantity := range []string{"1", "3"} {
				doc, action, f := s.DealTab(s.Deal(1))
				f.Set(apptest.QuantityFields(doc)[1], quantity)
				formed, err := s.Manager.Post(action, f)
				s.Page(formed, err, http.StatusOK)
			}
		}, "несколько черновиков актов"},
		"nothing to hand over":   {handOver, func(*apptest.Site) {}, "нет черновика электронного акта"},
		"an act of another deal": {fake.Rule{Robot: automation.RobotHandOver, Properties: fields{automation.PropertyAct: "77"}}, func(s *apptest.Site) { s.FormDrafts(1) }, "нет акта, который указан в настройке робота «Номер записи акта» (77)"},
		"no account of our company": {handOver, func(s *apptest.Site) {
			s.FormDrafts(1)
			s.Exec(`UPDATE own_companies SET account_id = NULL`)
		}, "аккаунт"},
		"nowhere to ask":      {ask, func(*apptest.Site) {}, "не указан e-mail"},
		"a malformed address": {fake.Rule{Robot: automation.RobotAsk, Properties: fields{automation.PropertyAddress: "не адрес"}}, func(*apptest.Site) {}, "Укажите один адрес"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := apptest.Start(t, 1)
			tt.prepare(s)
			stage := preparing
			if tt.want == lost {
				stage = "LOSE"
			}
			attach(s, stage, tt.robot)
			enter(s, s.Deal(1), stage)
			run := answered(s, 0)
			reason := fmt.Sprint(run.Values[automation.ResultReason])
			if run.Values[automation.ResultOutcome] != automation.OutcomeRefused || !strings.Contains(reason, tt.want) || run.Log != "Не выполнено. "+reason {
				t.Errorf("%v, %q; want %q", run.Values, run.Log, tt.want)
			}
			ended(s)
		})
	}
}

// A question goes to the address of the robot, and the robot is answered when the letter was sent, or was not.
func TestRobotAsks(t *testing.T) {
	t.Parallel()
	s, deal := apptest.StartAsking(t)
	one := ask
	one.Properties = fields{automation.PropertyAddress: "glavbuh@client.ru"}
	attach(s, preparing, one, ask)
	enter(s, deal, preparing)
	first, again := answered(s, 0), answered(s, 1)
	if first.Values[automation.ResultOutcome] != automation.OutcomeDone || len(s.Portal.Letters()) != 1 || s.Portal.Letters()[0].To[0] != "glavbuh@client.ru" {
		t.Errorf("%v, letters %v", first.Values, s.Portal.Letters())
	}
	if reason := fmt.Sprint(again.Values[automation.ResultReason]); !strings.Contains(reason, "уже отправлен сегодня") {
		t.Errorf("the second robot: %v", again.Values)
	}
	s.Portal.Configure(func(c *bitrix24test.Config) { c.Mailbox = "" })
	s.RemoveEmail(s.Portal.Manager())
	s.SetClientContacts(s.Deal(2), "buh@second.ru")
	enter(s, s.Deal(2), preparing)
	if run := answered(s, 2); run.Values[automation.ResultOutcome] != automation.OutcomeDone && !strings.Contains(fmt.Sprint(run.Values[automation.ResultReason]), "Письмо контрагенту не отправлено: ") {
		t.Errorf("without a mailbox: %v", run.Values)
	}
	ended(s)
}

// call returns the POST of a robot.
func call(s *apptest.Site, token string, deal int64) url.Values {
	return url.Values{"code": {automation.RobotForm}, "event_token": {token}, "document_id[0]": {"crm"}, "document_id[1]": {"CCrmDocumentDeal"},
		"document_id[2]": {fmt.Sprintf("DEAL_%d", deal)}, "auth[member_id]": {s.Portal.MemberID()}, "auth[application_token]": {s.Portal.ApplicationToken()}}
}

// A call whose token is unknown to the portal is answered once and given up; so are calls about deals that do not exist.
func TestUnknownEventToken(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	gone := s.Deal(2)
	s.Must(s.Portal.Delete(s.Portal.Admin(), bitrix24test.Deal, gone))
	unknown := call(s, "unknown-3", s.Deal(1))
	unknown.Set("code", "acts24_old")
	for _, f := range []url.Values{call(s, "unknown-1", gone), call(s, "unknown-2", 999_999), unknown} {
		if r := apptest.PostCrossSite(t, s.AppURL+"/robots", f); r.StatusCode != http.StatusOK {
			t.Errorf("status %d", r.StatusCode)
		}
	}
	s.Await("the answers", func() bool { return s.Count("robot_calls WHERE unanswered <> ''") == 3 })
	ended(s)
	if n := calls(s, "bizproc.event.send"); n != 3 {
		t.Errorf("%d answers", n)
	}
	if s.Count("robot_calls WHERE reason LIKE 'Сделка удалена%'") != 2 || s.Count("robot_calls WHERE reason LIKE 'Такого робота%'") != 1 || s.Count("acts") != 0 {
		t.Error("the reasons are others")
	}
}

// Only the portal calls robots: by its application token, else by a token of our app that works there.
func TestRobotCallIsProven(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 2)
	token := s.Portal.Issue(s.Portal.Admin()).Access
	for name, tt := range map[string]struct {
		change map[string]string
		want   int
	}{
		"a wrong application token":       {map[string]string{"auth[application_token]": "wrong"}, http.StatusForbidden},
		"an unknown portal":               {map[string]string{"auth[member_id]": "unknown"}, http.StatusForbidden},
		"a token of another portal":       {map[string]string{"auth[application_token]": "", "auth[access_token]": s.Portals[1].Issue(s.Portals[1].Admin()).Access}, http.StatusForbidden},
		"a token that nobody has issued":  {map[string]string{"auth[application_token]": "", "auth[access_token]": "invented"}, http.StatusForbidden},
		"no token":                        {map[string]string{"auth[application_token]": ""}, http.StatusForbidden},
		"no event token":                  {map[string]string{"event_token": ""}, http.StatusUnprocessableEntity},
		"an access token of an employee":  {map[string]string{"auth[application_token]": "", "auth[access_token]": token}, http.StatusOK},
		"the application token of an app": {nil, http.StatusOK},
	} {
		f := call(s, "token-of-"+strings.ReplaceAll(name, " ", "-"), s.Deal(1))
		for field, v := range tt.change {
			f.Set(field, v)
		}
		if r := apptest.PostCrossSite(t, s.AppURL+"/robots", f); r.StatusCode != tt.want {
			t.Errorf("%s: status %d, want %d", name, r.StatusCode, tt.want)
		}
	}
	if n := s.Count("robot_calls"); n != 2 {
		t.Errorf("%d calls are stored", n)
	}
}

// A portal that sends no application token is served by the access token of its calls.
func TestRobotWithoutApplicationToken(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.Portal.Automation.Configure(func(state *fake.State) { state.NoAppToken = true })
	attach(s, preparing, form)
	enter(s, s.Deal(1), preparing)
	if run := answered(s, 0); run.Values[automation.ResultOutcome] != automation.OutcomeDone {
		t.Errorf("%v", run.Values)
	}
}

// Calls of robots carry the token of the administrator who opened the app last. When the one who installed it is dismissed, another one opens it,
// who reads of no repair.
func TestRobotsOfADismissedAdministrator(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.Portal.Automation.Configure(func(state *fake.State) { state.NoAppToken = true })
	attach(s, preparing, form)
	person := apptest.Employee("Ольга")
	person.Admin = true
	next := s.Portal.AddUser(person)
	s.Portal.ChangeUser(s.Portal.Admin(), func(u *bitrix24test.User) { u.Active, u.Admin = false, false })
	for range 2 { // the second time, if the first repair has found his tokens dead
		s.AdvanceMinute()
		s.OpenAs(next, http.StatusOK)
		s.AwaitQuiet()
	}
	s.Await("her robots", func() bool {
		return !slices.ContainsFunc(s.Portal.Automation.Snapshot().Robots, func(r *fake.Robot) bool { return r.User != next })
	})
	if n := s.Count("portals WHERE restored <> '[]'"); n != 0 {
		t.Error("the administrator reads of a repair")
	}
	enter(s, s.Deal(1), preparing)
	if run := answered(s, 0); run.Values[automation.ResultOutcome] != automation.OutcomeDone {
		t.Errorf("%v", run.Values)
	}
}

// Robots that move a deal in a circle form one act and come to rest.
func TestLoopOfRobots(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	attach(s, preparing, form, handOver)
	attach(s, sent, form, handOver)
	s.Portal.Automation.AddMover(fake.Mover{EntityType: bitrix24test.Deal, When: sent, Then: preparing, Times: 3})
	enter(s, s.Deal(1), preparing)
	answered(s, 1)
	s.MoveDocument(s.LastDocument().ID, sbistest.MoveSignByUs)
	s.Await("the circle", func() bool { return len(s.Portal.Automation.Runs()) > 4 })
	ended(s)
	if acts, documents := s.Count("acts"), len(s.Documents()); acts != 1 || documents != 1 {
		t.Errorf("%d acts, %d documents", acts, documents)
	}
}

// A robot whose work does not end is answered at its deadline, not before, and the work is given up.
func TestRobotIsAnsweredByItsDeadline(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.FormDrafts(1)
	s.Must(s.SBIS.Fault(sbistest.Fault{Kind: sbistest.FaultUnavailable}))
	attach(s, preparing, handOver)
	enter(s, s.Deal(1), preparing)
	s.Await("the end of the first attempt", func() bool { return s.Count("tasks WHERE kind = 'crm.robot' AND problem <> ''") == 1 })
	start := s.Clock.Now()
	s.AdvanceTo(start.Add(automation.AnswerWithin - time.Minute))
	if run := s.Portal.Automation.Runs()[0]; run.State != fake.RunWaits {
		t.Fatalf("before the deadline the robot is %s", run.State)
	}
	s.AdvanceTo(start.Add(automation.AnswerWithin + time.Minute))
	run := answered(s, 0)
	if reason := fmt.Sprint(run.Values[automation.ResultReason]); run.Values[automation.ResultOutcome] != automation.OutcomeRefused ||
		!strings.HasPrefix(reason, "Приложение не успело за 4 часа. Акт ещё передаётся в СБИС.") {
		t.Errorf("%v", run.Values)
	}
	s.Await("the end of the work", func() bool { return s.Count("tasks WHERE kind LIKE 'crm.robot%'") == 0 })
}

// The answer whose response is lost is not given twice, and a robot whose deal has left its stage is not waited for.
func TestLostAnswerOfARobot(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.Must(s.Portal.Fault(bitrix24test.Fault{Method: "bizproc.event.send", Kind: bitrix24test.FaultReset, Count: 1}))
	attach(s, preparing, form)
	enter(s, s.Deal(1), preparing)
	run := answered(s, 0)
	ended(s)
	if run = s.Portal.Automation.Runs()[0]; run.Answers != 1 || s.Count("robot_calls WHERE unanswered <> ''") != 0 {
		t.Errorf("%d answers", run.Answers)
	}
}

// Calls are deleted when no portal repeats them any more, but not while the portal has not accepted the answer.
func TestOldCallsAreDeleted(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	attach(s, preparing, form)
	enter(s, s.Deal(1), preparing)
	answered(s, 0)
	ended(s)
	s.Exec(`INSERT INTO robot_calls (portal_id, token, robot, deal_id, received_at, outcome) VALUES (1, 'unanswered', 'acts24_form', 1, now(), 'done')`)
	s.Exec(`INSERT INTO robot_deadlines SELECT 1, id, due_at FROM robot_calls c, robot_deadlines WHERE token = 'unanswered'`)
	s.Exec(`INSERT INTO tasks (portal_id, kind, subject, dead) SELECT 1, 'crm.robot.answer', id, true FROM robot_calls WHERE token = 'unanswered'`)
	at := s.Clock.Now()
	s.AdvanceTo(at.Add(automation.KeepCall - time.Hour))
	s.AwaitQuiet()
	if n := s.Count("robot_calls"); n != 2 {
		t.Fatalf("%d calls before the end of the term", n)
	}
	s.AdvanceTo(at.Add(automation.KeepCall + time.Hour))
	s.Await("the end of the answered call", func() bool { return s.Count("robot_calls") == 1 && s.Count("robot_deadlines") == 1 })
	s.Exec(`DELETE FROM tasks WHERE kind = 'crm.robot.answer'`)
	s.AdvanceTo(at.Add(2*automation.KeepCall + 2*time.Hour))
	s.Await("the end of the other call", func() bool { return s.Count("robot_calls") == 0 && s.Count("robot_deadlines") == 0 })
	if n := s.Count("acts"); n != 1 {
		t.Errorf("%d acts", n)
	}
}

// portalMoves lets robots and triggers of the portal move deals.
func portalMoves(s *apptest.Site) *apptest.Visitor {
	s.T.Helper()
	admin := s.AdminAtMenu()
	p, err := admin.Post("/p/1/settings/stages", url.Values{"moves": {"portal"}, "stage-0-preparing": {preparing}, "stage-0-approved": {approved}, "stage-0-sent": {sent}, "stage-0-done": {done},
		"stage-0-remarks": {"ACTS_REMARKS"}})
	s.Page(p, err, http.StatusOK)
	return admin
}

func trigger(t automation.Trigger) fake.Rule { return fake.Rule{Trigger: string(t)} }

// With our moves switched off a deal goes where the portal's triggers send it, and nowhere else.
func TestTriggersMoveADeal(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	portalMoves(s)
	attach(s, preparing, trigger(automation.TriggerSent))
	attach(s, approved, trigger(automation.TriggerOverdue))
	attach(s, "ACTS_REMARKS", trigger(automation.TriggerRefused))
	deal, still := s.Deal(1), s.Deal(2)
	enter(s, deal, "NEW")
	enter(s, still, sent)
	act := s.SendPaperAct(deal)
	s.SendPaperAct(still)
	s.Await("«направлен»", func() bool { return s.DealStage(deal) == "Подготовка акта" })
	s.AwaitQuiet()
	if at := s.DealStage(still); at != "Акт направлен заявителю" {
		t.Errorf("a deal that stands further is at «%s»", at)
	}
	s.AdvanceTo(s.ReminderDue(5).Add(time.Minute))
	s.Await("«просрочен»", func() bool { return s.DealStage(deal) == "Одобрено комиссией" })
	s.PostAction(act+"/mark", url.Values{"event": {"refusal"}, "reason": {"Не та сумма"}}, "Отказ от подписания")
	s.Await("«отказ»", func() bool { return s.DealStage(deal) == "Услуга оказана, есть замечания" })
	s.AwaitQuiet()
	if n := s.Count("trigger_runs"); n != 0 || s.Count("tasks WHERE kind = 'crm.trigger'") != 0 {
		t.Errorf("%d triggers are left", n)
	}
}

// The answer of a counterparty is a trigger too.
func TestTriggerOfAnAnswer(t *testing.T) {
	t.Parallel()
	s, deal := apptest.StartAsking(t)
	portalMoves(s)
	attach(s, sent, trigger(automation.TriggerAnswered))
	link := s.AskQuestion(deal)
	p, err := s.Counterparty().Post(link, apptest.EDOAnswer(apptest.BoxOf(1)))
	s.Page(p, err, http.StatusOK)
	s.Await("the trigger", func() bool { return s.DealStage(deal) == "Акт направлен заявителю" })
}

// Unless the portal moves deals no trigger is executed.
func TestNoTriggersWhileWeMove(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	attach(s, approved, trigger(automation.TriggerSent))
	s.SendPaperAct(s.Deal(1))
	s.Await("our move", func() bool { return s.DealStage(s.Deal(1)) == "Акт направлен заявителю" })
	s.AwaitQuiet()
	if calls(s, "crm.automation.trigger.execute") != 0 || s.Count("trigger_runs") != 0 {
		t.Error("a trigger was executed")
	}
}

// A trigger whose response is lost is executed again only if the deal has not moved.
func TestUnclearTrigger(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		attached bool
		want     int
	}{"it moved": {true, 1}, "it did not move": {false, 2}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := apptest.Start(t, 1)
			portalMoves(s)
			if tt.attached {
				attach(s, sent, trigger(automation.TriggerSent))
			}
			enter(s, s.Deal(1), "NEW")
			s.Must(s.Portal.Fault(bitrix24test.Fault{Method: "crm.automation.trigger.execute", Kind: bitrix24test.FaultReset, Count: 1}))
			s.SendPaperAct(s.Deal(1))
			s.Await("the trigger", func() bool { return calls(s, "crm.automation.trigger.execute") > 0 && s.Count("trigger_runs") == 0 })
			ended(s)
			if n := calls(s, "crm.automation.trigger.execute"); n != tt.want {
				t.Errorf("executed %d times, want %d", n, tt.want)
			}
		})
	}
}

// The triggers of a deal are executed in the order of its changes: the second waits for the first, which the CRM did not take at once.
func TestTriggersOfADealAreInOrder(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	portalMoves(s)
	attach(s, sent, trigger(automation.TriggerSent))
	attach(s, "ACTS_REMARKS", trigger(automation.TriggerRefused))
	enter(s, s.Deal(1), "NEW")
	s.Must(s.Portal.Fault(bitrix24test.Fault{Method: "crm.automation.trigger.execute", Kind: bitrix24test.FaultUnavailable, Count: 1}))
	act := s.SendPaperAct(s.Deal(1))
	s.PostAction(act+"/mark", url.Values{"event": {"refusal"}, "reason": {"Не та сумма"}}, "Отказ от подписания")
	s.Await("the triggers", func() bool { return s.Count("trigger_runs") == 0 })
	ended(s)
	var stages []string
	for _, move := range s.Portal.StageHistory(bitrix24test.Deal, s.Deal(1)) {
		stages = append(stages, move.Stage)
	}
	if want := []string{"Акт направлен заявителю", "Услуга оказана, есть замечания"}; len(stages) < 2 || !slices.Equal(stages[len(stages)-2:], want) {
		t.Errorf("the deal was at %q, want %q at the end", stages, want)
	}
}

// A trigger for a deal that was deleted is given up.
func TestTriggerForADeletedDeal(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	portalMoves(s)
	act := s.FormPaperAct(s.Deal(1), "company")
	s.Portal.DropEvents(true)
	s.Must(s.Portal.Delete(s.Portal.Admin(), bitrix24test.Deal, s.Deal(1)))
	s.Portal.DropEvents(false)
	s.Exec(`UPDATE deals SET deleted = false`)
	p, err := s.Manager.Upload(act+"/files/ours", nil, apptest.Scan)
	s.Page(p, err, http.StatusOK)
	s.PostAction(act+"/paper", url.Values{"channel": {"post"}}, "Акт направлен заявителю")
	s.Await("the end of the trigger", func() bool { return s.Count("trigger_runs") == 0 })
	ended(s)
}

// A token without the rights of an administrator is on the state page and is not tried again, until an administrator opens the app.
func TestTriggerWithoutAnAdministrator(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	portalMoves(s)
	attach(s, sent, trigger(automation.TriggerSent))
	enter(s, s.Deal(1), "NEW")
	s.Must(s.Portal.Fault(bitrix24test.Fault{Method: "crm.automation.trigger.execute", Kind: bitrix24test.FaultRefuse, Status: http.StatusBadRequest, Code: "ACCESS_DENIED",
		Text: "Access denied! Admin permissions required", Count: 1}))
	s.SendPaperAct(s.Deal(1))
	s.Await("the refusal", func() bool {
		return s.Count("portals WHERE automation ->> 'problems' LIKE '%Триггер не сработал%'") == 1
	})
	ended(s)
	if n := calls(s, "crm.automation.trigger.execute"); n != 1 || s.Count("trigger_runs") != 1 {
		t.Errorf("%d calls", n)
	}
	page, err := s.AdminAtMenu().Get("/p/1/state")
	if text := s.Page(page, err, http.StatusOK).Text(); !strings.Contains(text, "Триггер не сработал. ") {
		t.Errorf("the state page: %s", text)
	}
	s.AdvanceTo(s.Clock.Now().Add(61 * time.Minute))
	s.AdminAtMenu()
	s.Await("the trigger", func() bool { return s.DealStage(s.Deal(1)) == "Акт направлен заявителю" })
}

// An administrator who has lost his rights leaves a token without them: the portal refuses triggers, «Состояние» names it, and nothing is tried again
// until another administrator opens the app.
func TestTriggersOfAFormerAdministrator(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	portalMoves(s)
	attach(s, sent, trigger(automation.TriggerSent))
	enter(s, s.Deal(1), "NEW")
	person := apptest.Employee("Ольга")
	person.Admin = true
	next := s.Portal.AddUser(person)
	s.Portal.ChangeUser(s.Portal.Admin(), func(u *bitrix24test.User) { u.Admin = false })
	s.SendPaperAct(s.Deal(1))
	s.Await("the refusal", func() bool { return s.Count("portals WHERE CAST(automation ->> 'no_admin' AS boolean)") == 1 })
	ended(s)
	refused := calls(s, "crm.automation.trigger.execute")
	s.AdvanceTo(s.Clock.Now().Add(2 * time.Hour))
	s.AwaitQuiet()
	if n := calls(s, "crm.automation.trigger.execute"); n != refused || s.Count("trigger_runs") != 1 {
		t.Errorf("%d calls after %d refused ones, %d triggers wait", n, refused, s.Count("trigger_runs"))
	}
	admin, _ := s.OpenAs(next, http.StatusOK)
	s.Await("the trigger", func() bool { return s.DealStage(s.Deal(1)) == "Акт направлен заявителю" })
	s.Await("no problem is left", func() bool { return s.Count("portals WHERE automation ->> 'problems' IS NOT NULL") == 0 })
	page, err := admin.Get("/p/1/state")
	if text := s.Page(page, err, http.StatusOK).Text(); strings.Contains(text, "Триггер не сработал") {
		t.Errorf("the state page still names the problem: %s", text)
	}
}

// Robots and triggers that an update of the app has removed are registered again; without them a robot stays blocked.
func TestUpdateOfTheAppRestoresRobots(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	attach(s, preparing, form)
	s.Portal.UpdateApp(s.Portal.Admin())
	s.Await("the registration", func() bool {
		state := s.Portal.Automation.Snapshot()
		return len(state.Robots) == len(automation.Robots) && len(state.Triggers) == len(automation.Triggers)
	})
	if !slices.ContainsFunc(s.Portal.Automation.Snapshot().Robots, func(r *fake.Robot) bool { return r.Handler == s.AppURL+"/robots" && r.Waits && r.User != 0 }) {
		t.Errorf("robots %+v", s.Portal.Automation.Snapshot().Robots[0])
	}
	enter(s, s.Deal(1), preparing)
	answered(s, 0)
}
