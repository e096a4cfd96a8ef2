package import Studies

extension Archive {
  /// The parameters of a run after its training, with the widths of its layers; `nil` where there is no run with this key.
  /// - Throws: `Mistake` where the archive cannot be read, or the run is damaged.
  package func state(of key: String) throws -> StoredRun.State? {
    guard let parameters = try finalParameters(of: [key])[key], let summary = try summaries([key])[key] else {
      return nil
    }
    let widths = try read { db in
      var damage = Damage()
      return try RunRow.fetch(db, [key], &damage).first?.contents.widths
    }
    return StoredRun.State(widths: widths ?? [], parameters: parameters, hasDiverged: summary.hasDiverged)
  }
}
