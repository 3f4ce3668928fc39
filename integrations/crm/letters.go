package crm

import (
	"context"
	"fmt"

	"acts24/acts"
	"acts24/integrations/bitrix24"
	"acts24/store"
	"acts24/workflow"
)

// Letter sends an e-mail once and returns the id of its activity. After an unclear end the activity is looked for: when
// it is there, the letter has gone. Refused tells that the letter did not go and that its activity is removed.
func (a *Adapter) Letter(ctx context.Context, p store.Portal, w workflow.LetterWish, unclear bool, hold func(context.Context) error) (int64, error) {
	client, err := a.asPortal(p, hold)
	if err != nil {
		return 0, err
	}
	if unclear {
		found, err := client.Activities(ctx, bitrix24.OfOrigin(originator, w.Key))
		if err != nil {
			return 0, reading(err)
		}
		if len(found) > 0 {
			return int64(found[0].ID), nil
		}
	}
	if err := hold(ctx); err != nil {
		return 0, err
	}
	id, err := client.AddEmail(ctx, emailOf(w))
	if err == nil {
		return int64(id), nil
	}
	if !bitrix24.IsEmailNotSent(err) {
		return 0, writing(err)
	}
	return 0, a.unsent(ctx, client, w, err)
}

// unsent removes the activity of a letter that did not go, and says what is to be set up.
func (a *Adapter) unsent(ctx context.Context, client *bitrix24.Client, w workflow.LetterWish, cause error) error {
	found, err := client.Activities(ctx, bitrix24.OfOrigin(originator, w.Key))
	if err != nil {
		return reading(err)
	}
	for _, activity := range found {
		if err := client.DeleteActivity(ctx, activity.ID); err != nil && !bitrix24.IsNotFound(err) {
			return reading(err)
		}
	}
	switch {
	case bitrix24.IsSenderMissing(cause):
		return fmt.Errorf("%w (%w)", acts.Errorf(acts.Refused, "в Битрикс24 не подключена почта. Подключите свой ящик (Почта → Подключить ящик, с интеграцией в CRM) "+
			"или попросите администратора подключить общий ящик CRM, затем отправьте ещё раз."), cause)
	case bitrix24.IsRecipientMissing(cause):
		return fmt.Errorf("%w (%w)", acts.Errorf(acts.Refused, "Битрикс24 не принял адрес получателя. Проверьте его и отправьте ещё раз."), cause)
	}
	return refusal(acts.Refused, "почта не отправила письмо", cause)
}

func emailOf(w workflow.LetterWish) bitrix24.EmailDraft {
	to := bitrix24.Recipient{Email: w.Address, Type: bitrix24.CompanyType, ID: bitrix24.ID(w.Company)}
	if w.Company == 0 {
		to.Type, to.ID = bitrix24.ContactType, bitrix24.ID(w.Contact)
	}
	d := bitrix24.EmailDraft{OwnerType: bitrix24.DealType, OwnerID: bitrix24.ID(w.Deal), To: []bitrix24.Recipient{to}, Subject: w.Subject, HTML: w.Body,
		ResponsibleID: bitrix24.ID(w.User), Originator: originator, Origin: w.Key}
	for _, f := range w.Attachments {
		d.Files = append(d.Files, bodyOf(f))
	}
	return d
}

func bodyOf(f workflow.Attachment) bitrix24.Body {
	return bitrix24.Body{Name: f.Name, Size: f.Size, Open: f.Open}
}
