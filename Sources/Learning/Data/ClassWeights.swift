/// The weight w of each class in the training loss: the targets t of a sample become w·t, and so does its share of the loss.
public enum ClassWeights: Hashable, Sendable, ExpressibleByDictionaryLiteral {
  /// w = n/(K·n_c) for the n_c of the n training samples that belong to the class, with K classes among them: every class
  /// contributes equally to the loss, and the mean weight of the samples is 1. King & Zeng 2001, doi:10.1093/oxfordjournals.pan.a004868.
  case balanced
  /// Weights by the names of classes, positive and finite; 1 for a class that is not named.
  case named([String: Double])

  /// Weights by the names of classes: `["rare": 5]`.
  public init(dictionaryLiteral weights: (String, Double)...) {
    // Of two weights of one name the check reports the one that is not a number.
    self = .named(Dictionary(weights) { $0 == $1 ? $0 : .nan })
  }

  /// The name in descriptions.
  package var name: String {
    switch self {
    case .balanced: "balanced"
    case .named(let weights):
      weights.sorted { $0.key < $1.key }.map { "\($0.debugDescription):\($1)" }.joined(separator: ",")
    }
  }
}

/// Preparations of the training targets of classes. Inputs, validation targets and the classes themselves stay as they are.
extension DataSource {
  /// The same with smoothed training targets: t ← (1 − ε)t + ε/K for K classes, ε in [0, 1); Szegedy et al. 2016, arXiv:1512.00567.
  ///
  /// The training loss and the absolute error are measured with the smoothed targets, the validation loss with targets 0 and 1. The
  /// loss has to be the cross-entropy.
  public func smoothedLabels(_ epsilon: Double) -> Self { with { $0.labelSmoothing = epsilon } }

  /// The same with weighted classes: t ← w_c·t for training samples of class c. The loss has to be the cross-entropy.
  ///
  /// The factor 1/n of the loss is not changed: with `.balanced` the weights of the samples add up to n.
  public func classWeights(_ weights: ClassWeights) -> Self { with { $0.classWeights = weights } }
}
