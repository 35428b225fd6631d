# screen.sh: for scripts that need a screen of their own, to be sourced.
#
# Copyright The Teardrop authors. SPDX-License-Identifier: Apache-2.0

# start_screen WIDTHxHEIGHT: DISPLAY is a new X server's until the script ends. Status 1: none could be started.
start_screen() {
  # The server finds a free display itself: xvfb-run -a races with its like.
  screen_ready=$(mktemp)
  Xvfb -displayfd 3 -screen 0 "${1}x24" -nolisten tcp -noreset -ac 3>"$screen_ready" 2>/dev/null &
  screen_server=$!
  trap 'kill $screen_server 2>/dev/null; wait $screen_server 2>/dev/null; rm -f "$screen_ready"' EXIT
  for _ in $(seq 600); do
    [ -s "$screen_ready" ] && break
    kill -0 $screen_server 2>/dev/null || break
    sleep 0.05
  done
  [ -s "$screen_ready" ] || return 1
  DISPLAY=:$(cat "$screen_ready")
  export DISPLAY
}
