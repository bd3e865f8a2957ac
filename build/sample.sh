#!/usr/bin/env bash
# The main job on the built-in sample: three heads learn a language whose truth is known, the mixture of softmaxes is saved, loaded
# back, and scores a few rows.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

./build/check-sdk.sh
exec dotnet run -c Release --project pipelines/sample
