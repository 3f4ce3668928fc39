package sbistest_test

import (
	"bytes"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/charmap"

	"acts24/integrations/sbis"
	"acts24/integrations/sbis/sbistest"
)

// A document is written, prepared, sent and signed by both parties; its file stays as it was, and the buyer's title names it.
func TestExchange(t *testing.T) {
	service := newTestService(t)
	d := service.newDraft(customer)
	d.Extra = "ЭтапВернутьВсеСертификаты"
	written, err := service.client.WriteDocument(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	stage := written.Stages[0]
	if written.State.Code != sbis.StateDraft || written.Sum != "65000.00" || stage.Actions[0].Certificates[0].Thumbprint != sbistest.DemoThumbprint {
		t.Errorf("the written document is %+v, want a draft for 65000.00 whose stage offers the demo certificate", written)
	}
	step := sbis.Step{DocumentID: d.ID, Stage: stage.Name, Action: stage.Actions[0].Name, Thumbprint: sbistest.DemoThumbprint}
	prepared, err := service.client.PrepareAction(t.Context(), step)
	if err != nil || prepared.Stages[0].Attachments[0].Modified {
		t.Errorf("the preparation: %+v, %v; want an unmodified attachment", prepared, err)
	}
	sent, err := service.client.ExecuteAction(t.Context(), step)
	if err != nil || !sent.State.IsSent() {
		t.Fatalf("the execution: %+v, %v; want the document sent", sent, err)
	}
	if _, err := service.client.ExecuteAction(t.Context(), step); !sbis.IsStagePassed(err) {
		t.Errorf("the second execution: %v, want that the stage has passed", err)
	}
	service.makeMoves(d.ID, sbistest.MoveSignByCounterparty)
	done := service.read(d.ID)
	title, ok := done.BuyerTitle()
	if done.State.Code != sbis.StateCompleted || !ok {
		t.Fatalf("after the counterparty's signature the state is %d, the buyer's title is there: %t; want %d, true", done.State.Code, ok, sbis.StateCompleted)
	}
	if got := service.download(done.Attachments[0].File.Link); !bytes.Equal(got, d.Files[0].Content.Data) {
		t.Errorf("the file has %d bytes that differ from the %d that were written", len(got), len(d.Files[0].Content.Data))
	}
	text, _ := charmap.Windows1251.NewDecoder().String(string(service.download(title.File.Link)))
	seller := strings.TrimSuffix(d.Files[0].Content.Name, ".xml")
	if !strings.Contains(text, `КодИтога="1"`) || !strings.Contains(text, `ИдФайлИнфПр="`+seller+`"`) {
		t.Errorf("the buyer's title is %s, want the result 1 for the file %s", text, seller)
	}
}

func TestWriteIsIdempotentByID(t *testing.T) {
	service := newTestService(t)
	d := service.newDraft(customer)
	for range 3 {
		if _, err := service.client.WriteDocument(t.Context(), d); err != nil {
			t.Fatal(err)
		}
	}
	if list := service.Documents(); len(list) != 1 || len(list[0].Files) != 1 {
		t.Errorf("%d documents after one was written three times, want one with one file", len(list))
	}
	service.makeMoves(d.ID, sbistest.MoveSignByUs)
	if _, err := service.client.WriteDocument(t.Context(), d); !sbis.IsRefused(err) {
		t.Errorf("writing a sent document: %v, want a refusal", err)
	}
}

func TestDeferredSignature(t *testing.T) {
	service := newTestService(t)
	id := service.putDraft(customer)
	step := sbis.Step{DocumentID: id, Stage: sbis.StageSend, Action: sbis.ActionSend, KeyType: sbis.KeyDeferred}
	waiting, err := service.client.ExecuteAction(t.Context(), step)
	if err != nil || waiting.State.Code != sbis.StateWaitingSignature {
		t.Fatalf("the execution with a deferred key: %+v, %v; want the state %d", waiting, err, sbis.StateWaitingSignature)
	}
	service.makeMoves(id, sbistest.MoveSignByUs)
	if got := service.read(id).State.Code; got != sbis.StateDelivered {
		t.Errorf("the state is %d after our signature, want %d", got, sbis.StateDelivered)
	}
}

func TestRefusedSignatures(t *testing.T) {
	service := newTestService(t)
	id := service.putDraft(customer)
	file := service.read(id).Attachments[0].ID
	for name, step := range map[string]sbis.Step{
		"unknown certificate":         {Thumbprint: "FFFF"},
		"no certificate":              {},
		"a foreign key, no signature": {Thumbprint: "00AA"},
		"attachment, no signature":    {Thumbprint: sbistest.DemoThumbprint, Signed: []sbis.SignedAttachment{{ID: file}}},
	} {
		step.DocumentID, step.Stage, step.Action = id, sbis.StageSend, sbis.ActionSend
		if _, err := service.client.ExecuteAction(t.Context(), step); !sbis.IsRefused(err) {
			t.Errorf("%s: %v, want a refusal", name, err)
		}
	}
	signed := sbis.Step{DocumentID: id, Stage: sbis.StageSend, Action: sbis.ActionSend, Thumbprint: "00AA", Signed: []sbis.SignedAttachment{{
		ID: file, Signatures: []sbis.SignatureToAdd{{Content: sbis.Content{Name: "a.sgn", Data: []byte("CADES")}}},
	}}}
	if _, err := service.client.ExecuteAction(t.Context(), signed); err != nil {
		t.Errorf("with a signature of our own: %v, want no error", err)
	}
	service.clock.Advance(400 * 24 * time.Hour)
	late := sbis.Step{DocumentID: service.putDraft(customer), Stage: sbis.StageSend, Action: sbis.ActionSend, Thumbprint: sbistest.DemoThumbprint}
	if _, err := service.client.ExecuteAction(t.Context(), late); !sbis.IsRefused(err) || !strings.Contains(err.Error(), "просроченному") {
		t.Errorf("an expired certificate: %v, want a refusal with «просроченному»", err)
	}
}

func TestCounterparties(t *testing.T) {
	service := newTestService(t)
	for name, tt := range map[string]struct {
		counterparty sbistest.Organization
		connected    bool
	}{
		"connected": {customer, true}, "a sole trader": {soleTrader, true}, "invited only": {unconnected, false},
		"unknown": {sbistest.Organization{INN: "7704217370", KPP: "770401001"}, false},
	} {
		info, err := service.client.CounterpartyInfo(t.Context(), clientParty(tt.counterparty))
		if err != nil || !info.IsAbout(clientParty(tt.counterparty)) {
			t.Fatalf("%s: %+v, %v; want the information about this party", name, info, err)
		}
		connected := slices.ContainsFunc(info.Boxes, func(box sbis.ParticipantBox) bool {
			return box.ID != "" && box.Connection.Code != sbis.ConnectionInvited
		})
		if connected != tt.connected {
			t.Errorf("%s: boxes %+v, want connected %t", name, info.Boxes, tt.connected)
		}
	}
	invited := sbis.InvitationRequest{OwnBoxID: own.BoxID, Counterparty: sbis.Invited{INN: unconnected.INN, KPP: unconnected.KPP, Name: unconnected.Name}}
	first, err := service.client.SendInvitation(t.Context(), invited)
	if err != nil || first.ID == "" {
		t.Fatalf("the invitation: %+v, %v; want an id", first, err)
	}
	id := service.putDraft(unconnected)
	service.makeMoves(id, sbistest.MoveSignByUs, sbistest.MoveAcceptInvitation)
	if again, err := service.client.SendInvitation(t.Context(), invited); err != nil || again.State.Code != sbis.InvitationConnected {
		t.Errorf("an invitation of a connected counterparty: %+v, %v; want the state %d", again, err, sbis.InvitationConnected)
	}
}

func TestAccountMethods(t *testing.T) {
	service := newTestService(t)
	orgs, err := service.client.OwnOrganizations(t.Context())
	if err != nil || len(orgs) != 2 || !orgs[0].Connected || orgs[1].INN() != soleTrader.INN {
		t.Errorf("the own organisations are %+v, %v; want two, the first connected, the second %s", orgs, err, soleTrader.INN)
	}
	certs, err := service.client.ListCertificates(t.Context(), sbistest.DemoThumbprint)
	if err != nil || len(certs) != 1 || certs[0].Key.Type != sbis.KeyServer || !certs[0].Key.Activated {
		t.Errorf("the certificates are %+v, %v; want one with an active key on the server", certs, err)
	}
	user, err := service.client.CurrentUser(t.Context())
	if err != nil || user.Login != sbistest.DemoLogin {
		t.Errorf("the user is %+v, %v; want %s", user, err, sbistest.DemoLogin)
	}
}

// An archive and a PDF are made after the first request, and links are valid for a month and for their document only.
func TestFilesAreMadeAfterTheirRequest(t *testing.T) {
	service := newTestService(t)
	d := service.read(service.putDraft(customer))
	if _, err := service.client.Download(t.Context(), d.ArchiveLink); !sbis.Temporary(err) {
		t.Errorf("the first request of the archive: %v, want a temporary error", err)
	}
	if got := service.download(d.ArchiveLink); !bytes.HasPrefix(got, []byte("PK")) {
		t.Errorf("the archive begins with %.8q, want PK", got)
	}
	// Both are seen while a PDF is made (docs/contracts/sbis.md, "Reading and files").
	for _, status := range []int{http.StatusInternalServerError, http.StatusOK} {
		var e *sbis.Error
		if _, err := service.client.Download(t.Context(), d.PDFLink); !sbis.Temporary(err) || !errors.As(err, &e) || e.Status != status {
			t.Errorf("while the PDF is made: %v, want a temporary error with HTTP %d", err, status)
		}
	}
	if got := service.download(d.PDFLink); !bytes.HasPrefix(got, []byte("%PDF")) {
		t.Errorf("the PDF begins with %.8q, want %%PDF", got)
	}
	service.clock.Advance(40 * 24 * time.Hour)
	if _, err := service.client.Download(t.Context(), d.PDFLink); !sbis.IsNotFound(err) {
		t.Errorf("a link of last month: %v, want that it is not found", err)
	}
	forged := strings.Replace(d.Attachments[0].File.Link, d.ID, "5b9ad7f0-3d1e-4f5c-9a30-000000000099", 1)
	if _, err := service.client.Download(t.Context(), forged); !sbis.IsNotFound(err) {
		t.Errorf("a forged link: %v, want that it is not found", err)
	}
}

func TestAnotherAccountSeesNothing(t *testing.T) {
	service := newTestService(t)
	service.AddAccount(sbistest.Account{Login: "other", Password: "other", Own: []sbistest.Organization{customer}})
	id := service.putDraft(customer)
	other := service.clientWithLogin(sbis.Login{Login: "other", Password: "other"})
	if _, err := other.ReadDocument(t.Context(), id); !sbis.IsNotFound(err) {
		t.Errorf("reading: %v, want that it is not found", err)
	}
	if err := other.DeleteDocument(t.Context(), id); !sbis.IsNotFound(err) {
		t.Errorf("deleting: %v, want that it is not found", err)
	}
	d := service.newDraft(customer)
	d.ID = id
	if _, err := other.WriteDocument(t.Context(), d); !sbis.IsRefused(err) {
		t.Errorf("writing: %v, want a refusal", err)
	}
	if _, err := other.Changes(t.Context(), sbis.ChangesFilter{Organization: clientParty(own), From: beginning.At}); !sbis.IsRefused(err) {
		t.Errorf("the feed: %v, want a refusal", err)
	}
	if _, err := other.Download(t.Context(), service.read(id).Attachments[0].File.Link); !sbis.IsNotFound(err) {
		t.Errorf("the file: %v, want that it is not found", err)
	}
	if moves := service.Documents()[0].Moves; !slices.Contains(moves, sbistest.MoveSignByUs) {
		t.Errorf("the moves of the document are %v, want %s among them as in a draft", moves, sbistest.MoveSignByUs)
	}
}
