#!/usr/bin/env bash
# Builds a Debian package: deploy/deb.sh VERSION OUTPUT-DIRECTORY [BINARY]. The binary is bin/actsd unless named. It needs dpkg-deb only.
# COMPRESSION=none makes a package faster, for tests.
set -euo pipefail
cd "$(dirname "$0")/.."
version=${1:?version} out=${2:?output directory} binary=${3:-bin/actsd}
arch=$(dpkg --print-architecture)
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
chmod 755 "$root"

install -D -m 755 "$binary" "$root/usr/bin/actsd"
install -D -m 644 -t "$root/lib/systemd/system" deploy/acts24.service deploy/acts24-migrate.service
install -D -m 644 deploy/acts24.env "$root/etc/acts24/acts24.env"
install -d -m 700 "$root/etc/acts24/secrets"
install -D -m 644 -t "$root/usr/share/doc/acts24" README.md docs/operate.md docs/security.md docs/CHANGELOG.md docs/admin.ru.md
install -D -m 644 -t "$root/usr/share/doc/acts24/examples" deploy/nginx.conf deploy/Caddyfile deploy/alerts.yml deploy/grafana.json
install -d "$root/usr/share/man/man8"
gzip -9n <deploy/actsd.8 >"$root/usr/share/man/man8/actsd.8.gz"

install -d "$root/DEBIAN"
cat >"$root/DEBIAN/control" <<EOF
Package: acts24
Version: $version
Architecture: $arch
Maintainer: acts24 <acts24@localhost>
Section: web
Priority: optional
Depends: adduser, ca-certificates, tzdata
Recommends: postgresql (>= 15), nginx | caddy
Installed-Size: $(du -sk "$root" | cut -f1)
Description: acts of completed work for Bitrix24
 Pages embedded in Bitrix24 in which managers form acts of completed work, and workers that pass them to SBIS and follow
 their signatures. Needs PostgreSQL 15 or newer and a proxy with TLS.
EOF
echo /etc/acts24/acts24.env >"$root/DEBIAN/conffiles"
install -m 755 -t "$root/DEBIAN" deploy/debian/postinst deploy/debian/prerm deploy/debian/postrm

mkdir -p "$out"
dpkg-deb --root-owner-group -Z"${COMPRESSION:-xz}" --build "$root" "$out/acts24_${version}_$arch.deb"
