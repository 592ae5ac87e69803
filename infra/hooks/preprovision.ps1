# Makes the administrator's token before the first provisioning. Only its SHA-256 is kept, in the azd environment; the token itself is shown once, here.
# To replace it: azd env set ACCESS_ADMIN_TOKEN_SHA256 "" ; azd provision
$ErrorActionPreference = 'Stop'

if ($env:ACCESS_ADMIN_TOKEN_SHA256) {
    exit 0
}

$token = [Convert]::ToBase64String([Security.Cryptography.RandomNumberGenerator]::GetBytes(32)).TrimEnd('=').Replace('+', '-').Replace('/', '_')
$sha256 = [Convert]::ToHexString([Security.Cryptography.SHA256]::HashData([Text.Encoding]::UTF8.GetBytes($token))).ToLowerInvariant()
azd env set ACCESS_ADMIN_TOKEN_SHA256 $sha256
if ($LASTEXITCODE -ne 0) {
    exit $LASTEXITCODE
}

Write-Host ''
Write-Host "The administrator's token of this store. It is shown only now; keep it in a safe place:"
Write-Host ''
Write-Host "  $token"
Write-Host ''
