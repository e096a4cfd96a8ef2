package import Foundation

/// Writes a document as a Jupyter notebook (nbformat 4.5): one Markdown cell per piece, with the figures as attached PNG pictures.
package struct JupyterWriter {
  private let picture: (Document.Figure) throws -> Data

  /// - Parameter picture: the PNG picture of a figure.
  package init(picture: @escaping (Document.Figure) throws -> Data) { self.picture = picture }

  /// The notebook of a document.
  /// - Throws: what drawing a figure throws.
  package func text(_ document: Document) throws -> String {
    let cells = try document.nodes.enumerated().compactMap { index, node in try cell(node, "piece-\(index + 1)") }
    let language = JSONText.object(["name": .string("python")])
    let metadata = JSONText.object(["language_info": language, "title": .string(document.title)])
    let notebook = JSONText.object([
      "nbformat": .integer(4), "nbformat_minor": .integer(5), "metadata": metadata, "cells": .array(cells),
    ])
    return notebook.description + "\n"
  }

  /// - Returns: `nil` for a line between pieces, which cells do not need.
  private func cell(_ node: Document.Node, _ identifier: String) throws -> JSONText? {
    var attachments: JSONText?
    switch node {
    case .rule: return nil
    case .figure(let figure):
      let data = JSONText.object(["image/png": .string(try picture(figure).base64EncodedString())])
      attachments = .object([(Self.name(figure), data)])
    case .heading, .paragraph, .list, .code, .table, .verdict, .provenance: break
    }
    let source = MarkdownWriter { "attachment:\(Self.name($0))" }.markup(node)
    return .object([
      "cell_type": .string("markdown"), "id": .string(identifier), "metadata": .verbatim("{}"),
      "attachments": attachments, "source": .string(source),
    ])
  }

  private static func name(_ figure: Document.Figure) -> String { "\(figure.name).png" }
}
