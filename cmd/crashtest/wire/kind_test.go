package wire

import "testing"

func TestKindOf(t *testing.T) {
	for name, tt := range map[string]struct{ sql, kind string }{
		"a simple update":           {"\n\tUPDATE acts SET status = $1 WHERE id = $2", "UPDATE acts status"},
		"an update without spaces":  {"UPDATE acts SET status=$1", "UPDATE acts status"},
		"an insert":                 {"INSERT INTO tasks (portal_id, kind) VALUES ($1, $2) ON CONFLICT DO NOTHING", "INSERT tasks"},
		"an insert out of a select": {"INSERT INTO edo_documents (id) SELECT $1 FROM edo_documents", "INSERT edo_documents"},
		"a delete":                  {"DELETE FROM tasks WHERE id = $1", "DELETE tasks"},
		"a lease": {"WITH due AS (SELECT id FROM tasks FOR UPDATE SKIP LOCKED) UPDATE tasks t SET lease_until = $1 FROM due",
			"UPDATE tasks lease_until"},
		"a select":               {"SELECT a.id, (SELECT count(*) FROM act_lines) FROM acts a JOIN deals d ON true", "SELECT acts"},
		"a function":             {"SELECT set_config('acts.portal', $1, true)", "SELECT set_config"},
		"quoted words":           {"SELECT 'it is FROM nothing' FROM visits", "SELECT visits"},
		"a setting":              {"SET acts.portal = '17'", "SET acts.portal"},
		"a commit":               {"COMMIT", "COMMIT"},
		"the driver's heartbeat": {";", "ping"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := kindOf(tt.sql); got != tt.kind {
				t.Errorf("kindOf = %q, want %q", got, tt.kind)
			}
		})
	}
}

func TestChangesState(t *testing.T) {
	for kind, want := range map[string]bool{
		"UPDATE tasks lease_until": true, "COMMIT of INSERT acts": true, "crm.item.add": true, "СБИС.ЗаписатьДокумент": true, "oauth.token": true,
		"crm.activity.add": true, "crm.activity.delete": true, "tasks.task.complete": true, "tasks.task.list": false, "crm.address.list": false, "calendar.settings.get": false,
		"СБИС.ВыполнитьДействие": true, "СБИС.ПодготовитьДействие": false, "oauth/service": true, "placement.bind": true,
		"SELECT acts": false, "BEGIN": false, "crm.item.list": false, "СБИС.СписокИзменений": false, "profile": false,
	} {
		if got := ChangesState(kind); got != want {
			t.Errorf("ChangesState(%q) = %v, want %v", kind, got, want)
		}
	}
}
