import Descent

/// The gallery's figures of a function of two variables: its gradient, its surface and the trajectories.
struct GalleryDescent: Experiment {
  let title = "Which minimum does gradient descent find?"

  var setup: Setup {
    Setup(
      objective: .himmelblau, start: .uniform(-5...5), optimizer: .gradientDescent(learningRate: 0.005),
      stop: .after(steps: 400))
  }

  var sweep: [Axis] { Seeds(0..<64) }

  var report: [Cell] {
    Note("Himmelblau's function has four minima, all of value 0. The starting point decides which of them a run finds.")
    Figure("Directions of steepest descent, and trajectories") { VectorField(x: -5...5, y: -5...5, paths: 12) }
    Figure("The function as a surface, with the same trajectories") {
      LossSurface(.parameters(0, 1), through: .seed(0), paths: 12, x: -5.5...5.5, y: -5.5...5.5)
    }
    Figure("Value of the function in every run") { Curve(.loss).runs().band(.deciles) }.yScale(.log)
    Expect(.share(of: .finalLoss, below: 1e-6), atLeast: 0.9)
  }
}
