package people

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/lib/pq"

	"acts24/acts"
	"acts24/acts/roles"
	"acts24/store/internal/pg"
	"acts24/store/internal/seal"
)

// Visit is a verified user of a portal in one request, with the current state of the portal.
type Visit struct {
	Portal     acts.PortalID    `db:"portal_id"`
	User       acts.UserID      `db:"user_id"`
	UserName   string           `db:"user_name"`
	Admin      bool             `db:"admin"`
	AdminFresh bool             `db:"admin_fresh"` // requested from the portal less than 5 minutes ago
	Confirmed  bool             `db:"confirmed"`   // the portal has confirmed the visitor less than 10 minutes ago
	JustTried  bool             `db:"just_tried"`  // the portal was asked to confirm him less than 30 seconds ago and did not answer
	TokenLives bool             `db:"token_lives"`
	Key        string           `db:"key"` // of the portal in addresses
	Origin     string           `db:"origin"`
	AppCode    string           `db:"app_code"`
	Zone       string           `db:"zone"`
	EntityType int64            `db:"entity_type_id"`
	State      acts.PortalState `db:"state"`
	Role       roles.Role       `db:"role"`      // in the group «Работа с актами», "" for a stranger to it
	Grouped    bool             `db:"grouped"`   // people were added in the settings; until then everybody works with his own deals
	Repairing  bool             `db:"repairing"` // a repair of the installation is running
	Restored   bool             `db:"restored"`  // something was repaired, and no administrator has seen it
	Visibility Visibility       `db:"visibility"`
	Theme      Theme            `db:"theme"`
	sealed     []byte
	hash       []byte
	keys       *seal.Keys
}

// Token is the user's own access token.
func (v Visit) Token() (string, error) { return v.keys.Open(tokenOf(v.Portal, v.hash), v.sealed) }

func tokenOf(portal acts.PortalID, hash []byte) seal.Cell {
	return seal.Cell{Portal: portal, Column: "visit", Row: hex.EncodeToString(hash)}
}

// NewVisit is a visit to store; opening the app has verified its data.
type NewVisit struct {
	User     acts.UserID
	UserName string
	Admin    bool
	Token    string
	TokenFor time.Duration // how long the token lives
	VisitFor time.Duration
}

const addVisit = `
	INSERT INTO visits (id_hash, portal_id, user_id, user_name, admin, token, token_until, expires_at)
	VALUES (:hash, :portal, :user, :name, :admin, :token,
		clock_timestamp() + make_interval(secs => :token_for), clock_timestamp() + make_interval(secs => :visit_for))`

// Add stores a new visit and returns its id, 256 random bits that only the browser holds.
func (tx VisitsTx) Add(ctx context.Context, v NewVisit) (id string, err error) {
	raw := make([]byte, 32)
	rand.Read(raw)
	id = base64.RawURLEncoding.EncodeToString(raw)
	hash := visitHash(id)
	_, err = pg.Exec(ctx, tx, addVisit, pg.Args{"hash": hash, "user": v.User, "name": v.UserName, "admin": v.Admin,
		"token": tx.Keys().Seal(tokenOf(tx.Portal(), hash), v.Token), "token_for": v.TokenFor.Seconds(), "visit_for": v.VisitFor.Seconds()})
	if err != nil {
		return "", fmt.Errorf("add visit: %w", err)
	}
	return id, Tx{Scope{tx.reads}, tx.writes}.SetAdministrator(ctx, v.User, v.UserName, v.Admin)
}

func visitHash(id string) []byte {
	sum := sha256.Sum256([]byte(id))
	return sum[:]
}

const visitByID = `
	SELECT v.portal_id, v.user_id, v.user_name, v.admin, v.token,
		v.admin_asked > clock_timestamp() - interval '5 minutes' AS admin_fresh,
		v.admin_asked > clock_timestamp() - interval '10 minutes' AS confirmed,
		v.tried_at > clock_timestamp() - interval '30 seconds' AS just_tried,
		v.token_until > clock_timestamp() AS token_lives,
		p.key, p.origin, p.app_code, p.zone, p.entity_type_id, p.state,
		CASE WHEN w.role IS NOT NULL THEN w.role WHEN p.grouped THEN '' ELSE 'work' END AS role, p.grouped,
		CASE WHEN v.admin THEN NULL WHEN w.role IS NOT NULL THEN w.visibility WHEN p.grouped THEN CAST('{}' AS bigint[]) ELSE ARRAY[v.user_id] END AS visibility,
		p.restored <> '[]' AS restored, EXISTS (SELECT FROM install_queue t WHERE t.portal_id = v.portal_id AND t.repair) AS repairing,
		coalesce((SELECT u.theme FROM user_preferences u WHERE u.portal_id = v.portal_id AND u.user_id = v.user_id), '') AS theme
	FROM visits v JOIN portals p ON p.id = v.portal_id LEFT JOIN people w ON w.portal_id = v.portal_id AND w.user_id = v.user_id
	WHERE v.id_hash = :hash AND v.portal_id = :portal AND v.expires_at > clock_timestamp()`

// Get reads a valid visit together with the data of the portal that every page needs.
func (s Visits) Get(ctx context.Context, id string) (Visit, error) {
	var row struct {
		Visit
		Token []byte `db:"token"`
	}
	hash := visitHash(id)
	if err := pg.GetFixed(ctx, s, &row, visitByID, pg.Args{"hash": hash}); err != nil {
		return Visit{}, pg.NotFound(err, "visit", "Сеанс закончился.")
	}
	row.Visit.sealed, row.Visit.hash, row.Visit.keys = row.Token, hash, s.Keys()
	return row.Visit, nil
}

const refreshAdmin = `UPDATE visits SET admin = :admin, admin_asked = clock_timestamp() WHERE portal_id = :portal AND id_hash = :hash`

// RefreshAdmin stores the administrator flag that the portal has just reported.
func (tx VisitsTx) RefreshAdmin(ctx context.Context, id string, admin bool) error {
	if _, err := pg.Exec(ctx, tx, refreshAdmin, pg.Args{"hash": visitHash(id), "admin": admin}); err != nil {
		return fmt.Errorf("refresh administrator flag: %w", err)
	}
	return nil
}

const noteSilence = `UPDATE visits SET tried_at = clock_timestamp() WHERE portal_id = :portal AND id_hash = :hash`

// NoteSilence stores that the portal did not answer who the visitor is.
func (tx VisitsTx) NoteSilence(ctx context.Context, id string) error {
	if _, err := pg.Exec(ctx, tx, noteSilence, pg.Args{"hash": visitHash(id)}); err != nil {
		return fmt.Errorf("note a silent portal: %w", err)
	}
	return nil
}

const endVisit = `DELETE FROM visits WHERE portal_id = :portal AND id_hash = :hash`

// End ends a visit.
func (tx VisitsTx) End(ctx context.Context, id string) error {
	if _, err := pg.Exec(ctx, tx, endVisit, pg.Args{"hash": visitHash(id)}); err != nil {
		return fmt.Errorf("end visit: %w", err)
	}
	return nil
}

const dealsOfVisit = `
	SELECT deal_id, visible FROM visit_deals
	WHERE portal_id = :portal AND id_hash = :hash AND deal_id = ANY(:deals) AND asked_at > clock_timestamp() - interval '5 minutes'`

// Deals returns which of some deals the CRM shows to the visitor, as far as the CRM was asked less than five minutes ago.
func (s Visits) Deals(ctx context.Context, id string, deals ...acts.DealID) (map[acts.DealID]bool, error) {
	var rows []struct {
		Deal    acts.DealID `db:"deal_id"`
		Visible bool        `db:"visible"`
	}
	ids := make(pq.Int64Array, len(deals))
	for i, deal := range deals {
		ids[i] = int64(deal)
	}
	if err := pg.Select(ctx, s, &rows, dealsOfVisit, pg.Args{"hash": visitHash(id), "deals": ids}); err != nil {
		return nil, fmt.Errorf("deals of a visit: %w", err)
	}
	known := map[acts.DealID]bool{}
	for _, r := range rows {
		known[r.Deal] = r.Visible
	}
	return known, nil
}

const saveDealOfVisit = `
	INSERT INTO visit_deals (portal_id, id_hash, deal_id, visible)
	SELECT portal_id, id_hash, :deal, :visible FROM visits WHERE portal_id = :portal AND id_hash = :hash
	ON CONFLICT (portal_id, id_hash, deal_id) DO UPDATE SET visible = excluded.visible, asked_at = clock_timestamp()`

// SaveDeal stores whether the CRM has just shown a deal to the visitor. A visit that has ended is left alone.
func (tx VisitsTx) SaveDeal(ctx context.Context, id string, deal acts.DealID, visible bool) error {
	if _, err := pg.Exec(ctx, tx, saveDealOfVisit, pg.Args{"hash": visitHash(id), "deal": deal, "visible": visible}); err != nil {
		return fmt.Errorf("save deal %d of a visit: %w", deal, err)
	}
	return nil
}

const dropExpiredVisits = `DELETE FROM visits WHERE expires_at < clock_timestamp()`

// DropExpiredVisits removes the visits of all portals that have expired.
func DropExpiredVisits(ctx context.Context, db pg.Writer) error {
	if _, err := pg.Exec(ctx, db, dropExpiredVisits, pg.Args{}); err != nil {
		return fmt.Errorf("drop expired visits: %w", err)
	}
	return nil
}
