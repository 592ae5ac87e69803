#!/bin/sh
# Makes the administrator's token before the first provisioning. Only its SHA-256 is kept, in the azd environment; the token itself is shown once, here.
# To replace it: azd env set ACCESS_ADMIN_TOKEN_SHA256 "" && azd provision
set -eu

if [ -n "${ACCESS_ADMIN_TOKEN_SHA256:-}" ]; then
  exit 0
fi

digest() {
  if command -v sha256sum >/dev/null 2>&1; then
    sha256sum
  else
    shasum -a 256
  fi
}

token="$(head -c 32 /dev/urandom | base64 | tr '+/' '-_' | tr -d '=\n')"
sha256="$(printf '%s' "$token" | digest | cut -c 1-64)"
if [ "${#token}" -ne 43 ] || [ "${#sha256}" -ne 64 ]; then
  echo "The administrator's token could not be made: /dev/urandom, base64 and sha256sum (or shasum) are needed." >&2
  exit 1
fi
azd env set ACCESS_ADMIN_TOKEN_SHA256 "$sha256"

echo
echo "The administrator's token of this store. It is shown only now; keep it in a safe place:"
echo
echo "  $token"
echo
