import Descent

enum LiveSamples {
  // snippet
  @ReportBuilder static var report: [Cell] {
    Figure("Any learning rate") { Curve(.loss).color(by: .learningRate).band(.quartiles) }
      .where(.data, is: .xor).xScale(.log).yScale(.log)
      .live(.learningRate, .hiddenUnits, .initScale, .optimizer, .seeds)
  }
  // end
}
