package store

import (
	"context"
	"crypto/subtle"
	"fmt"
	"time"

	"acts24/acts"
	"acts24/store/internal/pg"
	"acts24/store/internal/seal"
)

// Portal is one Bitrix24 account with the names of our objects in its CRM.
type Portal struct {
	ID           acts.PortalID              `db:"id"`
	Key          string                     `db:"key"` // in addresses: /p/{key}
	MemberID     string                     `db:"member_id"`
	Endpoint     string                     `db:"endpoint"` // "https://x.bitrix24.ru/rest/"
	Origin       string                     `db:"origin"`   // "https://x.bitrix24.ru"
	AppCode      string                     `db:"app_code"`
	State        acts.PortalState           `db:"state"`
	Family       string                     `db:"family"`
	Zone         string                     `db:"zone"`
	TypeID       int64                      `db:"type_id"`
	EntityTypeID int64                      `db:"entity_type_id"`
	Admin        acts.UserID                `db:"admin_id"` // the administrator who opened the app last
	Stages       pg.JSON[map[string]string] `db:"item_stages"`
	ItemNames    pg.JSON[map[string]string] `db:"item_fields"`
	DealNames    pg.JSON[map[string]string] `db:"deal_fields"`
	PartyNames   pg.JSON[map[string]string] `db:"party_fields"`
	Options      pg.JSON[map[string]string] `db:"enum_options"`
	Automation   pg.JSON[Automation]        `db:"automation"`
}

// Automation describes which parts of our automation the portal has registered, and why others do not work.
type Automation struct {
	Badges       bool        `json:"badges,omitempty"`
	Robots       bool        `json:"robots,omitempty"`
	Triggers     bool        `json:"triggers,omitempty"`
	RobotsDigest string      `json:"robots_digest,omitempty"` // of the texts and the address with which they are registered: the portal returns only their codes
	RobotsUser   acts.UserID `json:"robots_user,omitempty"`   // whose token their calls carry
	NoRight      bool        `json:"no_right,omitempty"`      // the app has not got the right to business processes, without which there are no robots
	NoAdmin      bool        `json:"no_admin,omitempty"`      // the portal's token lacks the rights of an administrator
	Problems     []string    `json:"problems,omitempty"`      // why something does not work, for the state page
}

// Bucket returns the portal's limits of calls: leak is calls per second, size the largest burst
// (docs/contracts/bitrix24.md, "Limits").
func (p Portal) Bucket() (leak, size float64) {
	if p.Family == "ent" {
		return 5, 250
	}
	return 2, 50
}

// ItemStage is the stage of the smart process for a status.
func (p Portal) ItemStage(s acts.Status) string { return p.Stages.V[string(s)] }

// ItemStatus returns the status of a stage of the smart process, "" for any other stage.
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

// CompanyField is the CRM's name of one of our fields of companies, "" when it was not created.
func (p Portal) CompanyField(name string) string { return p.PartyNames.V[name] }

// ContactField is the CRM's name of one of our fields of contacts, "" when it was not created.
func (p Portal) ContactField(name string) string { return p.PartyNames.V[OfContact+name] }

// OfContact is the prefix of the names of our fields of contacts.
const OfContact = "contact-"

// Option is the id of one of our enumeration values.
func (p Portal) Option(name string) string { return p.Options.V[name] }

// OptionName is our name of an enumeration value, "" for any other id.
func (p Portal) OptionName(id string) string {
	for name, known := range p.Options.V {
		if known == id && id != "" {
			return name
		}
	}
	return ""
}

const portalColumns = `id, key, member_id, endpoint, origin, app_code, state, family, zone, type_id, entity_type_id,
	admin_id, item_stages, item_fields, deal_fields, party_fields, enum_options, automation`

const portalByID = `SELECT ` + portalColumns + ` FROM portals WHERE id = :portal`

// Get reads the portal of the scope.
func (s Portals) Get(ctx context.Context) (Portal, error) {
	var p Portal
	err := pg.Get(ctx, s, &p, portalByID, nil)
	return p, pg.NotFound(err, "portal", "Портал не подключён.")
}

const portalByMember = `SELECT ` + portalColumns + ` FROM portals WHERE member_id = :member`

// PortalByMember finds a portal by the id that Bitrix24 gives to the account.
func (db *DB) PortalByMember(ctx context.Context, member string) (Portal, error) {
	var p Portal
	err := pg.Get(ctx, db, &p, portalByMember, pg.Args{"member": member})
	return p, pg.NotFound(err, "portal by member", "Приложение не установлено на этом портале.")
}

const portalOfKey = `SELECT id FROM portals WHERE key = :key`

// PortalOfKey finds a portal by the key in an address.
func (db *DB) PortalOfKey(ctx context.Context, key string) (id acts.PortalID, err error) {
	err = pg.GetFixed(ctx, db, &id, portalOfKey, pg.Args{"key": key})
	return id, pg.NotFound(err, "portal of key", "Такой страницы нет.")
}

const savePortal = `
	INSERT INTO portals (member_id, endpoint, origin, app_code, family)
	VALUES (:member, :endpoint, :origin, :code, :family)
	ON CONFLICT (member_id) DO UPDATE SET endpoint = EXCLUDED.endpoint, origin = EXCLUDED.origin,
		app_code = EXCLUDED.app_code, family = EXCLUDED.family,
		state = CASE WHEN portals.state IN ('active', 'held') THEN portals.state ELSE 'installing' END, frozen_at = NULL,
		installed_at = CASE portals.state WHEN 'frozen' THEN clock_timestamp() ELSE portals.installed_at END
	RETURNING ` + portalColumns

// SavePortal adds or updates a portal whose identity the token server has confirmed.
func (db *DB) SavePortal(ctx context.Context, p Portal) (Portal, error) {
	var saved Portal
	err := pg.Get(ctx, db, &saved, savePortal, pg.Args{"member": p.MemberID, "endpoint": p.Endpoint,
		"origin": p.Origin, "code": p.AppCode, "family": p.Family})
	if err != nil {
		return saved, fmt.Errorf("save portal: %w", err)
	}
	return saved, nil
}

const setZone = `UPDATE portals SET zone = :zone WHERE id = :portal`

// SetZone stores the time zone of the portal.
func (tx PortalsTx) SetZone(ctx context.Context, zone string) error {
	return pg.ExecOne(ctx, tx, "set zone", setZone, pg.Args{"zone": zone}, acts.Errorf(acts.NotFound, "Портал не подключён."))
}

const movePortal = `UPDATE portals SET endpoint = :endpoint, origin = :origin WHERE id = :portal AND endpoint <> :endpoint`

// Move stores the address that the token server has confirmed for a renamed portal; moved is false when it is stored already.
func (tx PortalsTx) Move(ctx context.Context, endpoint, origin string) (moved bool, err error) {
	n, err := pg.Exec(ctx, tx, movePortal, pg.Args{"endpoint": endpoint, "origin": origin})
	if err != nil {
		return false, fmt.Errorf("move portal: %w", err)
	}
	return n > 0, nil
}

const savePortalNames = `
	UPDATE portals SET state = CASE state WHEN 'held' THEN 'held' ELSE 'active' END, zone = :zone, type_id = :type, entity_type_id = :entity,
		item_stages = :stages, item_fields = :item_fields, deal_fields = deal_fields || coalesce(nullif(CAST(:deal_fields AS jsonb), 'null'), '{}'), party_fields = :party_fields, enum_options = :options
	WHERE id = :portal AND state <> 'frozen'`

// SaveNames stores the names that the installer created or found, and makes the portal active; NotFound when the app was removed meanwhile.
func (tx PortalsTx) SaveNames(ctx context.Context, p Portal) error {
	return pg.ExecOne(ctx, tx, "save portal names", savePortalNames, pg.Args{"zone": p.Zone, "type": p.TypeID, "entity": p.EntityTypeID,
		"stages": p.Stages, "item_fields": p.ItemNames, "deal_fields": p.DealNames, "party_fields": p.PartyNames, "options": p.Options},
		acts.Errorf(acts.NotFound, "Портал не подключён."))
}

const saveDealNames = `UPDATE portals SET deal_fields = deal_fields || :names WHERE id = :portal`

// PortalFieldPrefix and a part of an answer make the name of the field that a form of the portal fills with this part; our own field has the
// name of the part alone (DealField).
const PortalFieldPrefix = "watched-"

// BasisField and a part of a basis, text, number or date, make the name of the field of deals that holds it.
const BasisField = "basis-"

// SaveDealNames stores which fields of deals hold the parts of an answer, or of a basis.
func (tx PortalsTx) SaveDealNames(ctx context.Context, names map[string]string) error {
	return pg.ExecOne(ctx, tx, "save deal names", saveDealNames, pg.Args{"names": pg.AsJSON(names)}, acts.Errorf(acts.NotFound, "Портал не подключён."))
}

const saveAutomation = `UPDATE portals SET automation = :automation WHERE id = :portal`

// SaveAutomation stores which parts of our automation are registered.
func (tx PortalsTx) SaveAutomation(ctx context.Context, a Automation) error {
	return pg.ExecOne(ctx, tx, "save automation", saveAutomation, pg.Args{"automation": pg.AsJSON(a)}, acts.Errorf(acts.NotFound, "Портал не подключён."))
}

// WithNames returns p with the names that the installer found.
func (p Portal) WithNames(stages, itemFields, dealFields, partyFields, options map[string]string) Portal {
	p.Stages, p.ItemNames, p.DealNames, p.PartyNames, p.Options = pg.AsJSON(stages), pg.AsJSON(itemFields), pg.AsJSON(dealFields), pg.AsJSON(partyFields), pg.AsJSON(options)
	return p
}

const freezePortal = `UPDATE portals SET state = 'frozen', frozen_at = coalesce(frozen_at, :now) WHERE id = :portal`
const dropQueuedInstall = `DELETE FROM install_queue WHERE portal_id = :portal`
const dropTokens = `DELETE FROM tokens WHERE portal_id = :portal`
const dropVisits = `DELETE FROM visits WHERE portal_id = :portal`
const dropLogins = `UPDATE edo_accounts SET login = '', session = '', problem = 'Приложение удалено с портала.', fence = fence + 1 WHERE portal_id = :portal`

// Freeze stops all work for the portal, an installation too, and destroys its secrets; acts stay for the term in its settings. now is business time.
func (tx PortalsTx) Freeze(ctx context.Context, now time.Time) error {
	for _, query := range []string{freezePortal, dropQueuedInstall, dropTokens, dropVisits, dropLogins} {
		if _, err := pg.Exec(ctx, tx, query, pg.Args{"now": now}); err != nil {
			return fmt.Errorf("freeze portal: %w", err)
		}
	}
	return nil
}

const recordRemoval = `
	INSERT INTO removals (former_portal, member_id, origin, clean, removed_at) SELECT id, member_id, origin, :clean, :now FROM portals WHERE id = :portal`

// RecordRemoval stores that the app was removed; the record stays when the data of the portal is erased later. now is business time.
func (tx PortalsTx) RecordRemoval(ctx context.Context, clean bool, now time.Time) error {
	if _, err := pg.Exec(ctx, tx, recordRemoval, pg.Args{"clean": clean, "now": now}); err != nil {
		return fmt.Errorf("record the removal: %w", err)
	}
	return nil
}

// cleanDays is the longest time between a removal that requests deletion and the deletion.
const cleanDays = 30

const abandonPortal = `UPDATE portals SET member_id = 'removed/' || id || '/' || member_id, keep_days = least(keep_days, :days) WHERE id = :portal`

// Abandon separates a removed portal from its account, so that the next installation there is a new portal, and lets its data be erased soon.
func (tx PortalsTx) Abandon(ctx context.Context) error {
	return pg.ExecOne(ctx, tx, "abandon portal", abandonPortal, pg.Args{"days": cleanDays}, acts.Errorf(acts.NotFound, "Портал не подключён."))
}

const eventInTime = `
	SELECT at BETWEEN clock_timestamp() - make_interval(secs => :skew) AND clock_timestamp() + make_interval(secs => :skew)
		AND at >= date_trunc('second', coalesce((SELECT installed_at FROM portals WHERE id = :portal), '-infinity'))
	FROM (SELECT to_timestamp(:sent) AS at) e`

// IsEventInTime reports whether the portal has sent an event since the last installation and at most skew before or after now. sent is
// machine time in seconds since 1970.
func (s Portals) IsEventInTime(ctx context.Context, sent int64, skew time.Duration) (ok bool, err error) {
	if err := pg.Get(ctx, s, &ok, eventInTime, pg.Args{"sent": float64(sent), "skew": skew.Seconds()}); err != nil {
		return false, fmt.Errorf("time of an event: %w", err)
	}
	return ok, nil
}

const applicationToken = `SELECT application FROM tokens WHERE portal_id = :portal`

// HasApplicationToken compares a token that came with a POST with the stored one of the portal, in constant time.
func (s Portals) HasApplicationToken(ctx context.Context, token string) (bool, error) {
	var sealed []byte
	if err := pg.Get(ctx, s, &sealed, applicationToken, nil); err != nil {
		return false, pg.NotFound(err, "application token", "Приложение не установлено на этом портале.")
	}
	kept, err := s.Keys().Open(seal.Cell{Portal: s.Portal(), Column: "application"}, sealed)
	if err != nil {
		return false, err
	}
	return kept != "" && subtle.ConstantTimeCompare([]byte(kept), []byte(token)) == 1, nil
}

const setAdmin = `UPDATE portals SET admin_id = :user WHERE id = :portal`

// SetAdmin stores the administrator who opened the app last. He is notified when no other administrator is known.
func (tx PortalsTx) SetAdmin(ctx context.Context, user acts.UserID) error {
	return pg.ExecOne(ctx, tx, "set admin", setAdmin, pg.Args{"user": user}, acts.Errorf(acts.NotFound, "Портал не подключён."))
}
