package store

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"time"

	"acts24/acts"
)

// Visit is a verified user of a portal in one request, with the portal as it stands now.
type Visit struct {
	Portal     acts.PortalID `db:"portal_id"`
	User       acts.UserID   `db:"user_id"`
	UserName   string        `db:"user_name"`
	Admin      bool          `db:"admin"`
	AdminFresh bool          `db:"admin_fresh"` // asked less than 5 minutes ago
	TokenLives bool          `db:"token_lives"`
	Origin     string        `db:"origin"`
	AppCode    string        `db:"app_code"`
	Zone       string        `db:"zone"`
	EntityType int64         `db:"entity_type_id"`
	State      PortalState   `db:"state"`
	Role       acts.Role     `db:"role"`      // in the group «Работа с актами», "" for a stranger to it
	Repairing  bool          `db:"repairing"` // what is lost on the portal is being looked for
	Restored   bool          `db:"restored"`  // it was, and no administrator has been told
	Sees       Sees          `db:"sees"`
	sealed     []byte
	keys       *Keys
}

// Token is the user's own access token.
func (v Visit) Token() (string, error) { return v.keys.open(v.Portal, "visit", v.sealed) }

// NewVisit is what an opening proved.
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

// AddVisit keeps a new visit and returns its id, 256 random bits that only the browser holds.
func (tx Tx) AddVisit(ctx context.Context, v NewVisit) (id string, err error) {
	raw := make([]byte, 32)
	rand.Read(raw)
	id = base64.RawURLEncoding.EncodeToString(raw)
	_, err = tx.exec(ctx, addVisit, args{"hash": visitHash(id), "user": int64(v.User), "name": v.UserName, "admin": v.Admin,
		"token": tx.db.keys.seal(tx.portal, "visit", v.Token), "token_for": v.TokenFor.Seconds(), "visit_for": v.VisitFor.Seconds()})
	if err != nil {
		return "", fmt.Errorf("add visit: %w", err)
	}
	return id, tx.SetAdministrator(ctx, v.User, v.UserName, v.Admin)
}

func visitHash(id string) []byte {
	sum := sha256.Sum256([]byte(id))
	return sum[:]
}

const visitByID = `
	SELECT v.portal_id, v.user_id, v.user_name, v.admin, v.token,
		v.admin_asked > clock_timestamp() - interval '5 minutes' AS admin_fresh,
		v.token_until > clock_timestamp() AS token_lives,
		p.origin, p.app_code, p.zone, p.entity_type_id, p.state,
		CASE WHEN w.role IS NOT NULL THEN w.role WHEN p.grouped THEN '' ELSE 'work' END AS role,
		CASE WHEN v.admin THEN NULL WHEN w.role IS NULL AND p.grouped THEN CAST('{}' AS bigint[]) ELSE w.sees END AS sees,
		p.restored <> '[]' AS restored, EXISTS (SELECT FROM install_turns t WHERE t.portal_id = v.portal_id AND t.repair) AS repairing
	FROM visits v JOIN portals p ON p.id = v.portal_id LEFT JOIN people w ON w.portal_id = v.portal_id AND w.user_id = v.user_id
	WHERE v.id_hash = :hash AND v.portal_id = :portal AND v.expires_at > clock_timestamp()`

// VisitByID reads a living visit of the portal together with what every page needs of the portal.
func (db *DB) VisitByID(ctx context.Context, portal acts.PortalID, id string) (Visit, error) {
	var row struct {
		Visit
		Token []byte `db:"token"`
	}
	err := get(ctx, db.pool, &row, visitByID, args{"hash": visitHash(id), "portal": int64(portal)})
	if err != nil {
		return Visit{}, missing(err, "visit", "Сеанс закончился.")
	}
	row.Visit.sealed, row.Visit.keys = row.Token, db.keys
	return row.Visit, nil
}

const refreshAdmin = `UPDATE visits SET admin = :admin, admin_asked = clock_timestamp() WHERE portal_id = :portal AND id_hash = :hash`

// RefreshAdmin keeps a newly asked administrator flag.
func (tx Tx) RefreshAdmin(ctx context.Context, id string, admin bool) error {
	if _, err := tx.exec(ctx, refreshAdmin, args{"hash": visitHash(id), "admin": admin}); err != nil {
		return fmt.Errorf("refresh administrator flag: %w", err)
	}
	return nil
}

const sweepVisits = `DELETE FROM visits WHERE expires_at < clock_timestamp()`

// SweepVisits removes visits that are over.
func (db *DB) SweepVisits(ctx context.Context) error {
	if _, err := exec(ctx, db.pool, sweepVisits, args{}); err != nil {
		return fmt.Errorf("sweep visits: %w", err)
	}
	return nil
}
