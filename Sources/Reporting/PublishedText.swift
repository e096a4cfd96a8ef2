import Foundation
import Learning
import Studies

extension Plan {
  /// A text of a declaration as it may leave the machine: files of data by their names, without the folders that an
  /// absolute path would tell of. The archive keeps the full path, which is part of a run's identity.
  func published(_ text: String) -> String {
    var text = text
    for path in absolutePaths { text = text.replacing(path, with: (path as NSString).lastPathComponent) }
    return text
  }

  /// The longest first: one may begin as another does.
  private var absolutePaths: [String] {
    let paths = combinations.compactMap { combination -> String? in
      if case .csv(let source) = combination.setup.data?.origin, source.path.hasPrefix("/") { source.path } else { nil }
    }
    return Set(paths).sorted { ($0.count, $0) > ($1.count, $1) }
  }
}
