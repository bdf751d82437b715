# Sourced by the benchmarks' run scripts: sets root (the project's top folder), builds the project
# if its sources have changed, and sets jdk to the folder of a JDK 25.

root=$(cd -P "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd) || exit 1

# The launcher finds a JDK and builds what is not built yet.
built() { "$root/tools/bin/spillway" --version >/dev/null || exit 1; }

find_jdk() {
  local home
  for home in "${JAVA_HOME:-}" "$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")" \
    /usr/lib/jvm/*25* /usr/lib/jvm/* /opt/*25* /opt/* "${HOME:-/}"/.sdkman/candidates/java/* \
    "${HOME:-/}"/.jdks/*; do
    if grep -qsE '^JAVA_VERSION="?(2[5-9]|[3-9][0-9])' "$home/release"; then
      printf '%s\n' "$home"
      return
    fi
  done
  echo "a JDK 25 is needed and was not found; set JAVA_HOME" >&2
  return 1
}

jdk=$(find_jdk) || exit 1
