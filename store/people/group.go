package people

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/lib/pq"

	"acts24/acts"
	"acts24/acts/roles"
	"acts24/store/internal/pg"
)

// GroupMember is a member of the group «Работа с актами» as it was declared.
type GroupMember struct {
	Kind roles.MemberKind `db:"kind"`
	ID   int64            `db:"id"`
	Role roles.Role       `db:"role"`
	Name string           `db:"name"`
}

// Member returns the member as package roles needs it.
func (m GroupMember) Member() roles.Member { return roles.Member{Kind: m.Kind, ID: m.ID, Role: m.Role} }

const groupMembers = `SELECT kind, id, role, name FROM group_members WHERE portal_id = :portal
	ORDER BY array_position(ARRAY['user', 'department', 'workgroup'], kind), name, id`

// Members lists the members of the group, people first.
func (s Scope) Members(ctx context.Context) (found []GroupMember, err error) {
	if err := pg.Select(ctx, s, &found, groupMembers, nil); err != nil {
		return nil, fmt.Errorf("members of the group: %w", err)
	}
	return found, nil
}

const lockGroup = `SELECT id FROM portals WHERE id = :portal FOR NO KEY UPDATE`

// LockGroup serialises changes of the group: each computes the rights of all employees from the whole group.
func (tx Tx) LockGroup(ctx context.Context) error {
	var id int64
	return pg.NotFound(pg.Get(ctx, tx, &id, lockGroup, nil), "lock group", "Портал не подключён.")
}

const setMember = `
	INSERT INTO group_members (portal_id, kind, id, name, role) VALUES (:portal, :kind, :id, :name, :role)
	ON CONFLICT (portal_id, kind, id) DO UPDATE SET name = EXCLUDED.name, role = EXCLUDED.role`

// SetMember adds a member to the group, or gives it another role.
func (tx Tx) SetMember(ctx context.Context, m GroupMember) error {
	_, err := pg.Exec(ctx, tx, setMember, pg.Args{"kind": m.Kind, "id": m.ID, "name": m.Name, "role": m.Role})
	if err != nil {
		return fmt.Errorf("set member: %w", err)
	}
	return nil
}

const dropMember = `DELETE FROM group_members WHERE portal_id = :portal AND kind = :kind AND id = :id`

// DropMember takes a member out of the group.
func (tx Tx) DropMember(ctx context.Context, kind roles.MemberKind, id int64) error {
	if _, err := pg.Exec(ctx, tx, dropMember, pg.Args{"kind": kind, "id": id}); err != nil {
		return fmt.Errorf("drop member: %w", err)
	}
	return nil
}

// GroupChange is a line of the group's history.
type GroupChange struct {
	At       time.Time `db:"at"` // business time
	UserName string    `db:"user_name"`
	Text     string    `db:"text"`
}

const addGroupChange = `INSERT INTO group_changes (portal_id, at, user_name, text) VALUES (:portal, :now, :user_name, :text)`

// AddChange stores who changed the group and how.
func (tx Tx) AddChange(ctx context.Context, c GroupChange) error {
	if _, err := pg.Exec(ctx, tx, addGroupChange, pg.Args{"now": c.At, "user_name": c.UserName, "text": c.Text}); err != nil {
		return fmt.Errorf("add change of the group: %w", err)
	}
	return nil
}

const groupChanges = `SELECT at, user_name, text FROM group_changes WHERE portal_id = :portal ORDER BY id DESC LIMIT 20`

// Changes lists the last changes of the group, the newest first.
func (s Scope) Changes(ctx context.Context) (found []GroupChange, err error) {
	if err := pg.Select(ctx, s, &found, groupChanges, nil); err != nil {
		return nil, fmt.Errorf("changes of the group: %w", err)
	}
	return found, nil
}

const (
	// savePeople replaces the rights of every employee.
	savePeople = `
	WITH fresh AS (
		SELECT user_id, role, visibility FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r (user_id bigint, role text, visibility bigint[])
	), gone AS (
		DELETE FROM people WHERE portal_id = :portal AND user_id NOT IN (SELECT user_id FROM fresh)
	)
	INSERT INTO people (portal_id, user_id, role, visibility) SELECT :portal, user_id, role, visibility FROM fresh
	ON CONFLICT (portal_id, user_id) DO UPDATE SET role = EXCLUDED.role, visibility = EXCLUDED.visibility`
	// setGrouped stores whether the group has members; without any, everybody works with his own deals.
	setGrouped = `UPDATE portals SET grouped = EXISTS (SELECT FROM group_members m WHERE m.portal_id = :portal) WHERE id = :portal`
)

type personRow struct {
	User       acts.UserID   `json:"user_id"`
	Role       roles.Role    `json:"role"`
	Visibility []acts.UserID `json:"visibility"`
}

// SaveAccess stores the rights of every employee that follow from the members.
func (tx Tx) SaveAccess(ctx context.Context, people map[acts.UserID]roles.Access) error {
	rows := make([]personRow, 0, len(people))
	for id, a := range people {
		rows = append(rows, personRow{id, a.Role, a.Visibility})
	}
	if _, err := pg.Exec(ctx, tx, savePeople, pg.Args{"rows": pg.AsJSON(rows)}); err != nil {
		return fmt.Errorf("save people: %w", err)
	}
	if _, err := pg.Exec(ctx, tx, setGrouped, nil); err != nil {
		return fmt.Errorf("set grouped: %w", err)
	}
	return nil
}

// Permissions is what an employee may do and whose acts he sees.
type Permissions struct {
	Role       roles.Role `db:"role"`
	Visibility Visibility `db:"visibility"`
	Grouped    bool       `db:"grouped"` // people were added in the settings
}

// permissionsOfUser is a statement in which administrators of the portal have all rights. Until people are added everybody else
// works with his own deals (docs/decisions/0016-one-ladder-of-roles.md).
const permissionsOfUser = `
	SELECT CASE WHEN a.user_id IS NOT NULL THEN 'admin' WHEN w.role IS NOT NULL THEN w.role WHEN p.grouped THEN '' ELSE 'work' END AS role, p.grouped,
		CASE WHEN a.user_id IS NOT NULL THEN NULL WHEN w.role IS NOT NULL THEN w.visibility WHEN p.grouped THEN CAST('{}' AS bigint[])
			ELSE ARRAY[CAST(:user AS bigint)] END AS visibility
	FROM portals p LEFT JOIN people w ON w.portal_id = p.id AND w.user_id = :user
		LEFT JOIN administrators a ON a.portal_id = p.id AND a.user_id = :user
	WHERE p.id = :portal`

// Permissions reads what an employee may do now.
func (s Scope) Permissions(ctx context.Context, user acts.UserID) (st Permissions, err error) {
	err = pg.Get(ctx, s, &st, permissionsOfUser, pg.Args{"user": user})
	if errors.Is(err, sql.ErrNoRows) {
		return Permissions{Visibility: Visibility{}}, nil
	}
	if err != nil {
		return Permissions{Visibility: Visibility{}}, fmt.Errorf("permissions of an employee: %w", err)
	}
	return st, nil
}

const (
	keepAdministrator = `INSERT INTO administrators (portal_id, user_id, name) VALUES (:portal, :user, :name)
		ON CONFLICT (portal_id, user_id) DO UPDATE SET name = EXCLUDED.name WHERE administrators.name <> EXCLUDED.name`
	dropAdministrator = `DELETE FROM administrators WHERE portal_id = :portal AND user_id = :user`
)

// SetAdministrator stores whether an employee administers the portal, as the portal has just reported.
func (tx Tx) SetAdministrator(ctx context.Context, user acts.UserID, name string, admin bool) error {
	query, a := dropAdministrator, pg.Args{"user": user}
	if admin {
		query, a["name"] = keepAdministrator, name
	}
	if _, err := pg.Exec(ctx, tx, query, a); err != nil {
		return fmt.Errorf("set administrator: %w", err)
	}
	return nil
}

const administering = `
	SELECT name FROM administrators WHERE portal_id = :portal AND name <> ''
	UNION SELECT u.name FROM people w JOIN users u ON u.portal_id = w.portal_id AND u.id = w.user_id
		WHERE w.portal_id = :portal AND w.role = 'admin' AND u.name <> ''
	ORDER BY 1 LIMIT 5`

// AdministratorNames lists the names of administrators who can give a person access.
func (s Scope) AdministratorNames(ctx context.Context) (names []string, err error) {
	if err := pg.Select(ctx, s, &names, administering, nil); err != nil {
		return nil, fmt.Errorf("administrators: %w", err)
	}
	return names, nil
}

// administrators are stored when they open the app. When none is stored, the one who opened it last is used.
const administrators = `
	SELECT user_id FROM administrators WHERE portal_id = :portal
	UNION SELECT user_id FROM people WHERE portal_id = :portal AND role = 'admin'
	UNION SELECT admin_id FROM portals WHERE id = :portal AND admin_id <> 0 AND NOT EXISTS (SELECT FROM administrators WHERE portal_id = :portal)
	ORDER BY 1 LIMIT 20`

// Administrators lists those who are notified of problems that only they can fix, at most 20.
func (s Scope) Administrators(ctx context.Context) (list []acts.UserID, err error) {
	if err := pg.Select(ctx, s, &list, administrators, nil); err != nil {
		return nil, fmt.Errorf("administrators: %w", err)
	}
	return list, nil
}

const nonMembers = `
	SELECT u.id, u.name, u.active, u.head_id FROM users u
	WHERE u.portal_id = :portal AND u.active AND u.name <> '' AND position(fold(CAST(:text AS text)) IN fold(u.name)) > 0
		AND NOT EXISTS (SELECT FROM group_members m WHERE m.portal_id = :portal AND m.kind = 'user' AND m.id = u.id)
	ORDER BY u.name, u.id LIMIT :most`

// FindNonMembers finds employees by a part of their names who are not members of the group as persons; their department may be.
func (s Scope) FindNonMembers(ctx context.Context, text string, most int) (found []User, err error) {
	if err := pg.Select(ctx, s, &found, nonMembers, pg.Args{"text": text, "most": most}); err != nil {
		return nil, fmt.Errorf("find employees: %w", err)
	}
	return found, nil
}

const namesOf = `SELECT id, name FROM users WHERE portal_id = :portal AND id = ANY (CAST(:ids AS bigint[]))`

// Names returns the names of employees of whom we have copies, however old.
func (s Scope) Names(ctx context.Context, ids []acts.UserID) (map[acts.UserID]string, error) {
	var rows []struct {
		ID   acts.UserID `db:"id"`
		Name string      `db:"name"`
	}
	plain := make(pq.Int64Array, len(ids))
	for i, id := range ids {
		plain[i] = int64(id)
	}
	if err := pg.Select(ctx, s, &rows, namesOf, pg.Args{"ids": plain}); err != nil {
		return nil, fmt.Errorf("names of employees: %w", err)
	}
	names := make(map[acts.UserID]string, len(rows))
	for _, r := range rows {
		names[r.ID] = r.Name
	}
	return names, nil
}
