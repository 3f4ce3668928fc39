package crm

import (
	"context"
	"fmt"
	"strings"

	"acts24/acts"
	"acts24/integrations/bitrix24"
	"acts24/store"
	"acts24/workflow"
)

// FetchViewer reads the user and the opened object from the stored portal, with the user's own token and in one call.
func (a *Adapter) FetchViewer(ctx context.Context, p store.Portal, access string, what workflow.Object) (workflow.Viewer, error) {
	client, err := a.asUser(p, access)
	if err != nil {
		return workflow.Viewer{}, err
	}
	commands := []bitrix24.Command{bitrix24.GetProfile().As("me")}
	switch {
	case what.Deal != 0:
		commands = append(commands, bitrix24.ListPresets().As(presetsKey))
		commands = append(commands, dealCommands("deal", what.Deal)...)
	case what.Company != 0:
		commands = append(commands, bitrix24.GetItem(bitrix24.CompanyType, bitrix24.ID(what.Company)).As("object"))
	case what.Contact != 0:
		commands = append(commands, bitrix24.GetItem(bitrix24.ContactType, bitrix24.ID(what.Contact)).As("object"))
	}
	res, err := client.Batch(ctx, commands, false)
	if err != nil {
		return workflow.Viewer{}, visitError(err)
	}
	viewer, err := readViewer(res)
	if err != nil {
		return viewer, err
	}
	if what.Deal != 0 {
		card, err := readCard(ctx, client, p, res, "deal")
		if err != nil {
			return viewer, err
		}
		viewer.Deal = &card
	}
	if what.Company != 0 || what.Contact != 0 {
		viewer.Title, err = readTitle(res)
	}
	return viewer, err
}

func readViewer(res *bitrix24.BatchResult) (workflow.Viewer, error) {
	var me bitrix24.Profile
	if err := res.Get("me", &me); err != nil {
		return workflow.Viewer{}, visitError(err)
	}
	if me.ID == 0 {
		return workflow.Viewer{}, fmt.Errorf("%w: %w", workflow.ErrTokenRefused, acts.Errorf(acts.Forbidden, "Сотрудник отключён на портале."))
	}
	name := strings.TrimSpace(string(me.Name) + " " + string(me.LastName))
	zone := string(me.TimeZone)
	if zone == "" {
		zone = "Europe/Moscow"
	}
	return workflow.Viewer{User: acts.UserID(me.ID), UserName: name, Admin: bool(me.Admin), Zone: zone}, nil
}

// visitError converts the error of a call with a user's token; a token that has expired gives ErrTokenExpired, one that was refused
// ErrTokenRefused as well.
func visitError(err error) error {
	refused := bitrix24.IsBadToken(err) || bitrix24.IsNoAccess(err)
	if refused || bitrix24.IsExpired(err) {
		kind := workflow.ErrTokenExpired
		if refused {
			kind = fmt.Errorf("%w: %w", workflow.ErrTokenRefused, kind)
		}
		return fmt.Errorf("%w: %w (%w)", kind, acts.Errorf(acts.Forbidden, "Сеанс Битрикс24 закончился. Откройте приложение из портала ещё раз."), err)
	}
	if bitrix24.RedirectHost(err) != "" {
		return fmt.Errorf("%w: %w", workflow.ErrPortalMoved, unavailable(err, 0))
	}
	return readError(err)
}

func readTitle(res *bitrix24.BatchResult) (string, error) {
	var out bitrix24.ItemResult[bitrix24.Item]
	if err := res.Get("object", &out); err != nil {
		return "", readError(err)
	}
	if out.Item.Title != "" {
		return string(out.Item.Title), nil
	}
	return strings.TrimSpace(out.Item.Raw.Text("name") + " " + out.Item.Raw.Text("lastName")), nil
}

// dealsPerBatch is the number of deals in one call: each needs ten of the fifty commands, and one command reads the presets.
const dealsPerBatch = (bitrix24.MaxBatch - 1) / 10

// Deals reads deals with the portal's own token; deleted deals are missing.
func (a *Adapter) Deals(ctx context.Context, p store.Portal, ids []acts.DealID) ([]workflow.DealCard, error) {
	client, err := a.asPortal(p, nil)
	if err != nil {
		return nil, err
	}
	return readDeals(ctx, client, p, ids)
}

// DealsForPage is Deals for a user who waits.
func (a *Adapter) DealsForPage(ctx context.Context, p store.Portal, ids []acts.DealID) ([]workflow.DealCard, error) {
	client, err := a.asPortalForPage(p)
	if err != nil {
		return nil, err
	}
	return readDeals(ctx, client, p, ids)
}

func readDeals(ctx context.Context, client *bitrix24.Client, p store.Portal, ids []acts.DealID) ([]workflow.DealCard, error) {
	var cards []workflow.DealCard
	for len(ids) > 0 {
		n := min(len(ids), dealsPerBatch)
		commands := []bitrix24.Command{bitrix24.ListPresets().As(presetsKey)}
		for _, id := range ids[:n] {
			commands = append(commands, dealCommands(dealKey(id), id)...)
		}
		res, err := client.Batch(ctx, commands, false)
		if err != nil {
			return nil, readError(err)
		}
		for _, id := range ids[:n] {
			card, err := readCard(ctx, client, p, res, dealKey(id))
			if acts.KindOf(err) == acts.NotFound {
				continue
			}
			if err != nil {
				return nil, err
			}
			cards = append(cards, card)
		}
		ids = ids[n:]
	}
	return cards, nil
}

func dealKey(id acts.DealID) string { return fmt.Sprintf("d%d", id) }
