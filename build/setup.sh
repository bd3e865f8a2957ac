#!/usr/bin/env bash
# Makes this machine ready to build: checks the tools, decides the stack, installs what it misses. Harmless when run again.
set -euo pipefail

build=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
decision=$build/Stack.local.props

usage() {
  cat <<'TEXT'
usage: build/setup.sh [--redo]

Checks for .NET SDK, C++ compiler and CMake, installs the system's libtorch, oneDNN and OpenBLAS, and decides once between two stacks:
  nuget     the official Microsoft.ML and TorchSharp packages, where the configured feeds carry them
  embedded  this repository's own subsets of both, on the system's libtorch

  --redo    ask the feeds again; the decision is kept in build/Stack.local.props

MLStack=nuget or MLStack=embedded in the environment overrules the decision. TORCH_DIR or CMAKE_PREFIX_PATH names another
libtorch than the system's.
TEXT
}

say() { printf 'setup: %s\n' "$*"; }
fail() { printf 'setup: %s\n' "$*" >&2; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }

require_sdk() {
  has dotnet || fail 'the .NET SDK is missing: install .NET SDK 10 or newer and put dotnet on the PATH.'
  local version
  version=$(dotnet --version) || fail 'dotnet has no SDK that it can run: install .NET SDK 10 or newer.'
  ((${version%%.*} >= 10)) || fail ".NET SDK $version is too old: install .NET SDK 10 or newer."
}

restore_probe() { # kind of project, seconds
  MLStack=nuget DOTNET_CLI_UI_LANGUAGE=en timeout "$2" \
    dotnet restore "$build/StackProbe/StackProbe.csproj" -p:OutputType="$1" --force --nologo 2>&1
}

# The packages themselves are the question: a feed that answers may still lack them. A library needs the managed ones alone, an
# application the native ones too, which are large; so the first question is the quick one.
ask_feeds() {
  local log status=0
  stack=embedded
  log=$(restore_probe Library 60) || status=$?
  if ((status == 0)); then
    say 'found; fetching the native packages ...'
    log=$(restore_probe Exe 900) || status=$?
  fi

  case $status in
    0) stack=nuget reason='the configured feeds carry the official packages' ;;
    124) reason='the configured feeds did not answer in time' ;;
    *)
      reason=$(grep -oE 'Unable to find package [^ ]+( with version \([^)]*\))?' <<<"$log" \
        | sed -E 's/Unable to find package //; s/ with version//; s/\.$//' | sort -u | paste -sd, | sed 's/,/, /g') || true
      if [[ $reason ]]; then
        reason="the configured feeds do not carry $reason"
      else
        reason="the official packages cannot be restored: $(grep -m1 -oE 'NU[0-9]+: .*' <<<"$log" | cut -c1-160)"
      fi
      ;;
  esac
}

decide_stack() {
  if [[ ${MLStack:-} ]]; then
    stack=$MLStack reason='MLStack says so in the environment'
    [[ $stack == nuget || $stack == embedded ]] || fail "MLStack is '$stack'; it must be 'nuget' or 'embedded'."
  elif [[ $1 != --redo && -f $decision ]]; then
    stack=$(sed -n 's:.*<MLStack .*>\(.*\)</MLStack>.*:\1:p' "$decision")
    reason="$(sed -n 's/.*Written by setup.sh: \(.*\) -->/\1/p' "$decision") (asked before; --redo asks again)"
  else
    say 'asking the configured feeds for the official packages ...'
    ask_feeds
    cat >"$decision" <<XML
<Project>
  <!-- Written by setup.sh: ${reason//--/-} -->
  <PropertyGroup>
    <MLStack Condition="'\$(MLStack)' == ''">$stack</MLStack>
  </PropertyGroup>
</Project>
XML
  fi
  say "stack $stack: $reason"
}

require_native_tools() {
  has c++ || has g++ || has clang++ || fail 'a C++ compiler is missing (Debian: apt-get install g++).'
  has cmake || fail 'CMake is missing (Debian: apt-get install cmake).'
}

as_root() {
  if ((EUID == 0)); then
    "$@"
  elif has sudo; then
    sudo "$@"
  else
    fail "root rights are needed for: $* (there is no sudo; run it as root, then this script again)."
  fi
}

install_missing() {
  local missing=()
  [[ -e /usr/include/ATen || -e /usr/local/include/ATen ]] || missing+=(libtorch-dev)
  [[ -e /usr/include/dnnl.hpp || -e /usr/local/include/dnnl.hpp ]] || missing+=(libdnnl-dev)
  has make || has ninja || missing+=(make)
  [[ $(PATH=$PATH:/sbin ldconfig -p) == *libopenblas.so.0* ]] || missing+=(libopenblas0-pthread)
  ((${#missing[@]})) || return 0

  has apt-get || fail "missing: ${missing[*]}. Without apt-get: install a libtorch >= 1.13 and name its folder in TORCH_DIR."
  say "installing ${missing[*]} ..."
  as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q || fail 'apt-get update failed; the reason stands above.'
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}" \
    || fail "apt-get could not install ${missing[*]}; the reason stands above."
}

# The reference BLAS, which Debian's libtorch may come with, is some 45 times slower.
select_openblas() {
  has update-alternatives || return 0
  local name current openblas
  for name in $(update-alternatives --get-selections | grep -oE '^lib(blas|lapack)\.so\.3\S*'); do
    current=$(update-alternatives --query "$name" | sed -n 's/^Value: //p')
    [[ $current =~ /(blas|lapack)/lib ]] || continue
    openblas=$(update-alternatives --list "$name" | grep -m1 openblas) || continue
    say "selecting OpenBLAS for $name"
    as_root update-alternatives --set "$name" "$openblas" >/dev/null
  done
}

main() {
  case ${1:-} in
    '' | --redo) ;;
    -h | --help) usage; return ;;
    *) usage >&2; exit 2 ;;
  esac

  require_sdk
  decide_stack "${1:-}"
  # The embedded assemblies are part of the solution, and tested, on either stack.
  require_native_tools
  if [[ ${TORCH_DIR:-}${CMAKE_PREFIX_PATH:-} ]]; then
    say "libtorch is looked for in ${TORCH_DIR:+$TORCH_DIR }${CMAKE_PREFIX_PATH:-}"
  else
    install_missing
    select_openblas
  fi
}

main "$@"
