import Descent

enum ExploreSamples {
  // snippet
  @ReportBuilder static var report: [Cell] {
    Figure("Loss") { Curve(.loss).runs().band(.quartiles) }
      .explore(.learningRate, .hidden).printed(.learningRate, at: 0.3).yScale(.log)
    Figure("Decision boundary") { DecisionBoundary(.middle(.finalLoss)) }
      .explore(.learningRate).explore(seed: true).where(.hidden, is: 4)
    Figure("Decision boundary during training") { DecisionBoundary(.best(.finalLoss)) }
      .where(.learningRate, is: 0.3).where(.hidden, is: 4).play(over: .step, frames: 60)
  }
  // end
}
