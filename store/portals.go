package store

import (
	"context"
	"crypto/subtle"
	"fmt"
	"time"

	"acts24/acts"
)

// PortalState is whether a portal may be worked with.
type PortalState string

// The states of a portal.
const (
	Installing PortalState = "installing"
	Active     PortalState = "active"
	Frozen     PortalState = "frozen" // the app was removed
)

// Portal is one Bitrix24 account with the names that its CRM gave to our things.
type Portal struct {
	ID           acts.PortalID            `db:"id"`
	MemberID     string                   `db:"member_id"`
	Endpoint     string                   `db:"endpoint"` // "https://x.bitrix24.ru/rest/"
	Origin       string                   `db:"origin"`   // "https://x.bitrix24.ru"
	AppCode      string                   `db:"app_code"`
	State        PortalState              `db:"state"`
	Family       string                   `db:"family"`
	Zone         string                   `db:"zone"`
	TypeID       int64                    `db:"type_id"`
	EntityTypeID int64                    `db:"entity_type_id"`
	Admin        acts.UserID              `db:"admin_id"` // the administrator who opened us last
	Stages       jsonb[map[string]string] `db:"item_stages"`
	ItemNames    jsonb[map[string]string] `db:"item_fields"`
	DealNames    jsonb[map[string]string] `db:"deal_fields"`
	PartyNames   jsonb[map[string]string] `db:"party_fields"`
	Options      jsonb[map[string]string] `db:"enum_options"`
}

// Bucket are the portal's limits of calls: how many a second it forgets, and how many it takes at once (contracts/bitrix24.md 10.4).
func (p Portal) Bucket() (leak, size float64) {
	if p.Family == "ent" {
		return 5, 250
	}
	return 2, 50
}

// ItemStage is the stage of the smart process for a status.
func (p Portal) ItemStage(s acts.Status) string { return p.Stages.V[string(s)] }

// ItemStatus is the status that a stage of the smart process stands for, "" when it is none of ours.
func (p Portal) ItemStatus(stage string) acts.Status {
	for status, id := range p.Stages.V {
		if id == stage && id != "" {
			return acts.Status(status)
		}
	}
	return ""
}

// ItemField is the CRM's name of one of our item fields, "" when it was not created.
func (p Portal) ItemField(name string) string { return p.ItemNames.V[name] }

// DealField is the CRM's name of one of our deal fields, "" when it was not created.
func (p Portal) DealField(name string) string { return p.DealNames.V[name] }

// PartyField is the CRM's name of one of our fields of companies and contacts, "" when it was not created.
func (p Portal) PartyField(name string) string { return p.PartyNames.V[name] }

// Option is the id of one of our enumeration values.
func (p Portal) Option(name string) string { return p.Options.V[name] }

// OptionName is our name of an enumeration value, "" for an id that is none of ours.
func (p Portal) OptionName(id string) string {
	for name, known := range p.Options.V {
		if known == id && id != "" {
			return name
		}
	}
	return ""
}

const portalColumns = `id, member_id, endpoint, origin, app_code, state, family, zone, type_id, entity_type_id,
	admin_id, item_stages, item_fields, deal_fields, party_fields, enum_options`

const portalByID = `SELECT ` + portalColumns + ` FROM portals WHERE id = :portal`

// PortalInfo reads the portal of the scope.
func (s Scope) PortalInfo(ctx context.Context) (Portal, error) {
	var p Portal
	err := s.get(ctx, &p, portalByID, nil)
	return p, missing(err, "portal", "Портал не подключён.")
}

const portalByMember = `SELECT ` + portalColumns + ` FROM portals WHERE member_id = :member`

// PortalByMember finds a portal by the id that Bitrix24 gives to the account.
func (db *DB) PortalByMember(ctx context.Context, member string) (Portal, error) {
	var p Portal
	err := get(ctx, db.pool, &p, portalByMember, args{"member": member})
	return p, missing(err, "portal by member", "Приложение не установлено на этом портале.")
}

const savePortal = `
	INSERT INTO portals (member_id, endpoint, origin, app_code, family)
	VALUES (:member, :endpoint, :origin, :code, :family)
	ON CONFLICT (member_id) DO UPDATE SET endpoint = EXCLUDED.endpoint, origin = EXCLUDED.origin,
		app_code = EXCLUDED.app_code, family = EXCLUDED.family,
		state = CASE portals.state WHEN 'active' THEN 'active' ELSE 'installing' END, frozen_at = NULL
	RETURNING ` + portalColumns

// SavePortal adds or updates a portal whose identity the token server has confirmed.
func (db *DB) SavePortal(ctx context.Context, p Portal) (Portal, error) {
	var saved Portal
	err := get(ctx, db.pool, &saved, savePortal, args{"member": p.MemberID, "endpoint": p.Endpoint,
		"origin": p.Origin, "code": p.AppCode, "family": p.Family})
	if err != nil {
		return saved, fmt.Errorf("save portal: %w", err)
	}
	return saved, nil
}

const setZone = `UPDATE portals SET zone = :zone WHERE id = :portal`

// SetZone keeps the zone in which the days of the portal are counted.
func (tx Tx) SetZone(ctx context.Context, zone string) error {
	return tx.one(ctx, "set zone", setZone, args{"zone": zone}, acts.Errorf(acts.NotFound, "Портал не подключён."))
}

const movePortal = `UPDATE portals SET endpoint = :endpoint, origin = :origin WHERE id = :portal AND endpoint <> :endpoint`

// MovePortal keeps the address that the token server has confirmed for a renamed portal; moved is false when it is the known one.
func (tx Tx) MovePortal(ctx context.Context, endpoint, origin string) (moved bool, err error) {
	n, err := tx.exec(ctx, movePortal, args{"endpoint": endpoint, "origin": origin})
	if err != nil {
		return false, fmt.Errorf("move portal: %w", err)
	}
	return n > 0, nil
}

const savePortalNames = `
	UPDATE portals SET state = 'active', zone = :zone, type_id = :type, entity_type_id = :entity,
		item_stages = :stages, item_fields = :item_fields, deal_fields = deal_fields || coalesce(nullif(CAST(:deal_fields AS jsonb), 'null'), '{}'), party_fields = :party_fields, enum_options = :options
	WHERE id = :portal AND state <> 'frozen'`

// SavePortalNames keeps what the installer made or found, and makes the portal active; NotFound when the app was removed meanwhile.
func (tx Tx) SavePortalNames(ctx context.Context, p Portal) error {
	return tx.one(ctx, "save portal names", savePortalNames, args{"zone": p.Zone, "type": p.TypeID, "entity": p.EntityTypeID,
		"stages": p.Stages, "item_fields": p.ItemNames, "deal_fields": p.DealNames, "party_fields": p.PartyNames, "options": p.Options},
		acts.Errorf(acts.NotFound, "Портал не подключён."))
}

const saveDealNames = `UPDATE portals SET deal_fields = deal_fields || :names WHERE id = :portal`

// Watched stands before our name of a part of an answer that a field of the portal's own holds.
const Watched = "watched-"

// SaveDealNames keeps which fields of deals hold our parts of an answer.
func (tx Tx) SaveDealNames(ctx context.Context, names map[string]string) error {
	return tx.one(ctx, "save deal names", saveDealNames, args{"names": asJSON(names)}, acts.Errorf(acts.NotFound, "Портал не подключён."))
}

// WithNames returns p with the names that the installer found.
func (p Portal) WithNames(stages, itemFields, dealFields, partyFields, options map[string]string) Portal {
	p.Stages, p.ItemNames, p.DealNames, p.PartyNames, p.Options = asJSON(stages), asJSON(itemFields), asJSON(dealFields), asJSON(partyFields), asJSON(options)
	return p
}

const freezePortal = `UPDATE portals SET state = 'frozen', frozen_at = coalesce(frozen_at, :now) WHERE id = :portal`
const dropInstallTurn = `DELETE FROM install_turns WHERE portal_id = :portal`
const dropTokens = `DELETE FROM tokens WHERE portal_id = :portal`
const dropVisits = `DELETE FROM visits WHERE portal_id = :portal`
const dropLogins = `UPDATE edo_accounts SET login = '', session = '', problem = 'Приложение удалено с портала.', fence = fence + 1 WHERE portal_id = :portal`

// FreezePortal stops all work for the portal, an installation too, and destroys its secrets; acts stay for the term in its settings. now is business time.
func (tx Tx) FreezePortal(ctx context.Context, now time.Time) error {
	for _, query := range []string{freezePortal, dropInstallTurn, dropTokens, dropVisits, dropLogins} {
		if _, err := tx.exec(ctx, query, args{"now": now}); err != nil {
			return fmt.Errorf("freeze portal: %w", err)
		}
	}
	return nil
}

const applicationToken = `SELECT application FROM tokens WHERE portal_id = :portal`

// ApplicationTokenIs compares a token that came with a POST with the one kept for the portal, in constant time.
func (s Scope) ApplicationTokenIs(ctx context.Context, token string) (bool, error) {
	var sealed []byte
	if err := s.get(ctx, &sealed, applicationToken, nil); err != nil {
		return false, missing(err, "application token", "Приложение не установлено на этом портале.")
	}
	kept, err := s.db.keys.open(s.portal, "application", sealed)
	if err != nil {
		return false, err
	}
	return kept != "" && subtle.ConstantTimeCompare([]byte(kept), []byte(token)) == 1, nil
}
