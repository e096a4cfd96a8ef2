#if arch(wasm32)
  import Engine
  import Lanes

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

  /// Trains the run of a request and keeps its parameters after several numbers of steps.
  /// - Returns: the number of results; 0 where the room holds no request.
  @_expose(wasm, "follow")
  @_cdecl("page_follow")
  func follow() -> Int32 {
    results = PagePath(request: Array(room))?.trained() ?? []
    return Int32(truncatingIfNeeded: results.count)
  }

  /// Computes the outputs of a network.
  /// - Returns: the number of results; 0 where the room holds no request.
  @_expose(wasm, "evaluate")
  @_cdecl("page_evaluate")
  func evaluate() -> Int32 {
    results = PageRuns.outputs(request: Array(room)) ?? []
    return Int32(truncatingIfNeeded: results.count)
  }

  /// a·b + c by the vectors of the training. A page asks whether this engine rounds it once, before it uses the engine.
  @_expose(wasm, "multiplyAdd")
  @_cdecl("page_multiply_add")
  func multiplyAdd(_ a: Double, _ b: Double, _ c: Double) -> Double {
    SIMD2<Double>.fma(SIMD2(repeating: a), SIMD2(repeating: b), SIMD2(repeating: c))[0]
  }

  /// The results, until the next training.
  @_expose(wasm, "results")
  @_cdecl("page_results")
  func resultNumbers() -> UnsafePointer<Double>? { results.withUnsafeBufferPointer { $0.baseAddress } }
#endif
