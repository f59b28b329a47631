#!/bin/sh
# A Raspberry Pi (or any Debian 13) that is server and wall of a venue:
#
#   sudo sh setup.sh noso-1.0.0.tgz 'Bibliothèque des Quais' Lyon Europe/Paris fr
#   sudo HOTSPOT='NoSo' sh setup.sh …       its own Wi-Fi as well, open, without Internet
#
# It serves on port 80, shows its wall on the screen that is plugged in, and does both again after a power
# cut. It may be run again: what is there stays, and a newer tarball is put in.
set -eu

tarball=${1:?usage: setup.sh TARBALL VENUE CITY TIMEZONE LANGUAGE}
venue=${2:?the name of the venue}
city=${3:?the city}
zone=${4:?the time zone, as Europe/Paris}
language=${5:?fr or en}

# Elsewhere in a rehearsal: before every file that is written, and where the server answers.
root=${ROOT:-}
url=${NOSO_URL:-http://localhost}

say() { printf '== %s\n' "$*"; }

# Writes standard input to a file, with a mode; what is the same already is left alone.
put() {
  mkdir -p "$root$(dirname "$1")"
  cat >"$root$1.new"
  chmod "$2" "$root$1.new"
  if cmp -s "$root$1.new" "$root$1"; then rm "$root$1.new"; else mv "$root$1.new" "$root$1"; fi
}

say programs
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends nodejs npm chromium cage udev avahi-daemon network-manager
npm install -g --no-audit --no-fund "$tarball"

say server
unit=$(npm root -g)/noso/deploy/noso.service
sed "s|^ExecStart=.*|ExecStart=$(command -v noso)|" "$unit" | put /etc/systemd/system/noso.service 644
put /etc/systemd/system/noso.service.d/port.conf 644 <<'UNIT'
# Port 80, so that the wall is a page of localhost, and phones type no port.
[Service]
Environment=PORT=80
AmbientCapabilities=CAP_NET_BIND_SERVICE
CapabilityBoundingSet=CAP_NET_BIND_SERVICE
UNIT

if [ -n "${HOTSPOT:-}" ]; then
  say 'Wi-Fi of its own'
  nmcli -t -f NAME connection show | grep -qx noso-hotspot ||
    nmcli connection add type wifi ifname '*' con-name noso-hotspot ssid "$HOTSPOT" \
      802-11-wireless.mode ap ipv4.method shared ipv4.addresses 10.42.0.1/24 connection.autoconnect yes
  nmcli connection up noso-hotspot
  grep -qs '^PUBLIC_URL=' "$root/etc/noso.env" || echo 'PUBLIC_URL=http://10.42.0.1' >>"$root/etc/noso.env"
  # Posters show its square as well.
  grep -qs '^WIFI=' "$root/etc/noso.env" || printf 'WIFI="%s"\n' "$HOTSPOT" >>"$root/etc/noso.env"
fi

systemctl daemon-reload
systemctl enable --now noso.service
systemctl restart noso.service
until node -e "fetch('$url/readyz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"; do
  sleep 1
done

say wall
page="$root/etc/noso-wall/page"
if [ ! -s "$page" ]; then
  token=$(DATA_DIR="${DATA_DIR:-/var/lib/noso}" noso token organizer)
  # Its own venue, made where there is none of that name, and a wall of it.
  TOKEN=$token URL=$url VENUE=$venue CITY=$city ZONE=$zone LANGUAGE=$language node - <<'JS' | put /etc/noso-wall/page 600
const { TOKEN, URL: url, VENUE: name, CITY: city, ZONE: timeZone, LANGUAGE: language } = process.env;
async function ask(method, path, body) {
  const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };
  const response = await fetch(url + path, { method, headers, body: body && JSON.stringify(body) });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return response.json();
}
const { venues } = await ask('GET', '/api/venues');
const venue =
  venues.find((each) => each.name === name && each.city === city) ??
  (await ask('POST', '/api/venues', { name, city, timeZone, language }));
const wall = await ask('POST', `/api/venues/${venue.id}/walls`, { name: 'Pi' });
// A page of localhost has a wake lock and a service worker without a certificate.
console.log(`${url}/wall?kiosk#${wall.token}`);
JS
fi

getent passwd noso-wall >/dev/null || useradd --system --create-home --groups video,input,render noso-wall
[ -n "$root" ] || chown noso-wall "$page"
put /etc/systemd/system/noso-wall.service 644 <<'UNIT'
[Unit]
Description=NoSo, the wall on this screen
Wants=noso.service
After=noso.service systemd-user-sessions.service
Conflicts=getty@tty1.service

[Service]
User=noso-wall
PAMName=login
TTYPath=/dev/tty1
StandardInput=tty
ExecStart=/bin/sh -c 'exec cage -d -- chromium --kiosk --noerrdialogs --disable-infobars --no-first-run --ozone-platform=wayland "$(cat /etc/noso-wall/page)"'
Restart=always
RestartSec=2

[Install]
WantedBy=multi-user.target
UNIT
systemctl daemon-reload
systemctl enable --now noso-wall.service

say 'It serves. To sign in:'
# By the address that the service goes by.
set -a
# shellcheck source=/dev/null
[ ! -f "$root/etc/noso.env" ] || . "$root/etc/noso.env"
PORT=80 DATA_DIR="${DATA_DIR:-/var/lib/noso}" noso link
