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

// fakeClient is the client of a fake portal, with the portal and its clock.
type fakeClient struct {
	portal *bitrix24test.Portal
	clock  time.Time
	*bitrix24.Client
}

func newFakeClient(t *testing.T) *fakeClient {
	t.Helper()
	c := &fakeClient{clock: time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)}
	c.portal = bitrix24test.Start(t, func(config *bitrix24test.Config) {
		config.Limits.Off, config.Now, config.Mailbox = true, func() time.Time { return c.clock }, "crm@portal.example"
	})
	c.signIn(t, 2)
	return c
}

// signIn gives the client a new token of a user.
func (c *fakeClient) signIn(t *testing.T, user int64) {
	t.Helper()
	var err error
	c.Client, err = bitrix24.New(bitrix24.Config{
		HTTP:     &http.Client{Transport: http.DefaultTransport},
		Endpoint: c.portal.URL() + "/rest/", Tokens: bitrix24.FixedToken(c.portal.Issue(user).Access), AllowPlain: true,
	})
	if err != nil {
		t.Fatal(err)
	}
}

// fileBody returns a file to upload.
func fileBody(name, content string) bitrix24.FileBody {
	return bitrix24.FileBody{Name: name, Size: int64(len(content)), Open: func() (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(content)), nil
	}}
}

func TestFileRoundTrip(t *testing.T) {
	c, ctx := newFakeClient(t), context.Background()
	c.portal.AddUserField(bitrix24test.UserField{EntityID: "CRM_DEAL", Name: "UF_CRM_MANY", Kind: "file", Multiple: true})
	deal := bitrix24.ID(c.portal.AddItem(bitrix24test.Deal, bitrix24test.Fields{"title": "A"}))
	update := func(files ...any) []bitrix24.File {
		item, err := c.UpdateItem(ctx, bitrix24.DealType, deal, bitrix24.Params{"ufCrmMany": files})
		if err != nil {
			t.Fatal(err)
		}
		return item.Raw.Files("ufCrmMany")
	}
	first := update(fileBody("Акт № 1.pdf", "%PDF-1"), fileBody("2.pdf", "%PDF-2"))
	files := update(bitrix24.KeepFile(first[0].ID), fileBody("3.pdf", strings.Repeat("3", 1<<20)))
	if len(files) != 2 || files[0].ID != first[0].ID {
		t.Fatalf("the field holds %v after %v, want the kept file and a new one", files, first)
	}
	d, err := c.Download(ctx, files[0], 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(d)
	if err != nil || d.Close() != nil || string(content) != "%PDF-1" || d.Name != "Акт № 1.pdf" {
		t.Errorf("downloaded %q with the content %q, %v; want Акт № 1.pdf with %%PDF-1", d.Name, content, err)
	}
	if _, err := c.Download(ctx, files[1], 1000); !errors.Is(err, bitrix24.ErrTooLarge) {
		t.Errorf("a file above the limit: %v, want ErrTooLarge", err)
	}
	c.portal.ExpireTokens()
	if _, err := c.Download(ctx, files[0], 1<<20); !bitrix24.IsExpired(err) {
		t.Errorf("a download with an expired token: %v, want expired", err)
	}
}

func TestLettersAreFoundByTheirOrigin(t *testing.T) {
	c, ctx := newFakeClient(t), context.Background()
	deal := bitrix24.ID(c.portal.AddItem(bitrix24test.Deal, bitrix24test.Fields{"title": "A"}))
	draft := bitrix24.EmailDraft{
		OwnerType: bitrix24.DealType, OwnerID: deal, Subject: "Акты", HTML: "<p>Акт</p>", ResponsibleID: 2, Originator: "acts",
		Origin: "letter-1", Files: []bitrix24.FileBody{fileBody("акт.pdf", "%PDF")},
	}
	_, err := c.AddEmail(ctx, draft)
	if !bitrix24.IsRecipientMissing(err) || bitrix24.NotExecuted(err) {
		t.Fatalf("a letter without a recipient: %v, want a missing recipient, unclear outcome", err)
	}
	left, err := c.Activities(ctx, bitrix24.OfOrigin("acts", "letter-1"))
	if err != nil || len(left) != 1 || left[0].OwnerID != deal {
		t.Fatalf("the refused letter left the activities %+v, %v; want one of the deal", left, err)
	}
	if err := c.DeleteActivity(ctx, left[0].ID); err != nil {
		t.Fatal(err)
	}
	draft.To = []bitrix24.Recipient{{Email: "client@example.ru", Type: bitrix24.DealType, ID: deal}}
	id, err := c.AddEmail(ctx, draft)
	letters := c.portal.Letters()
	if err != nil || len(letters) != 1 || letters[0].Activity != int64(id) || letters[0].Files[0].Name != "акт.pdf" {
		t.Errorf("letters %+v, %v; want one of activity %v with акт.pdf", letters, err, id)
	}
	c.portal.ConnectMail(false)
	if _, err := c.AddEmail(ctx, draft); !bitrix24.IsSenderMissing(err) || !bitrix24.IsEmailNotSent(err) {
		t.Errorf("a letter without a mailbox: %v, want a missing sender", err)
	}
}

// The placement of links allows one registration; the error of a second one comes with HTTP 200.
func TestLinkPlacementIsBoundOnce(t *testing.T) {
	c, ctx := newFakeClient(t), context.Background()
	c.signIn(t, 1)
	link := bitrix24.PlacementDraft{Code: bitrix24.AppURIPlace, Handler: "https://app.example/placement/link"}
	if err := c.Run(ctx, bitrix24.BindPlacement(link), nil); err != nil {
		t.Fatal(err)
	}
	var e *bitrix24.Error
	err := c.Run(ctx, bitrix24.BindPlacement(link), nil)
	if !bitrix24.IsDuplicateHandler(err) || !errors.As(err, &e) || e.Status != 200 || e.Code != "ERROR_PLACEMENT_MAX_COUNT" {
		t.Errorf("the second registration: %v, want ERROR_PLACEMENT_MAX_COUNT with status 200", err)
	}
}

func TestChangesOfTheFake(t *testing.T) {
	c, ctx := newFakeClient(t), context.Background()
	since := c.clock
	for i := range 260 { // 121 in one second, then one per second
		if i > 120 {
			c.clock = c.clock.Add(time.Second)
		}
		c.portal.AddItem(bitrix24test.Deal, bitrix24test.Fields{"title": fmt.Sprint("Сделка ", i)})
	}
	seen := map[bitrix24.ID]int{}
	for page, err := range bitrix24.Changes[bitrix24.Deal](ctx, c.Client, bitrix24.ItemQuery{Type: bitrix24.DealType, Select: []string{"title"}}, since) {
		if err != nil {
			t.Fatal(err)
		}
		if len(seen) == 0 { // after the first page
			if err := c.portal.Change(3, bitrix24test.Deal, 250, bitrix24test.Fields{"title": "изменена"}); err != nil {
				t.Fatal(err)
			}
		}
		for _, deal := range page {
			seen[deal.ID]++
		}
	}
	if len(seen) != 260 || seen[250] != 1 {
		t.Errorf("found %d deals, the changed one %d times; want 260 and 1", len(seen), seen[250])
	}
	deals, err := bitrix24.ItemsOf[bitrix24.Deal](ctx, c.Client, bitrix24.ItemQuery{Type: bitrix24.DealType}, []bitrix24.ID{250, 7, 999})
	if err != nil || len(deals) != 2 || deals[1].UpdatedBy != 3 || deals[1].Raw.Text("title") != "изменена" {
		t.Errorf("deals %+v, %v; want 7 and 250, changed by user 3", deals, err)
	}
}

func TestTasksOfTheFake(t *testing.T) {
	c, ctx := newFakeClient(t), context.Background()
	var added bitrix24.TaskResult
	if err := c.Run(ctx, bitrix24.AddTask(bitrix24.TaskDraft{Title: "A", ResponsibleID: 2, XMLID: "act-1"}), &added); err != nil {
		t.Fatal(err)
	}
	c.portal.CompleteTask(3, int64(added.Task.ID), true)
	tasks, err := c.TasksOf(ctx, []bitrix24.ID{added.Task.ID, 99})
	if err != nil || len(tasks) != 1 || !tasks[0].Done() || tasks[0].ClosedBy != 3 {
		t.Errorf("tasks %+v, %v; want one, closed by user 3", tasks, err)
	}
	c.portal.ChangeUser(3, func(u *bitrix24test.User) { u.Active = false })
	if err := c.Run(ctx, bitrix24.AddTask(bitrix24.TaskDraft{Title: "A", ResponsibleID: 3}), nil); !bitrix24.Refused(err) {
		t.Errorf("a task of a dismissed user: %v, want a refusal", err)
	}
}

func TestUsersAndHeadsOfTheFake(t *testing.T) {
	c, ctx := newFakeClient(t), context.Background()
	c.portal.ChangeUser(3, func(u *bitrix24test.User) { u.Active = false })
	users, err := c.UsersOf(ctx, []bitrix24.ID{2, 3, 99})
	if err != nil || len(users) != 2 || !bool(users[0].Active) || bool(users[1].Active) {
		t.Fatalf("users %+v, %v; want the active 2 and the dismissed 3", users, err)
	}
	departments, err := c.Departments(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if heads := bitrix24.Heads(users[0], departments); len(heads) != 1 || heads[0] != 1 {
		t.Errorf("heads of user 2 are %v, want 1", heads)
	}
}

func TestCalendarSettingsOfTheFake(t *testing.T) {
	c := newFakeClient(t)
	var settings bitrix24.CalendarSettings
	err := c.Run(context.Background(), bitrix24.GetCalendarSettings(), &settings)
	if err != nil || len(settings.WeekHolidays) != 2 || len(settings.YearHolidays) == 0 {
		t.Errorf("settings %+v, %v; want two days off a week and public holidays", settings, err)
	}
}
