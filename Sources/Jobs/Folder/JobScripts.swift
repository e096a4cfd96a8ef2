/// The shell scripts of a job folder. They find the folder by their own place, so that it may be copied to another machine.
package enum JobScripts {
  /// Runs the first of the frozen programs that this machine can run.
  package static let launcher = """
    #!/bin/sh
    # Runs the program of this job: descent COMMAND. Of its programs the first is taken that starts here: it has the instructions of this
    # processor and finds its libraries. DESCENT_LAUNCHER is put before it: DESCENT_LAUNCHER="numactl --localalloc", for example.
    set -eu
    job=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd -P)
    libraries="$job/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
    said="the job folder has no program"
    # The runtime looks for its backtrace program beside its library, and there is none in the job folder.
    export SWIFT_BACKTRACE=enable=no
    for program in "$job"/programs/*/descent; do
      if said=$(LD_LIBRARY_PATH="$libraries" ${DESCENT_LAUNCHER:-} "$program" --version 2>&1 >/dev/null); then
        export DESCENT_JOB="$job" LD_LIBRARY_PATH="$libraries"
        exec ${DESCENT_LAUNCHER:-} "$program" "$@"
      fi
    done
    echo "$(uname -n): no program of this job runs on this machine: $said" >&2
    exit 69

    """

  /// Trains a part of a plan.
  package static let work = """
    #!/bin/sh
    # Trains a part of a plan on this machine: work plan-001.json I/N. Any number of machines may do so at once, in any order, and again.
    set -eu
    job=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd -P)
    exec "$job/descent" worker "$job/$1" --chunk "$2"

    """

  /// A task of a Slurm array. Arguments: the job folder, the plan, the tasks of the arrays before, the tasks of all arrays.
  package static let slurm = """
    #!/bin/sh
    #SBATCH --requeue
    #SBATCH --open-mode=append
    #SBATCH --signal=B:TERM@60
    exec "$1/work" "$2" "$(($3 + SLURM_ARRAY_TASK_ID + 1))/$4"

    """
}
