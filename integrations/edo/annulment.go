package edo

import (
	"context"
	"strings"

	"acts24/acts"
	"acts24/integrations/sbis"
	"acts24/workflow"
)

// annulmentEvents returns the events of a document that are about its annulment, the oldest first. The names of events are texts for people, see
// docs/contracts/sbis.md, "Recall and annulment".
func annulmentEvents(events []sbis.Event) []acts.AnnulmentEvent {
	var list []acts.AnnulmentEvent
	for _, e := range events {
		if !aboutAnnulment(e.Name) || strings.HasPrefix(strings.ToLower(e.Name), "документ аннулирован") {
			continue
		}
		one := acts.AnnulmentEvent{Event: e.ID, Kind: acts.AnnulmentProposedByUs, Comment: strings.TrimSpace(e.Comment), Person: fullName(e.Performer)}
		one.At, _ = sbis.ParseDateTime(e.At) // zero when it cannot be read
		switch {
		case contains(e.Name, "отказ", "отклон"):
			one.Kind = acts.AnnulmentDeclined
		case contains(e.Name, "отзыв", "отозван"):
			one.Kind = acts.AnnulmentWithdrawn
		case contains(e.Name, "получен"):
			one.Kind = acts.AnnulmentProposedByThem
		}
		list = append(list, one)
	}
	return list
}

// aboutAnnulment reports whether an event is about an annulment.
func aboutAnnulment(name string) bool { return contains(name, "аннулирова") }

func contains(text string, parts ...string) bool {
	text = strings.ToLower(text)
	for _, p := range parts {
		if strings.Contains(text, p) {
			return true
		}
	}
	return false
}

func fullName(p sbis.Person) string {
	return strings.Join(strings.Fields(p.Surname+" "+p.Name+" "+p.Patronymic), " ")
}

// offersOf returns the steps of an annulment that the stages of a document offer, under the names that they have there (docs/contracts/sbis.md,
// "Recall and annulment").
func offersOf(d sbis.Document) map[acts.AnnulmentStep]workflow.Offer {
	var request, agree, decline, withdraw *workflow.Offer
	for _, stage := range d.Stages {
		for _, action := range stage.Actions {
			if stage.Service || !contains(stage.Name+" "+action.Name, "аннулир", "отозв", "отзыв") {
				continue
			}
			offer := &workflow.Offer{Step: workflow.Step{ID: stage.ID, Stage: stage.Name, Action: action.Name}, Signs: action.NeedsSignature, Comments: action.NeedsComment,
				Keys: certificates(action.Certificates)}
			switch {
			case contains(action.Name, "отклон", "отказ"):
				decline = offer
			case contains(action.Name, "утверд", "соглас", "подтверд"):
				agree = offer
			case contains(action.Name, "отозв", "отзыв"):
				withdraw = offer
			case contains(action.Name, "аннулир"):
				request = offer
			}
		}
	}
	offers := map[acts.AnnulmentStep]workflow.Offer{}
	add := func(step acts.AnnulmentStep, list ...*workflow.Offer) {
		for _, offer := range list {
			if offer != nil {
				offers[step] = *offer
				return
			}
		}
	}
	switch proposedBy(d.Events, decline != nil) {
	case acts.SideTheirs:
		add(acts.StepAgree, agree, request)
		add(acts.StepDecline, decline)
	case acts.SideOurs:
		add(acts.StepWithdraw, withdraw)
	default:
		add(acts.StepRecall, withdraw, request)
		add(acts.StepPropose, request)
	}
	return offers
}

// proposedBy returns the side whose proposal is open. If declining is offered, it is the counterparty's, whatever the name of its event.
func proposedBy(events []sbis.Event, mayDecline bool) acts.Side {
	if mayDecline {
		return acts.SideTheirs
	}
	list := annulmentEvents(events)
	if len(list) == 0 {
		return ""
	}
	switch list[len(list)-1].Kind {
	case acts.AnnulmentProposedByUs:
		return acts.SideOurs
	case acts.AnnulmentProposedByThem:
		return acts.SideTheirs
	}
	return ""
}

func certificates(found []sbis.Certificate) []acts.Certificate {
	list := make([]acts.Certificate, len(found))
	for i, one := range found {
		list[i] = acts.Certificate{Thumbprint: one.Thumbprint, Owner: one.Owner, INN: one.INN, Position: one.Position,
			From: dayOf(one.ValidFrom), To: dayOf(one.ValidTo), KeyType: one.Key.Type, Activated: one.Key.Activated}
	}
	return list
}

// Annul executes a step of an annulment that a document offers. If the step was executed already, it returns the report of the document.
func (a *Adapter) Annul(ctx context.Context, account workflow.Account, document string, offer workflow.Offer, comment, thumbprint string) (workflow.Report, error) {
	client, err := a.client(ctx, account)
	if err != nil {
		return workflow.Report{}, err
	}
	step := sbis.Step{DocumentID: document, StageID: offer.Step.ID, Stage: offer.Step.Stage, Action: offer.Step.Action, Thumbprint: thumbprint}
	if offer.Comments {
		step.Comment = comment
	}
	doc, err := client.ExecuteAction(ctx, step)
	if sbis.IsUnsigned(err) { // the agreement is prepared before it is signed
		if _, err = client.PrepareAction(ctx, step); err == nil {
			doc, err = client.ExecuteAction(ctx, step)
		}
	}
	if sbis.IsStagePassed(err) {
		return a.Read(ctx, account, document)
	}
	if err != nil {
		return workflow.Report{}, writeError(err)
	}
	return a.reportWithVerdict(ctx, client, *doc), nil
}
