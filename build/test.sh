#!/usr/bin/env bash
# Builds everything in Release and runs every test. The last line is "N passed, N failed", with skipped ones if any.
# With MOS_LONG_TESTS=1 the tests of load and endurance do some ten times as much.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
./build/check-sdk.sh

export DOTNET_CLI_UI_LANGUAGE=en DOTNET_NOLOGO=1
readonly solution=Microsoft.ML.MixtureOfSoftmaxes.sln

dotnet build "$solution" -c Release -v minimal

# The networks of the tests are too small for libtorch's threads to pay; the test processes share the cores instead.
export OMP_NUM_THREADS=${OMP_NUM_THREADS:-1}

log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
# Started in the background of another script, this one inherits that interrupts are ignored, and under nohup
# hangups; the tests of Ctrl+C and its like need them.
env --default-signal=INT,QUIT,HUP dotnet test --solution "$solution" -c Release --no-build --no-progress --no-ansi 2>&1 | tee "$log" || status=$?

# The summary over all projects is the last one.
count() { sed -n "s/^ *$1: *\([0-9][0-9]*\)$/\1/p" "$log" | tail -n 1; }
passed=$(count succeeded) failed=$(count failed) skipped=$(count skipped)
if [[ -z $passed || $((passed + failed)) == 0 ]]; then
  echo 'test: no test ran' >&2
  status=1
fi

summary="${passed:-0} passed, ${failed:-0} failed"
((${skipped:-0} == 0)) || summary+=", $skipped skipped"
echo "$summary"
((status == 0 && ${failed:-0} == 0))
