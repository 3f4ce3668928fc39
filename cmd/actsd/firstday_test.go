package main

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"acts24/cmd/app/apptest"
)

// systemctl starts and stops units as systemd does, as far as ours need it: credentials, environment, user.
const systemctl = `#!/bin/bash
set -e
unit=${@: -1}; file=/lib/systemd/system/$unit.service; credentials=/run/credentials/$unit
case $1 in
daemon-reload | try-restart | disable) exit 0 ;;
stop) kill "$(cat /run/$unit.pid)"; tail --pid="$(cat /run/$unit.pid)" -f /dev/null; exit 0 ;;
esac
mkdir -p "$credentials"; chmod 755 /run/credentials
sed -n 's/^LoadCredential=//p' "$file" | while IFS=: read -r name from; do install -o acts24 -m 400 "$from" "$credentials/$name"; done
set -a; for settings in $(sed -n 's/^EnvironmentFile=//p' "$file"); do . "$settings"; done
eval "$(sed -n 's/^Environment=//p' "$file" | sed "s#%d#$credentials#")"; set +a
as="setpriv --reuid acts24 --regid acts24 --clear-groups $(sed -n 's/^ExecStart=//p' "$file")"
if grep -q Type=oneshot "$file"; then exec $as; fi
$as >/var/log/$unit.log 2>&1 & echo $! >/run/$unit.pid`

// guide returns the commands of docs/operate.md: those of the first day and of a restore, and the dump.
func guide(t *testing.T) (database, secrets, check, restore, dump string) {
	t.Helper()
	text, err := os.ReadFile("../../docs/operate.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?s)\n   ```\n(.*?)   ```\n").FindAllStringSubmatch(string(text), -1)
	dumps := regexp.MustCompile("`(pg_dump [^`]+)`").FindStringSubmatch(string(text))
	if len(blocks) != 4 || dumps == nil {
		t.Fatalf("the guide has %d blocks of commands in its steps, dump %q", len(blocks), dumps)
	}
	return blocks[0][1], blocks[1][1], blocks[2][1], blocks[3][1], dumps[1]
}

// An operator follows docs/operate.md on a fresh machine: from the packages to an installed portal, and back from a dump. The commands are those of
// the guide; what systemd does is done by a script, and the names of the pretended remote systems are added to the settings.
func TestFirstDay(t *testing.T) {
	needs(t, "dpkg-deb")
	needs(t, "pg_createcluster")
	dir := t.TempDir()
	output(t, "go", "build", "-o", filepath.Join(dir, "actsd"), "./cmd/actsd")
	output(t, "deploy/deb.sh", "1.2.3", dir, filepath.Join(dir, "actsd"))
	address, postgres := apptest.FreeAddress(t), strings.TrimPrefix(apptest.FreeAddress(t), "127.0.0.1:")
	w := apptest.NewWorld(t, "http://"+address, 1)
	cfg := w.Config("", 1)
	database, secrets, check, restore, dump := guide(t)
	fill := strings.NewReplacer("apt install ", "apt-get install -y --no-upgrade ", "PASSWORD '…'", "PASSWORD 'pw'", ":…@127.0.0.1/", ":pw@127.0.0.1:"+postgres+"/", "echo '…'", "echo '"+cfg.ClientSecret+"'").Replace
	ready := "for i in $(seq 300); do curl -fsS " + address + "/readyz && break; sleep 0.2; done\n"
	script := "set -e; cd " + dir + "; export PGPORT=" + postgres + " DEBIAN_FRONTEND=noninteractive\n" +
		"cat >/usr/local/bin/systemctl <<'END'\n" + systemctl + "\nEND\n" +
		"chmod 755 /usr/local/bin/systemctl; rm -f /var/lib/man-db/auto-update\n" +
		"pg_createcluster $(ls /usr/lib/postgresql | tail -1) firstday --port " + postgres + " --start\n" +
		fill(database) + "(" + fill(secrets) + ")\n" +
		fmt.Sprintf("sed -i 's#^ACTS_PUBLIC_URL=.*#ACTS_PUBLIC_URL=%s#; s#^ACTS_CLIENT_ID=.*#ACTS_CLIENT_ID=%s#; s#^ACTS_ADDR=.*#ACTS_ADDR=%s#; /METRICS/d' /etc/acts24/acts24.env\n", w.AppURL, cfg.ClientID, address) +
		fmt.Sprintf("printf 'ACTS_AUTH_URL=%s\\nACTS_SBIS_URL=%s\\nACTS_ALLOW_PLAIN=true\\n' >>/etc/acts24/acts24.env\n", cfg.AuthURL, cfg.SBISURL) +
		"systemctl start acts24-migrate\nsystemctl enable --now acts24\n" + ready + "(" + check + ")\n" +
		"echo; echo installed; read -r line\n" +
		dump + "\nsystemctl stop acts24\n" + restore + "(" + check + ")\nsystemctl start acts24\n" + ready +
		"(" + strings.ReplaceAll(check, "actsd check", "actsd tenants; actsd reconcile --yes; actsd tenants") + ")\n" +
		"systemctl stop acts24; echo; echo restored"
	const enter = `set -e; mount -t tmpfs none /mnt; mkdir /mnt/upper /mnt/work /mnt/root
		mount -t overlay none -o lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work /mnt/root
		mount -t proc none /mnt/root/proc; mount --bind /dev /mnt/root/dev; mount --bind "$2" "/mnt/root$2"; echo isolated; exec chroot /mnt/root bash -c "$1"`
	cmd := exec.CommandContext(t.Context(), "unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", enter, "-", script, dir)
	in, err1 := cmd.StdinPipe()
	out, err2 := cmd.StdoutPipe()
	cmd.Stderr = cmd.Stdout
	if err1 != nil || err2 != nil || cmd.Start() != nil {
		t.Fatal(err1, err2)
	}
	printed := bufio.NewReader(out)
	first, _ := printed.ReadString('\n')
	if first != "isolated\n" {
		_ = cmd.Wait() // it has failed
		t.Skipf("no throwaway root here: %s", first)
	}
	until := func(mark string) (text string) {
		for {
			line, err := printed.ReadString('\n')
			if text += line; strings.TrimSpace(line) == mark {
				return text
			}
			if err != nil {
				t.Fatalf("%s is not reached:\n%s", mark, text)
			}
		}
	}
	text := until("installed")
	if err := apptest.Connect(w.Portals[0], w.AppURL, apptest.OurCompany); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	manager := apptest.NewVisitor(w.Portals[0], w.Portals[0].Manager(), w.AppURL)
	if p, err := manager.OpenDeal(1); err != nil || p.Status != http.StatusOK {
		t.Errorf("the tab of a deal: %d, %v", p.Status, err)
	}
	if _, err := io.WriteString(in, "\n"); err != nil {
		t.Fatal(err)
	}
	text += until("restored")
	for _, want := range []string{`keys in use`, `(?m)^\S* *1 +\S+ +held`, `released`, `(?m)^\S* *1 +\S+ +active`} {
		if !regexp.MustCompile(want).MatchString(text) {
			t.Errorf("%s is missing in\n%s", want, text)
		}
	}
	if strings.Contains(text, "FAIL") {
		t.Errorf("a check fails:\n%s", text)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("%v\n%s", err, text)
	}
}
