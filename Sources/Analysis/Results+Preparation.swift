import Learning
import Studies

extension Results {
  /// What was done about missing values and unknown categories: "rents: 2 rows with a missing value are left out."; empty where
  /// nothing was. Where the data follow the seed, the numbers are those of the first run.
  /// - Throws: what reading the data throws.
  package func preparationWords() throws -> String {
    guard let row = rows.first, case .csv? = row.run.setup.data?.origin, let data = try dataset(of: row) else {
      return ""
    }
    let made = data.preparation
    let parts = [
      (made.droppedRows, "left-out rows with a missing value"), (made.filledValues, "missing inputs filled in"),
      (made.unseenCategories, "held-out samples with a category that the training part lacks"),
    ].filter { $0.0 > 0 }.map { "\($0.1): \($0.0)" }
    if parts.isEmpty { return "" }
    let whose = row.run.setup.data?.variesWithSeed ?? false ? ", seed \(row.seed)" : ""
    return "Data \(data.name)\(whose): \(parts.joined(separator: "; "))."
  }
}
