// What the standard library asks of the numbers of a vector. Embedded Swift, for the engine in a page, has no `Codable`.
#if hasFeature(Embedded)
  public typealias VectorElement = SIMDScalar
#else
  public typealias VectorElement = SIMDScalar & Codable
#endif
