import Foundation

/// The words of Descent that the editor completes. A test compares them with the public declarations.
package enum AuthorWords {
  /// Types, completed at the beginning of a word.
  package static let types = """
    Activation Axis Batching Cell Census Comparison Convergence Curve DataSource Dataset DecisionBoundary Distribution Expect \
    Experiment Figure FittedCurves Generator HeatMap HiddenFeatures Initialization LayerNorms Loss LossSurface Metric Network \
    NetworkGraph Note NumberText Objective Optimizer Overcapacity PairedDifferences ParallelCoordinates Parameter Recording \
    ReportTable Results Schedule Seeds Sensitivity Setup Statistics StopRule Untested Variant Variants Vary VectorField
    """.split(separator: " ").map(String.init)

  /// Members, completed after a dot.
  package static let members = """
    accuracy adam atLeast band batch best caption color count data diverged divergedCount divergedShare facets finalLoss \
    gradientDescent gradientNorm groups hidden initScale learningRate linear logarithmic loss median mlp momentum network \
    normal noisySine optimizer quartiles record seeds share sigmoid steps stepsToLoss tanh validationLoss where width xScale \
    xor yScale
    """.split(separator: " ").map(String.init)

  /// Both lists for the page.
  static var json: String {
    let lists = ["types": types, "members": members]
    let data = try? JSONSerialization.data(withJSONObject: lists, options: [.sortedKeys])
    return data.map { String(decoding: $0, as: UTF8.self) } ?? "{\"types\":[],\"members\":[]}"
  }
}
