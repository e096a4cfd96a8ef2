extension Mistakes {
  /// Runs `checks`, each of which may throw, and throws everything they found at once.
  /// - Throws: `Mistakes`, all that the checks found; any other error at once.
  package static func collect(_ checks: [() throws -> Void]) throws {
    var found: [Mistake] = []
    for check in checks {
      do {
        try check()
      } catch let one as Mistake {
        found.append(one)
      } catch let many as Mistakes {
        found += many.all
      }
    }
    if !found.isEmpty { throw Mistakes(found) }
  }
}
