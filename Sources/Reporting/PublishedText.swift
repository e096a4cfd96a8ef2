import Foundation
import Learning
import Studies

extension Plan {
  /// A text of a declaration for publication: absolute paths of data files are shortened to their names. The archive keeps the
  /// full path, which is part of a run's identity.
  func published(_ text: String) -> String {
    var text = text
    for path in absolutePaths { text = text.replacing(path, with: (path as NSString).lastPathComponent) }
    return text
  }

  /// The absolute paths of data files, the longest first, because one may be the beginning of another.
  private var absolutePaths: [String] {
    let paths = combinations.compactMap { combination -> String? in
      if case .csv(let source) = combination.setup.data?.origin, source.path.hasPrefix("/") { source.path } else { nil }
    }
    return Set(paths).sorted { ($0.count, $0) > ($1.count, $1) }
  }
}
