package crm

import (
	"context"
	"fmt"
	"net/mail"
	"strings"

	"acts24/acts"
	"acts24/acts/letters"
	"acts24/integrations/bitrix24"
	"acts24/store"
	"acts24/workflow"
)

// originator marks our activities, which are found by it and their key.
const originator = "acts24"

// SendLetter sends an e-mail once and returns the id of its activity. After an unclear attempt it searches for the activity first: if it
// exists, the e-mail was sent. Refused means that the e-mail was not sent and its activity was deleted.
func (a *Adapter) SendLetter(ctx context.Context, p store.Portal, w workflow.Letter, unclear bool, checkLease func(context.Context) error) (int64, error) {
	client, err := a.asPortal(p, checkLease)
	if err != nil {
		return 0, err
	}
	return sendLetter(ctx, client, w, unclear, checkLease)
}

func sendLetter(ctx context.Context, client *bitrix24.Client, w workflow.Letter, unclear bool, checkLease func(context.Context) error) (int64, error) {
	commands := []bitrix24.Command{bitrix24.ListUsers(bitrix24.Params{"ID": int64(w.User)}).As("from")}
	if unclear {
		commands = append(commands, bitrix24.ListActivities(bitrix24.OfOrigin(originator, w.Key)).As("sent"))
	}
	res, err := client.Batch(ctx, commands, false)
	if err != nil {
		return 0, readError(err)
	}
	if unclear {
		var sent bitrix24.List[bitrix24.Activity]
		if err := res.Get("sent", &sent); err != nil {
			return 0, readError(err)
		}
		if len(sent) > 0 {
			return int64(sent[0].ID), nil
		}
	}
	draft := emailDraft(w)
	if draft.From, err = senderOf(res); err != nil {
		return 0, err
	}
	if err := checkLease(ctx); err != nil {
		return 0, err
	}
	id, err := client.AddEmail(ctx, draft)
	if err == nil {
		return int64(id), nil
	}
	if !bitrix24.IsEmailNotSent(err) {
		return 0, writeError(err)
	}
	return 0, deleteUnsent(ctx, client, w, err)
}

// deleteUnsent deletes the activity of an e-mail that was not sent, and returns an error with what has to be set up.
func deleteUnsent(ctx context.Context, client *bitrix24.Client, w workflow.Letter, cause error) error {
	found, err := client.Activities(ctx, bitrix24.OfOrigin(originator, w.Key))
	if err != nil {
		return readError(err)
	}
	for _, activity := range found {
		if err := client.DeleteActivity(ctx, activity.ID); err != nil && !bitrix24.IsNotFound(err) {
			return readError(err)
		}
	}
	switch {
	case bitrix24.IsSenderMissing(cause):
		return fmt.Errorf("%w (%w)", acts.Errorf(acts.Refused, "в Битрикс24 не подключена почта, и у сотрудника в профиле не указан e-mail. Укажите его в профиле, "+
			"подключите свой ящик (Почта → Подключить ящик, с интеграцией в CRM) или попросите администратора подключить общий ящик CRM, затем отправьте ещё раз."), cause)
	case bitrix24.IsRecipientMissing(cause):
		return fmt.Errorf("%w (%w)", acts.Errorf(acts.Refused, "Битрикс24 не принял адрес получателя. Проверьте его и отправьте ещё раз."), cause)
	}
	return refusedError(acts.Refused, "почта не отправила письмо", cause)
}

// senderOf returns the name and address of the employee, with which the portal sends an e-mail without a connected mailbox
// (apidocs.bitrix24.ru/tutorials/crm/how-to-add-crm-objects/how-to-send-email.html). It returns "", which leaves
// the sender to the CRM, for an employee without a valid address and one who is not readable.
func senderOf(res *bitrix24.BatchResult) (string, error) {
	var users bitrix24.List[bitrix24.User]
	err := res.Get("from", &users)
	if bitrix24.IsAccessDenied(err) && !bitrix24.IsGone(err) {
		return "", nil
	}
	if err != nil {
		return "", readError(err)
	}
	if len(users) != 1 || !bool(users[0].Active) {
		return "", nil
	}
	address, err := mail.ParseAddress(strings.TrimSpace(string(users[0].Email)))
	if err != nil || address.Name != "" {
		return "", nil
	}
	name := strings.NewReplacer("<", " ", ">", " ").Replace(string(users[0].Name) + " " + string(users[0].LastName))
	return strings.TrimSpace(collapseSpaces(name) + " <" + address.Address + ">"), nil
}

func emailDraft(w workflow.Letter) bitrix24.EmailDraft {
	to := bitrix24.Recipient{Email: w.Address, Type: bitrix24.CompanyType, ID: bitrix24.ID(w.Company)}
	if w.Company == 0 {
		to.Type, to.ID = bitrix24.ContactType, bitrix24.ID(w.Contact)
	}
	d := bitrix24.EmailDraft{OwnerType: bitrix24.DealType, OwnerID: bitrix24.ID(w.Deal), To: []bitrix24.Recipient{to}, Subject: w.Subject, HTML: w.Body,
		ResponsibleID: bitrix24.ID(w.User), Originator: originator, Origin: w.Key}
	for _, f := range w.Attachments {
		d.Files = append(d.Files, fileBody(f))
	}
	return d
}

func fileBody(f workflow.Attachment) bitrix24.FileBody {
	return bitrix24.FileBody{Name: f.Name, Size: f.Size, Open: f.Open}
}

// SentReminders lists the reminder letters that were sent by the calendar, whose activities have larger ids than after.
func (a *Adapter) SentReminders(ctx context.Context, p store.Portal, after int64) ([]workflow.SentReminder, error) {
	client, err := a.asPortal(p, nil)
	if err != nil {
		return nil, err
	}
	found, err := client.Activities(ctx, bitrix24.Params{"ORIGINATOR_ID": originator, ">ID": after})
	if err != nil {
		return nil, readError(err)
	}
	var list []workflow.SentReminder
	for _, one := range found {
		if letter, act, ok := letters.ParseReminderKey(string(one.OriginID)); ok {
			list = append(list, workflow.SentReminder{Letter: letter, Act: act, At: one.Created.Time})
		}
	}
	return list, nil
}
