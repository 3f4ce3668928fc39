package sbistest_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"

	"acts24/integrations/sbis"
	"acts24/integrations/sbis/sbistest"
)

func TestExchangeByTheService(t *testing.T) {
	b := newBench(t)
	d := b.draft(customer)
	d.Extra = "ЭтапВернутьВсеСертификаты"
	written, err := b.client.WriteDocument(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	stage := written.Stages[0]
	if written.State.Code != sbis.StateDraft || written.Sum != "65000.00" || stage.Actions[0].Certificates[0].Thumbprint != sbistest.DemoThumbprint {
		t.Errorf("written %+v", written)
	}
	step := sbis.Step{DocumentID: d.ID, Stage: stage.Name, Action: stage.Actions[0].Name, Thumbprint: sbistest.DemoThumbprint}
	prepared, err := b.client.PrepareAction(t.Context(), step)
	if err != nil || prepared.Stages[0].Attachments[0].Modified {
		t.Errorf("prepared %+v, %v", prepared, err)
	}
	sent, err := b.client.ExecuteAction(t.Context(), step)
	if err != nil || !sent.State.IsSent() {
		t.Fatalf("executed %+v, %v", sent, err)
	}
	if _, err := b.client.ExecuteAction(t.Context(), step); !sbis.IsStagePassed(err) {
		t.Errorf("the second execution: %v", err)
	}
	b.do(d.ID, sbistest.SignByCounterparty)
	done := b.read(d.ID)
	title, ok := done.BuyerTitle()
	if done.State.Code != sbis.StateCompleted || !ok {
		t.Fatalf("state %d, title %v", done.State.Code, ok)
	}
	if got := b.download(done.Attachments[0].File.Link); !bytes.Equal(got, d.Files[0].Content.Data) {
		t.Error("the file is not the bytes that were sent")
	}
	text, _ := charmap.Windows1251.NewDecoder().String(string(b.download(title.File.Link)))
	seller := strings.TrimSuffix(d.Files[0].Content.Name, ".xml")
	if !strings.Contains(text, `КодИтога="1"`) || !strings.Contains(text, `ИдФайлИнфПр="`+seller+`"`) {
		t.Errorf("the buyer's title is %s", text)
	}
}

func (b *bench) download(link string) []byte {
	b.Helper()
	file, err := b.client.Download(b.Context(), link)
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	data, err := io.ReadAll(file)
	if err != nil {
		b.Fatal(err)
	}
	return data
}

func TestWriteIsIdempotentByID(t *testing.T) {
	b := newBench(t)
	d := b.draft(customer)
	for range 3 {
		if _, err := b.client.WriteDocument(t.Context(), d); err != nil {
			t.Fatal(err)
		}
	}
	if list := b.Documents(); len(list) != 1 || len(list[0].Files) != 1 {
		t.Errorf("%d documents after three writings of one", len(list))
	}
	b.do(d.ID, sbistest.SignByUs)
	if _, err := b.client.WriteDocument(t.Context(), d); !sbis.IsRefused(err) {
		t.Errorf("a sent document was changed: %v", err)
	}
}

func TestDeferredSignature(t *testing.T) {
	b := newBench(t)
	id := b.put(customer)
	step := sbis.Step{DocumentID: id, Stage: sbis.StageSend, Action: sbis.ActionSend, KeyType: sbis.KeyDeferred}
	waiting, err := b.client.ExecuteAction(t.Context(), step)
	if err != nil || waiting.State.Code != sbis.StateWaitingSignature {
		t.Fatalf("%+v, %v", waiting, err)
	}
	b.do(id, sbistest.SignByUs)
	if got := b.read(id).State.Code; got != sbis.StateDelivered {
		t.Errorf("state %d after our signature", got)
	}
}

func TestSigningIsRefused(t *testing.T) {
	b := newBench(t)
	id := b.put(customer)
	file := b.read(id).Attachments[0].ID
	for name, step := range map[string]sbis.Step{
		"unknown certificate":        {Thumbprint: "FFFF"},
		"no certificate":             {},
		"key not here, no signature": {Thumbprint: "00AA"},
		"attachment, no signature":   {Thumbprint: sbistest.DemoThumbprint, Signed: []sbis.SignedAttachment{{ID: file}}},
	} {
		step.DocumentID, step.Stage, step.Action = id, sbis.StageSend, sbis.ActionSend
		if _, err := b.client.ExecuteAction(t.Context(), step); !sbis.IsRefused(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
	signed := sbis.Step{DocumentID: id, Stage: sbis.StageSend, Action: sbis.ActionSend, Thumbprint: "00AA", Signed: []sbis.SignedAttachment{{
		ID: file, Signatures: []sbis.SignatureToAdd{{Content: sbis.Content{Name: "a.sgn", Data: []byte("CADES")}}},
	}}}
	if _, err := b.client.ExecuteAction(t.Context(), signed); err != nil {
		t.Errorf("with a signature of our own: %v", err)
	}
	b.clock.Advance(400 * 24 * 3600 * 1e9)
	late := sbis.Step{DocumentID: b.put(customer), Stage: sbis.StageSend, Action: sbis.ActionSend, Thumbprint: sbistest.DemoThumbprint}
	if _, err := b.client.ExecuteAction(t.Context(), late); !sbis.IsRefused(err) || !strings.Contains(err.Error(), "просроченному") {
		t.Errorf("an expired certificate: %v", err)
	}
}

func TestCounterparties(t *testing.T) {
	b := newBench(t)
	for name, tt := range map[string]struct {
		who       sbistest.Organization
		connected bool
	}{
		"connected": {customer, true}, "a trader": {trader, true}, "invited only": {stranger, false},
		"unknown": {sbistest.Organization{INN: "7704217370", KPP: "770401001"}, false},
	} {
		info, err := b.client.CounterpartyInfo(t.Context(), side(tt.who))
		if err != nil || !info.IsAbout(side(tt.who)) {
			t.Fatalf("%s: %+v, %v", name, info, err)
		}
		connected := slices.ContainsFunc(info.Boxes, func(b sbis.ParticipantBox) bool { return b.ID != "" && b.Connection.Code != sbis.ConnectionInvited })
		if connected != tt.connected {
			t.Errorf("%s: boxes %+v", name, info.Boxes)
		}
	}
	invited := sbis.InvitationRequest{OwnBoxID: own.BoxID, Counterparty: sbis.Invited{INN: stranger.INN, KPP: stranger.KPP, Name: stranger.Name}}
	first, err := b.client.SendInvitation(t.Context(), invited)
	if err != nil || first.ID == "" {
		t.Fatal(err)
	}
	id := b.put(stranger)
	b.do(id, sbistest.SignByUs, sbistest.AcceptInvitation)
	if again, err := b.client.SendInvitation(t.Context(), invited); err != nil || again.State.Code != sbis.InvitationConnected {
		t.Errorf("inviting the connected: %+v, %v", again, err)
	}
}

func TestAccountMethods(t *testing.T) {
	b := newBench(t)
	orgs, err := b.client.OwnOrganizations(t.Context())
	if err != nil || len(orgs) != 2 || !orgs[0].Connected || orgs[1].INN() != trader.INN {
		t.Errorf("own organisations %+v, %v", orgs, err)
	}
	certs, err := b.client.ListCertificates(t.Context(), sbistest.DemoThumbprint)
	if err != nil || len(certs) != 1 || certs[0].Key.Type != sbis.KeyServer || !certs[0].Key.Activated {
		t.Errorf("certificates %+v, %v", certs, err)
	}
	user, err := b.client.CurrentUser(t.Context())
	if err != nil || user.Login != sbistest.DemoLogin {
		t.Errorf("user %+v, %v", user, err)
	}
}

func TestArchiveIsReadyLater(t *testing.T) {
	b := newBench(t)
	d := b.read(b.put(customer))
	if _, err := b.client.Download(t.Context(), d.ArchiveLink); !sbis.Temporary(err) {
		t.Errorf("the first request: %v", err)
	}
	if got := b.download(d.ArchiveLink); !bytes.HasPrefix(got, []byte("PK")) {
		t.Errorf("archive begins with %q", got[:2])
	}
	// Both are seen while a PDF is made (docs/contracts/sbis.md, "Reading and files").
	for _, status := range []int{http.StatusInternalServerError, http.StatusOK} {
		var e *sbis.Error
		if _, err := b.client.Download(t.Context(), d.PDFLink); !sbis.Temporary(err) || !errors.As(err, &e) || e.Status != status {
			t.Errorf("while the PDF is made: %v, want HTTP %d", err, status)
		}
	}
	if got := b.download(d.PDFLink); !bytes.HasPrefix(got, []byte("%PDF")) {
		t.Errorf("PDF begins with %q", got[:4])
	}
	b.clock.Advance(40 * 24 * 3600 * 1e9)
	if _, err := b.client.Download(t.Context(), d.PDFLink); !sbis.IsNotFound(err) {
		t.Errorf("a link of last month: %v", err)
	}
	forged := strings.Replace(d.Attachments[0].File.Link, d.ID, "5b9ad7f0-3d1e-4f5c-9a30-000000000099", 1)
	if _, err := b.client.Download(t.Context(), forged); !sbis.IsNotFound(err) {
		t.Errorf("a forged link: %v", err)
	}
}

func TestAnotherAccountSeesNothing(t *testing.T) {
	b := newBench(t)
	b.AddAccount(sbistest.Account{Login: "other", Password: "other", Own: []sbistest.Organization{customer}})
	id := b.put(customer)
	other := b.as(sbis.Login{Login: "other", Password: "other"})
	if _, err := other.ReadDocument(t.Context(), id); !sbis.IsNotFound(err) {
		t.Errorf("reading: %v", err)
	}
	if err := other.DeleteDocument(t.Context(), id); !sbis.IsNotFound(err) {
		t.Errorf("deleting: %v", err)
	}
	d := b.draft(customer)
	d.ID = id
	if _, err := other.WriteDocument(t.Context(), d); !sbis.IsRefused(err) {
		t.Errorf("writing: %v", err)
	}
	if _, err := other.Changes(t.Context(), sbis.ChangesFilter{Organization: side(own), From: beginning.At}); !sbis.IsRefused(err) {
		t.Errorf("the feed: %v", err)
	}
	if _, err := other.Download(t.Context(), b.read(id).Attachments[0].File.Link); !sbis.IsNotFound(err) {
		t.Errorf("the file: %v", err)
	}
	if moves := b.Documents()[0].Moves; !slices.Contains(moves, sbistest.SignByUs) {
		t.Errorf("the document was touched: %v", moves)
	}
}
