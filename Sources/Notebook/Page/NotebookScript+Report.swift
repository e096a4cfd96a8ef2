extension NotebookScript {
  /// The reports: a tab for each experiment, cells that replace their former ones in place.
  static let report = #"""
    var reports = new Map(), active = null;
    var cellsOf = (name) => reports.get(name)?.slots || [];
    // On a phone the page scrolls, on a desk the report.
    var view = () => matchMedia("(max-width: 760px)").matches
      ? { scroller: document.scrollingElement, top: document.querySelector(".bar").offsetHeight }
      : { scroller: $("scroller"), top: $("scroller").getBoundingClientRect().top };
    // What the reader is looking at stays where it is.
    var keepPlace = (change) => {
      const top = view().top, seen = cellsOf(active).find((slot) => slot.getBoundingClientRect().bottom > top + 1);
      const before = seen?.getBoundingClientRect().top;
      const isInside = seen && before < top + 40 && view().scroller.scrollTop > 0;
      const offset = before - top;
      change();
      if (isInside && seen.isConnected) {
        const { scroller, top: now } = view();
        scroller.scrollTop += seen.getBoundingClientRect().top - now - offset;
      }
    };
    var select = (name) => {
      active = name;
      // One report at a time is in the page: the identifiers of figures are unique in a report only.
      $("report").replaceChildren(...(reports.has(name) ? [reports.get(name).main] : []));
      $("empty").hidden = reports.size > 0;
      $("tabs").hidden = reports.size < 2;
      $("tabs").replaceChildren(...[...reports].map(([key, { title }]) => {
        const tab = document.createElement("button");
        tab.type = "button";
        tab.role = "tab";
        tab.textContent = key;
        tab.title = title;
        tab.ariaSelected = key === active;
        tab.tabIndex = key === active ? 0 : -1;
        tab.onclick = () => { select(key); $("scroller").scrollTop = 0; };
        return tab;
      }));
    };
    $("tabs").addEventListener("keydown", (event) => {
      const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key], names = [...reports.keys()];
      if (!by) return;
      event.preventDefault();
      select(names[(names.indexOf(active) + by + names.length) % names.length]);
      $("tabs").querySelector("[aria-selected=true]").focus();
    });
    var beginReport = ({ experiment, title, cells }) => {
      const former = reports.get(experiment);
      reports.set(experiment, { ...(former || { main: document.createElement("main"), slots: [] }), title, cells, isFresh: true });
      if (!reports.has(active)) active = experiment;
      if (!former || former.title !== title) select(active);
    };
    var fill = (slot, html) => {
      const off = [...slot.querySelectorAll('.entry[aria-pressed="false"]')].map((entry) => entry.dataset.series);
      const isOpen = [...slot.querySelectorAll("details")].map((details) => details.open);
      slot.innerHTML = html;
      slot.markup = html;
      slot.querySelectorAll("figure").forEach(reportPage.attach);
      // What the reader has hidden or opened stays so.
      for (const series of new Set(off)) slot.querySelector(`.entry[data-series="${CSS.escape(series)}"]`)?.dispatchEvent(new MouseEvent("click", { bubbles: true }));
      slot.querySelectorAll("details").forEach((details, index) => { details.open = isOpen[index] || false; });
    };
    var addCell = ({ experiment, index, html }) => {
      const report = reports.get(experiment);
      if (!report) return;
      keepPlace(() => {
        while (report.slots.length <= index) {
          const slot = document.createElement("section");
          slot.className = "cell fresh";
          report.slots.push(slot);
          report.main.append(slot);
        }
        if (report.slots[index].markup !== html) fill(report.slots[index], html);
      });
    };
    // After a run that finished: what it did not draw is no longer in the file.
    var pruneReports = () => keepPlace(() => {
      for (const [name, report] of reports) {
        if (!report.isFresh) reports.delete(name);
        else report.slots.splice(report.cells).forEach((slot) => slot.remove());
      }
      select(reports.has(active) ? active : reports.keys().next().value);
    });
    var showProblem = (problem) => {
      const own = !problem.file || problem.file.split("/").pop() === $("file").textContent;
      const box = document.createElement("div"), where = problem.line ? `line ${problem.line}` : "";
      box.className = problem.severity || "error";
      if (where && own) {
        const link = document.createElement("button");
        link.type = "button";
        link.textContent = where;
        link.onclick = () => editor.go(problem.line, problem.column);
        box.append(link, ": ");
        editor.mark(problem);
      } else if (problem.file && !own) {
        box.append(`${problem.file}${where ? `, ${where}` : ""}: `);
      }
      box.append(problem.message);
      if (problem.hint) {
        const hint = document.createElement("span");
        hint.className = "hint";
        hint.textContent = problem.hint;
        box.append(hint);
      }
      keepPlace(() => $("problems").append(box));
      // An error is seen at once, wherever the report is scrolled to.
      if (box.className === "error" && $("problems").childElementCount === 1) $("scroller").scrollTop = 0;
    };
    var clearProblems = () => { keepPlace(() => $("problems").replaceChildren()); editor.clear(); };
    var showPrinted = ({ text, lines: count, replaces }) => {
      const pre = $("printed").querySelector("pre"), atEnd = pre.scrollTop + pre.clientHeight >= pre.scrollHeight - 4;
      pre.textContent = replaces ? text : (pre.textContent ? `${pre.textContent}\n${text}` : text).slice(-100_000);
      $("printed").dataset.lines = replaces ? count : 1 + Number($("printed").dataset.lines || 0);
      $("printed").querySelector("summary").textContent = `Printed by the script: ${counted(Number($("printed").dataset.lines), "line")}`;
      if ($("printed").hidden) keepPlace(() => { $("printed").hidden = false; });
      if (atEnd) pre.scrollTop = pre.scrollHeight;
    };
    var clearPrinted = () => keepPlace(() => {
      $("printed").hidden = true;
      $("printed").dataset.lines = 0;
      $("printed").querySelector("pre").textContent = "";
    });
    """#
}
