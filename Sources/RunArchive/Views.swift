/// The views of the archive: the part of the schema that other programs may rely on. The page ArchiveSchema describes them.
///
/// A later version may add columns at the end, and changes or removes none. The tables below the views may change.
enum Views {
  static let sql = """
    CREATE VIEW run_settings AS
      SELECT run.key AS key,
        \(unescaped("substr(line.value, 1, instr(line.value, '=') - 1)")) AS name,
        \(unescaped("substr(line.value, instr(line.value, '=') + 1)")) AS value
      FROM run, json_each(\(lines)) AS line
      WHERE run.checksum IS NOT NULL AND instr(line.value, '=') > 0;
    CREATE VIEW runs AS
      SELECT run.key AS key,
        (SELECT CAST(substr(line.value, 6) AS INTEGER) FROM json_each(\(lines)) AS line
          WHERE substr(line.value, 1, 5) = 'seed=') AS seed,
        CASE WHEN run.diverged_at IS NULL THEN 'finished' ELSE 'diverged' END AS status,
        run.diverged_at AS diverged_at, run.steps AS steps, run.final_loss AS final_loss, run.best_loss AS best_loss,
        run.final_gradient_norm AS final_gradient_norm, run.finals AS finals,
        (SELECT json_group_object(
            \(unescaped("substr(line.value, 1, instr(line.value, '=') - 1)")),
            \(unescaped("substr(line.value, instr(line.value, '=') + 1)")))
          FROM json_each(\(lines)) AS line WHERE instr(line.value, '=') > 0) AS settings,
        \(layers) AS layers,
        run.parameters AS parameters, run.revision AS revision, run.toolchain AS toolchain,
        run.processor AS processor, run.semantics AS semantics, run.time AS time, \(bestStep) AS best_step
      FROM run WHERE run.checksum IS NOT NULL;
    CREATE VIEW run_series AS
      SELECT run.key AS key, series.quantity AS quantity, series.every AS every,
        CASE series.encoding WHEN 0 THEN series.bytes END AS bytes,
        series.encoding AS encoding, series.bytes AS encoded
      FROM run JOIN series ON series.run = run.id WHERE run.checksum IS NOT NULL;
    """

  private static let lines = lines(of: "run.description")

  /// The lines of a column as a JSON array. A backslash is replaced by a character that no description has, so that `\n` in
  /// the quoted text is always the end of a line.
  private static func lines(of column: String) -> String {
    #"'[' || replace(json_quote(replace(\#(column), '\', char(2))), '\n', '","') || ']'"#
  }

  private static func unescaped(_ text: String) -> String { #"replace(\#(text), char(2), '\')"# }

  /// The widths of the layers, as in 2-4-1; NULL for an objective, and for a run of an older version.
  private static let layers = """
    (SELECT substr(line.value, 8) FROM json_each(\(lines(of: "run.contents"))) AS line
      WHERE substr(line.value, 1, 7) = 'layers ' AND line.value <> 'layers none')
    """

  /// The step of the least validation loss; NULL for a run without early stopping.
  private static let bestStep = """
    (SELECT CAST(substr(line.value, 11) AS INTEGER) FROM json_each(\(lines(of: "run.contents"))) AS line
      WHERE substr(line.value, 1, 10) = 'best-step ')
    """
}
