package schema_test

import (
	"errors"
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"acts24/store/localdb"
	"acts24/store/schema"
	"acts24/store/storetest"
)

var update = flag.Bool("update", false, "write migrations/schema.sql")

const schemaHead = `-- The schema that the migrations build, as pg_dump shows it without the partitions of act_names. make schema writes this file.

`

// migrations/schema.sql shows what the migrations build. Keys of portals are random; test databases number them.
func TestSchemaFile(t *testing.T) {
	const file = "../../migrations/schema.sql"
	superuser, name := newDatabase(t)
	if err := schema.Provision(t.Context(), superuser, name); err != nil {
		t.Fatal(err)
	}
	owner := address(t, superuser, schema.OwnerRole, name)
	if err := schema.Migrate(t.Context(), owner); err != nil {
		t.Fatal(err)
	}
	var first, second string
	addPortal := `INSERT INTO portals (member_id, endpoint, origin) VALUES ($1, '', '') RETURNING key`
	db := connect(t, owner)
	if err := errors.Join(db.QueryRowContext(t.Context(), addPortal, "a").Scan(&first), db.QueryRowContext(t.Context(), addPortal, "b").Scan(&second)); err != nil ||
		len(first) != 32 || len(second) != 32 || first == second {
		t.Errorf("the keys of two portals are %q and %q, %v", first, second, err)
	}
	dump, err := localdb.DumpSchema(t.Context(), owner, "act_names_[0-9]*")
	if err != nil {
		t.Fatal(err)
	}
	dump = schemaHead + dump
	if *update {
		if err := os.WriteFile(file, []byte(dump), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	kept, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Split(dump, "\n")
	for i, line := range strings.Split(string(kept), "\n") {
		if i >= len(want) || line != want[i] {
			t.Fatalf("line %d of migrations/schema.sql is %q; run make schema", i+1, line)
		}
	}
	if len(kept) != len(dump) {
		t.Fatal("migrations/schema.sql ends early; run make schema")
	}
}

// shared are the tables that belong to no portal: the portals themselves, the record of removed portals, the name of the database, the bucket of
// logins at SBIS, whose limit is that of all portals together, and the versions of the schema.
var shared = []string{"portals", "removals", "origin", "logins", "goose_db_version"}

// keyColumns lists the first column of every primary key, unique index and foreign key, and the tables without a primary key.
const keyColumns = `
	SELECT CAST(i.indrelid AS regclass) AS rel, CAST(CAST(i.indexrelid AS regclass) AS text) AS key, coalesce(pg_get_indexdef(i.indexrelid, 1, true), '') AS first
	FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid WHERE i.indisunique AND t.relnamespace = CAST('public' AS regnamespace)
	UNION ALL
	SELECT c.conrelid, CAST(c.conname AS text), CAST((SELECT a.attname FROM pg_attribute a WHERE a.attrelid = c.conrelid AND a.attnum = c.conkey[1]) AS text)
	FROM pg_constraint c WHERE c.contype = 'f' AND c.connamespace = CAST('public' AS regnamespace)
	UNION ALL
	SELECT t.oid, 'no primary key', '' FROM pg_class t
	WHERE t.relkind IN ('r', 'p') AND t.relnamespace = CAST('public' AS regnamespace)
		AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = t.oid AND i.indisprimary)`

// Every key of a tenant's table begins with the portal, so the tables can be partitioned or distributed by it.
func TestKeysBeginWithThePortal(t *testing.T) {
	_, owner := storetest.DSN(t)
	rows, err := connect(t, owner).QueryContext(t.Context(), keyColumns)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var keys int
	for rows.Next() {
		var table, key, first string
		if err := rows.Scan(&table, &key, &first); err != nil {
			t.Fatal(err)
		}
		if keys++; first != "portal_id" && !slices.Contains(shared, table) {
			t.Errorf("%s: %s begins with %q", table, key, first)
		}
	}
	if err := rows.Err(); err != nil || keys < 100 {
		t.Errorf("only %d keys were found, %v", keys, err)
	}
}
