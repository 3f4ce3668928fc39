package edo

import (
	"context"
	"strings"
	"time"

	"acts24/acts"
	"acts24/integrations/sbis"
	"acts24/workflow"
)

// Prepare makes SBIS prepare a document in the legal format for its signature and returns the step as the answer names it. A stage that is
// passed already is no error here: Sign reports it.
func (a *Adapter) Prepare(ctx context.Context, account workflow.Account, document string, step workflow.Step, thumbprint string) (workflow.Step, error) {
	client, err := a.client(ctx, account)
	if err != nil {
		return step, err
	}
	doc, err := client.PrepareAction(ctx, stepOf(document, step, thumbprint))
	if sbis.IsStagePassed(err) {
		return step, nil
	}
	if err != nil {
		return step, writeError(err)
	}
	if s, ok := doc.SendingStep(); ok && len(doc.Stages) > 0 {
		step = workflow.Step{ID: s.StageID, Stage: s.Stage, Action: s.Action}
	}
	return step, nil
}

// Sign has a written document signed and sent with a key that SBIS holds or, without a thumbprint, submits it to our
// signer. When the stage is passed already, the document is read: it was sent, or the error is returned for a draft.
func (a *Adapter) Sign(ctx context.Context, account workflow.Account, document string, step workflow.Step, thumbprint string) (workflow.Report, error) {
	client, err := a.client(ctx, account)
	if err != nil {
		return workflow.Report{}, err
	}
	doc, err := client.ExecuteAction(ctx, stepOf(document, step, thumbprint))
	if sbis.IsStagePassed(err) {
		r, read := a.Read(ctx, account, document)
		if read == nil && r.IsDraft() {
			return r, writeError(err)
		}
		return r, read
	}
	if err != nil {
		return workflow.Report{}, writeError(err)
	}
	return fullReport(*doc), nil
}

func stepOf(document string, step workflow.Step, thumbprint string) sbis.Step {
	s := sbis.Step{DocumentID: document, StageID: step.ID, Stage: step.Stage, Action: step.Action, Thumbprint: thumbprint}
	if thumbprint == "" {
		s.KeyType = sbis.KeyDeferred
	}
	return s
}

// CheckAccount fetches the user of an account, its organisations and its certificates.
func (a *Adapter) CheckAccount(ctx context.Context, account workflow.Account) (c acts.OperatorAccount, keys []acts.Certificate, err error) {
	client, err := a.client(ctx, account)
	if err != nil {
		return c, nil, err
	}
	user, err := client.CurrentUser(ctx)
	if err != nil {
		return c, nil, readError(err)
	}
	organizations, err := client.OwnOrganizations(ctx)
	if err != nil {
		return c, nil, readError(err)
	}
	found, err := client.ListCertificates(ctx, "")
	if err != nil {
		return c, nil, readError(err)
	}
	c.User = strings.Join(strings.Fields(user.Surname+" "+user.Name+" "+user.Patronymic), " ")
	if c.User == "" {
		c.User = user.Login
	}
	for _, o := range organizations {
		c.Organizations = append(c.Organizations, acts.OperatorOrganization{INN: o.INN(), KPP: o.KPP(), Name: nameOf(o.Organization), Connected: o.Connected})
	}
	return c, certificates(found), nil
}

func nameOf(o sbis.Organization) string {
	if o.Legal != nil {
		return o.Legal.Name
	}
	if o.Person != nil {
		return strings.Join(strings.Fields("ИП "+o.Person.Surname+" "+o.Person.Name+" "+o.Person.Patronymic), " ")
	}
	return ""
}

// dayOf parses a day of SBIS; the zero time when it is missing or is no date.
func dayOf(text string) time.Time {
	t, err := sbis.ParseDate(text)
	if err != nil {
		return time.Time{}
	}
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

// ActivationCode makes SBIS send an activation code to the owner of a certificate.
func (a *Adapter) ActivationCode(ctx context.Context, account workflow.Account, thumbprint string) error {
	return a.withClient(ctx, account, func(c *sbis.Client) error { return c.ActivationCode(ctx, thumbprint) })
}

// Activate activates a certificate with the code sent to its owner.
func (a *Adapter) Activate(ctx context.Context, account workflow.Account, thumbprint, code string) error {
	return a.withClient(ctx, account, func(c *sbis.Client) error { return c.ActivateCertificate(ctx, thumbprint, code) })
}

// withClient runs a person's action on a certificate; after an unclear result the person may repeat it.
func (a *Adapter) withClient(ctx context.Context, account workflow.Account, do func(*sbis.Client) error) error {
	client, err := a.client(ctx, account)
	if err != nil {
		return err
	}
	if err := do(client); err != nil {
		return readError(err)
	}
	return nil
}
