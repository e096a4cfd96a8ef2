#if arch(wasm32)
  import Engine

  // What a page calls. It writes a description into the room, trains, and reads the results, all as float64.

  nonisolated(unsafe) private var room = UnsafeMutableBufferPointer<Double>.allocate(capacity: 1)
  nonisolated(unsafe) private var results: [Double] = []

  /// Room for a description of so many numbers.
  @_expose(wasm, "room")
  @_cdecl("page_room")
  func makeRoom(_ count: Int32) -> UnsafeMutablePointer<Double>? {
    room.deallocate()
    room = .allocate(capacity: max(1, Int(count)))
    return room.baseAddress
  }

  /// Trains what the room describes.
  /// - Returns: the number of results; 0 where the description is none.
  @_expose(wasm, "train")
  @_cdecl("page_train")
  func train() -> Int32 {
    results = PageRuns(numbers: Array(room))?.trainedNarrow() ?? []
    return Int32(truncatingIfNeeded: results.count)
  }

  /// The results, until the next training.
  @_expose(wasm, "results")
  @_cdecl("page_results")
  func resultNumbers() -> UnsafePointer<Double>? { results.withUnsafeBufferPointer { $0.baseAddress } }
#endif
