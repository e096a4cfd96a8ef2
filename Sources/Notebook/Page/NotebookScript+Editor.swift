extension NotebookScript {
  /// The editor: CodeMirror where it is installed, or else a text field with the same functions.
  static let editing = #"""
    var lines = (text) => text.replace(/\r\n?/g, "\n");
    var vocabulary = JSON.parse($("words").textContent);
    var complete = (cm) => {
      const at = cm.getCursor(), before = cm.getLine(at.line).slice(0, at.ch), found = before.match(/(\.?)([A-Za-z_]\w*)?$/);
      const typed = found[2] || "", low = typed.toLowerCase();
      const own = found[1] ? [] : cm.getValue().match(/\b[A-Za-z_]\w{3,}\b/g) || [];
      const all = new Set([...(found[1] ? vocabulary.members : vocabulary.types), ...own]);
      const list = [...all].filter((word) => word.toLowerCase().startsWith(low) && word !== typed).sort().slice(0, 60);
      return { list, from: CodeMirror.Pos(at.line, at.ch - typed.length), to: at };
    };
    var bind = (cm) => {
      const indents = { Tab: () => cm.execCommand(cm.somethingSelected() ? "indentMore" : "insertSoftTab"), "Shift-Tab": "indentLess" };
      const keys = {
        ...indents,
        "Ctrl-Space": () => cm.showHint({ hint: complete, completeSingle: false }), "Ctrl-/": "toggleComment", "Cmd-/": "toggleComment",
        // Tab indents, so the key before decides: after Escape it leaves the editor, until something is typed.
        Esc: () => { Object.assign(keys, { Tab: false, "Shift-Tab": false }); $("said").textContent = "Tab leaves the editor"; },
      };
      cm.setOption("extraKeys", keys);
      for (const event of ["changes", "blur", "mousedown"]) cm.on(event, () => Object.assign(keys, indents));
    };
    var colored = () => {
      const cm = CodeMirror.fromTextArea($("text"), {
        mode: "swift", lineNumbers: true, indentUnit: 2, tabSize: 2, matchBrackets: true, autoCloseBrackets: true,
        screenReaderLabel: $("text").getAttribute("aria-label"),
      });
      bind(cm);
      cm.on("inputRead", (_, change) => {
        const kind = cm.getTokenTypeAt(cm.getCursor()) || "";
        if (/^[A-Za-z.]$/.test(change.text[0]) && change.text.length === 1 && !/string|comment/.test(kind) && !cm.state.completionActive)
          cm.showHint({ hint: complete, completeSingle: false });
      });
      const widgets = [], marked = [];
      return {
        text: () => cm.getValue(),
        onChange: (then) => cm.on("changes", then),
        load: (text) => { cm.setValue(text); cm.clearHistory(); },
        // The smallest change, so that cursor, scroll position and undo stay.
        replace: (text) => {
          const old = cm.getValue(), most = Math.min(old.length, text.length);
          let head = 0, tail = 0;
          while (head < most && old[head] === text[head]) head += 1;
          while (tail < most - head && old[old.length - 1 - tail] === text[text.length - 1 - tail]) tail += 1;
          cm.replaceRange(text.slice(head, text.length - tail), cm.posFromIndex(head), cm.posFromIndex(old.length - tail));
        },
        mark: (problem) => {
          const line = Math.min(Math.max(problem.line, 1), cm.lineCount()) - 1, node = document.createElement("div");
          node.className = `beside ${problem.severity || "error"}`;
          node.textContent = problem.hint ? `${problem.message}\n${problem.hint}` : problem.message;
          widgets.push(cm.addLineWidget(line, node, { coverGutter: false }));
          if (node.classList.contains("error")) marked.push(cm.addLineClass(line, "wrap", "problem-line"));
        },
        clear: () => {
          widgets.splice(0).forEach((widget) => widget.clear());
          marked.splice(0).forEach((line) => cm.removeLineClass(line, "wrap", "problem-line"));
        },
        go: (line, column) => { cm.setCursor({ line: line - 1, ch: Math.max(0, (column || 1) - 1) }); cm.focus(); },
        focus: () => cm.focus(),
      };
    };
    var plain = () => {
      const area = $("text"), start = (line) => lines(area.value).split("\n").slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
      return {
        text: () => lines(area.value),
        onChange: (then) => area.addEventListener("input", then),
        load: (text) => { area.value = text; },
        replace: (text) => {
          const { selectionStart, selectionEnd, scrollTop } = area;
          area.value = text;
          area.setSelectionRange(selectionStart, selectionEnd);
          area.scrollTop = scrollTop;
        },
        mark: () => {}, clear: () => {},
        go: (line) => { area.focus(); area.setSelectionRange(start(line), Math.max(start(line), start(line + 1) - 1)); },
        focus: () => area.focus(),
      };
    };
    var editor = typeof CodeMirror === "undefined" ? plain() : colored();
    """#

  /// Saving, and what happens if another program has saved too.
  static let saving = #"""
    var isDirty = () => state.loaded && editor.text() !== lines(state.base.text);
    var showDirty = () => {
      $("unsaved").hidden = !isDirty();
      $("save").disabled = !isDirty();
      document.title = `${isDirty() ? "● " : ""}${$("file").textContent} – Descent`;
    };
    // A file with the line ends of Windows keeps them.
    var forFile = (text) => state.base.text.includes("\r\n") ? text.replaceAll("\n", "\r\n") : text;
    var underway = null;
    var setConflict = (other) => {
      state.conflict = other;
      $("conflict").hidden = !other;
      if (!other) return;
      $("conflict").querySelector("span").textContent = other.isRemoved
        ? `Another program has removed ${$("file").textContent}. Your text is here, and is not saved.`
        : `Another program has changed ${$("file").textContent}. Your changes are here, and are not saved.`;
      $("load").hidden = !!other.isRemoved;
    };
    var save = async ({ runs }) => {
      if (state.conflict) return announce("Not saved: first choose a version.", true);
      if (!isDirty()) { if (runs) await request("POST", "/run"); return; }
      underway = forFile(editor.text());
      const answer = await request("PUT", "/source", { text: underway, base: state.base.version });
      const sent = underway;
      underway = null;
      if (!answer) return;
      const fields = await answer.json().catch(() => ({}));
      if (answer.ok) state.base = { text: sent, version: fields.version };
      else if (answer.status === 409) meet(fields);
      else announce(fields.message || `Not saved: the program has refused it (${answer.status}).`, true);
      showDirty();
    };
    // The file as it is now, whoever has written it.
    var meet = (other) => {
      const text = lines(other.text);
      if (!state.loaded) {
        editor.load(text);
      } else if (other.version === state.base.version && !other.isRemoved) {
        setConflict(null);
        return showDirty();
      } else if (other.isRemoved || (isDirty() && text !== editor.text() && other.text !== underway)) {
        setConflict(other);
        return showDirty();
      } else if (text !== editor.text() && other.text !== underway) {
        editor.replace(text);
      }
      state.base = { text: other.text, version: other.version };
      state.loaded = true;
      setConflict(null);
      showDirty();
    };
    $("load").addEventListener("click", async () => {
      const other = state.conflict;
      if (!other || !await ask("The changes that you have made here will be lost.", "Load the other version")) return;
      state.base = { text: other.text, version: other.version };
      editor.replace(lines(other.text));
      setConflict(null);
      showDirty();
    });
    $("keep").addEventListener("click", async () => {
      const other = state.conflict;
      if (!other || !await ask("The version of the other program will be replaced by the text in this page.", "Keep mine")) return;
      // Against the version that was shown: a third one is a new conflict.
      state.base = { text: other.text || state.base.text, version: other.isRemoved ? "" : other.version };
      setConflict(null);
      await save({ runs: false });
    });
    editor.onChange(showDirty);
    addEventListener("beforeunload", (event) => { if (isDirty()) event.preventDefault(); });
    """#
}
