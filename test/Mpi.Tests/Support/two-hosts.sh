#!/usr/bin/env bash
# Runs a command by mpirun on two hosts, one process on each: two network namespaces of this machine, with a cable between them, and host names
# and temporary folders of their own. Needs root. two-hosts.sh COMMAND...
set -euo pipefail

id=mos$$
readonly id network=10.213.77
folder=$(mktemp -d)
cleanup() {
  ip netns delete "$id-a" || true
  ip netns delete "$id-b" || true
  rm -rf "$folder"
}
trap cleanup EXIT

ip netns add "$id-a"
ip netns add "$id-b"
ip link add "v$$a" netns "$id-a" type veth peer name "v$$b" netns "$id-b"
for side in a b; do
  ip -n "$id-$side" address add "$network.$([[ $side == a ]] && echo 1 || echo 2)/24" dev "v$$$side"
  ip -n "$id-$side" link set "v$$$side" up
  ip -n "$id-$side" link set lo up
done

# What mpirun starts processes elsewhere with, in the place of ssh: the first argument is the host.
cat > "$folder/agent" << END
#!/usr/bin/env bash
shift
exec ip netns exec $id-b unshare --uts bash -c "hostname $id-b; mkdir -p $folder/b; export TMPDIR=$folder/b; \$*"
END
chmod +x "$folder/agent"

ip netns exec "$id-a" unshare --uts bash -c 'hostname "$1"; shift; "$@"' - "$id-a" \
  mpirun --host "$network.1:1,$network.2:1" -n 2 --mca plm_rsh_agent "$folder/agent" --mca btl tcp,self \
  --mca btl_tcp_if_include "$network.0/24" --mca oob_tcp_if_include "$network.0/24" \
  -x OMP_NUM_THREADS -x DOTNET_EnableDiagnostics -x PATH "$@"
