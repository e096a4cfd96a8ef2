import Descent

enum FigureSamples {
  // snippet
  static let loss = Figure("Loss") { Curve(.loss).color(by: .learningRate).band(.quartiles) }
    .facets(columns: .initScale).xScale(.log).yScale(.log)
  // end
}

enum MinimaSamples {
  @ReportBuilder static var report: [Cell] {
    // snippet
    ReportTable.census("End points of the runs")
    Figure("The minima") { try $0.minimumComparison().grid() }
    Figure("Number of minima found against number of runs") { try $0.discoveryChart() }
    Expect(.count(of: .minima), equals: 4)
    Expect(.shareEnding(in: .strictMinima), atLeast: 0.95)
    Expect(.unseenShare, atMost: 0.02)
    // end
  }
}

enum CapacitySamples {
  static let task = DataSource.noisySine(samples: 16).validation(fresh: 64).drawnPerSeed()

  // snippet
  @SweepBuilder static var sweep: [Axis] {
    Vary(.data, over: [task, task.withRandomLabels()])
    Vary(.hidden, over: [1, 2, 4, 8, 16, 32, 64, 128])
    Seeds(0..<32)
  }

  static func capacity(_ results: Results) throws -> Capacity {
    try Capacity(
      results.where(.data, is: task), of: .hidden, randomLabels: results.where(.data, is: task.withRandomLabels()))
  }

  @ReportBuilder static var report: [Cell] {
    Figure("Loss against width") { Overcapacity(.hidden).color(by: .data) }
    Figure("Capacity of each width") { try capacity($0).grid() }
    ReportTable("The task", of: capacity)
    Note { "\(try capacity($0))" }
    Note { try capacity($0).rules }
    Expect("128 units are more than the task needs") { try capacity($0).claims(.over, at: 128) }
    Expect("64 units memorise") { try capacity($0).memorises(at: 64) }
    Expect("The validation loss decreases a second time") { try capacity($0).descendsTwice() }
  }
  // end
}
