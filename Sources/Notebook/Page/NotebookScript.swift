/// How the live page behaves. The parts are one script: they share the names that `shared` declares.
enum NotebookScript {
  static let text = "\"use strict\";\n\(shared)\n\(editing)\n\(saving)\n\(report)\n\(live)\n\(events)\n\(start)\n"

  /// What every part uses.
  private static let shared = #"""
    var $ = (id) => document.getElementById(id);
    var state = { base: { text: "", version: "" }, loaded: false, running: false, ended: 0, connected: false, identity: "", conflict: null };
    var say = (text, failed = false) => { $("status").textContent = text; $("status").classList.toggle("failed", failed); };
    // Only what is final is announced: progress ten times per second would be noise.
    var announce = (text, failed = false) => { say(text, failed); $("said").textContent = text; };
    var counted = (count, word) => `${count.toLocaleString("en").replaceAll(",", "\u202F")} ${word}${count === 1 ? "" : "s"}`;
    var duration = (s) => s < 1 ? `${Math.round(1000 * s)} ms` : s < 60 ? `${s.toFixed(1)} s`
      : s < 3600 ? `${Math.floor(s / 60)} min ${Math.floor(s % 60)} s` : `${Math.floor(s / 3600)} h ${Math.floor(s % 3600 / 60)} min`;
    var ask = (question, yes) => new Promise((answer) => {
      const dialog = $("ask");
      dialog.querySelector("p").textContent = question;
      dialog.querySelector("[value=yes]").textContent = yes;
      dialog.returnValue = "no";
      // The event of a dialog before may arrive when the next one is open.
      dialog.onclose = () => { if (!dialog.open) answer(dialog.returnValue === "yes"); };
      dialog.showModal();
    });
    var request = async (method, path, fields) => {
      try {
        return await fetch(path, { method, headers: { "Content-Type": "application/json" }, body: fields ? JSON.stringify(fields) : undefined });
      } catch {
        announce("The program does not respond. Nothing was sent.", true);
        return null;
      }
    };
    """#

  /// What is done at last, when everything is declared.
  private static let start = #"""
    $("save").addEventListener("click", () => save({ runs: false }));
    $("run").addEventListener("click", () => save({ runs: true }));
    $("stop").addEventListener("click", () => request("POST", "/stop"));
    document.addEventListener("keydown", (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
      const runs = event.key === "Enter";
      if (!runs && event.key.toLowerCase() !== "s") return;
      event.preventDefault();
      event.stopPropagation();
      save({ runs });
    }, true);
    // The token is in the cookie now; the address need not show it.
    history.replaceState(null, "", "/");
    connect();
    """#
}
