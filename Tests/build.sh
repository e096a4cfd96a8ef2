# Sourced by every script that builds: the options of a release build, and a build that shows how far it is, on standard error.

# The modules of this package say themselves how they are optimised; the packages of others are not, which
# saves a fifth of the first build.
release=(-c release -Xswiftc -Onone)

# `swift build` with these arguments. On a terminal one line changes with the module, the step and the seconds; elsewhere
# each module has a line. Errors and all else that the build says are printed whole.
build_with_progress() {
  local began=$SECONDS
  swift build "$@" 2>&1 | show_progress "$began" >&2 || return $?
  echo "built in $((SECONDS - began)) s" >&2
}

show_progress() {
  local began=$1 module="" step="" line part="" status
  while true; do
    status=0
    IFS= read -r -t 1 line || status=$?
    # On a timeout, `read` has taken the beginning of a line.
    part+=$line
    if [ "$status" -gt 128 ]; then
      [ -t 1 ] && show_step "$module" "$step" $((SECONDS - began))
      continue
    fi
    if [[ $part =~ ^\[([0-9]+)/([0-9]+)\]\ (Compiling|Linking)\ ([^\ ]+) ]]; then
      step="${BASH_REMATCH[1]} of ${BASH_REMATCH[2]}"
      if [ "$module" != "${BASH_REMATCH[4]}" ] || [ -t 1 ]; then
        module=${BASH_REMATCH[4]}
        show_step "$module" "$step" $((SECONDS - began))
      fi
    elif [[ -n $part && ! $part =~ ^\[[0-9]+/[0-9]+\] && ! $part =~ ^(Building\ for|Build\ of\ product|Build\ complete|warning:\ prohibited\ flag) ]]; then
      [ -t 1 ] && printf '\r\033[K'
      printf '%s\n' "$part"
    fi
    part=""
    [ "$status" -ne 0 ] && break
  done
  [ -t 1 ] && printf '\r\033[K'
  return 0
}

# Arguments: module, step, seconds.
show_step() {
  local text="building${1:+ $1}${2:+ (step $2)}, $3 s"
  if [ -t 1 ]; then printf '\r\033[K%s' "$text"; else printf '%s\n' "$text"; fi
}
