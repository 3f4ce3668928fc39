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

const (
	sampleDoc   = "5b9ad7f0-3d1e-4f5c-9a30-5d1d4b1c7a01"
	sampleFile  = "9a0f2f52-7f0d-4b33-9a8e-0b1f8c3de102"
	sampleXML   = "ON_NSCHFDOPPR_2BE794aad24cbd58461011ed9094b7fa212_2BE64c9ac2bb5fe46c3ac32844bb97be6bc_20261031_1223ed45-c3e8-4456-66db-b4ed093821f8_0_0_0_0_0_00.xml"
	sampleThumb = "9F1C0A6B3E5D47A2B8C4D1E0F2A3B4C5D6E7F809"
)

var (
	sampleOurs  = Organization{Legal: &Legal{INN: "7701010105", KPP: "770101001"}}
	sampleBuyer = Organization{BoxID: "2BE794aad24cbd58461011ed9094b7fa212",
		Legal: &Legal{INN: "7802020205", KPP: "780201001", Name: `ООО "Пример-Заказчик"`}}
	sampleIP      = Organization{Person: &Person{INN: "500303030368"}}
	samplePremier = Organization{Legal: &Legal{INN: "7601000985", KPP: "760601001", Name: "СК Премьер, ОАО"}}
)

// use makes the request of a sample through the public methods.
type use func(context.Context, *Client) (any, error)

func write(change func(*Draft)) use {
	return func(ctx context.Context, c *Client) (any, error) {
		d := Draft{ID: sampleDoc, Type: TypeOutgoingAct, Date: "31.10.2026", Number: "15", Note: "Сделка 1024",
			Ours: sampleOurs, Counterparty: sampleBuyer, Revision: RevisionKey{ForeignNote: "b24-deal-1024-rev-1"},
			Files: []DraftFile{{ID: sampleFile, Content: Content{Name: sampleXML, Data: []byte("<?xml")}}}}
		change(&d)
		return c.WriteDocument(ctx, d)
	}
}

func read(id, revision string) use {
	return func(ctx context.Context, c *Client) (any, error) { return c.ReadRevision(ctx, id, revision) }
}

func step(run func(*Client, context.Context, Step) (*Document, error), change func(*Step)) use {
	return func(ctx context.Context, c *Client) (any, error) {
		s := Step{DocumentID: sampleDoc, Stage: StageSend, Action: ActionSend, Thumbprint: sampleThumb}
		change(&s)
		return run(c, ctx, s)
	}
}

func changes(f ChangesFilter) use {
	return func(ctx context.Context, c *Client) (any, error) {
		f.Organization, f.PageSize = sampleOurs, 50
		return c.Changes(ctx, f)
	}
}

func about(o Organization) use {
	return func(ctx context.Context, c *Client) (any, error) { return c.CounterpartyInfo(ctx, o) }
}

func asIs(*Step) {}

func signed(mchd string) func(*Step) {
	return func(s *Step) {
		add := SignatureToAdd{Content: Content{Name: sampleXML + ".sgn", Data: []byte("MIIM")}}
		if mchd != "" {
			add.Certificate = &CertificateWithPower{PowerOfAttorney{ID: mchd}}
		}
		s.Signed = []SignedAttachment{{ID: sampleFile, Signatures: []SignatureToAdd{add}}}
	}
}

func on(stage, action, comment string) func(*Step) {
	return func(s *Step) { s.Stage, s.Action, s.Comment = stage, action, comment }
}

func deferred(s *Step) { s.Thumbprint, s.KeyType = "", KeyDeferred }

func login(l Login) use {
	return func(ctx context.Context, c *Client) (any, error) { c.login = l; return c.logIn(ctx) }
}

// uses covers every sample of the methods that are built.
var uses = map[string]use{
	"authenticate/ok_login_password":            login(Login{Login: "robot@example.ru", Password: "***"}),
	"authenticate/ok_with_account_number":       login(Login{Login: "robot@example.ru", Password: "***", AccountNumber: "1234567"}),
	"authenticate/error_wrong_password":         login(Login{Login: "robot@example.ru", Password: "bad"}),
	"authenticate/error_second_factor_required": login(Login{Login: "robot@example.ru", Password: "***"}),
	"oauth_service/ok_token":                    login(Login{AppClientID: "1234567890", AppSecret: "ABCDEF", SecretKey: "***"}),

	"write_document/draft_xml_client_ids":            write(func(*Draft) {}),
	"write_document/repeat_same_id_updates":          write(func(d *Draft) { d.Note = "Сделка 1024, исправлено" }),
	"write_document/deferred_signing_certs_returned": write(func(d *Draft) { d.Extra = "ЭтапВернутьВсеСертификаты" }),
	"write_document/draft_buyer_is_ip":               write(func(d *Draft) { d.Counterparty = sampleIP }),
	"write_document/draft_pdf_act": write(func(d *Draft) {
		d.Regulation, d.Sum, d.Note, d.Revision = &NameRef{"Реализация"}, "65000.00", "", RevisionKey{}
		d.Counterparty = Organization{Legal: &Legal{INN: "7802020205", KPP: "780201001"}}
		d.Responsible = &Person{Surname: "Иванов", Name: "Иван", Patronymic: "Иванович"}
		d.Files = []DraftFile{{Content: Content{Name: "Акт № 15.pdf", Data: []byte("%PDF-1.7")}}}
	}),
	"write_document/error_date_format": func(ctx context.Context, c *Client) (any, error) {
		return c.WriteDocument(ctx, Draft{ID: sampleDoc, Type: TypeOutgoingAct, Date: "2026-10-31"})
	},

	"read_document/error_not_found":               read("00000000-0000-0000-0000-000000000000", ""),
	"read_document/specific_revision":             read(sampleDoc, "7c1b1d6e-9b1b-4a3c-8a66-000000000001"),
	"read_document/state_0_draft":                 read(sampleDoc, ""),
	"read_document/state_23_waiting_signature":    read(sampleDoc, ""),
	"read_document/state_3_sent":                  read(sampleDoc, ""),
	"read_document/state_4_delivered_waiting":     read(sampleDoc, ""),
	"read_document/state_7_signed_by_buyer":       read(sampleDoc, ""),
	"read_document/state_9_rejected_with_comment": read(sampleDoc, ""),
	"delete_document/ok": func(ctx context.Context, c *Client) (any, error) {
		return nil, c.DeleteDocument(ctx, sampleDoc)
	},

	"prepare_action/send_by_thumbprint":               step((*Client).PrepareAction, asIs),
	"prepare_action/file_modified_by_operator":        step((*Client).PrepareAction, asIs),
	"prepare_action/error_nothing_to_send_twice":      step((*Client).PrepareAction, asIs),
	"execute_action/send_server_certificate":          step((*Client).ExecuteAction, asIs),
	"execute_action/error_deferred_key_not_activated": step((*Client).ExecuteAction, asIs),
	"execute_action/deferred_waits_for_signature":     step((*Client).ExecuteAction, deferred),
	"execute_action/approve_incoming":                 step((*Client).ExecuteAction, on("Утверждение", "Утвердить", "")),
	"execute_action/reject_incoming_with_comment":     step((*Client).ExecuteAction, on("Утверждение", "Отклонить", "Неверная сумма по строке 2")),
	"execute_action/send_client_signature":            step((*Client).ExecuteAction, signed("")),
	"execute_action/send_client_signature_mchd":       step((*Client).ExecuteAction, signed("d4ad1af0-31ab-4e7f-a9f0-7c0f2f0f6a10")),
	"execute_action/error_signature_missing": step((*Client).ExecuteAction, func(s *Step) {
		s.Signed = []SignedAttachment{{ID: sampleFile}}
	}),

	"list_changes/first_run_by_date":      changes(ChangesFilter{From: "01.11.2026 00.00.00", To: "04.11.2026 00.00.00"}),
	"list_changes/next_page_by_event":     changes(ChangesFilter{EventID: "b3d5e1c2-0001-4c1e-8a11-000000000006", From: "01.11.2026 00.00.00"}),
	"list_changes/empty_file_link":        changes(ChangesFilter{EventID: "b3d5e1c2-0001-4c1e-8a11-000000000002"}),
	"list_changes/empty_page":             changes(ChangesFilter{EventID: "b3d5e1c2-0001-4c1e-8a11-000000000003"}),
	"list_changes/same_document_repeated": changes(ChangesFilter{EventID: "b3d5e1c2-0001-4c1e-8a11-000000000001"}),
	"list_changes/error_event_deleted":    changes(ChangesFilter{EventID: "00000000-0000-0000-0000-000000000000"}),

	"counterparty_info/legal_entity_with_ids": about(samplePremier),
	"counterparty_info/sole_trader":           about(sampleIP),
	"counterparty_info/legal_entity_short":    about(samplePremier),
	"counterparty_info/error_kpp_missing":     about(Organization{Legal: &Legal{INN: "7802020205"}}),
	"list_own_organizations/ok":               func(ctx context.Context, c *Client) (any, error) { return c.OwnOrganizations(ctx) },
	"list_certificates/not_activated":         func(ctx context.Context, c *Client) (any, error) { return c.ListCertificates(ctx, "") },
	"list_certificates/server_key":            func(ctx context.Context, c *Client) (any, error) { return c.ListCertificates(ctx, sampleThumb) },
	"current_user/ok":                         func(ctx context.Context, c *Client) (any, error) { return c.CurrentUser(ctx) },

	"send_invitation/ok": func(ctx context.Context, c *Client) (any, error) {
		return c.SendInvitation(ctx, InvitationRequest{OwnBoxID: "2BE64c9ac2bb5fe46c3ac32844bb97be6bc", Counterparty: Invited{
			INN: "7802020205", KPP: "780201001", Name: `ООО "Пример-Заказчик"`, Email: "buh@example.ru"}})
	},

	"transport_errors/not_authorized_string_error": read(sampleDoc, ""),
	"transport_errors/method_not_found":            anyMethod("СБИС.НетТакого", object{}),
	"transport_errors/missing_filter":              anyMethod("СБИС.СписокИзменений", object{}),
	"transport_errors/parse_error_missing_charset": anyMethod("СБИС.СписокДокументов", object{"Фильтр": object{"Тип": "ДокОтгрИсх"}}),
}

func anyMethod(name string, params any) use {
	return func(ctx context.Context, c *Client) (any, error) { return nil, c.call(ctx, name, params, nil) }
}

// notUsed are samples that the client does not ask for, and why.
var notUsed = map[string]string{
	"activate_certificate":                   "needs a person with a phone",
	"check_session":                          "a session that has ended is renewed when a call is refused",
	"logout":                                 "a session ends by itself after a day without calls",
	"oauth_service/revoke":                   "a token ends by itself",
	"version_info":                           "positions in the feed are kept as SBIS names them, not by our clock",
	"read_invitation":                        "an invitation is followed by asking for its counterparty",
	"list_invitation_changes":                "an invitation is followed by asking for its counterparty; how the list is filtered is not certain",
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

// otherwise are samples whose request we make differently on purpose; their answers are read.
var otherwise = map[string]string{
	"counterparty_info/legal_entity_short":         "we always ask for the list of boxes",
	"counterparty_info/error_kpp_missing":          "we always ask for the list of boxes",
	"transport_errors/parse_error_missing_charset": "we always name the charset",
}

func TestSamples(t *testing.T) {
	dir := samplesDir(t)
	names, err := filepath.Glob(filepath.Join(dir, "*", "*.json"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no samples in %s: %v", dir, err)
	}
	for _, path := range names {
		rel, _ := filepath.Rel(dir, strings.TrimSuffix(path, ".json"))
		name := filepath.ToSlash(rel)
		folder, _, _ := strings.Cut(name, "/")
		if notUsed[name] != "" || notUsed[folder] != "" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			if uses[name] == nil {
				t.Fatalf("sample %s has no use: add one, or say in notUsed why not", name)
			}
			playSample(t, readSample(t, dir, name), uses[name], name)
		})
	}
}

// playSample asks as the sample asks, compares the request and checks the outcome.
func playSample(t *testing.T, s sample, ask use, name string) {
	service := newStub(t, s.HTTP.Status, s.body())
	out, err := ask(t.Context(), clientOf(t, service.URL, Login{}, sampleSession))
	if want := shape(t, s.Request); !reflect.DeepEqual(shape(t, service.asked), want) && otherwise[name] == "" {
		t.Errorf("asked %s\nwant  %s", service.asked, s.Request)
	}
	if !strings.HasSuffix(s.HTTP.URL, service.path) {
		t.Errorf("asked at %s, want %s", service.path, s.HTTP.URL)
	}
	for header, value := range s.HTTP.Headers {
		if got := service.headers.Get(header); header != "User-Agent" && got != value && otherwise[name] == "" {
			t.Errorf("%s: %q, want %q", header, got, value)
		}
	}
	if service.headers.Get("User-Agent") == "" {
		t.Error("no User-Agent")
	}
	if check := outcomes[name]; check != nil {
		check(t, out, err)
	} else if err != nil {
		t.Errorf("unexpected error: %v", err)
	}
}

// shape is a request without what may differ: the protocol member, empty strings, contents of files.
func shape(t *testing.T, raw json.RawMessage) any {
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatalf("request is no JSON: %v: %s", err, raw)
	}
	return withoutNoise(v)
}

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

func TestSampleFoldersAreAllKnown(t *testing.T) {
	dir := samplesDir(t)
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for name := range uses {
		folder, _, _ := strings.Cut(name, "/")
		used[folder] = true
	}
	for _, e := range entries {
		if !used[e.Name()] && notUsed[e.Name()] == "" {
			t.Errorf("folder %s of the samples is neither used nor set aside", e.Name())
		}
	}
}
