#!/usr/bin/env bash
# Sets this machine up where something is missing, then runs the main job on the built-in sample: three heads learn a language whose
# truth is known, the mixture of softmaxes is saved, loaded back, and scores a few rows.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

./build/setup.sh
exec dotnet run -c Release --project pipelines/sample
