import Documents
package import Foundation

/// Everything that a page loads, read once at the start.
package struct PageAssets: Sendable {
  package struct Asset: Sendable {
    package let type: String
    package let data: Data

    init(_ type: String, _ text: String) {
      self.type = "\(type); charset=utf-8"
      data = Data(text.utf8)
    }
  }

  /// Where Debian's package libjs-codemirror is.
  package static let codeMirror = "/usr/share/javascript/codemirror"

  private static let editorFiles = [
    "lib/codemirror.js", "lib/codemirror.css", "mode/swift/swift.js", "addon/edit/matchbrackets.js",
    "addon/edit/closebrackets.js", "addon/comment/comment.js", "addon/hint/show-hint.js", "addon/hint/show-hint.css",
  ]

  /// Whether the editor is installed; a page without it has a plain text area.
  package let hasEditor: Bool
  private let assets: [String: Asset]

  package init(codeMirror folder: String = Self.codeMirror) {
    var assets = [
      "/report.css": Asset("text/css", PageStyle.css), "/report.js": Asset("text/javascript", PageScript.text),
      "/notebook.css": Asset("text/css", NotebookStyle.css),
      "/notebook.js": Asset("text/javascript", NotebookScript.text),
      "/favicon.ico": Asset("image/svg+xml", NotebookPage.icon),
    ]
    let editor = Self.editorFiles.compactMap { name -> (String, Asset)? in
      guard let data = FileManager.default.contents(atPath: "\(folder)/\(name)") else { return nil }
      let type = name.hasSuffix(".css") ? "text/css" : "text/javascript"
      return ("/codemirror/\(name)", Asset(type, String(decoding: data, as: UTF8.self)))
    }
    hasEditor = editor.count == Self.editorFiles.count
    if hasEditor { assets.merge(editor) { $1 } }
    self.assets = assets
  }

  func asset(_ path: String) -> Asset? { assets[path] }

  /// The page of a file.
  func page(_ file: String) -> Asset {
    Asset("text/html", NotebookPage.html(file: file, editor: hasEditor ? Self.editorFiles : []))
  }

  /// What a browser without the token gets.
  var locked: Asset { Asset("text/html", NotebookPage.locked) }
}
