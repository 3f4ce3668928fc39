package sbis

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// The document of most samples, its file and the certificate that signs it.
const (
	sampleDoc        = "5b9ad7f0-3d1e-4f5c-9a30-5d1d4b1c7a01"
	sampleFile       = "9a0f2f52-7f0d-4b33-9a8e-0b1f8c3de102"
	sampleTitleName  = "ON_NSCHFDOPPR_2BE794aad24cbd58461011ed9094b7fa212_2BE64c9ac2bb5fe46c3ac32844bb97be6bc_20261031_1223ed45-c3e8-4456-66db-b4ed093821f8_0_0_0_0_0_00.xml"
	sampleThumbprint = "9F1C0A6B3E5D47A2B8C4D1E0F2A3B4C5D6E7F809"
)

// The parties of the samples: ours, a buyer, an ИП, and a company that is invited.
var (
	sampleOurs  = Organization{Legal: &Legal{INN: "7701010105", KPP: "770101001"}}
	sampleBuyer = Organization{BoxID: "2BE794aad24cbd58461011ed9094b7fa212",
		Legal: &Legal{INN: "7802020205", KPP: "780201001", Name: `ООО "Пример-Заказчик"`}}
	sampleSoleTrader = Organization{Person: &Person{INN: "500303030368"}}
	samplePremier    = Organization{Legal: &Legal{INN: "7601000985", KPP: "760601001", Name: "СК Премьер, ОАО"}}
)

// sampleCall makes the request of a sample through the public methods.
type sampleCall func(context.Context, *Client) (any, error)

// writeDraft writes the document of the samples with a change.
func writeDraft(change func(*Draft)) sampleCall {
	return func(ctx context.Context, c *Client) (any, error) {
		d := Draft{ID: sampleDoc, Type: TypeOutgoingAct, Date: "31.10.2026", Number: "15", Note: "Сделка 1024",
			Ours: sampleOurs, Counterparty: sampleBuyer, Revision: RevisionKey{ForeignNote: "b24-deal-1024-rev-1"},
			Files: []DraftFile{{ID: sampleFile, Content: Content{Name: sampleTitleName, Data: []byte("<?xml")}}}}
		change(&d)
		return c.WriteDocument(ctx, d)
	}
}

// readRevision reads a revision of a document, the newest for "".
func readRevision(id, revision string) sampleCall {
	return func(ctx context.Context, c *Client) (any, error) { return c.ReadRevision(ctx, id, revision) }
}

// runStep prepares or executes the step of the samples with a change.
func runStep(run func(*Client, context.Context, Step) (*Document, error), change func(*Step)) sampleCall {
	return func(ctx context.Context, c *Client) (any, error) {
		s := Step{DocumentID: sampleDoc, Stage: StageSend, Action: ActionSend, Thumbprint: sampleThumbprint}
		change(&s)
		return run(c, ctx, s)
	}
}

// listChanges reads a page of changes of our organisation.
func listChanges(f ChangesFilter) sampleCall {
	return func(ctx context.Context, c *Client) (any, error) {
		f.Organization, f.PageSize = sampleOurs, 50
		return c.Changes(ctx, f)
	}
}

// counterpartyInfo reads the information about a counterparty.
func counterpartyInfo(o Organization) sampleCall {
	return func(ctx context.Context, c *Client) (any, error) { return c.CounterpartyInfo(ctx, o) }
}

// unchanged leaves the step of the samples as it is.
func unchanged(*Step) {}

// withSignature adds a signature of our own, with the power of attorney unless its id is "".
func withSignature(powerID string) func(*Step) {
	return func(s *Step) {
		add := SignatureToAdd{Content: Content{Name: sampleTitleName + ".sgn", Data: []byte("MIIM")}}
		if powerID != "" {
			add.Certificate = &CertificateWithPower{PowerOfAttorney{ID: powerID}}
		}
		s.Signed = []SignedAttachment{{ID: sampleFile, Signatures: []SignatureToAdd{add}}}
	}
}

// withAction sets stage, action and comment.
func withAction(stage, action, comment string) func(*Step) {
	return func(s *Step) { s.Stage, s.Action, s.Comment = stage, action, comment }
}

// withDeferredKey leaves the signature to a person with a deferred key.
func withDeferredKey(s *Step) { s.Thumbprint, s.KeyType = "", KeyDeferred }

// logInWith logs in with the data of an account.
func logInWith(l Login) sampleCall {
	return func(ctx context.Context, c *Client) (any, error) { c.login = l; return c.logIn(ctx) }
}

// sampleCalls has the call of every sample that is not in unusedSamples, by folder and name.
var sampleCalls = map[string]sampleCall{
	"authenticate/ok_login_password":            logInWith(Login{Login: "robot@example.ru", Password: "***"}),
	"authenticate/ok_with_account_number":       logInWith(Login{Login: "robot@example.ru", Password: "***", AccountNumber: "1234567"}),
	"authenticate/error_wrong_password":         logInWith(Login{Login: "robot@example.ru", Password: "bad"}),
	"authenticate/error_second_factor_required": logInWith(Login{Login: "robot@example.ru", Password: "***"}),
	"oauth_service/ok_token":                    logInWith(Login{AppClientID: "1234567890", AppSecret: "ABCDEF", SecretKey: "***"}),

	"write_document/draft_xml_client_ids":            writeDraft(func(*Draft) {}),
	"write_document/repeat_same_id_updates":          writeDraft(func(d *Draft) { d.Note = "Сделка 1024, исправлено" }),
	"write_document/deferred_signing_certs_returned": writeDraft(func(d *Draft) { d.Extra = "ЭтапВернутьВсеСертификаты" }),
	"write_document/draft_buyer_is_ip":               writeDraft(func(d *Draft) { d.Counterparty = sampleSoleTrader }),
	"write_document/draft_pdf_act": writeDraft(func(d *Draft) {
		d.Regulation, d.Sum, d.Note, d.Revision = &NameRef{"Реализация"}, "65000.00", "", RevisionKey{}
		d.Counterparty = Organization{Legal: &Legal{INN: "7802020205", KPP: "780201001"}}
		d.Responsible = &Person{Surname: "Иванов", Name: "Иван", Patronymic: "Иванович"}
		d.Files = []DraftFile{{Content: Content{Name: "Акт № 15.pdf", Data: []byte("%PDF-1.7")}}}
	}),
	"write_document/error_date_format": func(ctx context.Context, c *Client) (any, error) {
		return c.WriteDocument(ctx, Draft{ID: sampleDoc, Type: TypeOutgoingAct, Date: "2026-10-31"})
	},

	"read_document/error_not_found":               readRevision("00000000-0000-0000-0000-000000000000", ""),
	"read_document/specific_revision":             readRevision(sampleDoc, "7c1b1d6e-9b1b-4a3c-8a66-000000000001"),
	"read_document/state_0_draft":                 readRevision(sampleDoc, ""),
	"read_document/state_23_waiting_signature":    readRevision(sampleDoc, ""),
	"read_document/state_3_sent":                  readRevision(sampleDoc, ""),
	"read_document/state_4_delivered_waiting":     readRevision(sampleDoc, ""),
	"read_document/state_7_signed_by_buyer":       readRevision(sampleDoc, ""),
	"read_document/state_9_rejected_with_comment": readRevision(sampleDoc, ""),
	"delete_document/ok": func(ctx context.Context, c *Client) (any, error) {
		return nil, c.DeleteDocument(ctx, sampleDoc)
	},

	"prepare_action/send_by_thumbprint":               runStep((*Client).PrepareAction, unchanged),
	"prepare_action/file_modified_by_operator":        runStep((*Client).PrepareAction, unchanged),
	"prepare_action/error_nothing_to_send_twice":      runStep((*Client).PrepareAction, unchanged),
	"execute_action/send_server_certificate":          runStep((*Client).ExecuteAction, unchanged),
	"execute_action/error_deferred_key_not_activated": runStep((*Client).ExecuteAction, unchanged),
	"execute_action/deferred_waits_for_signature":     runStep((*Client).ExecuteAction, withDeferredKey),
	"execute_action/approve_incoming":                 runStep((*Client).ExecuteAction, withAction("Утверждение", "Утвердить", "")),
	"execute_action/reject_incoming_with_comment":     runStep((*Client).ExecuteAction, withAction("Утверждение", "Отклонить", "Неверная сумма по строке 2")),
	"execute_action/send_client_signature":            runStep((*Client).ExecuteAction, withSignature("")),
	"execute_action/send_client_signature_mchd":       runStep((*Client).ExecuteAction, withSignature("d4ad1af0-31ab-4e7f-a9f0-7c0f2f0f6a10")),
	"execute_action/error_signature_missing": runStep((*Client).ExecuteAction, func(s *Step) {
		s.Signed = []SignedAttachment{{ID: sampleFile}}
	}),

	"list_changes/first_run_by_date":      listChanges(ChangesFilter{From: "01.11.2026 00.00.00", To: "04.11.2026 00.00.00"}),
	"list_changes/next_page_by_event":     listChanges(ChangesFilter{EventID: "b3d5e1c2-0001-4c1e-8a11-000000000006", From: "01.11.2026 00.00.00"}),
	"list_changes/empty_file_link":        listChanges(ChangesFilter{EventID: "b3d5e1c2-0001-4c1e-8a11-000000000002"}),
	"list_changes/empty_page":             listChanges(ChangesFilter{EventID: "b3d5e1c2-0001-4c1e-8a11-000000000003"}),
	"list_changes/same_document_repeated": listChanges(ChangesFilter{EventID: "b3d5e1c2-0001-4c1e-8a11-000000000001"}),
	"list_changes/error_event_deleted":    listChanges(ChangesFilter{EventID: "00000000-0000-0000-0000-000000000000"}),

	"counterparty_info/legal_entity_with_ids": counterpartyInfo(samplePremier),
	"counterparty_info/sole_trader":           counterpartyInfo(sampleSoleTrader),
	"counterparty_info/legal_entity_short":    counterpartyInfo(samplePremier),
	"counterparty_info/error_kpp_missing":     counterpartyInfo(Organization{Legal: &Legal{INN: "7802020205"}}),
	"list_own_organizations/ok":               func(ctx context.Context, c *Client) (any, error) { return c.OwnOrganizations(ctx) },
	"list_certificates/not_activated":         func(ctx context.Context, c *Client) (any, error) { return c.ListCertificates(ctx, "") },
	"list_certificates/server_key":            func(ctx context.Context, c *Client) (any, error) { return c.ListCertificates(ctx, sampleThumbprint) },
	"activate_certificate/request_code": func(ctx context.Context, c *Client) (any, error) {
		return nil, c.ActivationCode(ctx, sampleThumbprint)
	},
	"activate_certificate/ok": func(ctx context.Context, c *Client) (any, error) {
		return nil, c.ActivateCertificate(ctx, sampleThumbprint, "123456")
	},
	"current_user/ok": func(ctx context.Context, c *Client) (any, error) { return c.CurrentUser(ctx) },

	"send_invitation/ok": func(ctx context.Context, c *Client) (any, error) {
		return c.SendInvitation(ctx, InvitationRequest{OwnBoxID: "2BE64c9ac2bb5fe46c3ac32844bb97be6bc", Counterparty: Invited{
			INN: "7802020205", KPP: "780201001", Name: `ООО "Пример-Заказчик"`, Email: "buh@example.ru"}})
	},

	"transport_errors/not_authorized_string_error": readRevision(sampleDoc, ""),
	"transport_errors/method_not_found":            callMethod("СБИС.НетТакого", object{}),
	"transport_errors/missing_filter":              callMethod("СБИС.СписокИзменений", object{}),
	"transport_errors/parse_error_missing_charset": callMethod("СБИС.СписокДокументов", object{"Фильтр": object{"Тип": "ДокОтгрИсх"}}),
}

// callMethod calls a method that has no public one of its own.
func callMethod(name string, params any) sampleCall {
	return func(ctx context.Context, c *Client) (any, error) { return nil, c.call(ctx, name, params, nil) }
}

// unusedSamples are folders and samples that the client does not need, and why.
var unusedSamples = map[string]string{
	"check_session":                          "a session that has ended is renewed when a call is refused",
	"logout":                                 "a session ends by itself after a day without calls",
	"oauth_service/revoke":                   "a token ends by itself",
	"version_info":                           "positions in the feed are kept as SBIS names them, not by our clock",
	"read_invitation":                        "the state of an invitation is read from the information about its counterparty",
	"list_invitation_changes":                "the state of an invitation is read from the information about its counterparty; how the list is filtered is not certain",
	"auth_by_certificate":                    "needs a GOST provider",
	"list_documents":                         "the feed and reading one document are enough",
	"list_documents_by_events":               "the feed is enough",
	"list_service_stages":                    "done by the operator",
	"service_stages_info":                    "done by the operator",
	"repeat_stage":                           "incoming documents only",
	"write_attachment":                       "files travel with the document",
	"upd":                                    "formats of files, not methods",
	"download":                               "see TestDownload",
	"write_document/reconciliation_act_type": "not an act of work",
}

// differentRequests are samples whose request we make differently on purpose, and how; only their answers are compared.
var differentRequests = map[string]string{
	"counterparty_info/legal_entity_short":         "we always ask for the list of boxes",
	"counterparty_info/error_kpp_missing":          "we always ask for the list of boxes",
	"transport_errors/parse_error_missing_charset": "we always name the charset",
}

// The client makes the requests of the samples and reads their answers.
func TestSamples(t *testing.T) {
	dir := samplesDir(t)
	paths, err := filepath.Glob(filepath.Join(dir, "*", "*.json"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no samples in %s: %v", dir, err)
	}
	for _, path := range paths {
		rel, _ := filepath.Rel(dir, strings.TrimSuffix(path, ".json"))
		name := filepath.ToSlash(rel)
		folder, _, _ := strings.Cut(name, "/")
		if unusedSamples[name] != "" || unusedSamples[folder] != "" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			if sampleCalls[name] == nil {
				t.Fatalf("sample %s has no call: add one to sampleCalls, or the reason to unusedSamples", name)
			}
			playSample(t, readSample(t, dir, name), sampleCalls[name], name)
		})
	}
}

// playSample makes the call of a sample, compares the request with the recorded one and checks the outcome.
func playSample(t *testing.T, s sample, call sampleCall, name string) {
	service := newStub(t, s.HTTP.Status, s.body())
	out, err := call(t.Context(), clientOf(t, service.URL, Login{}, sampleSession))
	if want := shape(t, s.Request); !reflect.DeepEqual(shape(t, service.request), want) && differentRequests[name] == "" {
		t.Errorf("requested %s\nwant      %s", service.request, s.Request)
	}
	if !strings.HasSuffix(s.HTTP.URL, service.path) {
		t.Errorf("requested at %s, want %s", service.path, s.HTTP.URL)
	}
	for header, value := range s.HTTP.Headers {
		if got := service.headers.Get(header); header != "User-Agent" && got != value && differentRequests[name] == "" {
			t.Errorf("the header %s is %q, want %q", header, got, value)
		}
	}
	if service.headers.Get("User-Agent") == "" {
		t.Error("the request has no User-Agent")
	}
	if check := outcomes[name]; check != nil {
		check(t, out, err)
	} else if err != nil {
		t.Errorf("error %v, want none", err)
	}
}

// shape returns a request without what may differ: the protocol member, empty strings, contents of files.
func shape(t *testing.T, raw json.RawMessage) any {
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatalf("the request is no JSON: %v: %s", err, raw)
	}
	return withoutNoise(v)
}

// withoutNoise removes or replaces the members that may differ.
func withoutNoise(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for name, member := range v {
			switch {
			case name == "protocol", member == "", name == "Подпись" && member == nil:
			case name == "РазмерСтраницы":
				out[name] = reflect.TypeOf(member).String()
			case name == "ДвоичныеДанные":
				out[name] = "…"
			default:
				out[name] = withoutNoise(member)
			}
		}
		return out
	case []any:
		for i := range v {
			v[i] = withoutNoise(v[i])
		}
	}
	return v
}

// Every folder of the samples has calls, or a reason why it is not used.
func TestSampleFoldersAreAllKnown(t *testing.T) {
	dir := samplesDir(t)
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for name := range sampleCalls {
		folder, _, _ := strings.Cut(name, "/")
		used[folder] = true
	}
	for _, e := range entries {
		if !used[e.Name()] && unusedSamples[e.Name()] == "" {
			t.Errorf("folder %s of the samples is neither in sampleCalls nor in unusedSamples", e.Name())
		}
	}
}
