#!/usr/bin/env bash
# Rebuilds Listings/ as what the embedded assemblies implement of the official listings in ../shared/api, then tests.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
UPDATE_LISTINGS=1 exec dotnet test --project Conformance.Tests.csproj -p:MLStack=embedded
