package bitrix24_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"acts24/integrations/bitrix24"
	"acts24/integrations/bitrix24/bitrix24test"
)

// fakeClient is the client of a fake portal.
type fakeClient struct {
	portal *bitrix24test.Portal
	clock  time.Time
	*bitrix24.Client
}

func newFakeClient(t *testing.T) *fakeClient {
	t.Helper()
	s := &fakeClient{clock: time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)}
	s.portal = bitrix24test.Start(t, func(c *bitrix24test.Config) {
		c.Limits.Off, c.Now, c.Mailbox = true, func() time.Time { return s.clock }, "crm@portal.example"
	})
	s.signIn(t, 2)
	return s
}

// signIn gives the client a new token of a user.
func (s *fakeClient) signIn(t *testing.T, user int64) {
	t.Helper()
	var err error
	s.Client, err = bitrix24.New(bitrix24.Config{
		HTTP:     &http.Client{Transport: http.DefaultTransport},
		Endpoint: s.portal.URL() + "/rest/", Tokens: bitrix24.FixedToken(s.portal.Issue(user).Access), AllowPlain: true,
	})
	if err != nil {
		t.Fatal(err)
	}
}

func body(name, content string) bitrix24.FileBody {
	return bitrix24.FileBody{Name: name, Size: int64(len(content)), Open: func() (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(content)), nil
	}}
}

func TestFilesGoThereAndBack(t *testing.T) {
	s, ctx := newFakeClient(t), context.Background()
	s.portal.AddUserField(bitrix24test.UserField{EntityID: "CRM_DEAL", Name: "UF_CRM_MANY", Kind: "file", Multiple: true})
	deal := bitrix24.ID(s.portal.AddItem(bitrix24test.Deal, bitrix24test.Fields{"title": "A"}))
	write := func(files ...any) []bitrix24.File {
		item, err := s.UpdateItem(ctx, bitrix24.DealType, deal, bitrix24.Params{"ufCrmMany": files})
		if err != nil {
			t.Fatal(err)
		}
		return item.Raw.Files("ufCrmMany")
	}
	first := write(body("Акт № 1.pdf", "%PDF-1"), body("2.pdf", "%PDF-2"))
	files := write(bitrix24.KeepFile(first[0].ID), body("3.pdf", strings.Repeat("3", 1<<20)))
	if len(files) != 2 || files[0].ID != first[0].ID {
		t.Fatalf("the field holds %v after %v", files, first)
	}
	d, err := s.Download(ctx, files[0], 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(d)
	if err != nil || d.Close() != nil || string(content) != "%PDF-1" || d.Name != "Акт № 1.pdf" {
		t.Errorf("downloaded %q %q, %v", d.Name, content, err)
	}
	if _, err := s.Download(ctx, files[1], 1000); !errors.Is(err, bitrix24.ErrTooLarge) {
		t.Errorf("a file above the limit: %v", err)
	}
	s.portal.ExpireTokens()
	if _, err := s.Download(ctx, files[0], 1<<20); !bitrix24.IsExpired(err) {
		t.Errorf("a link outlives its token: %v", err)
	}
}

func TestALetterIsFoundByItsKey(t *testing.T) {
	s, ctx := newFakeClient(t), context.Background()
	deal := bitrix24.ID(s.portal.AddItem(bitrix24test.Deal, bitrix24test.Fields{"title": "A"}))
	draft := bitrix24.EmailDraft{
		OwnerType: bitrix24.DealType, OwnerID: deal, Subject: "Акты", HTML: "<p>Акт</p>", ResponsibleID: 2, Originator: "acts",
		Origin: "letter-1", Files: []bitrix24.FileBody{body("акт.pdf", "%PDF")},
	}
	_, err := s.AddEmail(ctx, draft)
	if !bitrix24.IsRecipientMissing(err) || bitrix24.NotExecuted(err) {
		t.Fatalf("a letter to nobody: %v", err)
	}
	left, err := s.Activities(ctx, bitrix24.OfOrigin("acts", "letter-1"))
	if err != nil || len(left) != 1 || left[0].OwnerID != deal {
		t.Fatalf("left behind %+v, %v", left, err)
	}
	if err := s.DeleteActivity(ctx, left[0].ID); err != nil {
		t.Fatal(err)
	}
	draft.To = []bitrix24.Recipient{{Email: "client@example.ru", Type: bitrix24.DealType, ID: deal}}
	id, err := s.AddEmail(ctx, draft)
	letters := s.portal.Letters()
	if err != nil || len(letters) != 1 || letters[0].Activity != int64(id) || letters[0].Files[0].Name != "акт.pdf" {
		t.Errorf("letters %+v, %v", letters, err)
	}
	s.portal.ConnectMail(false)
	if _, err := s.AddEmail(ctx, draft); !bitrix24.IsSenderMissing(err) || !bitrix24.IsEmailNotSent(err) {
		t.Errorf("a letter without a mailbox: %v", err)
	}
}

// The placement of links allows one registration; a second one gets an error with HTTP 200.
func TestTheLinkPlaceIsBoundOnce(t *testing.T) {
	s, ctx := newFakeClient(t), context.Background()
	s.signIn(t, 1)
	link := bitrix24.PlacementDraft{Code: bitrix24.AppURIPlace, Handler: "https://app.example/placement/link"}
	if err := s.Run(ctx, bitrix24.BindPlacement(link), nil); err != nil {
		t.Fatal(err)
	}
	var e *bitrix24.Error
	err := s.Run(ctx, bitrix24.BindPlacement(link), nil)
	if !bitrix24.IsDuplicateHandler(err) || !errors.As(err, &e) || e.Status != 200 || e.Code != "ERROR_PLACEMENT_MAX_COUNT" {
		t.Errorf("the second registration: %v", err)
	}
}

func TestChangesOfAPortalAreAllFound(t *testing.T) {
	s, ctx := newFakeClient(t), context.Background()
	since := s.clock
	for i := range 260 { // 120 in one second, then one per second
		if i > 120 {
			s.clock = s.clock.Add(time.Second)
		}
		s.portal.AddItem(bitrix24test.Deal, bitrix24test.Fields{"title": fmt.Sprint("Сделка ", i)})
	}
	seen := map[bitrix24.ID]int{}
	for page, err := range bitrix24.Changes[bitrix24.Deal](ctx, s.Client, bitrix24.ItemQuery{Type: bitrix24.DealType, Select: []string{"title"}}, since) {
		if err != nil {
			t.Fatal(err)
		}
		if len(seen) == 0 {
			if err := s.portal.Change(3, bitrix24test.Deal, 250, bitrix24test.Fields{"title": "изменена"}); err != nil {
				t.Fatal(err)
			}
		}
		for _, deal := range page {
			seen[deal.ID]++
		}
	}
	if len(seen) != 260 || seen[250] != 1 {
		t.Errorf("found %d deals, the changed one %d times", len(seen), seen[250])
	}
	deals, err := bitrix24.ItemsOf[bitrix24.Deal](ctx, s.Client, bitrix24.ItemQuery{Type: bitrix24.DealType}, []bitrix24.ID{250, 7, 999})
	if err != nil || len(deals) != 2 || deals[1].UpdatedBy != 3 || deals[1].Raw.Text("title") != "изменена" {
		t.Errorf("deals %+v, %v", deals, err)
	}
}

func TestPeopleTasksAndDays(t *testing.T) {
	s, ctx := newFakeClient(t), context.Background()
	var added bitrix24.TaskResult
	err := s.Run(ctx, bitrix24.AddTask(bitrix24.TaskDraft{Title: "A", ResponsibleID: 2, XMLID: "act-1"}), &added)
	task := added.Task
	if err != nil {
		t.Fatal(err)
	}
	s.portal.CompleteTask(3, int64(task.ID), true)
	tasks, err := s.TasksOf(ctx, []bitrix24.ID{task.ID, 99})
	if err != nil || len(tasks) != 1 || !tasks[0].Done() || tasks[0].ClosedBy != 3 {
		t.Errorf("tasks %+v, %v", tasks, err)
	}
	s.portal.ChangeUser(3, func(u *bitrix24test.User) { u.Active = false })
	if err := s.Run(ctx, bitrix24.AddTask(bitrix24.TaskDraft{Title: "A", ResponsibleID: 3}), nil); !bitrix24.Refused(err) {
		t.Errorf("a task for the dismissed: %v", err)
	}
	users, err := s.UsersOf(ctx, []bitrix24.ID{2, 3, 99})
	departments, failed := s.Departments(ctx)
	if err != nil || failed != nil || len(users) != 2 || !bool(users[0].Active) || bool(users[1].Active) {
		t.Fatalf("users %+v, %v, %v", users, err, failed)
	}
	if heads := bitrix24.Heads(users[0], departments); len(heads) != 1 || heads[0] != 1 {
		t.Errorf("heads %v", heads)
	}
	var days bitrix24.CalendarSettings
	err = s.Run(ctx, bitrix24.GetCalendarSettings(), &days)
	if err != nil || len(days.WeekHolidays) != 2 || len(days.YearHolidays) == 0 {
		t.Errorf("days %+v, %v", days, err)
	}
}
