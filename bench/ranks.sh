#!/usr/bin/env bash
# Tokens per second against ranks, each with one thread: ranks.sh [preset] [tokens] [columns]. Build with ./build/test.sh first.
# Three runs: one rank with all columns, one with half of them, two with all. The second and the sum of the gradients over the ranks, measured
# by itself, say what the third should come to (docs/scale.md); both are printed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly preset=${1:-small} tokens=${2:-28000} columns=${3:-20}
readonly dotnet=${DOTNET_HOST_PATH:-dotnet}
readonly mos=pipelines/mos/bin/Release/net10.0/mos.dll sum=test/RankProgram/bin/Release/net10.0/RankProgram.dll
export TERM=dumb OMP_NUM_THREADS=1 OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
export OMPI_MCA_rmaps_base_oversubscribe=1 OMPI_MCA_hwloc_base_binding_policy=none OMPI_MCA_mpi_yield_when_idle=0

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# 10,000 words whose frequencies fall as in a language.
awk 'BEGIN { srand(1); for (row = 0; row < 6000; row++) { line = ""
  for (word = 0; word < 20; word++) line = line " w" int(exp(rand() * log(10000)))
  print line } for (word = 1; word <= 10000; word++) print "w" word }' > "$folder/text"

train() { # ranks, columns
  mpirun -n "$1" "$dotnet" "$mos" train --train "$folder/text" --model "$folder/model.zip" --preset "$preset" --batch-size "$2" \
    --sequence-length 35 --sequence-length-deviation 0 \
    --max-tokens "$((tokens * $2 / columns))" --optimizer sgd --vocabulary-size 10000 --json 2> "$folder/log" | tail -n 1
}

field() { sed "s/.*\"$1\":\([0-9.]*\).*/\1/" <<< "$2"; }

all=$(train 1 "$columns") half=$(train 1 $((columns / 2))) two=$(train 2 "$columns")
milliseconds=$(mpirun -n 2 "$dotnet" "$sum" sum | sed -n 's/^rank 0.*: \([0-9]*\) ms.*/\1/p')
speed() { awk "BEGIN { print $(field tokens "$1") / $(field seconds "$1") }"; }
awk -v all="$(speed "$all")" -v half="$(speed "$half")" -v two="$(speed "$two")" -v columns="$columns" -v ms="$milliseconds" \
  -v parameters="$(field parameters "$all")" 'BEGIN {
    perStep = columns * 35
    sum = parameters * 4 / 20e6 * ms / 1000
    printf "parameters            %d\n", parameters
    printf "1 rank                %.0f tokens/s\n", all
    printf "1 rank, half columns  %.0f tokens/s\n", half
    printf "2 ranks               %.0f tokens/s, %.2f times one\n", two, two / all
    printf "a sum of 20 MB        %d ms over 2 ranks, so %.1f ms for the gradient\n", ms, sum * 1000
    printf "2 ranks by the model  %.0f tokens/s\n", perStep / (perStep / 2 / half + sum)
  }'
