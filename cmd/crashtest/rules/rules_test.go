package rules

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"acts24/acts"
	"acts24/cmd/crashtest/wire"
	"acts24/integrations/sbis"
)

// cleanState returns a state without violations: a signed act and a draft of one deal, and a deal with a refusal.
func cleanState() State {
	s := State{LimitRefusals: map[string]int{}, CallTimeout: time.Second, Writes: wire.WriteCounts{Sent: 1200, Repeated: 150, Unanswered: 60, Interrupted: 20}}
	add := func(id, deal int64, number string, status acts.Status, state int) {
		key, doc := "key-"+number, "document-"+number
		s.Forms = append(s.Forms, Form{Portal: 1, Key: key, Act: id})
		s.Acts = append(s.Acts, Act{Portal: 1, ID: id, Deal: deal, Item: 100 + id, Key: key, Status: string(status),
			Delivery: "completed", Number: number, Year: 2026, ItemStage: "DT:" + string(status), Lines: 2})
		s.Attempts = append(s.Attempts, Attempt{Portal: 1, Act: id, ID: doc, Live: true, Package: "complete"})
		s.Documents = append(s.Documents, Document{Portal: 1, ID: doc, Number: number, State: state})
		s.Items = append(s.Items, Item{Portal: 1, ID: 100 + id, ActID: number, Stage: "DT:" + string(status), Rows: 2})
		s.Events = append(s.Events, Event{Portal: 1, ID: 10 + id, Act: id, Kind: "created", From: "draft", To: string(status)})
		s.Comments = append(s.Comments, Comment{Portal: 1, Owner: "2:5", Text: "Акт № " + number, Kind: "event", Subject: 10 + id})
		s.Notifications = append(s.Notifications, Notification{Portal: 1, Tag: "acts24|notice|1" + number})
	}
	add(1, 5, "1", acts.StatusSigned, sbis.StateCompleted)
	add(2, 5, "2", acts.StatusDraft, sbis.StateDraft)
	add(3, 6, "3", acts.StatusRefused, sbis.StateRejected)
	s.Documents[1].Comment = "нашему подписанту не понравился"
	s.Deals = []Deal{{Portal: 1, ID: 5, Stage: acts.StageSent.Name(), Covered: true}, {Portal: 1, ID: 6, Stage: acts.StageRemarks.Name()},
		{Portal: 1, ID: 7, Stage: firstStage}}
	s.addPaperActs()
	return s
}

// scanSum is the sum of the scan of a paper act.
var scanSum = sha256.Sum256([]byte("скан"))

// addPaperActs adds a paper act that was sent by e-mail and returned when its second task was due, and one that is never
// answered.
func (s *State) addPaperActs() {
	scan := UploadedCopy{acts.SideOurs, scanSum}
	for i, p := range []PaperAct{{Portal: 1, Act: 4, ByEmail: true, Status: acts.StatusSigned, Copies: []UploadedCopy{scan}}, {Portal: 1, Act: 5, Status: acts.StatusSent}} {
		number := fmt.Sprint(p.Act)
		s.Papers = append(s.Papers, p)
		s.Events = append(s.Events, Event{Portal: 1, ID: 30 + p.Act, Act: p.Act, Kind: "created", From: "draft", To: string(p.Status)})
		s.Comments = append(s.Comments, Comment{Portal: 1, Owner: "2:8", Text: "Бумажный акт", Kind: "event", Subject: 30 + p.Act})
		s.Forms = append(s.Forms, Form{Portal: 1, Key: "key-" + number, Act: p.Act})
		s.Acts = append(s.Acts, Act{Portal: 1, ID: p.Act, Deal: int64(8 + i), Item: 100 + p.Act, Key: "key-" + number, Status: string(p.Status),
			Number: number, Year: 2026, ItemStage: "DT:" + string(p.Status), Lines: 2})
		s.Items = append(s.Items, Item{Portal: 1, ID: 100 + p.Act, ActID: number, Stage: "DT:" + string(p.Status), Rows: 2})
	}
	s.Deals = append(s.Deals, Deal{Portal: 1, ID: 8, Stage: acts.StageDone.Name(), Covered: true}, Deal{Portal: 1, ID: 9, Stage: acts.StageSent.Name()})
	s.Letters = []Letter{{Portal: 1, ID: 1, Act: 4, Purpose: "act", State: "sent", TimesSent: 1}}
	s.Reminders = []Reminder{
		{Portal: 1, ID: 1, Act: 4, Kind: "unsigned", Key: "k1", Due: true, Sent: true, Closed: true, Task: 71},
		{Portal: 1, ID: 2, Act: 4, Kind: "unsigned", Key: "k2", Due: true, Sent: true, Closed: true, Task: 72},
		{Portal: 1, ID: 3, Act: 5, Kind: "unsigned", Key: "k3", Due: true, Sent: true, Task: 73},
		{Portal: 1, ID: 4, Act: 2, Kind: "our_signature", Key: "k4", Due: true, Sent: true},
	}
	s.addAutomation()
	s.addQuestion()
	s.addReminderLetters()
	s.BulkRows = []BulkRow{{Portal: 1, Act: 2, State: "done", HandOvers: 1}, {Portal: 1, Act: 3, State: "failed"}}
	s.StatusTasks = []StatusTask{{1, 71, "k1", true}, {1, 72, "k2", true}, {1, 73, "k3", false}}
	s.Copies = []Copy{{1, 4, acts.SideOurs, fmt.Sprintf("%x", scanSum), 91}}
	s.CardFiles = []CardFile{{1, 104, acts.SideOurs, 91, fmt.Sprintf("%x", scanSum)}}
}

// addQuestion adds the question to the counterparty of the first deal and its answer.
func (s *State) addQuestion() {
	s.AskedDeals = []Ref{{1, 5}}
	s.Letters = append(s.Letters, Letter{Portal: 1, ID: 2, Deal: 5, Question: 1, Purpose: "question", State: "sent", TimesSent: 1})
	s.Answers = []Answer{{1, 5, "form", "ЭДО, Диадок"}}
	s.Messages = []Message{{1, 1, 0, 0, 0}, {1, 2, 7, 0, 0}, {1, 3, 7, 4, 0}, {1, 4, 7, 4, 0}, {1, 5, 7, 0, 50}, {1, 6, 7, 0, 50}}
	s.Comments = append(s.Comments, Comment{1, "2:5", "Контрагент ответил.", "message", 1})
	s.Notifications = append(s.Notifications, Notification{1, "acts24|message|2"}, Notification{1, "acts24|incident|4|7"}, Notification{1, "acts24|notice|50"})
}

// addReminderLetters adds a reminder letter about the act that is never answered, one to come, and the badges of the deals.
func (s *State) addReminderLetters() {
	s.Letters = append(s.Letters, Letter{Portal: 1, ID: 3, Act: 5, Purpose: "reminder", State: "sent", TimesSent: 1})
	s.Reminders = append(s.Reminders, Reminder{Portal: 1, ID: 5, Act: 5, Kind: "counterparty", Due: true, Sent: true, Closed: true}, Reminder{Portal: 1, ID: 6, Act: 5, Kind: "counterparty"})
	s.Events = append(s.Events, Event{Portal: 1, ID: 60, Act: 5, Kind: "letter", Text: "Напоминание контрагенту отправляется на buh@romashka.ru"})
	s.Badges = []Badge{{1, 5, "", 1}, {1, 6, "Отказ", 1}, {1, 7, "", 0}, {1, 8, "", 1}, {1, 9, "Акт не подписан", 1}}
}

// addAutomation adds a draft that one robot has formed and another has not handed over, and a deal of triggers with a paper act, which was moved back.
func (s *State) addAutomation() {
	s.Acts = append(s.Acts, Act{Portal: 2, ID: 20, Deal: 21, Item: 120, Key: "robot", Status: string(acts.StatusDraft), ItemStage: "DT:draft", Lines: 1})
	s.Items = append(s.Items, Item{Portal: 2, ID: 120, ActID: "20", Stage: "DT:draft", Rows: 1})
	s.RobotRuns = []RobotRun{
		{Portal: 2, Deal: 21, Robot: "acts24_form", Token: "t1", State: "done", Answers: 1, Accepted: 3, Outcome: "выполнено", Act: 20, Stored: 1, StoredAct: 20, StoredOutcome: "done"},
		{Portal: 2, Deal: 21, Robot: "acts24_hand_over", Token: "t2", State: "done", Answers: 1, Accepted: 1, Outcome: "не выполнено", Stored: 1, StoredOutcome: "refused"}}
	s.Acts = append(s.Acts, Act{Portal: 2, ID: 22, Deal: 23, Item: 122, Key: "key-22", Status: string(acts.StatusSent), Number: "1", Year: 2026, ItemStage: "DT:sent", Lines: 1})
	s.Forms = append(s.Forms, Form{2, "key-22", 22})
	s.Papers = append(s.Papers, PaperAct{Portal: 2, Act: 22, Status: acts.StatusSent})
	s.Items = append(s.Items, Item{Portal: 2, ID: 122, ActID: "22", Stage: "DT:sent", Rows: 1})
	s.Events = append(s.Events, Event{Portal: 2, ID: 70, Act: 22, Kind: "sent", From: "draft", To: "sent"})
	s.Comments = append(s.Comments, Comment{2, "2:23", "Направлен", "event", 70})
	s.Reminders = append(s.Reminders, Reminder{Portal: 2, ID: 9, Act: 22, Kind: "unsigned"})
	s.Deals = append(s.Deals, Deal{Portal: 2, ID: 21, Stage: acts.StagePreparing.Name()}, Deal{Portal: 2, ID: 23, Stage: acts.StageApproved.Name(), ByTriggers: true})
	for _, stage := range []string{firstStage, acts.StageSent.Name(), acts.StageApproved.Name()} {
		s.StageMoves = append(s.StageMoves, StageMove{2, 23, stage})
	}
}

func TestCleanState(t *testing.T) {
	if r := Check(cleanState()); !r.Clean() {
		t.Errorf("broken: %v", r.broken)
	}
}

// violations are changes that break a clean state, with parts of the names of the rules that must report them.
var violations = map[string]struct {
	change func(*State)
	rules  []string
}{
	"tasks are left":              {func(s *State) { s.PendingWork = "3 tasks are left" }, []string{"no work was left after the run"}},
	"a manager was refused":       {func(s *State) { s.UnexpectedAnswers = []string{"422"} }, []string{"every answer to a manager"}},
	"a replica crashed":           {func(s *State) { s.UnexpectedExits = []string{"replica-1"} }, []string{"no replica ended"}},
	"PostgreSQL came back late":   {func(s *State) { s.FailedOutages = []string{"after 20s"} }, []string{"an outage is survived"}},
	"commands are sent again":     {func(s *State) { s.Writes = wire.WriteCounts{Sent: 1200, Repeated: 150, Unanswered: 12} }, []string{"writing commands are repeated only"}},
	"a process grows":             {func(s *State) { s.Growth = []string{"memory grew"} }, []string{"memory and goroutines do not grow"}},
	"an acknowledged act is lost": {func(s *State) { s.Forms = append(s.Forms, Form{1, "lost", 9}) }, []string{"an acknowledged form"}},
	"the manager saw another act": {func(s *State) { s.Forms[0].Act = 2 }, []string{"an acknowledged form"}},
	"an act without a form":       {func(s *State) { s.Forms = s.Forms[1:] }, []string{"an acknowledged form"}},
	"a second document": {func(s *State) {
		s.Attempts = append(s.Attempts, Attempt{Portal: 1, Act: 1, ID: "second"})
		s.Documents = append(s.Documents, Document{Portal: 1, ID: "second", Number: "1", State: sbis.StateCompleted})
	}, []string{"exactly one live document"}},
	"the document is gone":             {func(s *State) { s.Documents[1].Deleted = true }, []string{"exactly one live document"}},
	"a document without an act":        {func(s *State) { s.Attempts = s.Attempts[1:] }, []string{"exactly one live document", "no document without", "follows its document", "a deal is at the stage"}},
	"a document with a foreign number": {func(s *State) { s.Documents[0].Number = "2" }, []string{"no document without"}},
	"a signature was not noticed":      {func(s *State) { s.Documents[1].State = sbis.StateCompleted }, []string{"follows its document", "a deal is at the stage"}},
	"a document that nobody signs":     {func(s *State) { s.Documents[1].Comment = "" }, []string{"signed the portal's way"}},
	"a proposal answered twice":        {func(s *State) { s.Documents[0].Proposals, s.Documents[0].Answers = 1, 2 }, []string{"recalled or annulled once"}},
	"a second activity":                {func(s *State) { s.Badges[1].Activities = 2 }, []string{"the badge of its acts"}},
	"an outdated badge":                {func(s *State) { s.Badges[0].Shown = "Акт не подписан" }, []string{"the badge of its acts"}},
	"a deal without its badge":         {func(s *State) { s.Badges[4].Shown = "" }, []string{"the badge of its acts"}},
	"signed files that are lost":       {func(s *State) { s.Attempts[0].Package = "printing" }, []string{"signed files of a decided"}},
	"a reminder letter too many": {func(s *State) {
		s.Letters = append(s.Letters, Letter{Portal: 1, ID: 4, Act: 5, Purpose: "reminder", State: "sent", TimesSent: 1})
	}, []string{"a reminder letter"}},
	"a reminder letter that is lost": {func(s *State) {
		s.Letters = slices.DeleteFunc(s.Letters, func(l Letter) bool { return l.Purpose == "reminder" })
	}, []string{"a reminder letter"}},
	"a reminder letter that is dropped without an answer": {func(s *State) {
		i := slices.IndexFunc(s.Letters, func(l Letter) bool { return l.Purpose == "reminder" })
		s.Letters[i].State, s.Letters[i].TimesSent = "failed", 0
	}, []string{"a letter that was asked for"}},
	"a letter to come after an answer": {func(s *State) { s.Reminders[5].Act = 4 }, []string{"a reminder letter"}},
	"a document recalled twice":        {func(s *State) { s.Documents[0].OurRequests = 2 }, []string{"recalled or annulled once"}},
	"a document sent twice":            {func(s *State) { s.Documents[0].Sendings = 2 }, []string{"signed the portal's way"}},
	"an incident without a notification": {func(s *State) {
		s.Notifications = slices.DeleteFunc(s.Notifications, func(n Notification) bool { return n.Tag == "acts24|incident|4|7" })
	}, []string{"a message about a deal"}},
	"a status without a line":        {func(s *State) { s.Events[0].To = "sent" }, []string{"each change of a status"}},
	"a line from another status":     {func(s *State) { s.Events[2].From = "signed" }, []string{"each change of a status"}},
	"a document was refused":         {func(s *State) { s.Events[0].Kind = "delivery_error" }, []string{"no hand-over failed"}},
	"a robot that still waits":       {func(s *State) { s.RobotRuns[0].State = "waits" }, []string{"a robot does its work once"}},
	"a robot answered twice":         {func(s *State) { s.RobotRuns[0].Answers = 2 }, []string{"a robot does its work once"}},
	"a robot with another answer":    {func(s *State) { s.RobotRuns[0].Act = 22 }, []string{"a robot does its work once"}},
	"a robot without an outcome":     {func(s *State) { s.RobotRuns[1].State, s.RobotRuns[1].StoredOutcome = "stopped", "" }, []string{"a robot does its work once"}},
	"a call that was lost":           {func(s *State) { s.RobotRuns[1].State, s.RobotRuns[1].Stored = "stopped", 0 }, []string{"a robot does its work once"}},
	"a call of no robot":             {func(s *State) { s.StrayCalls = []string{"t3"} }, []string{"a robot does its work once"}},
	"an act of two calls":            {func(s *State) { s.RobotRuns = append(s.RobotRuns, s.RobotRuns[0]) }, []string{"a robot does its work once"}},
	"an act of a robot without call": {func(s *State) { s.RobotRuns = s.RobotRuns[1:] }, []string{"an acknowledged form"}},
	"an act handed over by no robot": {func(s *State) {
		s.Events = append(s.Events, Event{Portal: 2, ID: 71, Act: 20, Kind: "handed_over", By: "Робот «Передать в СБИС»"})
		s.Comments = append(s.Comments, Comment{2, "2:21", "Передаётся", "event", 71})
	}, []string{"a robot does its work once"}},
	"a trigger that is left":   {func(s *State) { s.TriggersLeft = 1 }, []string{"a deal that triggers move"}},
	"a trigger that was lost":  {func(s *State) { s.Deals[6].Stage, s.StageMoves = firstStage, nil }, []string{"a deal that triggers move"}},
	"a trigger executed twice": {func(s *State) { s.StageMoves = append(s.StageMoves, s.StageMoves[1:]...) }, []string{"a deal that triggers move"}},
	"an item twice":            {func(s *State) { s.Items = append(s.Items, Item{Portal: 1, ID: 200, ActID: "1"}) }, []string{"exactly one CRM item"}},
	"an item missing":          {func(s *State) { s.Items = s.Items[1:] }, []string{"exactly one CRM item"}},
	"an item of no act":        {func(s *State) { s.Items = append(s.Items, Item{Portal: 1, ID: 200, ActID: "77"}) }, []string{"exactly one CRM item"}},
	"an item behind its act":   {func(s *State) { s.Items[0].Stage = "DT:draft" }, []string{"an item is complete"}},
	"an item without rows":     {func(s *State) { s.Items[2].Rows = 0 }, []string{"an item is complete"}},
	"a comment twice":          {func(s *State) { s.Comments = append(s.Comments, s.Comments[0]) }, []string{"exactly one comment"}},
	"a comment twice under a new title": {func(s *State) {
		s.Comments = append(s.Comments, Comment{1, "2:5", "Акт", "", 0})
	}, []string{"exactly one comment"}},
	"a comment missing":                          {func(s *State) { s.Comments = s.Comments[1:] }, []string{"exactly one comment"}},
	"a notification twice":                       {func(s *State) { s.Notifications = append(s.Notifications, s.Notifications[0]) }, []string{"no notification is duplicated"}},
	"a deal that stayed behind":                  {func(s *State) { s.Deals[1].Stage = firstStage }, []string{"a deal is at the stage"}},
	"a deal that went too far":                   {func(s *State) { s.Deals[0].Stage = acts.StageDone.Name() }, []string{"a deal is at the stage"}},
	"more in acts than in the deal":              {func(s *State) { s.Deals[0].Exceeded = true }, []string{"acts contain no more"}},
	"a number twice":                             {func(s *State) { s.Acts[1].Number, s.Documents[1].Number = "1", "1" }, []string{"numbers are unique", "no document without"}},
	"a gap between numbers":                      {func(s *State) { s.Acts[2].Number, s.Documents[2].Number = "5", "5" }, []string{"numbers are unique"}},
	"a letter twice":                             {func(s *State) { s.Letters[0].TimesSent = 2 }, []string{"a letter that was asked for"}},
	"a letter that the portal has not sent":      {func(s *State) { s.Letters[0].TimesSent = 0 }, []string{"a letter that was asked for"}},
	"a letter that still waits":                  {func(s *State) { s.Letters[0].State = "queued" }, []string{"a letter that was asked for"}},
	"a sent letter without a row":                {func(s *State) { s.StrayLetters = []string{"portal 0, «acts24-letter-9»"} }, []string{"a letter that was asked for"}},
	"a letter that was lost":                     {func(s *State) { s.Letters = s.Letters[1:] }, []string{"a letter that was asked for"}},
	"a task twice":                               {func(s *State) { s.StatusTasks = append(s.StatusTasks, StatusTask{1, 74, "k3", false}) }, []string{"a due reminder"}},
	"a task missing":                             {func(s *State) { s.StatusTasks = s.StatusTasks[:2] }, []string{"a due reminder"}},
	"a task without a reminder":                  {func(s *State) { s.StatusTasks[0].Key = "k9" }, []string{"a due reminder"}},
	"a task that an answer does not end":         {func(s *State) { s.StatusTasks[1].Ended = false }, []string{"a due reminder"}},
	"a task that the reminder does not have":     {func(s *State) { s.Reminders[2].Task = 0 }, []string{"a due reminder"}},
	"a task for a notification":                  {func(s *State) { s.StatusTasks = append(s.StatusTasks, StatusTask{1, 74, "k4", true}) }, []string{"a due reminder"}},
	"a reminder that was not sent":               {func(s *State) { s.Reminders[3].Sent = false }, []string{"a due reminder"}},
	"no reminder after a task was ended by hand": {func(s *State) { s.Reminders = slices.Delete(s.Reminders, 2, 3); s.StatusTasks = s.StatusTasks[:2] }, []string{"has one pending reminder"}},
	"a reminder after an answer": {func(s *State) {
		s.Reminders = append(s.Reminders, Reminder{Portal: 1, ID: 5, Act: 4, Kind: "unsigned"})
	}, []string{"has one pending reminder"}},
	"a copy stored twice": {func(s *State) { s.Copies = append(s.Copies, s.Copies[0]) }, []string{"an uploaded copy"}},
	"a copy twice in the card": {func(s *State) {
		s.CardFiles = append(s.CardFiles, CardFile{1, 104, acts.SideOurs, 92, s.CardFiles[0].Sum})
	}, []string{"an uploaded copy"}},
	"a copy that is lost":            {func(s *State) { s.Copies = nil }, []string{"an uploaded copy"}},
	"a copy that is not in the card": {func(s *State) { s.CardFiles = nil }, []string{"an uploaded copy"}},
	"a copy that was not uploaded":   {func(s *State) { s.Papers[0].Copies = nil }, []string{"an uploaded copy"}},
	"a mark that was lost":           {func(s *State) { s.Papers[1].Status = acts.StatusRefused }, []string{"status that people set", "a deal is at the stage", "the badge of its acts"}},
	"an echo taken for a person": {func(s *State) {
		s.Events = append(s.Events, Event{Portal: 1, ID: 50, Act: 1, Kind: "put_back"})
		s.Comments = append(s.Comments, Comment{1, "2:5", "Акт", "event", 50})
	}, []string{"our own writes"}},
	"a line that does not belong into the timeline": {func(s *State) {
		s.Events = append(s.Events, Event{Portal: 1, ID: 50, Act: 1, Kind: "reminder"})
		s.Comments = append(s.Comments, Comment{1, "2:5", "Акт", "event", 50})
	}, []string{"exactly one comment"}},
	"a second question":                            {func(s *State) { s.Letters = append(s.Letters, s.Letters[1]) }, []string{"is asked exactly once"}},
	"a question about a deal that is not approved": {func(s *State) { s.AskedDeals, s.Answers = nil, nil }, []string{"is asked exactly once"}},
	"a lost question":                              {func(s *State) { s.Letters = slices.Delete(s.Letters, 1, 2) }, []string{"is asked exactly once"}},
	"an answer twice":                              {func(s *State) { s.Answers = append(s.Answers, s.Answers[0]) }, []string{"an answer is kept"}},
	"a lost answer":                                {func(s *State) { s.Answers = nil }, []string{"an answer is kept"}},
	"an echo taken for an answer":                  {func(s *State) { s.Answers[0].Source = "crm" }, []string{"an answer is kept"}},
	"an answer that no card shows":                 {func(s *State) { s.Answers[0].Card = "" }, []string{"an answer is kept"}},
	"a message twice":                              {func(s *State) { s.Comments = append(s.Comments, s.Comments[len(s.Comments)-1]) }, []string{"a message about a deal"}},
	"a message that is lost":                       {func(s *State) { s.Notifications = s.Notifications[:len(s.Notifications)-1] }, []string{"a message about a deal"}},
	"a message without its notice": {func(s *State) {
		s.Notifications = slices.DeleteFunc(s.Notifications, func(n Notification) bool { return n.Tag == "acts24|notice|50" })
	}, []string{"a message about a deal"}},
	"a comment without a message":          {func(s *State) { s.Messages = s.Messages[:1] }, []string{"a message about a deal"}},
	"an act handed over twice":             {func(s *State) { s.BulkRows[0].HandOvers = 2 }, []string{"bulk action was handed over once"}},
	"an act handed over, its row failed":   {func(s *State) { s.BulkRows[1].HandOvers = 1 }, []string{"bulk action was handed over once"}},
	"an act not handed over, its row done": {func(s *State) { s.BulkRows[0].HandOvers = 0 }, []string{"bulk action was handed over once"}},
	"an act selected twice":                {func(s *State) { s.BulkRows[1].Act = 2 }, []string{"bulk action was handed over once"}},
	"a bulk action that still runs":        {func(s *State) { s.BulkRows[0].Running = true }, []string{"bulk action was handed over once"}},
	"a dead task":                          {func(s *State) { s.Tasks = []Task{{Portal: 1, Kind: "edo.put", Dead: true}} }, []string{"no task is dead"}},
	"a field of another kind":              {func(s *State) { s.DisallowedCalls = map[string]int{"crm.item.add ignores originId": 1} }, []string{"every call is one that the portal accepts"}},
	"a refusal because of a limit":         {func(s *State) { s.LimitRefusals["QUERY_LIMIT_EXCEEDED"] = 1 }, []string{"no rate limit was exceeded"}},
}

func TestCheckerReportsViolations(t *testing.T) {
	failed := map[string]bool{}
	for name, tt := range violations {
		t.Run(name, func(t *testing.T) {
			s := cleanState()
			tt.change(&s)
			found := slices.Sorted(maps.Keys(Check(s).broken))
			for _, rule := range found {
				failed[rule] = true
			}
			if len(found) != len(tt.rules) {
				t.Fatalf("broken %q, want %q", found, tt.rules)
			}
			for _, want := range tt.rules {
				if !slices.ContainsFunc(found, func(rule string) bool { return strings.Contains(rule, want) }) {
					t.Errorf("broken %q, want %q among them", found, want)
				}
			}
		})
	}
	for _, r := range allRules {
		if !failed[r.name] {
			t.Errorf("no case breaks the rule %q", r.name)
		}
	}
}

// docs/guarantees.md defines the invariants of the rules, and a report counts the broken rules of each.
func TestInvariantsOfTheRules(t *testing.T) {
	doc, err := os.ReadFile(filepath.Join("..", "..", "..", "docs", "guarantees.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range allRules {
		for _, id := range strings.Fields(r.shows) {
			if !strings.Contains(string(doc), "\n| "+id+" | ") {
				t.Errorf("%q contributes to %s, which docs/guarantees.md does not define", r.name, id)
			}
		}
	}
	s := cleanState()
	s.PendingWork = "3 tasks are left"
	var text strings.Builder
	Check(s).Print(&text)
	if want := "broken rules by invariant: R1 0 of 5, R2 0 of 8, R3 1 of 5, R4 1 of 4,"; !strings.Contains(text.String(), want) {
		t.Errorf("the report does not contain %q:\n%s", want, &text)
	}
}

// The report of an act with a violation shows its attempts, their documents in SBIS, and its history.
func TestReportShowsAct(t *testing.T) {
	s := cleanState()
	s.Attempts[0].Details = "state 7"
	s.Documents[0].Events = []string{"10:00:00.000 Отправка"}
	s.Attempts = append(s.Attempts, Attempt{Portal: 1, Act: 1, ID: "second"}, Attempt{Portal: 1, Act: 1, ID: "third"})
	s.Documents = append(s.Documents, Document{Portal: 1, ID: "second", Number: "1", State: sbis.StateRejected, Comment: "Неверная сумма"})
	var text strings.Builder
	Check(s).Print(&text)
	for _, want := range []string{"act portal 1, 1:", "attempt document-1, live true, state 7", "10:00:00.000 Отправка", "attempt second, live false",
		`document in state 9, deleted false, comment "Неверная сумма"`, "not in SBIS", "history  created"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("%q is not in the report:\n%s", want, &text)
		}
	}
}
