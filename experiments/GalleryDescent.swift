import Descent

/// The gallery's figures of a function of two variables: where it falls, and where descents end.
struct GalleryDescent: Experiment {
  let title = "Which valley is it?"

  var setup: Setup {
    Setup(
      objective: .himmelblau, start: .uniform(-5...5), optimizer: .gradientDescent(learningRate: 0.005),
      stop: .after(steps: 400))
  }

  var sweep: [Axis] { Seeds(0..<64) }

  var report: [Cell] {
    Note("Himmelblau's function has four minima, all of value 0. Which one a descent finds depends on where it starts.")
    Figure("The field of descent") { VectorField(x: -5...5, y: -5...5, paths: 12) }
    Figure("The surface, with the same descents") {
      LossSurface(.parameters(0, 1), through: .seed(0), paths: 12, x: -5.5...5.5, y: -5.5...5.5)
    }
    Figure("Loss of every descent") { Curve(.loss).runs().band(.deciles) }.yScale(.log)
    Expect(.share(of: .finalLoss, below: 1e-6), atLeast: 0.9)
  }
}
