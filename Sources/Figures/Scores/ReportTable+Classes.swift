import Analysis
import Documents
public import Learning
import Studies

extension ReportTable {
  /// A confusion matrix: a row for each true class, a column for each predicted class, summed over the runs, and the recall of each class.
  /// - Parameters:
  ///   - caption: the beginning of the text above the table, in Markdown.
  ///   - part: the part of the data whose samples are counted.
  public static func confusion(_ caption: String = "", on part: DataPart) -> ReportTable {
    ReportTable(request: Request(caption: caption.isEmpty ? "confusion matrix" : caption, needs: .classes(part))) {
      runs in
      let matrix = try runs.confusion(on: part)
      let hasUnassigned = matrix.unassigned.contains { $0 > 0 }
      let rest: [Document.Column] = (hasUnassigned ? [.number("none")] : []) + [.number("all"), .number("recall")]
      let columns = ["true class"] + matrix.names.map { .number($0) } + rest
      let rows = matrix.names.indices.map { truth -> [String] in
        let counts =
          matrix.counts[truth] + (hasUnassigned ? [matrix.unassigned[truth]] : []) + [matrix.support(of: truth)]
        return [matrix.names[truth]] + counts.map(NumberText.grouped) + [share(matrix.recall(truth))]
      }
      let text = sentence(caption, "Rows: the true class; columns: the predicted class", runs, matrix, part)
      return Document.Table(hasUnassigned ? text + " None: outputs that are not numbers." : text, columns, rows)
    }
  }

  /// Precision, recall and F1 of each class, from the counts of all runs, and F1 of the runs one by one.
  /// - Parameters:
  ///   - caption: the beginning of the text above the table, in Markdown.
  ///   - part: the part of the data whose samples are counted.
  public static func classes(_ caption: String = "", on part: DataPart) -> ReportTable {
    ReportTable(request: Request(caption: caption.isEmpty ? "classes" : caption, needs: .classes(part))) { runs in
      let matrix = try runs.confusion(on: part)
      let columns: [Document.Column] = [
        "class", .number("precision"), .number("recall"), .number("F1"), .number("F1 of a run"), .number("samples"),
      ]
      var rows = try matrix.names.indices.map { k in
        [
          matrix.names[k], share(matrix.precision(k)), share(matrix.recall(k)), share(matrix.f1(k)),
          quartiles(try runs.values(.f1(of: matrix.names[k], on: part))), NumberText.grouped(matrix.support(of: k)),
        ]
      }
      let means = [matrix.mean(matrix.precision), matrix.mean(matrix.recall), matrix.mean(matrix.f1)]
      rows.append(
        ["mean of the classes"] + means.map { mean($0, of: matrix.names.count) } + [
          quartiles(try runs.values(.macroF1(on: part))), NumberText.grouped(matrix.total),
        ])
      let words = "F1 of a run: median, first – third quartile"
      return Document.Table(sentence(caption, words, runs, matrix, part), columns, rows)
    }
  }

  /// "Caption: counts of 32 runs on the validation part, 45 samples each; 1 diverged and counts with its last parameters."
  private static func sentence(
    _ caption: String, _ words: String, _ runs: Results, _ matrix: Confusion, _ part: DataPart
  ) -> String {
    let (each, rest) = matrix.total.quotientAndRemainder(dividingBy: max(1, runs.count))
    let samples = NumberText.count(matrix.total, "sample")
    let size = rest == 0 && runs.count > 1 ? "\(samples), \(NumberText.grouped(each)) a run" : samples
    let never = matrix.names.indices.filter { matrix.precision($0) == nil }.map { matrix.names[$0] }
    var text = "\(words). \(NumberText.count(runs.count, "run")) on the \(part.rawValue) part: \(size)."
    if !never.isEmpty { text += " Never predicted, and so without precision: \(never.joined(separator: ", "))." }
    if runs.divergedCount > 0 {
      let verb = runs.divergedCount == 1 ? "counts" : "count"
      text += " \(NumberText.count(runs.divergedCount, "diverged run")) \(verb) with the last parameters."
    }
    return caption.isEmpty ? text : "\(caption). \(text)"
  }

  private static func share(_ value: Double?) -> String { value.map { NumberText.percent($0) } ?? "–" }

  private static func mean(_ mean: (value: Double, classes: Int), of count: Int) -> String {
    guard mean.classes > 0 else { return "–" }
    return NumberText.percent(mean.value) + (mean.classes < count ? " (\(mean.classes) of \(count) classes)" : "")
  }

  /// "93.1 % (88–97 %)"; a run without a value ranks last, as the worst.
  private static func quartiles(_ values: [Double]) -> String {
    let worstFirst = values.map { $0.isNaN ? -.infinity : $0 }
    func text(_ p: Double) -> String {
      let value = Statistics.quantile(worstFirst, p)
      return value.isFinite ? NumberText.percent(value) : "–"
    }
    return "\(text(0.5)) (\(text(0.25))–\(text(0.75)))"
  }
}
