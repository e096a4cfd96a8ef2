extension NotebookScript {
  /// The events of the program, and the connection that they come by.
  static let events = #"""
    var setRunning = (running) => {
      state.running = running;
      $("stop").disabled = !running;
      if (!running) showProgress(null);
    };
    var trained = { runs: 0, drawn: 0 };
    var hear = {
      hello: (event) => {
        $("file").textContent = event.file;
        state.identity = event.identity;
        setRunning(event.isRunning);
        clearProblems();
        clearPrinted();
        endCurves();
        say("Ready");
        meet(event);
      },
      ready: () => {}, beat: () => {},
      source: (event) => meet(event),
      unreadable: (event) => announce(event.message, true),
      began: () => {
        trained = { runs: 0, drawn: 0 };
        for (const report of reports.values()) report.isFresh = false;
        setRunning(true);
        clearProblems();
        clearPrinted();
        endCurves();
        showProgress();
        say("Starting…");
      },
      stopping: () => say("Stopping…"),
      compiling: () => { showProgress(); say("Compiling…"); },
      compiled: ({ seconds }) => say(seconds ? `Compiled in ${duration(seconds)}` : "Compiled"),
      problem: showProblem,
      damaged: (event) => say(`${counted(event.runs, "damaged run")} in the archive, trained again`),
      planned: ({ runs, cached }) => {
        trained.runs += runs - cached;
        showProgress(runs === cached ? undefined : 0);
        say(runs === cached ? `All ${counted(runs, "run")} are in the archive` : `Training ${counted(runs - cached, "run")}…`);
      },
      progressed: ({ experiment, runs, runsDone, steps, stepsDone, seconds, diverged }) => {
        if (!state.running) return;
        const left = stepsDone > 0 ? Math.max(0, steps - stepsDone) * seconds / stepsDone : null;
        showProgress(steps ? Math.min(1, stepsDone / steps) : 0);
        say(`Training: ${runsDone.toLocaleString("en").replaceAll(",", "\u202F")} of ${counted(runs, "run")}`
          + `${diverged ? `, ${diverged} diverged` : ""}${left === null ? "" : `, ${duration(left)} left`}`);
      },
      observed: (event) => { if (state.running) observe(event); },
      trained: (event) => { endCurves(); showProgress(); say(`Trained ${counted(event.runsDone, "run")} in ${duration(event.trainSeconds)}`); },
      report: (event) => { endCurves(); showProgress(0); beginReport(event); },
      cell: (event) => {
        addCell(event);
        const count = reports.get(event.experiment)?.cells || 1;
        if (!state.running) return;
        showProgress((event.index + 1) / count);
        say(event.index + 1 < count ? `Drawing cell ${event.index + 2} of ${count}` : "Writing the files of the report…");
      },
      printed: showPrinted,
      failed: (event) => say(event.message),
      ended: ({ run, outcome, seconds }) => {
        state.ended = run;
        setRunning(false);
        endCurves();
        if (outcome === "finished") {
          pruneReports();
          announce(`Finished in ${duration(seconds)}, ${trained.runs ? `${counted(trained.runs, "new run")}` : "no new run"}`);
        } else if (outcome === "stopped") {
          announce("Stopped. Finished runs are kept.");
        } else if (outcome === "failed") {
          const count = $("problems").querySelectorAll(".error").length;
          announce(count ? `Failed: ${counted(count, "error")}` : "Failed", true);
          if (!reports.size) return;
          const stale = document.createElement("div");
          stale.className = "stale";
          stale.textContent = "The report below is that of the last version that ran.";
          keepPlace(() => $("problems").append(stale));
        }
      },
    };
    var stream = null, lastHeard = 0, retry = 0;
    var setConnected = (connected, why = "") => {
      state.connected = connected;
      $("lost").hidden = connected;
      $("lost").textContent = why;
      $("run").disabled = !connected;
      if (!connected) { $("stop").disabled = true; showProgress(null); endCurves(); say("Not connected"); }
    };
    var lose = async () => {
      stream?.close();
      stream = null;
      setConnected(false, "The connection to descent notebook is lost. Your text stays here; the page connects again as soon as the program is back.");
      clearTimeout(retry);
      try {
        const answer = await fetch("/ping");
        if (answer.status === 401)
          setConnected(false, "The program was started again with another address. Copy your text if it is not saved, and open the address that the program has printed.");
        retry = setTimeout(answer.ok ? connect : lose, answer.ok ? 200 : 3000);
      } catch {
        retry = setTimeout(lose, 1000);
      }
    };
    var connect = () => {
      stream = new EventSource("/events");
      lastHeard = Date.now();
      stream.onmessage = ({ data }) => {
        lastHeard = Date.now();
        if (!state.connected) setConnected(true);
        const event = JSON.parse(data);
        hear[event.event]?.(event);
      };
      stream.onerror = lose;
    };
    // A program that hangs closes no connection.
    setInterval(() => { if (stream && Date.now() - lastHeard > 9000) lose(); }, 1500);
    """#
}
