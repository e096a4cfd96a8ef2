import Descent

// snippet
/// Does a larger hidden layer classify the wines better?
struct WineClassesStudy: Experiment {
  static let name = "wine-classes"
  let title = "How many hidden units do the wines need?"

  var setup: Setup {
    Setup(
      data: .csv("wine.csv", targets: ["cultivar"]).validation(share: 0.3).standardized(),
      network: .mlp(hidden: 8, activation: .tanh, output: .softmax),
      loss: .crossEntropy,
      optimizer: .gradientDescent(learningRate: 0.3),
      initialization: .glorot(),
      stop: .after(steps: 500),
      record: .also(.validationLoss, .validationAccuracy, every: 10))
  }

  var sweep: [Axis] {
    Vary(.hidden, over: [1, 2, 4, 8])
    Seeds(0..<8)
  }

  var report: [Cell] {
    Figure("Validation loss") { Curve(.validationLoss).color(by: .hidden).band(.quartiles) }.yScale(.log)
    Figure("Final validation accuracy") { Sensitivity(.final(.validationAccuracy), to: .hidden) }
    Expect(.median(of: .final(.validationAccuracy)), atLeast: 0.9, where: .hidden, is: 8)
  }
}
// end

extension DataSource {
  // snippet
  /// Every column except the target is an input.
  static let progression = DataSource.csv("diabetes.csv", targets: ["progression"])

  /// Only the named columns are inputs. A network with two outputs predicts two targets.
  static let pressureAndSugar = DataSource.csv(
    "diabetes.csv", inputs: ["age", "bmi"], targets: ["blood_pressure", "glu"])

  /// The column holds numbers that are names of classes. Grey levels 0 … 16 become 0 … 1.
  static let digitClasses = DataSource.csv(
    "digits.csv", targets: ["digit"], targetIsClass: true, inputScale: 1.0 / 16)
  // end

  // snippet
  /// `region` becomes one input for each region. Rows with a missing value are left out.
  static let rents = DataSource.csv("rents.csv", targets: ["rent"], categories: ["region"], missing: .dropRows)

  /// The median of the training part is filled in where a number is missing, and the most frequent category where a category is.
  static let filledRents = DataSource.csv(
    "rents.csv", targets: ["rent"], categories: ["region"], missing: .trainingMedian)
  // end

  // snippet
  /// 30 % of the samples, the same ones in every run.
  static let sameSplit = progression.validation(share: 0.3, drawn: .fixed(seed: 1))

  /// 30 % of the samples. The seed of a run chooses them, so that the intervals include the luck of the split. Settings with the same
  /// seed have the same split, so that they are compared in pairs.
  static let splitPerSeed = progression.validation(share: 0.3, drawn: .perSeed)

  /// Each part has the same share of each class.
  static let stratifiedSplit = digitClasses.validation(share: 0.3, drawn: .perSeed).stratified()

  /// 20 % for a test, the same samples in every run, and 20 % for validation.
  static let testedOnce = progression.test(share: 0.2).validation(share: 0.2, drawn: .perSeed)
  // end

  // snippet
  /// y = x² at the points −1, −0.9 … 1, shifted by a number that depends on the seed.
  static let shiftedParabola = DataSource.custom("shifted parabola") { seed in
    let points = (0...20).map { Double($0) / 10 - 1 }
    let shift = Double(seed % 10) / 10
    return Dataset(
      name: "shifted parabola", inputs: points.map { [$0] }, targets: points.map { [$0 * $0 + shift] })
  }.drawnPerSeed()
  // end
}

// snippet
/// Five-fold cross-validation: each fifth of the samples is held out once.
struct ProgressionStudy: Experiment {
  let title = "How many hidden units predict the progression?"

  var setup: Setup {
    Setup(
      data: .csv("diabetes.csv", targets: ["progression"]).test(share: 0.2).standardized().standardizedTargets(),
      network: .mlp(hidden: 4), loss: .halfMeanSquaredError, optimizer: .gradientDescent(learningRate: 0.1),
      initialization: .glorot(), stop: .after(steps: 500), record: .also(.validationLoss, every: 10))
  }

  var sweep: [Axis] {
    Vary(.hidden, over: [1, 4, 16])
    Folds(5)
    Seeds(0..<4)
  }

  var report: [Cell] {
    Figure("Final validation loss") { Sensitivity(.final(.validationLoss), to: .hidden).color(by: .fold) }
    // The setting was chosen by the figure above. The test part is read for this setting only.
    Expect(.median(of: .final(.testLoss)), atMost: 0.4, where: .hidden, is: 4)
  }
}
// end
