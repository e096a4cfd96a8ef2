# Sourced by experiments/run and Tests/run: installs the Debian packages that the build needs.

packages="libpango1.0-dev libglib2.0-dev libsqlite3-dev liblapacke-dev libgnuplot-iostream-dev libboost-iostreams-dev
  libboost-system-dev libboost-filesystem-dev gnuplot-nox fonts-dejavu-core fonts-dejavu-extra"

# Prints a Python with NumPy and SciPy, for checks against other programs; made in .build where the machine has none.
python_with_numpy() {
  local python=python3
  if ! python3 -c 'import numpy, scipy' 2>/dev/null; then
    python=.build/numpy/bin/python
    [ -x "$python" ] || { echo "installing: NumPy and SciPy into .build/numpy" >&2 && python3 -m venv .build/numpy; }
    "$python" -c 'import numpy, scipy' 2>/dev/null || "$python" -m pip install --quiet numpy scipy 1>&2
  fi
  echo "$python"
}

# Prints a Python with scikit-learn as well; made in .build where the machine has none.
python_with_scikit() {
  local python
  python=$(python_with_numpy)
  if ! "$python" -c 'import sklearn' 2>/dev/null; then
    [ -x .build/scikit/bin/python ] || { echo "installing: scikit-learn into .build/scikit" >&2 && python3 -m venv .build/scikit; }
    python=.build/scikit/bin/python
    "$python" -c 'import numpy, sklearn' 2>/dev/null || "$python" -m pip install --quiet numpy scikit-learn 1>&2
  fi
  echo "$python"
}

# Prints a Python with the package of python/, and with pandas, nbformat and pyarrow where they can be installed.
python_with_archive() {
  local base
  base=$(python_with_numpy)
  local python=.build/archive/bin/python
  [ "$base" = python3 ] || python=$base
  [ -x "$python" ] || python3 -m venv --system-site-packages .build/archive
  # In a copy, since the build of a package writes into its folder.
  local copy
  copy=$(mktemp -d)
  cp -r python "$copy/"
  "$python" -m pip install --quiet --force-reinstall --no-deps "$copy/python" 1>&2
  rm -rf "$copy"
  "$python" -c 'import pandas, nbformat, pyarrow' 2>/dev/null || "$python" -m pip install --quiet pandas nbformat pyarrow 1>&2 \
    || echo "without pandas, nbformat or pyarrow: their tests are skipped" >&2
  echo "$python"
}

install_packages() {
  local missing=""
  for package in $packages "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
  done
  if ! command -v swift >/dev/null; then
    echo "Swift is not installed or not on the PATH. Descent needs Swift 6.3: https://www.swift.org/install/linux" >&2
    exit 69
  fi
  [ -z "$missing" ] && return 0
  if ! command -v apt-get >/dev/null; then
    echo "These packages are missing and there is no apt-get to install them with:$missing" >&2
    exit 69
  fi
  local sudo=""
  if [ "$(id -u)" != 0 ]; then
    if ! command -v sudo >/dev/null; then
      echo "These packages are missing; install them as root (apt-get install$missing):$missing" >&2
      exit 69
    fi
    sudo="sudo"
  fi
  echo "installing:$missing" >&2
  export DEBIAN_FRONTEND=noninteractive
  if ! $sudo apt-get install -y -qq --no-install-recommends $missing >/dev/null 2>&1; then
    # The package lists may be missing or old: fetch them once and try again.
    if ! { $sudo apt-get update -qq && $sudo apt-get install -y -qq --no-install-recommends $missing; } >&2; then
      echo "installing failed:$missing" >&2
      exit 69
    fi
  fi
}
