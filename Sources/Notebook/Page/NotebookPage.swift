import Documents
import Foundation

/// The markup of the live page.
enum NotebookPage {
  /// - Parameters:
  ///   - file: the name of the script.
  ///   - editor: the files of the editor; empty where it is not installed.
  static func html(file: String, editor: [String]) -> String {
    let styles = editor.filter { $0.hasSuffix(".css") }.map { "<link rel=\"stylesheet\" href=\"/codemirror/\($0)\">\n" }
    let scripts = editor.filter { $0.hasSuffix(".js") }.map { "<script src=\"/codemirror/\($0)\"></script>\n" }
    let plain =
      editor.isEmpty
      ? "<p class=\"plain\">A plain text field, since CodeMirror is not installed. <code>apt-get install libjs-codemirror</code> adds colours and completion.</p>"
      : ""
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>\(escaped(file)) – Descent</title>
      <link rel="icon" href="/favicon.ico" type="image/svg+xml">
      <link rel="stylesheet" href="/report.css">
      \(styles.joined())<link rel="stylesheet" href="/notebook.css">
      </head>
      <body class="notebook">
      \(bar(file))
      \(banners)
      <div class="panes">
      <section class="source" aria-label="Source">
      <textarea id="text" aria-label="Source of \(escaped(file))" spellcheck="false" autocapitalize="off" autocomplete="off"></textarea>
      \(plain)
      </section>
      \(result)
      </div>
      <dialog id="ask"><p></p><form method="dialog"><button value="no">Cancel</button><button value="yes" class="main"></button></form></dialog>
      <div id="note" aria-hidden="true" hidden></div>
      <div id="said" class="spoken" role="status"></div>
      \(LiveEngine.markup)<script type="application/json" id="words">\(AuthorWords.json)</script>
      \(scripts.joined())<script src="/report.js"></script>
      <script src="/notebook.js"></script>
      </body>
      </html>

      """
  }

  private static func bar(_ file: String) -> String {
    """
    <header class="bar">
    <h1><span id="file">\(escaped(file))</span><span id="unsaved" hidden title="not saved"><span class="spoken">not saved</span></span></h1>
    <p id="status">Connecting…</p>
    <div class="buttons">
    <button id="save" type="button" title="Save (Ctrl-S)">Save</button>
    <button id="run" type="button" class="main" title="Save and run (Ctrl-Enter)">Run</button>
    <button id="stop" type="button" title="Stop the run; finished runs are kept" disabled>Stop</button>
    </div>
    <div id="progress" role="progressbar" aria-label="Training" aria-valuemin="0" aria-valuemax="100" hidden><i></i></div>
    </header>
    """
  }

  private static let banners = """
    <div id="lost" class="banner" role="alert" hidden></div>
    <div id="conflict" class="banner" role="alert" hidden>
    <span></span>
    <button id="load" type="button">Load the other version</button>
    <button id="keep" type="button">Keep mine</button>
    </div>
    """

  private static let result = """
    <section class="result" aria-label="Report">
    <div id="tabs" role="tablist" aria-label="Experiments of this file" hidden></div>
    <section id="live" aria-label="Losses while training" hidden><h2></h2><canvas role="img"></canvas></section>
    <div id="scroller" tabindex="0" role="region" aria-label="Report">
    <div id="problems" role="alert"></div>
    <details id="printed" hidden><summary></summary><pre tabindex="0"></pre></details>
    <div id="empty"><p>The report appears here.</p>
    <p class="small"><kbd>Ctrl</kbd> <kbd>Enter</kbd> saves and runs the file. <kbd>Ctrl</kbd> <kbd>S</kbd> saves it; a saved change runs \
    too, from any editor. Only runs that are not in the archive are trained.</p></div>
    <div id="report" role="tabpanel"></div>
    </div>
    </section>
    """

  /// What a browser without the token gets.
  static let locked = """
    <!DOCTYPE html>
    <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Descent</title>
    <style>:root { color-scheme: light dark } body { font: 16px/1.5 system-ui, sans-serif; max-width: 32rem; margin: 20vh auto; padding: 0 1rem }</style>
    </head><body><h1>This page is locked</h1>
    <p>Open the address that <code>descent notebook</code> has printed in the terminal. It ends with a token.</p></body></html>

    """

  static let icon = """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path d="M3 5C7 22 13 27 29 27" fill="none" stroke="#0b5394" \
    stroke-width="4" stroke-linecap="round"/><circle cx="15" cy="23" r="4.5" fill="#d55e00"/></svg>

    """

  private static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;")
  }
}
