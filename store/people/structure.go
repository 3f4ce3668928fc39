package people

import (
	"context"
	"fmt"

	"github.com/lib/pq"

	"acts24/acts"
	"acts24/acts/roles"
	"acts24/store/internal/pg"
)

// Unit is a department or a work group of the portal.
type Unit struct {
	Kind   roles.MemberKind `db:"kind" json:"kind"`
	ID     int64            `db:"id" json:"id"`
	Name   string           `db:"name" json:"name"`
	Parent int64            `db:"parent_id" json:"parent_id"` // of a department
	Head   acts.UserID      `db:"head_id" json:"head_id"`     // of a department
	People []acts.UserID    `db:"-" json:"people"`            // members of a work group
}

// Employee is our copy of a person of the portal with his departments.
type Employee struct {
	User
	Departments []int64
}

// Structure holds the employees of a portal and their units. What the portal does not report is empty.
type Structure struct {
	Employees   []Employee
	Units       []Unit
	Departments bool // the portal reports departments
	WorkGroups  bool // the portal reports work groups
}

// Rules returns the structure in the types of package roles.
func (s Structure) Rules() roles.Structure {
	r := roles.Structure{WorkGroups: map[int64][]acts.UserID{}}
	for _, e := range s.Employees {
		r.Employees = append(r.Employees, roles.Employee{ID: e.ID, Active: e.Active, Departments: e.Departments})
	}
	for _, u := range s.Units {
		if u.Kind == roles.MemberWorkGroup {
			r.WorkGroups[u.ID] = u.People
		} else {
			r.Departments = append(r.Departments, roles.Department{ID: u.ID, Parent: u.Parent, Head: u.Head})
		}
	}
	return r
}

// Unit finds a department or work group.
func (s Structure) Unit(kind roles.MemberKind, id int64) (Unit, bool) {
	for _, u := range s.Units {
		if u.Kind == kind && u.ID == id {
			return u, true
		}
	}
	return Unit{}, false
}

// Employee finds a person.
func (s Structure) Employee(id acts.UserID) (Employee, bool) {
	for _, e := range s.Employees {
		if e.ID == id {
			return e, true
		}
	}
	return Employee{}, false
}

const structureFresh = `SELECT count(*) = 1 FROM structures WHERE portal_id = :portal AND read_at > clock_timestamp() - interval '1 day'`

// StructureFresh reports whether the structure of the portal was read less than a day ago.
func (s Scope) StructureFresh(ctx context.Context) (fresh bool, err error) {
	if err := pg.Get(ctx, s, &fresh, structureFresh, nil); err != nil {
		return false, fmt.Errorf("age of the structure: %w", err)
	}
	return fresh, nil
}

const (
	reportedUnits = `SELECT coalesce(bool_or(departments), false) AS departments, coalesce(bool_or(workgroups), false) AS workgroups FROM structures WHERE portal_id = :portal`

	employees = `SELECT id, name, active, head_id, departments FROM users WHERE portal_id = :portal ORDER BY name, id`

	units = `SELECT kind, id, name, parent_id, head_id, people FROM units WHERE portal_id = :portal ORDER BY kind, name, id`
)

// Structure reads our copy of the people of the portal.
func (s Scope) Structure(ctx context.Context) (st Structure, err error) {
	var reported struct {
		Departments bool `db:"departments"`
		WorkGroups  bool `db:"workgroups"`
	}
	var people []struct {
		User
		Departments pq.Int64Array `db:"departments"`
	}
	var all []struct {
		Unit
		People pq.Int64Array `db:"people"`
	}
	for query, into := range map[string]any{employees: &people, units: &all} {
		if err := pg.Select(ctx, s, into, query, nil); err != nil {
			return st, fmt.Errorf("structure: %w", err)
		}
	}
	if err := pg.Get(ctx, s, &reported, reportedUnits, nil); err != nil {
		return st, fmt.Errorf("structure: %w", err)
	}
	st.Departments, st.WorkGroups = reported.Departments, reported.WorkGroups
	for _, p := range people {
		st.Employees = append(st.Employees, Employee{User: p.User, Departments: p.Departments})
	}
	for _, u := range all {
		for _, id := range u.People {
			u.Unit.People = append(u.Unit.People, acts.UserID(id))
		}
		st.Units = append(st.Units, u.Unit)
	}
	return st, nil
}

// The statements that save a structure. Employees who are not reported any more become inactive, and the visits of inactive employees end.
const (
	saveEmployees = `
	INSERT INTO users (portal_id, id, name, active, head_id, departments)
	SELECT :portal, r.id, r.name, r.active, r.head_id, r.departments
	FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r (id bigint, name text, active boolean, head_id bigint, departments bigint[]) ORDER BY r.id
	ON CONFLICT (portal_id, id) DO UPDATE SET name = EXCLUDED.name, active = EXCLUDED.active, head_id = EXCLUDED.head_id,
		departments = EXCLUDED.departments, read_at = clock_timestamp()`

	deactivateMissing = `UPDATE users SET active = false WHERE portal_id = :portal AND active AND NOT id = ANY (CAST(:ids AS bigint[]))`

	endVisits = `DELETE FROM visits v USING users u WHERE v.portal_id = :portal AND u.portal_id = :portal AND u.id = v.user_id AND NOT u.active`

	endAdministrators = `DELETE FROM administrators a USING users u WHERE a.portal_id = :portal AND u.portal_id = :portal AND u.id = a.user_id AND NOT u.active`

	dropUnits = `DELETE FROM units WHERE portal_id = :portal`

	saveUnits = `
	INSERT INTO units (portal_id, kind, id, name, parent_id, head_id, people)
	SELECT :portal, r.kind, r.id, r.name, r.parent_id, r.head_id, coalesce(r.people, '{}')
	FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r (kind text, id bigint, name text, parent_id bigint, head_id bigint, people bigint[])`

	saveStructure = `
	INSERT INTO structures (portal_id, departments, workgroups) VALUES (:portal, :departments, :workgroups)
	ON CONFLICT (portal_id) DO UPDATE SET read_at = clock_timestamp(), departments = EXCLUDED.departments, workgroups = EXCLUDED.workgroups`
)

type employeeRow struct {
	ID          acts.UserID `json:"id"`
	Name        string      `json:"name"`
	Active      bool        `json:"active"`
	Head        acts.UserID `json:"head_id"`
	Departments []int64     `json:"departments"`
}

// SaveStructure replaces our copy of the people of the portal.
func (tx Tx) SaveStructure(ctx context.Context, st Structure) error {
	rows, ids := make([]employeeRow, len(st.Employees)), make(pq.Int64Array, len(st.Employees))
	for i, e := range st.Employees {
		rows[i] = employeeRow{e.ID, e.Name, e.Active, e.Head, append([]int64{}, e.Departments...)}
		ids[i] = int64(e.ID)
	}
	for _, step := range []struct {
		query string
		args  pg.Args
	}{
		{saveEmployees, pg.Args{"rows": pg.AsJSON(rows)}}, {deactivateMissing, pg.Args{"ids": ids}}, {endVisits, nil}, {endAdministrators, nil},
		{dropUnits, nil}, {saveUnits, pg.Args{"rows": pg.AsJSON(append([]Unit{}, st.Units...))}},
		{saveStructure, pg.Args{"departments": st.Departments, "workgroups": st.WorkGroups}},
	} {
		if _, err := pg.Exec(ctx, tx, step.query, step.args); err != nil {
			return fmt.Errorf("save structure: %w", err)
		}
	}
	return nil
}
