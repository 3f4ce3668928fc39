package sbis

import (
	"strings"
	"testing"
	"time"
)

// outcome checks the result or the error of a sample.
type outcome func(t *testing.T, out any, err error)

// failsWith expects an error of a kind with a text in its message, of a call that was not executed.
func failsWith(isKind func(error) bool, text string) outcome {
	return func(t *testing.T, _ any, err error) {
		t.Helper()
		if err == nil || !isKind(err) || !NotExecuted(err) || !strings.Contains(err.Error(), text) {
			t.Errorf("error %v, of the expected kind %t, not executed %t; want true, true and %q in it", err, err != nil && isKind(err), NotExecuted(err), text)
		}
	}
}

// succeedsWith expects a result that the check accepts.
func succeedsWith[T any](check func(T) bool) outcome {
	return func(t *testing.T, out any, err error) {
		t.Helper()
		v, ok := out.(T)
		if err != nil || !ok || !check(v) {
			t.Errorf("the result is %+v, %v; want the values of the sample", out, err)
		}
	}
}

// hasState expects the document of the samples in a state.
func hasState(code int) outcome {
	return succeedsWith(func(d *Document) bool {
		return d.ID == sampleDoc && d.State.Code == code && d.Number == "15" && d.Ours.INN() == "7701010105" &&
			d.Attachments[0].File.Name == sampleTitleName && d.AccountLink != ""
	})
}

// signsAlone reports whether SBIS holds the key and can sign with it without a person.
func signsAlone(c Certificate) bool { return c.Key.Type == KeyServer && c.Key.Activated }

// anyKind accepts an error of every kind.
func anyKind(error) bool { return true }

// outcomes are the expected results of the samples; those without one must only succeed.
var outcomes = map[string]outcome{
	"authenticate/ok_login_password":    succeedsWith(func(s Session) bool { return s == sampleSession.s }),
	"authenticate/error_wrong_password": failsWith(IsCredentials, "Неверный логин или пароль"),
	"authenticate/error_second_factor_required": failsWith(func(err error) bool {
		e, ok := err.(*Error)
		return ok && IsCredentials(err) && e.SecondFactor
	}, "код подтверждения"),
	"oauth_service/ok_token": succeedsWith(func(s Session) bool { return s == Session{HeaderToken, "safe-token"} }),

	"write_document/draft_xml_client_ids": hasState(StateDraft),
	"write_document/deferred_signing_certs_returned": succeedsWith(func(d *Document) bool {
		certs := d.Stages[0].Actions[0].Certificates
		return len(certs) == 3 && signsAlone(certs[0]) && !signsAlone(certs[1]) && certs[2].Key.Type == KeyDeferred
	}),
	"write_document/error_date_format": failsWith(IsRefused, "Неверный формат даты"),

	"read_document/error_not_found":            failsWith(IsNotFound, "Документ не найден"),
	"read_document/state_0_draft":              hasState(StateDraft),
	"read_document/state_23_waiting_signature": hasState(StateWaitingSignature),
	"read_document/state_3_sent":               hasState(StateSent),
	"read_document/state_4_delivered_waiting":  hasState(StateDelivered),
	"read_document/state_7_signed_by_buyer": succeedsWith(func(d *Document) bool {
		title, ok := d.BuyerTitle()
		return d.State.Code == StateCompleted && ok && title.ID == "c1" && title.File.Link != "" && len(title.Signatures) == 1
	}),
	"read_document/state_9_rejected_with_comment": succeedsWith(func(d *Document) bool {
		return d.State.Code == StateRejected && d.State.Comment == "Неверная сумма" && d.Events[0].Comment == "Неверная сумма"
	}),

	"prepare_action/file_modified_by_operator": succeedsWith(func(d *Document) bool {
		a := d.Stages[0].Attachments[0]
		return a.ID == sampleFile && a.Modified && a.File.Hash == "ff00"
	}),
	"prepare_action/error_nothing_to_send_twice":      failsWith(IsStagePassed, "требующие отправки"),
	"execute_action/send_server_certificate":          hasState(StateSent),
	"execute_action/deferred_waits_for_signature":     hasState(StateWaitingSignature),
	"execute_action/error_deferred_key_not_activated": failsWith(IsRefused, "Сертификат не активирован"),
	"execute_action/error_signature_missing":          failsWith(IsRefused, "файл подписи"),

	"list_changes/first_run_by_date": succeedsWith(func(p *Page) bool {
		return len(p.Documents) == 2 && p.Paging.More && p.Documents[1].Events[0].At == "02.11.2026 11.00.00"
	}),
	"list_changes/empty_page": succeedsWith(func(p *Page) bool { return len(p.Documents) == 0 && !p.Paging.More }),
	"list_changes/empty_file_link": succeedsWith(func(p *Page) bool {
		title, ok := p.Documents[0].BuyerTitle()
		return ok && title.File.Link == ""
	}),
	"list_changes/same_document_repeated": succeedsWith(func(p *Page) bool {
		return len(p.Documents) == 3 && p.Documents[0].ID == p.Documents[2].ID
	}),
	"list_changes/error_event_deleted": failsWith(IsRefused, "Событие не найдено"),

	"counterparty_info/legal_entity_with_ids": succeedsWith(func(c *Counterparty) bool {
		box := c.Boxes[0]
		return len(c.Boxes) == 1 && c.IsAbout(samplePremier) && box.Operator.ID == "2BE" && box.Main && !box.Roaming && box.Connection.Code == ConnectionInvited
	}),
	"counterparty_info/legal_entity_short": succeedsWith(func(c *Counterparty) bool {
		return len(c.Boxes) == 1 && c.Boxes[0].ID == "2BE00000000000000000000000000000000"
	}),
	"counterparty_info/sole_trader": succeedsWith(func(c *Counterparty) bool {
		return len(c.Boxes) == 0 && c.Person.Surname == "Ёлкина" && !c.IsAbout(samplePremier)
	}),
	"counterparty_info/error_kpp_missing": failsWith(IsRefused, "Не указан КПП"),
	"list_own_organizations/ok": succeedsWith(func(list []OwnOrganization) bool {
		return len(list) == 2 && list[0].Connected && list[0].KPP() == "770101001" && !list[1].Connected && list[1].INN() == "500303030368"
	}),
	"list_certificates/not_activated": succeedsWith(func(list []Certificate) bool { return !signsAlone(list[0]) }),
	"list_certificates/server_key": succeedsWith(func(list []Certificate) bool {
		until, err := ParseDate(list[0].ValidTo)
		return err == nil && until.Equal(time.Date(2027, 5, 1, 0, 0, 0, 0, Moscow)) && signsAlone(list[0])
	}),
	"current_user/ok": succeedsWith(func(u *User) bool { return u.Login == "robot@example.ru" }),

	"transport_errors/not_authorized_string_error": failsWith(IsSession, "Not authorized"),
	"transport_errors/method_not_found":            failsWith(func(err error) bool { return !IsRefused(err) }, "-32601"),
	"transport_errors/missing_filter":              failsWith(IsRefused, "нет поля Фильтр"),
	"transport_errors/parse_error_missing_charset": failsWith(anyKind, "-32700"),
}
